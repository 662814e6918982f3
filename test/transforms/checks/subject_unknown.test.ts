import { describe, expect, it } from 'vitest'
import { subjectUnknown } from '../../../transforms/checks/subject_unknown.ts'
import { result } from '../../../transforms/entities/result.ts'
import { pupil, register } from '../../support/entity-rows.ts'
import { given, withTables } from '../../support/tables.ts'

describe('subjectUnknown', () => {
  it('finds a subject printed as no parameter row prints it', async () => {
    const works = given(result, pupil('1'), pupil('1', { subject: 'Хождение строем' }))
    expect(await withTables([register, works], (tables) => tables.found(subjectUnknown))).toBe(1)
  })
})
