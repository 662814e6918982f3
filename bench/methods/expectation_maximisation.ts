/** A random intercept by REML with two coefficients: what the plain way gives. */
export interface PlainFit {
  readonly varianceBetween: number
  readonly varianceWithin: number
  readonly rounds: number
}

/**
 * REML of y = a + b·x + u_g + e by expectation and maximisation: each round solves Henderson's equations and renews both variances by
 * one pass over all rows. The textbook way without profiling; it creeps where a variance is small.
 */
export const plainReml = (
  x: Float64Array,
  y: Float64Array,
  group: Int32Array,
  groups: number,
  tolerance = 1e-9,
  most = 5000,
): PlainFit => {
  const n = y.length
  let between = 1
  let within = 1
  let rounds = 0
  for (; rounds < most; rounds++) {
    const ratio = within / between
    const count = new Float64Array(groups)
    const sx = new Float64Array(groups)
    const sy = new Float64Array(groups)
    let [xx, xy, tx, ty] = [0, 0, 0, 0]
    for (let i = 0; i < n; i++) {
      const g = group[i] as number
      const a = x[i] as number
      const b = y[i] as number
      count[g] = (count[g] as number) + 1
      sx[g] = (sx[g] as number) + a
      sy[g] = (sy[g] as number) + b
      xx += a * a
      xy += a * b
      tx += a
      ty += b
    }
    let [m00, m01, m11, r0, r1] = [n, tx, xx, ty, xy]
    for (let g = 0; g < groups; g++) {
      const k = 1 / ((count[g] as number) + ratio)
      m00 -= k * (count[g] as number) ** 2
      m01 -= k * (count[g] as number) * (sx[g] as number)
      m11 -= k * (sx[g] as number) ** 2
      r0 -= k * (count[g] as number) * (sy[g] as number)
      r1 -= k * (sx[g] as number) * (sy[g] as number)
    }
    const determinant = m00 * m11 - m01 * m01
    const a = (m11 * r0 - m01 * r1) / determinant
    const b = (m00 * r1 - m01 * r0) / determinant
    const effect = new Float64Array(groups)
    let squares = 0
    let trace = 0
    for (let g = 0; g < groups; g++) {
      const k = 1 / ((count[g] as number) + ratio)
      effect[g] = k * ((sy[g] as number) - a * (count[g] as number) - b * (sx[g] as number))
      const c = k * (count[g] as number)
      const d = k * (sx[g] as number)
      trace += k + (m11 * c * c - 2 * m01 * c * d + m00 * d * d) / determinant
      squares += (effect[g] as number) ** 2
    }
    let left = 0
    for (let i = 0; i < n; i++) {
      const fitted = a + b * (x[i] as number) + (effect[group[i] as number] as number)
      left += (y[i] as number) * ((y[i] as number) - fitted)
    }
    const nextWithin = left / (n - 2)
    const nextBetween = (squares + within * trace) / groups
    const change =
      Math.abs(nextWithin - within) / within + Math.abs(nextBetween - between) / between
    within = nextWithin
    between = nextBetween
    if (change < tolerance) break
  }
  return { varianceBetween: between, varianceWithin: within, rounds }
}
