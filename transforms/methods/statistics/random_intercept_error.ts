import { logQuadrature } from './log_quadrature.ts'
import type { Profile } from './random_intercept_profile.ts'

const LOW = -40
const HIGH = 40

/**
 * √E[(û_g − u_g)² | y] of the effects û_g given, the uncertainty of β, of σ_e² and of the ratio λ = σ_u²/σ_e² in it: the restricted
 * likelihood of λ, flat on the variance between groups, is averaged over; at each λ the effect has its closed-form mean γ·r̄_g
 * and variance σ_e²(λ/(1 + n_gλ) + γ²·h_g), and the distance of that mean from û_g counts as error. Where groups outnumber the
 * coefficients by fewer than three that posterior is not proper, and the shrinkage of a group of mean size is taken as even on 0–1.
 *
 * Source: C. Morris, R. Tang, Statist. Sci. 26 (2011) 271–287; C. Christiansen, C. Morris, J. Am. Stat. Assoc. 92 (1997) 618–632.
 *
 * @param rows of the data, `coefficients` of the fixed part
 */
export const predictionErrors = (
  profile: Profile,
  effects: ArrayLike<number>,
  rows: number,
  coefficients: number,
): Float64Array => {
  const { sizes } = profile
  const count = sizes.length
  const meanSize = rows / count
  const isFlat = count - coefficients >= 3
  const { points, shares } = logQuadrature(
    (ratio) =>
      Math.log(ratio) -
      profile.deviance(ratio, true) / 2 -
      (isFlat ? 0 : 2 * Math.log1p(meanSize * ratio)),
    LOW,
    HIGH,
  )
  const total = new Float64Array(count)
  points.forEach((ratio, i) => {
    const { rss } = profile.at(ratio, true)
    const within = rss / Math.max(1, rows - coefficients - 2)
    const { means, leverages } = profile.solution(ratio)
    for (let g = 0; g < count; g++) {
      const size = sizes[g]!
      const share = (size * ratio) / (1 + size * ratio)
      const own = within * (ratio / (1 + size * ratio) + share ** 2 * leverages[g]!)
      total[g]! += shares[i]! * (own + (share * means[g]! - effects[g]!) ** 2)
    }
  })
  return total.map(Math.sqrt)
}
