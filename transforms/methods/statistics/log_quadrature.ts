/** Points of a positive parameter and the share of the density at each; the shares make 1. */
export interface WeightedPoints {
  readonly points: Float64Array
  readonly shares: Float64Array
}

/** Beyond this fall of the logarithm a density is left out: e⁻¹⁴ is below 10⁻⁶. */
const FALL = 14
const SCAN = 0.5
const NODES = 48

/**
 * A density of one positive parameter as weighted points, even in its logarithm over the range where it is within e⁻¹⁴ of its highest:
 * the trapezium rule, which for a smooth density of that shape has no error worth telling.
 *
 * @param logDensity logarithm of the density of the parameter's logarithm (the parameter itself as Jacobian within), up to a constant
 * @param low, high the range of the logarithm of the parameter
 */
export const logQuadrature = (
  logDensity: (parameter: number) => number,
  low: number,
  high: number,
): WeightedPoints => {
  const f = (log: number): number => logDensity(Math.exp(log))
  let peak = low
  let top = -Infinity
  for (let log = low; log <= high; log += SCAN) {
    const here = f(log)
    if (here > top) {
      top = here
      peak = log
    }
  }
  for (let step = SCAN / 2; step > 1e-3; step /= 2) {
    for (const log of [peak - step, peak + step]) {
      const here = log < low || log > high ? -Infinity : f(log)
      if (here > top) {
        top = here
        peak = log
      }
    }
  }
  const edge = (end: number): number => {
    if (f(end) >= top - FALL) return end
    let [inside, outside] = [peak, end]
    for (let round = 0; round < 20; round++) {
      const middle = (inside + outside) / 2
      if (f(middle) >= top - FALL) inside = middle
      else outside = middle
    }
    return inside
  }
  const [from, to] = [edge(low), edge(high)]
  const logs = Float64Array.from({ length: NODES + 1 }, (_, i) => from + ((to - from) * i) / NODES)
  const shares = logs.map((log, i) => Math.exp(f(log) - top) * (i === 0 || i === NODES ? 0.5 : 1))
  const total = shares.reduce((sum, share) => sum + share, 0)
  return { points: logs.map(Math.exp), shares: shares.map((share) => share / total) }
}
