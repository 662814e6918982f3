import { describe, expect, it } from 'vitest'
import { dimTestVersion } from '../../../transforms/core/dim_test_version.ts'
import { result } from '../../../transforms/entities/result.ts'
import { markScale } from '../../../transforms/parameters/mark_scale.ts'
import { testBreak } from '../../../transforms/parameters/test_break.ts'
import { given, withTables } from '../../support/tables.ts'
import { pupil, register } from '../../support/entity-rows.ts'

describe('dimTestVersion', () => {
  const years = [2023, 2024, 2025, 2026]
  const works = given(
    result,
    ...years.map((school_year) =>
      pupil('1', {
        school_year,
        mark: 4,
        raw_score: 20,
        max_raw_score: school_year < 2025 ? 38 : 25,
      }),
    ),
  )

  it('grows by one at each break and says what changed in that very year', async () => {
    const rows = await withTables([register, works], (tables) => tables.read(dimTestVersion))
    expect(rows.map(({ school_year, test_version }) => [school_year, test_version])).toEqual([
      [2023, 1],
      [2024, 1],
      [2025, 2],
      [2026, 2],
    ])
    expect(rows.map(({ break_note }) => break_note !== null)).toEqual([false, false, true, false])
  })

  it('counts a break of the subject and one of all subjects, but not one of another grade', async () => {
    const breaks = (['all', 'russian', 'mathematics'] as const).flatMap((subject) =>
      (['4', '5'] as const).map((grade, i) => ({
        procedure: 'vpr',
        subject,
        grade,
        school_year: 2024 + i,
        note: `${subject} ${grade}`,
      })),
    )
    const rows = await withTables([register, works, given(testBreak, ...breaks)], (tables) =>
      tables.read(dimTestVersion),
    )
    expect(rows.map(({ test_version, break_note }) => [test_version, break_note])).toEqual([
      [1, null],
      [3, 'all 4; russian 4'],
      [3, null],
      [3, null],
    ])
  })

  it('takes the scale of the year and the greatest score, and none where they do not fit', async () => {
    const scale = {
      procedure: 'vpr',
      subject: 'russian',
      grade: 4,
      from_3: 14,
      from_4: 24,
      from_5: 33,
    }
    const rows = await withTables(
      [
        register,
        works,
        given(
          markScale,
          { ...scale, from_year: 2023, to_year: 2024, max_raw_score: 38 },
          { ...scale, from_year: 2025, to_year: 2025, max_raw_score: 30 },
        ),
      ],
      (tables) => tables.read(dimTestVersion),
    )
    expect(
      rows.map(({ max_raw_score, from_3, from_5 }) => [max_raw_score, from_3, from_5]),
    ).toEqual([
      [38, 14, 33],
      [38, 14, 33],
      [25, null, null],
      [25, null, null],
    ])
  })
})
