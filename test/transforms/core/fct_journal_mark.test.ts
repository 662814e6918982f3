import { describe, expect, it } from 'vitest'
import type { RowOf } from '../../../transforms/contract/column.ts'
import { fctJournalMark } from '../../../transforms/core/fct_journal_mark.ts'
import { journalComparison } from '../../../transforms/entities/journal_comparison.ts'
import { result } from '../../../transforms/entities/result.ts'
import { given, withTables } from '../../support/tables.ts'
import { pupil, register } from '../../support/entity-rows.ts'

describe('fctJournalMark', () => {
  const delivered = (row: Partial<RowOf<typeof journalComparison.columns>>) => ({
    procedure: 'vpr',
    subject: 'Русский язык',
    grade: 4,
    school_year: 2026,
    level: 'school',
    unit_ref: '21',
    unit_ref_system: 'register',
    participants: 50,
    lowered: 20,
    confirmed: 25,
    raised: 5,
    ...row,
  })
  const pairs = given(
    result,
    ...(
      [
        [2, 4],
        [3, 4],
        [4, 4],
        [5, 4],
        [5, 3],
        [null, 4],
        [4, null],
      ] as const
    ).map(([mark, journal_mark], i) => pupil(String(i), { mark, journal_mark })),
    pupil('reserve', { attempt: 'reserve', mark: 2, journal_mark: 5 }),
  )

  it('counts pupils with both marks of the main period', async () => {
    const rows = await withTables([register, pairs], (tables) => tables.read(fctJournalMark))
    expect(rows).toEqual([
      {
        procedure: 'vpr',
        subject: 'russian',
        grade: '4',
        school_year: 2026,
        level: 'school',
        unit_key: '21',
        compared: 5,
        lowered: 2,
        confirmed: 1,
        raised: 2,
        gap_2: 2,
        is_delivered: false,
      },
    ])
  })

  it('puts pupils’ rows over a delivered total of the same school and keeps totals of others', async () => {
    const rows = await withTables(
      [
        register,
        pairs,
        given(
          journalComparison,
          delivered({}),
          delivered({ grade: 5 }),
          delivered({ level: 'region', unit_ref: 'Область', unit_ref_system: 'name' }),
        ),
      ],
      (tables) => tables.read(fctJournalMark),
    )
    expect(
      rows.map(({ grade, level, unit_key, compared, gap_2, is_delivered }) => [
        grade,
        level,
        unit_key,
        compared,
        gap_2,
        is_delivered,
      ]),
    ).toEqual([
      ['4', 'region', 'Область', 50, null, true],
      ['4', 'school', '21', 5, 2, false],
      ['5', 'school', '21', 50, null, true],
    ])
  })
})
