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
  const codes = new Float64Array(rows.length)
  const parts = new Map<Dimension | 'unit', Float64Array>()
  let scale = 1
  for (const [name, textOf] of texts) {
    const { of, count } = numbered(rows, textOf)
    const part = of.map((number) => number * scale)
    part.forEach((code, row) => {
      codes[row] = (codes[row] as number) + code
    })
    parts.set(name, part)
    scale *= count
  }
  return {
    codeOf: (row) => codes[row] as number,
    lineOf: (without) => {
      const part = parts.get(without)
      return (row) => (codes[row] as number) - (part?.[row] ?? 0)
    },
  }
}

const texts: readonly (readonly [Dimension | 'unit', (row: Place) => string])[] = [
  ['unit', ({ level, unit_key }) => `${level}\u0000${unit_key}`],
  ['procedure', ({ procedure }) => procedure],
  ['subject', ({ subject }) => subject],
  ['grade', ({ grade }) => grade],
]
/** Texts by the order in which they first appear. */
const numbered = (
  rows: readonly Place[],
  textOf: (row: Place) => string,
): { readonly of: Float64Array; readonly count: number } => {
  const known = new Map<string, number>()
  const of = new Float64Array(rows.length)
  rows.forEach((row, i) => {
    const text = textOf(row)
    let number = known.get(text)
    if (number === undefined) {
      number = known.size
      known.set(text, number)
    }
    of[i] = number
  })
  return { of, count: known.size }
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
