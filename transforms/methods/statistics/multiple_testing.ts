import { StatisticsError } from './errors.ts'
import { requireAnswer, requireFinite, sum, sumOfProducts, type Numbers } from './sums.ts'

/**
 * - `rejected`: by hypothesis, in the order given
 * - `count`: how many are rejected
 * - `threshold`: the largest rejected p, 0 where none is
 * - `adjusted`: adjusted p-values min_{j ≥ i} m·p_(j)/j, at most 1; rejected ⇔ adjusted ≤ q
 */
export interface FalseDiscovery {
  readonly rejected: readonly boolean[]
  readonly count: number
  readonly threshold: number
  readonly adjusted: Float64Array
}

/**
 * Benjamini–Hochberg: with p_(1) ≤ … ≤ p_(m), reject the k smallest where k is the largest i with p_(i)·m/i ≤ q. The expected share of
 * false rejections is at most q for independent or positively dependent tests.
 *
 * Source: Y. Benjamini, Y. Hochberg, J. R. Statist. Soc. B 57 (1995) 289–300.
 *
 * @param pValues in [0, 1], in any order; none gives no rejections
 * @param q in (0, 1)
 * @throws StatisticsError for q outside 0 < q < 1 or a p outside 0–1
 */
export const benjaminiHochberg = (pValues: Numbers, q: number): FalseDiscovery => {
  if (!(q > 0 && q < 1))
    throw new StatisticsError('benjaminiHochberg', `q is ${q}`, 'pass q between 0 and 1')
  for (const p of pValues) {
    if (!(p >= 0 && p <= 1))
      throw new StatisticsError('benjaminiHochberg', `a p-value is ${p}`, 'pass p in [0, 1]')
  }
  const m = pValues.length
  const order = Array.from(pValues, (_, i) => i).sort(
    (a, b) => (pValues[a] as number) - (pValues[b] as number),
  )
  const adjusted = new Float64Array(m)
  let least = 1
  let count = 0
  for (let place = m; place >= 1; place--) {
    const index = order[place - 1] as number
    const p = pValues[index] as number
    const scaled = p * (m / place)
    if (count === 0 && scaled <= q) count = place
    least = Math.min(least, scaled)
    adjusted[index] = least
  }
  const rejected = new Array<boolean>(m).fill(false)
  for (let place = 0; place < count; place++) rejected[order[place] as number] = true
  return {
    rejected,
    count,
    threshold: count === 0 ? 0 : (pValues[order[count - 1] as number] as number),
    adjusted,
  }
}

/**
 * Stouffer's combination of independent z-scores: Σz/√m, or Σwz/√Σw² with weights.
 *
 * Source: S. Stouffer et al., The American Soldier 1 (1949) 45.
 *
 * @param scores m ≥ 1 z-scores of independent blocks
 * @param weights one a score, ≥ 0, not all 0
 * @throws StatisticsError for no scores, one that is not finite, or weights that do not fit
 */
export const stouffer = (scores: Numbers, weights?: Numbers): number => {
  requireFinite('stouffer', scores, 'score')
  if (scores.length === 0) throw new StatisticsError('stouffer', 'no scores', 'at least 1 needed')
  if (weights === undefined) return told(sum(scores) / Math.sqrt(scores.length))
  requireFinite('stouffer', weights, 'weight')
  if (
    weights.length !== scores.length ||
    weights.some((weight) => weight < 0) ||
    weights.every((weight) => weight === 0)
  ) {
    throw new StatisticsError(
      'stouffer',
      'the weights do not fit',
      'pass one weight ≥ 0 a score, not all 0',
    )
  }
  const most = Math.max(...weights)
  const scaled = Float64Array.from(weights, (weight) => weight / most)
  return told(sumOfProducts(scaled, scores) / Math.sqrt(sumOfProducts(scaled, scaled)))
}

const told = (z: number): number => {
  requireAnswer('stouffer', [z])
  return z
}
