/** Normal distribution function, absolute error below 1e-7 (Abramowitz and Stegun 26.2.17). */
export const normalShare = (x: number): number => {
  const t = 1 / (1 + 0.2316419 * Math.abs(x))
  const tail =
    Math.exp((-x * x) / 2) *
    0.3989422804014327 *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return x >= 0 ? 1 - tail : tail
}

const a = [-39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269]
const b = [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972]

/** Normal quantile of a share in (0, 1), relative error below 1.2e-9 (Acklam). */
export const normalQuantile = (p: number): number => {
  if (p <= 0) return -8
  if (p >= 1) return 8
  if (p < 0.02425 || p > 0.97575) {
    const q = Math.sqrt(-2 * Math.log(Math.min(p, 1 - p)))
    const x =
      (((((-0.007784894002430293 * q - 0.3223964580411365) * q - 2.400758277161838) * q -
        2.549732539343734) *
        q +
        4.374664141464968) *
        q +
        2.938163982698783) /
      ((((0.007784695709041462 * q + 0.3224671290700398) * q + 2.445134137142996) * q +
        3.754408661907416) *
        q +
        1)
    return p < 0.5 ? x : -x
  }
  const q = p - 0.5
  const r = q * q
  const [a1 = 0, a2 = 0, a3 = 0, a4 = 0] = a
  const [b1 = 0, b2 = 0, b3 = 0, b4 = 0] = b
  return (
    ((((((a1 * r + a2) * r + a3) * r + a4) * r - 30.66479806614716) * r + 2.506628277459239) * q) /
    (((((b1 * r + b2) * r + b3) * r + b4) * r - 13.28068155288572) * r + 1)
  )
}
