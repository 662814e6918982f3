import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Answers computed with pandas; numbers have as many digits as are known. */
export interface Expected {
  readonly years: readonly number[]
  readonly of: (year: number | 'panel' | 'join_2017', name: string) => number
  readonly grades: (year: number) => Readonly<Record<string, number>>
  readonly files: (year: number) => Readonly<Record<string, number>>
}
interface Year {
  readonly spg_grade_counts: Readonly<Record<string, number>>
  readonly files: Readonly<Record<string, number>>
}

export const expectedIn = (folder: string): Expected => {
  const all = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Readonly<
    Record<string, Readonly<Record<string, unknown>> & Year>
  >
  const at = (key: number | string): Readonly<Record<string, unknown>> & Year => {
    const entry = all[String(key)]
    if (entry === undefined) throw new Error(`expected.json has no ${String(key)}`)
    return entry
  }
  return {
    years: Object.keys(all)
      .filter((key) => /^\d{4}$/.test(key))
      .map(Number),
    of: (year, name) => {
      const value = at(year)[name]
      if (typeof value !== 'number') throw new Error(`expected.json has no ${String(year)} ${name}`)
      return value
    },
    grades: (year) => at(year).spg_grade_counts,
    files: (year) => at(year).files,
  }
}
