import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RowOf } from '../../../transforms/contract/column.ts'
import { bridgeSubjectName } from '../../../transforms/core/bridge_subject_name.ts'
import { dimReferenceMark } from '../../../transforms/core/dim_reference_mark.ts'
import { dimSchoolYear } from '../../../transforms/core/dim_school_year.ts'
import { dimSubject } from '../../../transforms/core/dim_subject.ts'
import { dimTestVersion } from '../../../transforms/core/dim_test_version.ts'
import { fctJournalMark } from '../../../transforms/core/fct_journal_mark.ts'
import { fctResult } from '../../../transforms/core/fct_result.ts'
import { fctResultGroup } from '../../../transforms/core/fct_result_group.ts'
import { journalComparison } from '../../../transforms/entities/journal_comparison.ts'
import { result } from '../../../transforms/entities/result.ts'
import { resultGroup } from '../../../transforms/entities/result_group.ts'
import { school } from '../../../transforms/entities/school.ts'
import { riditScores } from '../../../transforms/methods/statistics/ridit.ts'
import { markScale } from '../../../transforms/parameters/mark_scale.ts'
import { testBreak } from '../../../transforms/parameters/test_break.ts'
import { given, withTables } from '../../support/tables.ts'

type Group = RowOf<typeof resultGroup.columns>
const group = (row: Partial<Group>): Partial<Group> => ({
  procedure: 'vpr',
  subject: 'Русский язык',
  grade: 4,
  school_year: 2026,
  level: 'country',
  unit_ref: 'Вся выборка',
  unit_ref_system: 'name',
  ...row,
})
const shares = (two: number, three: number, four: number, five: number): Partial<Group> => ({
  share_2: two,
  share_3: three,
  share_4: four,
  share_5: five,
})
type Result = RowOf<typeof result.columns>
const pupil = (pupil_ref: string, row: Partial<Result> = {}): Partial<Result> => ({
  procedure: 'vpr',
  subject: 'Русский язык',
  grade: 4,
  programme_grade: 4,
  school_year: 2026,
  season: 'spring',
  attempt: 'main',
  school_ref: '21',
  school_ref_system: 'register',
  pupil_ref,
  ...row,
})
const register = given(school, {
  school_code: '21',
  short_name: 'СОШ № 21',
  snapshot_on: '2025-09-20',
})

describe('fctResultGroup', () => {
  const counts = (row: Partial<Group>) =>
    withTables([given(resultGroup, group(row))], async (tables) =>
      (await tables.read(fctResultGroup)).map(({ count_2, count_3, count_4, count_5 }) => [
        count_2,
        count_3,
        count_4,
        count_5,
      ]),
    )

  it('gives the remainder to the largest fractions, so that counts add up to the pupils', async () => {
    // Of 7 pupils 1.0003, 2.3331, 2.3331 and 1.3335: the one left over goes to the fives.
    expect(await counts({ participants: 7, ...shares(0.1429, 0.3333, 0.3333, 0.1905) })).toEqual([
      [1, 2, 2, 2],
    ])
    expect(await counts({ participants: 30, ...shares(0.0667, 0.3333, 0.5, 0.1) })).toEqual([
      [2, 10, 15, 3],
    ])
  })

  it('gives equal fractions to the lower mark, the same each time', async () => {
    expect(await counts({ participants: 2, ...shares(0.25, 0.25, 0.25, 0.25) })).toEqual([
      [1, 1, 0, 0],
    ])
  })

  it('renormalises shares that do not add up to one', async () => {
    expect(
      await counts({ participants: 10_000, ...shares(0.1344, 0.4415, 0.3628, 0.0614) }),
    ).toEqual([[1344, 4414, 3628, 614]])
  })

  it('leaves counts open where pupils or shares are not delivered', async () => {
    expect(await counts({ participants: null, ...shares(0.1, 0.3, 0.4, 0.2) })).toEqual([
      [null, null, null, null],
    ])
    expect(await counts({ participants: 10, mean_score: 17 })).toEqual([[null, null, null, null]])
  })

  it('rebuilds any counts from percentages printed with two decimals', async () => {
    const cells = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 4, maxLength: 4 })
    const schools = fc.array(
      cells.filter((marks) => marks.some((count) => count > 0)),
      { minLength: 20, maxLength: 20 },
    )
    await fc.assert(
      fc.asyncProperty(schools, async (all) => {
        const rows = all.map((marks, i) => {
          const n = marks.reduce((sum, count) => sum + count, 0)
          const [two = 0, three = 0, four = 0, five = 0] = marks.map(
            (count) => Math.round((count / n) * 10_000) / 10_000,
          )
          const unit_ref = `Регион ${String(i).padStart(2, '0')}`
          return group({
            level: 'region',
            unit_ref,
            participants: n,
            ...shares(two, three, four, five),
          })
        })
        const rebuilt = await withTables([given(resultGroup, ...rows)], (tables) =>
          tables.read(fctResultGroup),
        )
        expect(
          rebuilt.map(({ count_2, count_3, count_4, count_5 }) => [
            count_2,
            count_3,
            count_4,
            count_5,
          ]),
        ).toEqual(all)
      }),
      { numRuns: 5, seed: 20260901 },
    )
  })

  it('keys a school by its durable key and other groups by their name', async () => {
    const rows = await withTables(
      [
        register,
        given(
          resultGroup,
          group({ participants: 100 }),
          group({ level: 'school', unit_ref: '21', unit_ref_system: 'register', grade: null }),
        ),
      ],
      (tables) => tables.read(fctResultGroup),
    )
    expect(rows.map(({ level, unit_key, grade }) => [level, unit_key, grade])).toEqual([
      ['country', 'Вся выборка', '4'],
      ['school', '21', 'all'],
    ])
  })
})

describe('dimReferenceMark', () => {
  const federal = shares(0.0506, 0.3292, 0.4433, 0.1769)

  it('gives the ridits of the federal row (DOMAIN 3.15, vector 2)', async () => {
    const rows = await withTables(
      [given(resultGroup, group({ participants: 1_300_000, ...federal }))],
      (tables) => tables.read(dimReferenceMark),
    )
    expect(rows).toEqual(
      [
        { mark: 2, share: 0.0506, ridit: 0.0253 },
        { mark: 3, share: 0.3292, ridit: 0.2152 },
        { mark: 4, share: 0.4433, ridit: 0.60145 },
        { mark: 5, share: 0.1769, ridit: 0.91155 },
      ].map((row) => ({
        procedure: 'vpr',
        subject: 'russian',
        grade: '4',
        school_year: 2026,
        reference: 'Вся выборка',
        ...row,
      })),
    )
  })

  it('agrees with methods/statistics to the stored sixth decimal', async () => {
    const share = fc.integer({ min: 1, max: 5000 })
    await fc.assert(
      fc.asyncProperty(fc.tuple(share, share, share, share), async (printed) => {
        const reference = printed.map((value) => value / 10_000)
        const [two = 0, three = 0, four = 0, five = 0] = reference
        const rows = await withTables(
          [given(resultGroup, group({ participants: 1000, ...shares(two, three, four, five) }))],
          (tables) => tables.read(dimReferenceMark),
        )
        const expected = riditScores(Float64Array.from(reference))
        rows.forEach(({ ridit }, i) => {
          expect(Math.abs(ridit - (expected[i] ?? Number.NaN))).toBeLessThan(1e-6)
        })
        expect(rows).toHaveLength(4)
      }),
      { numRuns: 10, seed: 20260901 },
    )
  })

  it('takes no region where the procedure is measured by the country', async () => {
    const rows = await withTables(
      [
        given(
          resultGroup,
          group({ level: 'region', unit_ref: 'Область', participants: 9, ...federal }),
        ),
      ],
      (tables) => tables.read(dimReferenceMark),
    )
    expect(rows).toEqual([])
  })
})

describe('fctResult', () => {
  it('links a pupil of ВПР to nothing outside school and year, and a pupil of an exam by the reference', async () => {
    const rows = await withTables(
      [
        register,
        given(
          result,
          pupil('0001', { mark: 4 }),
          pupil('абв', { procedure: 'oge', grade: 9, mark: 3 }),
        ),
      ],
      (tables) => tables.read(fctResult),
    )
    expect(rows.map(({ procedure, pupil_key }) => [procedure, pupil_key])).toEqual([
      ['oge', 'абв'],
      ['vpr', 'vpr-2026-21-0001'],
    ])
  })

  it('names the version of the school that stood in that year', async () => {
    const rows = await withTables(
      [
        given(
          school,
          { school_code: '21', short_name: 'СОШ № 21', snapshot_on: '2024-09-20' },
          { school_code: '21', short_name: 'Лицей № 21', snapshot_on: '2025-09-20' },
        ),
        given(
          result,
          pupil('1', { school_year: 2024 }),
          pupil('1', { school_year: 2025 }),
          pupil('1'),
        ),
      ],
      (tables) => tables.read(fctResult),
    )
    expect(
      rows.map(({ school_year, school_version_key }) => [school_year, school_version_key]),
    ).toEqual([
      [2024, '21@0'],
      [2025, '21@0'],
      [2026, '21@2026'],
    ])
  })

  it('keeps attempts as rows of their own', async () => {
    const rows = await withTables(
      [
        register,
        given(result, pupil('1', { mark: 2 }), pupil('1', { attempt: 'september', mark: 4 })),
      ],
      (tables) => tables.read(fctResult),
    )
    expect(rows.map(({ attempt, mark }) => [attempt, mark])).toEqual([
      ['main', 2],
      ['september', 4],
    ])
  })
})

describe('bridgeSubjectName', () => {
  it('knows a subject however it is printed and infers one that no parameter names', async () => {
    const printed = ['Русский язык', ' РУССКИЙ ЯЗЫК', 'РУ', 'Ритмика']
    const rows = await withTables(
      [register, given(result, ...printed.map((subject, i) => pupil(String(i), { subject })))],
      async (tables) => ({
        names: await tables.read(bridgeSubjectName),
        inferred: await tables.read(dimSubject, 'is_inferred'),
      }),
    )
    expect(
      Object.fromEntries(rows.names.map(({ printed: name, subject }) => [name, subject])),
    ).toEqual({
      ' РУССКИЙ ЯЗЫК': 'russian',
      РУ: 'russian',
      Ритмика: 'x-ритмика',
      'Русский язык': 'russian',
    })
    expect(rows.inferred).toMatchObject([{ subject: 'x-ритмика', name: 'Ритмика' }])
  })
})

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

describe('dimSchoolYear', () => {
  it('has every year between the first and the last that a fact speaks of', async () => {
    const rows = await withTables(
      [given(result, pupil('1', { school_year: 2024 }), pupil('1', { school_year: 2026 }))],
      (tables) => tables.read(dimSchoolYear),
    )
    expect(rows).toEqual([
      { school_year: 2024, label: '2023/24', is_last: false },
      { school_year: 2025, label: '2024/25', is_last: false },
      { school_year: 2026, label: '2025/26', is_last: true },
    ])
  })

  it('is empty without facts', async () => {
    expect(await withTables([], (tables) => tables.read(dimSchoolYear))).toEqual([])
  })
})
