import { describe, expect, it } from 'vitest'
import { federalShares, sharesAt, cutsOf } from '../../../examples/municipality/federal.ts'
import { scoreMap, vprCells } from '../../../examples/municipality/results.ts'
import { markOf, scaleRows, taskCodes, taskMaxima } from '../../../examples/municipality/scales.ts'
import { makeWorld, type World } from '../../../examples/municipality/world.ts'

const world = makeWorld(2026, 34, 2023, 2026)
const cells = vprCells(world)

/** 100 · ridit of a school against the country, over all subjects and grades of a year. */
const riditOf = (code: string, year: number): { ridit: number; n: number } => {
  let sum = 0
  let n = 0
  for (const cell of cells) {
    if (cell.year !== year) continue
    const [p2, p3, p4, p5] = federalShares('vpr', cell.subject, cell.grade, year)
    const ridits = [p2 / 2, p2 + p3 / 2, p2 + p3 + p4 / 2, p2 + p3 + p4 + p5 / 2]
    for (const { enrolment, mark } of cell.results) {
      if (enrolment.school.code !== code) continue
      sum += ridits[mark - 2] ?? 0
      n += 1
    }
  }
  return { ridit: sum / n, n }
}

const smallestAndLargest = ({ enrolments }: World): readonly number[] => {
  const sizes = [...enrolments.values()].flatMap((year) => {
    const pupils = new Map<string, number>()
    for (const { school } of year) pupils.set(school.code, (pupils.get(school.code) ?? 0) + 1)
    return [...pupils.values()]
  })
  return [Math.min(...sizes), Math.max(...sizes)]
}

describe('the default world', () => {
  it('is a municipality of about 14,000 pupils in schools of 40 to 1,200', () => {
    expect(world.schools).toHaveLength(34)
    for (const year of world.years) {
      const enrolments = world.enrolments.get(year) ?? []
      expect(enrolments.length).toBeGreaterThan(13_500)
      expect(enrolments.length).toBeLessThan(14_700)
    }
    expect(smallestAndLargest(world).every((pupils) => pupils >= 40 && pupils <= 1200)).toBe(true)
  })

  it('has schools of that size whatever the seed', () => {
    // The first school is the largest, the eighteenth the smallest.
    for (let seed = 0; seed < 10; seed += 1) {
      const [smallest = 0, largest = 0] = smallestAndLargest(makeWorld(seed, 18, 2023, 2026))
      expect(smallest, `seed ${seed}`).toBeGreaterThanOrEqual(40)
      expect(largest, `seed ${seed}`).toBeLessThanOrEqual(1200)
    }
  })

  it('changes results of the improving and declining schools over three years, and of no other of size', () => {
    for (const school of world.schools) {
      if (school.merged) continue
      const before = riditOf(school.code, 2024)
      const after = riditOf(school.code, 2026)
      const change = after.ridit - before.ridit
      if (school.plant === 'improving') expect(change, school.code).toBeGreaterThan(7)
      else if (school.plant === 'declining') expect(change, school.code).toBeLessThan(-7)
      else if (after.n >= 150) expect(Math.abs(change), school.code).toBeLessThan(5)
    }
  })

  it('keeps schools in the risk zone below every school that is low by its context alone', () => {
    const level = (test: (school: (typeof world.schools)[number]) => boolean): number[] =>
      world.schools.filter(test).map(({ code }) => riditOf(code, 2026).ridit)
    const risk = level((school) => school.plant === 'risk')
    const context = level((school) => school.group === 'adverse' && school.plant === undefined)
    const usual = level(
      (school) => school.group !== 'adverse' && school.gradeSize > 20 && school.plant === undefined,
    )
    expect(Math.max(...risk)).toBeLessThan(Math.min(...context) - 5)
    expect(Math.max(...context)).toBeLessThan(Math.min(...usual))
  })

  it('gives the country the shares of marks that its row states', () => {
    for (const { scale, subject, grade, year } of cells) {
      const shares = federalShares('vpr', subject, grade, year)
      expect(sharesAt(cutsOf(shares), 0)).toEqual(shares)
      const score = scoreMap(scale, cutsOf(shares))
      for (const [i, cut] of cutsOf(shares).entries()) {
        expect(markOf(score(cut + 1e-6), scale)).toBe(i + 3)
        expect(markOf(score(cut - 1e-6), scale)).toBe(i + 2)
      }
    }
  })
})

describe('scales', () => {
  it('have rising boundaries within the maximum, and tasks that sum to it', () => {
    for (const row of scaleRows(2023, 2026)) {
      expect(
        [0, row.from3, row.from4, row.from5, row.max].every(
          (x, i, all) => i === 0 || x > (all[i - 1] ?? 0),
        ),
      ).toBe(true)
      const maxima = taskMaxima(row)
      expect(maxima.reduce((a, b) => a + b, 0)).toBe(row.max)
      expect(new Set(taskCodes(row)).size).toBe(maxima.length)
    }
  })

  it('are known once for each procedure, subject, grade and year', () => {
    const keys = scaleRows(2023, 2026).map(
      (row) => `${row.procedure} ${row.subject} ${row.grade} ${row.year}`,
    )
    expect(new Set(keys).size).toBe(keys.length)
  })
})
