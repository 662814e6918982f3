import { StatisticsError } from './errors.ts'
import {
  mean,
  median,
  quantileSorted,
  requireFinite,
  standardDeviation,
  type Numbers,
} from './sums.ts'

/**
 * Winsorises: values beyond the quantiles `share` and 1 − `share` (type 7) are put at those quantiles.
 *
 * @param values in any order, in any unit
 * @param share 0 … below 0.5, of each tail
 * @throws StatisticsError for no values, a value that is not finite or a share outside its range
 */
export const winsorise = (values: Numbers, share: number): Float64Array => {
  if (!(share >= 0 && share < 0.5)) {
    throw new StatisticsError('winsorise', `share ${share}`, 'pass a share from 0 to below 0.5')
  }
  requireFinite('winsorise', values)
  const sorted = Float64Array.from(values).sort()
  const low = quantileSorted(sorted, share)
  const high = quantileSorted(sorted, 1 - share)
  return Float64Array.from(values, (value) => Math.min(high, Math.max(low, value)))
}

/** The factor that makes the median absolute deviation of a normal sample its standard deviation: 1/Φ⁻¹(3/4). */
export const MAD_SCALE = 1.482602218505602

/** A centre and a scale > 0 in units of the values, and what the scale is. */
export interface RobustScale {
  readonly centre: number
  readonly scale: number
  readonly basis: 'mad' | 'sd' | 'none'
}

/** The median of |x − median x|, in units of the values. */
export const medianAbsoluteDeviation = (values: Numbers): number => {
  const centre = median(values)
  return median(Float64Array.from(values, (value) => Math.abs(value - centre)))
}

/**
 * Centre and scale that outliers do not move: the median and 1.4826·MAD. Where the MAD is 0 (more than half the
 * values equal) the standard deviation stands in; where no value differs the scale is 1 and every score 0.
 *
 * @throws StatisticsError for no values or a value that is not finite
 */
export const robustScale = (values: Numbers): RobustScale => {
  const centre = median(values)
  const mad = medianAbsoluteDeviation(values)
  if (mad > 0) return { centre, scale: MAD_SCALE * mad, basis: 'mad' }
  const deviation = values.length > 1 ? standardDeviation(values) : 0
  return deviation > 0
    ? { centre, scale: deviation, basis: 'sd' }
    : { centre, scale: 1, basis: 'none' }
}

/**
 * Robust z scores (x − centre)/scale, by a scale of their own or by a frozen one.
 *
 * @throws StatisticsError for no values, one that is not finite, or a scale that is not finite and > 0
 */
export const robustScores = (
  values: Numbers,
  { centre, scale }: RobustScale = robustScale(values),
): Float64Array => {
  requireFinite('robustScores', values)
  if (!(scale > 0 && scale < Infinity)) {
    throw new StatisticsError('robustScores', `scale ${scale}`, 'pass a finite scale > 0')
  }
  return Float64Array.from(values, (value) => (value - centre) / scale)
}

/** z scores by mean and standard deviation; all 0 where no value differs. */
export const standardScores = (values: Numbers): Float64Array => {
  const centre = mean(values)
  const deviation = values.length > 1 ? standardDeviation(values) : 0
  return Float64Array.from(values, (value) => (deviation > 0 ? (value - centre) / deviation : 0))
}

/**
 * The log odds ln(p/(1 − p)) of a share. A share of 0 or 1 has none: pass the counts to `empiricalLogit` instead.
 *
 * @param share above 0 and below 1
 * @throws StatisticsError outside
 */
export const logit = (share: number): number => {
  if (!(share > 0 && share < 1)) {
    throw new StatisticsError(
      'logit',
      `share ${share} is not between 0 and 1`,
      'pass counts to empiricalLogit',
    )
  }
  return Math.log(share) - Math.log1p(-share)
}

/**
 * The share of given log odds: 1/(1 + e^−x), 0–1; ±Infinity give 1 and 0.
 *
 * @throws StatisticsError for NaN
 */
export const inverseLogit = (odds: number): number => {
  if (Number.isNaN(odds))
    throw new StatisticsError('inverseLogit', 'the odds are NaN', 'pass a number')
  return odds >= 0 ? 1 / (1 + Math.exp(-odds)) : Math.exp(odds) / (1 + Math.exp(odds))
}

/**
 * The empirical log odds ln((x + ½)/(n − x + ½)) of x of n: finite at 0 and n, nearly unbiased (Haldane 1955,
 * Anscombe 1956).
 *
 * @param count 0 … n
 * @param n ≥ 0; 0 of 0 gives 0
 * @throws StatisticsError for a count outside 0 … n
 */
export const empiricalLogit = (count: number, n: number): number => {
  if (!(count >= 0 && count <= n && n < Infinity)) {
    throw new StatisticsError('empiricalLogit', `${count} of ${n}`, 'pass 0 ≤ count ≤ n')
  }
  return Math.log(count + 0.5) - Math.log(n - count + 0.5)
}

/**
 * ln(x + offset) of each value.
 *
 * @param offset 0 unless given; 1 lets counts of 0 pass
 * @throws StatisticsError where x + offset is not above 0
 */
export const logarithms = (values: Numbers, offset = 0): Float64Array =>
  Float64Array.from(values, (value) => {
    if (!(value + offset > 0 && value + offset < Infinity)) {
      throw new StatisticsError(
        'logarithms',
        `${value} + ${offset} has no logarithm`,
        'pass values above −offset',
      )
    }
    return Math.log(value + offset)
  })
