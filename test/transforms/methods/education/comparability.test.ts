import { describe, expect, it } from 'vitest'
import {
  breakYears,
  comparableFrom,
  comparableRuns,
  comparabilityKey,
  type TestBreak,
} from '../../../../transforms/methods/education/comparability.ts'

const vpr: TestBreak = {
  procedure: 'vpr',
  subject: 'all',
  grade: 'all',
  year: 2025,
  note: 'новая модель',
}
const oge: TestBreak = {
  procedure: 'oge',
  subject: 'russian',
  grade: '9',
  year: 2025,
  note: 'новая шкала',
}
const cell = (procedure: string, subject: string, grade: string) => ({ procedure, subject, grade })

describe('comparability of years', () => {
  it('differs in the key wherever test, season or version differ', () => {
    const test = {
      procedure: 'vpr',
      subject: 'russian',
      level: 'all',
      programmeGrade: '4',
      version: 1,
      season: 'spring',
    }
    expect(comparabilityKey(test)).toBe(comparabilityKey({ ...test }))
    for (const other of [
      { version: 2 },
      { season: 'autumn' },
      { level: 'advanced' },
      { programmeGrade: '5' },
    ])
      expect(comparabilityKey({ ...test, ...other })).not.toBe(comparabilityKey(test))
  })

  it('is cut by a break of the cell itself, of every cell, or of a member of a pooled cell', () => {
    expect(breakYears(cell('vpr', 'russian', '4'), [vpr, oge], [])).toEqual([
      { year: 2025, note: 'новая модель' },
    ])
    expect(breakYears(cell('oge', 'mathematics', '9'), [vpr, oge], [])).toEqual([])
    expect(breakYears(cell('oge', 'all', 'all'), [vpr, oge], [])).toHaveLength(1)
    expect(breakYears(cell('all', 'all', 'all'), [vpr, oge], [])).toEqual([])
  })

  it('is cut where the greatest score changes though nobody declared it', () => {
    const maxima = [2023, 2024, 2026].map((year) => ({
      ...cell('vpr', 'physics', '7'),
      year,
      maximum: year < 2026 ? 18 : 20,
    }))
    expect(breakYears(cell('vpr', 'physics', '7'), [], maxima)).toEqual([
      { year: 2026, note: 'в 2026 году изменился максимальный балл: 18 → 20' },
    ])
    expect(breakYears(cell('vpr', 'all', 'all'), [], maxima)).toEqual([])
  })

  it('begins with the latest break that is not in the future', () => {
    const breaks = [2020, 2025].map((year) => ({ year, note: '' }))
    expect(comparableFrom(breaks, 2026)).toBe(2025)
    expect(comparableFrom(breaks, 2024)).toBe(2020)
    expect(comparableFrom([], 2024)).toBe(-Infinity)
  })

  it('cuts a series into runs and loses no year', () => {
    const series = [2019, 2021, 2024, 2025, 2026].map((year) => ({ year }))
    const runs = comparableRuns(
      series,
      [2020, 2025].map((year) => ({ year, note: '' })),
    )
    expect(runs.map((run) => run.map(({ year }) => year))).toEqual([
      [2019],
      [2021, 2024],
      [2025, 2026],
    ])
  })
})
