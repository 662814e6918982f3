import { describe, expect, it } from 'vitest'
import { schoolNotMunicipal } from '../../../transforms/checks/school_not_municipal.ts'
import { result } from '../../../transforms/entities/result.ts'
import { school } from '../../../transforms/entities/school.ts'
import { pupil } from '../../support/entity-rows.ts'
import { given, withTables } from '../../support/tables.ts'

describe('schoolNotMunicipal', () => {
  const found = (founder: string | null) =>
    withTables(
      [
        given(school, { school_code: '21', founder, snapshot_on: '2025-09-01' }),
        given(
          result,
          pupil('1'),
          pupil('2'),
          pupil('1', { school_year: 2025 }),
          pupil('1', { school_ref: '99' }),
        ),
      ],
      (tables) => tables.found(schoolNotMunicipal),
    )

  it('finds a private and a federal school once for each year with results', async () => {
    expect([await found('private'), await found('federal')]).toEqual([2, 2])
  })

  it('finds nothing where the founder is the municipality or the region, or is not known', async () => {
    expect([await found('municipal'), await found('regional'), await found(null)]).toEqual([
      0, 0, 0,
    ])
  })
})
