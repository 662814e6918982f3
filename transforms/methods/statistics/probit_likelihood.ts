import { normalCdf } from './distributions.ts'
import { type Numbers } from './sums.ts'

const LOG_ROOT_2PI = 0.9189385332046728

/** log φ(x). */
const logPdf = (x: number): number => -0.5 * x * x - LOG_ROOT_2PI

/** log Φ(x), by the asymptotic series of Mills' ratio where Φ(x) would underflow; relative error below 10⁻¹². */
export const logNormalCdf = (x: number): number => {
  if (x > -30) return x > 5 ? Math.log1p(-normalCdf(-x)) : Math.log(normalCdf(x))
  const s = 1 / (x * x)
  return logPdf(x) - Math.log(-x) + Math.log1p(-s * (1 - 3 * s * (1 - 5 * s * (1 - 7 * s))))
}

/** log(Φ(high) − Φ(low)) for low < high (either may be infinite), without cancellation in the tails. */
export const logNormalBetween = (low: number, high: number): number => {
  if (low === -Infinity) return high === Infinity ? 0 : logNormalCdf(high)
  if (high === Infinity) return logNormalCdf(-low)
  if (low > 0) return logNormalBetween(-high, -low)
  if (high > 0) return Math.log(1 - normalCdf(low) - normalCdf(-high))
  const upper = logNormalCdf(high)
  const ratio = logNormalCdf(low) - upper
  return upper + Math.log(-Math.expm1(ratio))
}

/** A log-likelihood with its gradient and Hessian in (a, b). */
export interface Curve {
  readonly value: number
  readonly ga: number
  readonly gb: number
  readonly haa: number
  readonly hab: number
  readonly hbb: number
}

/**
 * Ordered-probit log-likelihood Σn_k·log[Φ(z_k) − Φ(z_{k−1})], z_k = a·c_k − b (a = 1/σ, b = μ/σ), with derivatives.
 *
 * @param counts K categories
 * @param cuts K − 1 ascending cut points
 */
export const contributions = (
  counts: readonly number[],
  cuts: Numbers,
  a: number,
  b: number,
): Curve => {
  let value = 0
  let ga = 0
  let gb = 0
  let haa = 0
  let hab = 0
  let hbb = 0
  for (let k = 0; k < counts.length; k++) {
    const count = counts[k] as number
    if (count === 0) continue
    const lowCut = k === 0 ? undefined : (cuts[k - 1] as number)
    const highCut = k === cuts.length ? undefined : (cuts[k] as number)
    const low = lowCut === undefined ? -Infinity : a * lowCut - b
    const high = highCut === undefined ? Infinity : a * highCut - b
    const log = logNormalBetween(low, high)
    const u = highCut === undefined ? 0 : Math.exp(logPdf(high) - log)
    const l = lowCut === undefined ? 0 : Math.exp(logPdf(low) - log)
    const cu = highCut ?? 0
    const cl = lowCut ?? 0
    const zu = highCut === undefined ? 0 : high
    const zl = lowCut === undefined ? 0 : low
    const da = u * cu - l * cl
    const db = l - u
    value += count * log
    ga += count * da
    gb += count * db
    haa += count * (-zu * u * cu * cu + zl * l * cl * cl - da * da)
    hab += count * (zu * u * cu - zl * l * cl - da * db)
    hbb += count * (-zu * u + zl * l - db * db)
  }
  return { value, ga, gb, haa, hab, hbb }
}
