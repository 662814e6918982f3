import { describe, expect, it } from 'vitest'
import type { RowOf } from '../../../transforms/contract/column.ts'
import type { IndicatorColumns } from '../../../transforms/contract/indicator.ts'
import type { Indicator } from '../../../transforms/contract/indicator.ts'
import { bridgeSchoolUnit } from '../../../transforms/core/bridge_school_unit.ts'
import { fctMedalContender } from '../../../transforms/core/fct_medal_contender.ts'
import { fctOlympiad } from '../../../transforms/core/fct_olympiad.ts'
import { fctResult } from '../../../transforms/core/fct_result.ts'
import { fctResultGroup } from '../../../transforms/core/fct_result_group.ts'
import { fctSchoolContext } from '../../../transforms/core/fct_school_context.ts'
import { fctStaff } from '../../../transforms/core/fct_staff.ts'
import { ageingShare } from '../../../transforms/indicators/ageing_share.ts'
import { deliveredScore } from '../../../transforms/indicators/delivered_score.ts'
import { egeMeanScore } from '../../../transforms/indicators/ege_mean_score.ts'
import { highestCategoryShare } from '../../../transforms/indicators/highest_category_share.ts'
import { journalGapShare } from '../../../transforms/indicators/journal_gap_share.ts'
import { journalLoweredShare } from '../../../transforms/indicators/journal_lowered_share.ts'
import { meanMark } from '../../../transforms/indicators/mean_mark.ts'
import { meanPercentOfMax } from '../../../transforms/indicators/mean_percent_of_max.ts'
import { medalNonconfirmIndex } from '../../../transforms/indicators/medal_nonconfirm_index.ts'
import { noviceShare } from '../../../transforms/indicators/novice_share.ts'
import { olympiadParticipation } from '../../../transforms/indicators/olympiad_participation.ts'
import { qualityRate } from '../../../transforms/indicators/quality_rate.ts'
import { recentTrainingShare } from '../../../transforms/indicators/recent_training_share.ts'
import { senShare } from '../../../transforms/indicators/sen_share.ts'
import { staffRule } from '../../../transforms/parameters/staff_rule.ts'
import { given, withTables, type Given } from '../../support/tables.ts'

const units = given(
  bridgeSchoolUnit,
  { school_key: 'a', school_year: 2025, level: 'school', unit_key: 'a' },
  ...['a', 'b'].flatMap((school_key) =>
    [
      ['school', school_key],
      ['municipality', '77'],
    ].map(([level = '', unit_key = '']) => ({ school_key, school_year: 2026, level, unit_key })),
  ),
)
/** [unit, numerator, denominator] of each row; of the cell itself unless told otherwise. */
const measure = async (
  indicator: Indicator,
  rows: readonly Given[],
  where = "grade <> 'all' or subject = 'all'",
) =>
  withTables([units, ...rows], async (tables) =>
    (await tables.read(indicator, where)).map(
      ({ unit_key, numerator, denominator }: RowOf<IndicatorColumns>) => [
        unit_key,
        numerator,
        denominator,
      ],
    ),
  )

type Result = RowOf<typeof fctResult.columns>
const results = (...rows: readonly Partial<Result>[]): Given =>
  given(
    fctResult,
    ...rows.map((row, i) => ({
      school_key: 'a',
      pupil_key: `p${String(i)}`,
      procedure: 'vpr',
      subject: 'russian',
      grade: '4',
      school_year: 2026,
      season: 'spring',
      attempt: 'main',
      ...row,
    })),
  )

describe('indicators of results', () => {
  it('take the main period only', async () => {
    const rows = results({ mark: 5 }, { mark: 3 }, { mark: 5, attempt: 'september' })
    expect(await measure(qualityRate, [rows], "grade = '4'")).toEqual([
      ['77', 1, 2],
      ['a', 1, 2],
    ])
  })

  it('mean percent of the maximum: each score over its own maximum', async () => {
    const rows = results(
      { raw_score: 19, max_raw_score: 38 },
      { raw_score: 25, max_raw_score: 25 },
      { raw_score: null, max_raw_score: 25 },
    )
    expect(await measure(meanPercentOfMax, [rows], "level = 'school'")).toEqual([['a', 1.5, 2]])
  })

  it('mean score of ЕГЭ: the scaled score, of no other procedure', async () => {
    const rows = results(
      { procedure: 'ege', grade: '11', test_score: 72 },
      { procedure: 'ege', grade: '11', test_score: 48 },
      { procedure: 'ege', grade: '11', test_score: 90, attempt: 'reserve' },
      { procedure: 'vpr', test_score: 90 },
    )
    expect(await measure(egeMeanScore, [rows], "level = 'school'")).toEqual([['a', 120, 2]])
  })

  it('journal: lowered and two apart, where both marks are known', async () => {
    const rows = results(
      { mark: 3, journal_mark: 4 },
      { mark: 2, journal_mark: 4 },
      { mark: 5, journal_mark: 3 },
      { mark: 4, journal_mark: 4 },
      { mark: 4, journal_mark: null },
    )
    expect(await measure(journalLoweredShare, [rows], "level = 'school' and grade = '4'")).toEqual([
      ['a', 2, 4],
    ])
    expect(await measure(journalGapShare, [rows], "level = 'school' and grade = '4'")).toEqual([
      ['a', 2, 4],
    ])
  })

  it('a mean mark of a region and the country from their delivered shares, and of nobody else', async () => {
    const group = (level: string, participants: number | null) => ({
      ...{ procedure: 'vpr', subject: 'russian', grade: '4', school_year: 2026 },
      ...{ level, unit_key: level, participants },
      ...{ share_2: 0.1, share_3: 0.2, share_4: 0.4, share_5: 0.3 },
    })
    const rows = await withTables(
      [
        units,
        results(),
        given(
          fctResultGroup,
          group('region', 400),
          group('country', 40_000),
          group('municipality', 40),
          { ...group('region', null), unit_key: 'other' },
          { ...group('region', 400), unit_key: 'part', share_2: null },
        ),
      ],
      (tables) => tables.read(meanMark),
    )
    expect(rows.map(({ level, n, interval_basis }) => [level, n, interval_basis])).toEqual([
      ['country', 40_000, 'z'],
      ['region', 400, 'z'],
    ])
    for (const { value, n, se, lo } of rows) {
      expect(value).toBeCloseTo(3.9, 12)
      expect(se).toBeCloseTo(Math.sqrt((16.1 - 3.9 ** 2) / (n ?? 0)), 12)
      expect(lo).toBeCloseTo(3.9 - 1.959964 * (se ?? 0), 5)
    }
  })

  it('ready scores whose size nobody said have no n, and say so', async () => {
    const ready = (unit_key: string, participants: number | null) => ({
      ...{ procedure: 'vpr', subject: 'all', grade: 'all', school_year: 2026, level: 'school' },
      ...{ unit_key, participants, mean_score: 60 },
    })
    const rows = await withTables(
      [units, given(fctResultGroup, ready('a', 30), ready('b', null), ready('c', 0))],
      (tables) => tables.read(deliveredScore, "level = 'school'"),
    )
    expect(rows.map(({ unit_key, n, interval_basis }) => [unit_key, n, interval_basis])).toEqual([
      ['a', 30, 'none: готовое число без разброса'],
      ['b', null, 'none: готовое число без числа участников и разброса'],
      ['c', null, 'none: готовое число без числа участников и разброса'],
    ])
  })

  it('ready scores: a school as delivered, a municipality the mean of its schools', async () => {
    const ready = (unit_key: string, mean_score: number) => ({
      procedure: 'vpr',
      subject: 'all',
      grade: 'all',
      school_year: 2026,
      level: 'school',
      unit_key,
      participants: 30,
      mean_score,
    })
    const rows = await withTables(
      [units, given(fctResultGroup, ready('a', 60), ready('b', 70))],
      (tables) => tables.read(deliveredScore),
    )
    expect(rows.map(({ level, unit_key, value, n }) => [level, unit_key, value, n])).toEqual([
      ['municipality', '77', 65, 2],
      ['school', 'a', 60, 30],
      ['school', 'b', 70, 30],
    ])
  })
})

type Employee = RowOf<typeof fctStaff.columns>
const employees = (...rows: readonly Partial<Employee>[]): Given =>
  given(
    fctStaff,
    ...rows.map((row, i) => ({
      employee_key: `e${String(i)}`,
      school_key: 'a',
      school_year: 2026,
      snapshot_on: '2025-09-20',
      post: 'учитель',
      is_teaching: true,
      ...row,
    })),
  )

describe('indicators of staff', () => {
  it('count people, not posts, in the school’s latest snapshot of the year, without those who left before it', async () => {
    const may = { snapshot_on: '2026-05-31' }
    const rows = employees(
      { employee_key: 'x', category: 'highest', ...may },
      { employee_key: 'x', category: 'highest', post: 'педагог-психолог', ...may },
      { employee_key: 'y', category: 'first', snapshot_on: '2025-09-20' },
      { employee_key: 'y', category: 'highest', ...may },
      { employee_key: 'z', category: 'none', ...may },
      { employee_key: 'w', category: 'highest', is_teaching: false, ...may },
      { employee_key: 'v', category: 'highest', snapshot_on: '2025-09-20' },
    )
    expect(await measure(highestCategoryShare, [rows], "level = 'school'")).toEqual([['a', 2, 3]])
  })

  it('count a mentor and a methodist as of the highest category and leave out the unknown', async () => {
    const rows = employees({ category: 'mentor' }, { category: 'methodist' }, { category: null })
    expect(await measure(highestCategoryShare, [rows], "level = 'school'")).toEqual([['a', 2, 2]])
  })

  it('novices have fewer than three years, the ageing are 55 or more in the year of the snapshot', async () => {
    const rows = employees(
      { teaching_years: 2.9, birth_year: 1970 },
      { teaching_years: 3, birth_year: 1971 },
      { teaching_years: null, birth_year: null },
    )
    expect(await measure(noviceShare, [rows], "level = 'school'")).toEqual([['a', 1, 2]])
    expect(await measure(ageingShare, [rows], "level = 'school'")).toEqual([['a', 1, 2]])
  })

  it('training counts when it is long and recent enough; who had none counts as not trained', async () => {
    const rows = employees(
      { trained_on: '2023-01-15', trained_hours: 36 },
      { trained_on: '2022-09-20', trained_hours: 36 },
      { trained_on: '2024-01-15', trained_hours: 8 },
      { trained_on: null, trained_hours: null },
    )
    expect(await measure(recentTrainingShare, [rows], "level = 'school'")).toEqual([['a', 1, 4]])
  })

  it('go by the number that holds in the school year', async () => {
    const years = [2025, 2026].map((school_year) => ({ school_year, teaching_years: 4 }))
    const rule = given(
      staffRule,
      { name: 'novice_years', value: 3, valid_to: '2025-08-31' },
      { name: 'novice_years', value: 5, valid_from: '2025-09-01' },
    )
    expect(await measure(noviceShare, [employees(...years), rule], "level = 'school'")).toEqual([
      ['a', 0, 1],
      ['a', 1, 1],
    ])
  })

  it('name a number of the rule that is missing', async () => {
    const rows = employees({ teaching_years: 1 })
    await expect(measure(noviceShare, [rows, given(staffRule)])).rejects.toThrow(
      'нет параметра «novice_years» в таблице parameters.staff_rule',
    )
  })
})

describe('indicators of context and talents', () => {
  const context = (
    measures: Readonly<Record<string, number>>,
    school_key = 'a',
  ): readonly Given[] => [
    given(
      fctSchoolContext,
      ...Object.entries(measures).map(([name, value]) => ({
        school_key,
        school_year: 2026,
        measure: name,
        value,
      })),
    ),
  ]

  it('special needs: pupils over pupils', async () => {
    expect(
      await measure(senShare, context({ sen_pupils: 12, pupils: 300 }), "level = 'school'"),
    ).toEqual([['a', 12, 300]])
    expect(await measure(senShare, context({ sen_pupils: 12, pupils: 0 }))).toEqual([])
  })

  it('olympiad: different participants of the school stage over pupils of grades 4 to 11', async () => {
    const participant = (pupil_key: string, subject: string, stage = 'school') => ({
      school_key: 'a',
      school_year: 2026,
      stage,
      subject,
      pupil_key,
      grade: '5',
      status: 'participant',
    })
    const rows = [
      ...context({ pupils_grade_3: 40, pupils_grade_4: 30, pupils_grade_5: 20, pupils: 90 }),
      given(
        fctOlympiad,
        participant('x', 'russian'),
        participant('x', 'mathematics'),
        participant('y', 'russian'),
        participant('z', 'russian', 'municipal'),
      ),
    ]
    expect(await measure(olympiadParticipation, rows, "level = 'school'")).toEqual([['a', 2, 50]])
  })
})

describe('medalNonconfirmIndex', () => {
  const exams = (pupil_key: string, degree: number, scores: Readonly<Record<string, number>>) =>
    Object.entries(scores).map(([subject, test_score]) => ({
      school_key: 'a',
      pupil_key,
      school_year: 2026,
      degree,
      subject,
      test_score,
    }))
  const share = async (...contenders: readonly (readonly object[])[]) =>
    (
      await measure(
        medalNonconfirmIndex,
        [given(fctMedalContender, ...contenders.flat())],
        "level = 'school'",
      )
    )[0]?.slice(1)

  it('counts whoever misses the score of the degree in Russian or in the best other subject', async () => {
    expect(await share(exams('x', 1, { russian: 70, physics: 40, history: 70 }))).toEqual([0, 1])
    expect(await share(exams('x', 1, { russian: 69, history: 90 }))).toEqual([1, 1])
    expect(await share(exams('x', 1, { russian: 90, history: 69 }))).toEqual([1, 1])
    expect(await share(exams('x', 2, { russian: 60, history: 60 }))).toEqual([0, 1])
  })

  it('takes the mark of base mathematics only where there is no other subject', async () => {
    expect(await share(exams('x', 1, { russian: 80, mathematics_base: 5 }))).toEqual([0, 1])
    expect(await share(exams('x', 1, { russian: 80, mathematics_base: 4 }))).toEqual([1, 1])
    expect(await share(exams('x', 1, { russian: 80, history: 50, mathematics_base: 5 }))).toEqual([
      1, 1,
    ])
  })

  it('leaves out a contender without results', async () => {
    expect(
      await share(exams('x', 1, { russian: 80, history: 80 }), exams('y', 1, { all: 0 })),
    ).toEqual([0, 1])
  })
})
