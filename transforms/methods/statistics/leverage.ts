import { sumOf, type Numbers } from './sums.ts'

const DEPENDENT = 1e-9

/**
 * The diagonal of X(XᵀWX)⁻¹XᵀW, how much of its own fitted value each row makes, by Gram–Schmidt done twice; a column that is a
 * combination of those before it is left out.
 *
 * @param columns of X, of one length
 * @param weights > 0, one a row
 * @returns leverages 0–1, which sum to `rank`
 */
export const weightedLeverages = (
  columns: readonly Numbers[],
  weights: Numbers,
): { readonly leverages: Float64Array; readonly rank: number } => {
  const n = weights.length
  const roots = Float64Array.from(weights, Math.sqrt)
  const basis: Float64Array[] = []
  for (const column of columns) {
    const own = roots.map((root, i) => root * (column[i] as number))
    const length = norm(own)
    for (let round = 0; round < 2; round++) {
      for (const unit of basis) {
        const part = sumOf(n, (i) => (own[i] as number) * (unit[i] as number))
        for (let i = 0; i < n; i++) own[i] = (own[i] as number) - part * (unit[i] as number)
      }
    }
    const rest = norm(own)
    if (rest > DEPENDENT * length) basis.push(own.map((value) => value / rest))
  }
  const leverages = roots.map((_, i) => sumOf(basis.length, (j) => (basis[j]?.[i] as number) ** 2))
  return { leverages, rank: basis.length }
}

const norm = (values: Float64Array): number => {
  const most = values.reduce((top, value) => Math.max(top, Math.abs(value)), 0)
  return most > 0
    ? most * Math.sqrt(sumOf(values.length, (i) => ((values[i] as number) / most) ** 2))
    : 0
}
