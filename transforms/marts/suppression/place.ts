import { grouped } from '../../contract/computation.ts'

/** Where a number stands. */
export interface Place {
  readonly level: string
  readonly unit_key: string
  readonly procedure: string
  readonly subject: string
  readonly grade: string
}
export type Dimension = 'procedure' | 'subject' | 'grade'
/** Places as whole numbers: one each, and one for all places that differ in one respect only. */
export interface Places {
  readonly codeOf: (row: number) => number
  readonly lineOf: (without: Dimension | 'unit') => (row: number) => number
}

/** Codes are exact up to 2^53: units · procedures · subjects · grades. */
export const placesOf = (rows: readonly Place[]): Places => {
  const coded = (textOf: (row: Place) => string): { of: Int32Array; count: number } => {
    const codes = new Map<string, number>()
    const of = Int32Array.from(rows, (row) => {
      const text = textOf(row)
      const code = codes.get(text) ?? codes.size
      codes.set(text, code)
      return code
    })
    return { of, count: codes.size }
  }
  const fields = {
    unit: coded(({ level, unit_key }) => `${level}\u0000${unit_key}`),
    procedure: coded(({ procedure }) => procedure),
    subject: coded(({ subject }) => subject),
    grade: coded(({ grade }) => grade),
  }
  const codeWithout =
    (without?: keyof typeof fields) =>
    (row: number): number => {
      let code = 0
      for (const name of ['unit', 'procedure', 'subject', 'grade'] as const) {
        const { of, count } = fields[name]
        code = code * count + (name === without ? 0 : (of[row] ?? 0))
      }
      return code
    }
  return { codeOf: codeWithout(), lineOf: codeWithout }
}

/** Each row that stands for all of a dimension with the rows of one value of it; rows are told by number. */
export const wholeLines = (
  rows: readonly Place[],
  of: readonly number[],
  places: Places,
  dimension: Dimension,
): readonly { readonly whole: number; readonly parts: readonly number[] }[] => {
  const lineOf = places.lineOf(dimension)
  const isWhole = (row: number): boolean => rows[row]?.[dimension] === 'all'
  const parts = grouped(
    of.filter((row) => !isWhole(row)),
    lineOf,
  )
  return of.filter(isWhole).flatMap((whole) => {
    const line = parts.get(lineOf(whole))
    return line === undefined ? [] : [{ whole, parts: line }]
  })
}
