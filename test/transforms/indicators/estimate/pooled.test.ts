import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RowOf } from '../../../../transforms/contract/column.ts'
import type { IndicatorColumns } from '../../../../transforms/contract/indicator.ts'
import { meanMark } from '../../../../transforms/indicators/mean_mark.ts'
import { passRate } from '../../../../transforms/indicators/pass_rate.ts'
import { tQuantile } from '../../../../transforms/methods/statistics/distributions.ts'
import { wilson } from '../../../../transforms/methods/statistics/interval.ts'
import { withTables } from '../../../support/tables.ts'
import { factsOf, key, near, unitsOf, type Mark } from '../../../support/marks.ts'

type Value = RowOf<IndicatorColumns>
const seed = 20260901

describe('a number pooled over subjects and grades', () => {
  interface Totals {
    readonly x: number
    readonly w: number
  }
  /** R = Σx/Σw and V = Σ(xᵢ − R·wᵢ)²/(Σw)² over persons, straight from the definition. */
  const clustered = (persons: readonly Totals[]) => {
    const x = persons.reduce((sum, person) => sum + person.x, 0)
    const w = persons.reduce((sum, person) => sum + person.w, 0)
    const ratio = x / w
    const squares = persons.reduce((sum, person) => sum + (person.x - ratio * person.w) ** 2, 0)
    return { ratio, w, x, persons: persons.length, variance: squares / w ** 2 }
  }
  const wilsonOf = (p: number, n: number) => {
    const z = 1.959963984540054
    const centre = p + (z * z) / (2 * n)
    const half = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))
    const scale = 1 + (z * z) / n
    return {
      lo: p === 0 ? 0 : Math.max(0, (centre - half) / scale),
      hi: p === 1 ? 1 : Math.min(1, (centre + half) / scale),
    }
  }
  const subjects = ['russian', 'mathematics', 'biology']
  /** Pupils of four schools, each with one to three works in its grade. */
  const municipality = fc
    .array(
      fc.array(
        fc.tuple(
          fc.constantFrom('4', '5'),
          fc.array(fc.integer({ min: 2, max: 5 }), { minLength: 1, maxLength: 3 }),
        ),
        { minLength: 10, maxLength: 30 },
      ),
      { minLength: 4, maxLength: 4 },
    )
    .map((schools) =>
      schools.flatMap((pupils, school) =>
        pupils.flatMap(([grade, marks], pupil) =>
          marks.map((mark, i): Mark => ({ school, pupil, subject: subjects[i]!, grade, mark })),
        ),
      ),
    )
  const personsOf = (
    marks: readonly Mark[],
    of: (mark: Mark) => boolean,
    x: (mark: number) => number,
  ): readonly Totals[] => {
    const totals = new Map<string, Totals>()
    for (const mark of marks.filter(of)) {
      const person = `${String(mark.school)}/${String(mark.pupil)}`
      const before = totals.get(person) ?? { x: 0, w: 0 }
      totals.set(person, { x: before.x + x(mark.mark), w: before.w + 1 })
    }
    return [...totals.values()]
  }
  const check = (
    rows: readonly Value[],
    marks: readonly Mark[],
    x: (mark: number) => number,
    limits: (of: ReturnType<typeof clustered>) => { lo: number; hi: number },
    digits: number,
  ): void => {
    for (const row of rows) {
      const of = ({ school, subject }: Mark): boolean =>
        (row.level === 'municipality' || key(school) === row.unit_key) &&
        (row.subject === 'all' || subject === row.subject)
      const expected = clustered(personsOf(marks, of, x))
      expect([row.numerator, row.denominator, row.n]).toEqual([
        expected.x,
        expected.w,
        expected.persons,
      ])
      const { lo, hi } = limits(expected)
      near(row.lo, lo, digits)
      near(row.hi, hi, digits)
    }
  }

  it('does not take a pupil’s several works for several pupils: a share', async () => {
    await fc.assert(
      fc.asyncProperty(municipality, async (marks) => {
        const rows = await withTables([factsOf(marks), unitsOf(4)], (tables) =>
          tables.read(passRate, "grade = 'all'"),
        )
        expect(rows.length).toBeGreaterThanOrEqual(10)
        check(
          rows,
          marks,
          (mark) => (mark >= 3 ? 1 : 0),
          ({ ratio, w, variance }) =>
            wilsonOf(ratio, variance > 0 ? Math.min(w, (ratio * (1 - ratio)) / variance) : w),
          8,
        )
      }),
      { numRuns: 8, seed },
    )
  })

  it('does not take a pupil’s several works for several pupils: a mean', async () => {
    await fc.assert(
      fc.asyncProperty(municipality, async (marks) => {
        const rows = await withTables([factsOf(marks), unitsOf(4)], (tables) =>
          tables.read(meanMark, "grade = 'all' and interval_basis = 't'"),
        )
        expect(rows.length).toBeGreaterThanOrEqual(8)
        check(
          rows,
          marks,
          (mark) => mark,
          ({ ratio, variance, persons }) => {
            const half =
              tQuantile(0.975, persons - 1) * Math.sqrt((variance * persons) / (persons - 1))
            return { lo: ratio - half, hi: ratio + half }
          },
          4,
        )
      }),
      { numRuns: 8, seed },
    )
  })

  it('is surer than one subject but less sure than as many pupils', async () => {
    const pupils = Array.from({ length: 40 }, (_, pupil) => (pupil % 4 === 0 ? 2 : 4))
    const marks = pupils.flatMap((mark, pupil) =>
      subjects.map((subject) => ({ school: 0, pupil, subject, grade: '4', mark })),
    )
    const [all] = await withTables([factsOf(marks), unitsOf(1)], (tables) =>
      tables.read(passRate, "level = 'school' and subject = 'all'"),
    )
    // Every pupil does equally in all three: three subjects tell no more than one.
    const alone = wilson(30, 40)
    expect([all?.numerator, all?.denominator, all?.n]).toEqual([90, 120, 40])
    near(all?.lo, alone.lo)
    near(all?.hi, alone.hi)
  })
})
