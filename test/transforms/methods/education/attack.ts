import type { Equation } from '../../../../transforms/methods/education/derivation.ts'

/**
 * Hidden cells that all equations together give, by Gauss and Jordan over the rationals: the plain way, every equation at once, to test
 * against.
 */
export const solvable = (
  equations: readonly Equation[],
  isHidden: (cell: number) => boolean,
): readonly number[] => {
  const cells = [
    ...new Set(equations.flatMap(({ whole, parts }) => [whole, ...parts].filter(isHidden))),
  ]
  const matrix = equations.map(({ whole, parts }) =>
    cells.map((cell) => of(Number(parts.includes(cell)) - Number(cell === whole))),
  )
  const pivots: number[] = []
  for (let column = 0; column < cells.length; column++) {
    const top = pivots.length
    const from = matrix.findIndex((row, r) => r >= top && row[column]?.[0] !== 0n)
    if (from < 0) continue
    const pivot = matrix[from] ?? []
    matrix[from] = matrix[top] ?? []
    const scale = pivot[column] ?? of(1)
    const unit = pivot.map((value) => divided(value, scale))
    matrix[top] = unit
    matrix.forEach((row, r) => {
      const factor = row[column] ?? of(0)
      if (r === top || factor[0] === 0n) return
      matrix[r] = row.map((value, i) => minus(value, times(factor, unit[i] ?? of(0))))
    })
    pivots.push(column)
  }
  return pivots.flatMap((column, r) => {
    const isAlone = matrix[r]?.every(([up], i) => i === column || up === 0n) === true
    const cell = cells[column]
    return isAlone && cell !== undefined ? [cell] : []
  })
}

/** A fraction in lowest terms, above and below the line. */
type Fraction = readonly [bigint, bigint]
const of = (value: number): Fraction => [BigInt(value), 1n]
const reduced = (up: bigint, down: bigint): Fraction => {
  let [a, b] = [up < 0n ? -up : up, down < 0n ? -down : down]
  while (b > 0n) [a, b] = [b, a % b]
  const divisor = (down < 0n ? -1n : 1n) * (a === 0n ? 1n : a)
  return [up / divisor, down / divisor]
}
const times = (a: Fraction, b: Fraction): Fraction =>
  a[0] === 0n || b[0] === 0n ? of(0) : reduced(a[0] * b[0], a[1] * b[1])
const divided = (a: Fraction, b: Fraction): Fraction =>
  a[0] === 0n ? a : reduced(a[0] * b[1], a[1] * b[0])
const minus = (a: Fraction, b: Fraction): Fraction =>
  b[0] === 0n ? a : reduced(a[0] * b[1] - b[0] * a[1], a[1] * b[1])
