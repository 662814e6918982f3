import type { Ratios, TwoProfile } from './two_random_intercepts_profile.ts'

const GRID = Array.from({ length: 11 }, (_, i) => 3 * i - 12)
const LINE = Array.from({ length: 37 }, (_, i) => i - 18)
const VANISHED = -22
/** Logarithm of a ratio above which the residual is rounding and nothing else. */
export const BOUNDLESS = 20
const STEP = 1e-4
const LONGEST = 2

type Point = [number, number]
type Free = readonly [boolean, boolean]

const ratiosAt = (logs: Point, free: Free): Ratios => [
  free[0] ? Math.exp(logs[0]) : 0,
  free[1] ? Math.exp(logs[1]) : 0,
]

interface Here {
  readonly logs: Point
  readonly deviance: number
  /** By the logarithms that are free; 0 for one that is not. */
  readonly gradient: Point
}

/** Newton's steps on the logarithms that are free, damped where the deviance would rise (Levenberg–Marquardt). */
const descend = (profile: TwoProfile, start: Point, free: Free, reml: boolean): Here => {
  const read = (logs: Point): Here => {
    const ratios = ratiosAt(logs, free)
    const { deviance, slopes } = profile.at(ratios, reml)
    return { logs, deviance, gradient: [ratios[0] * slopes[0], ratios[1] * slopes[1]] }
  }
  const size = ({ gradient }: Here) => Math.hypot(...gradient)
  const curvature = (logs: Point, i: 0 | 1): Point => {
    if (!free[i]) return [0, 0]
    const moved = (by: number) => read(i === 0 ? [logs[0] + by, logs[1]] : [logs[0], logs[1] + by])
    const [up, down] = [moved(STEP).gradient, moved(-STEP).gradient]
    return [(up[0] - down[0]) / (2 * STEP), (up[1] - down[1]) / (2 * STEP)]
  }
  let here = read(start)
  for (let round = 0; round < 60; round++) {
    if (here.logs.some((log) => log < VANISHED || log > BOUNDLESS + LONGEST)) break
    const [first, second] = [curvature(here.logs, 0), curvature(here.logs, 1)]
    const cross = (first[1] + second[0]) / 2
    let moved = false
    let length = 0
    for (let damping = 0; damping < 1e9 && !moved; damping = damping === 0 ? 1e-3 : damping * 4) {
      const a = free[0] ? first[0] + damping * (Math.abs(first[0]) + 1e-12) : 1
      const b = free[1] ? second[1] + damping * (Math.abs(second[1]) + 1e-12) : 1
      const determinant = a * b - cross * cross
      if (!(a > 0 && determinant > 0)) continue
      const [g, h] = here.gradient
      const step: Point = [(cross * h - b * g) / determinant, (cross * g - a * h) / determinant]
      length = Math.hypot(...step)
      const share = Math.min(1, LONGEST / length)
      if (length === 0) break
      const next = read([here.logs[0] + share * step[0], here.logs[1] + share * step[1]])
      const rise = next.deviance - here.deviance
      const isNoise = Math.abs(rise) <= 1e-12 * (1 + Math.abs(here.deviance))
      if (isNoise ? size(next) < size(here) : rise < 0) {
        here = next
        moved = true
      }
    }
    if (!moved || length < 1e-13) break
  }
  return here
}

/** Whether a ratio only goes to 0: the slope there is that at 0, and upwards, however little it changes the deviance. */
const isDrifting = (profile: TwoProfile, { logs }: Here, free: Free, reml: boolean): boolean => {
  const ratios = ratiosAt(logs, free)
  const { slopes } = profile.at(ratios, reml)
  const atZero = (i: 0 | 1): number =>
    profile.at(i === 0 ? [0, ratios[1]] : [ratios[0], 0], reml).slopes[i]
  const drifts = (i: 0 | 1): boolean => {
    if (!free[i] || !(slopes[i] > 0)) return false
    const start = atZero(i)
    return start > 0 && slopes[i] >= start / 2
  }
  return drifts(0) || drifts(1)
}

/** The point of the least deviance among the logarithms given; undefined where none has a likelihood. */
const lowestOf = (
  profile: TwoProfile,
  logs: readonly [readonly number[], readonly number[]],
  free: Free,
  reml: boolean,
): Point | undefined => {
  let start: Point | undefined
  let lowest = Infinity
  for (const a of free[0] ? logs[0] : [0]) {
    for (const b of free[1] ? logs[1] : [0]) {
      const deviance = profile.deviance(ratiosAt([a, b], free), reml)
      if (deviance < lowest) {
        lowest = deviance
        start = [a, b]
      }
    }
  }
  return start
}

/**
 * The ratios of the least deviance over λ_A, λ_B ≥ 0. Of the four faces (both 0, one of them, none) those of one ratio are scanned
 * at powers of e between e⁻¹⁸ and e¹⁸, that of two at powers of e³ between e⁻¹² and e¹⁸ and along the lines through the minima
 * of the two before it; the best points are improved by Newton's steps on the logarithms and the least is taken. A
 * face of fewer ratios stays where it is a minimum of its own and the other is lower by rounding only.
 */
export const bestRatios = (profile: TwoProfile, reml: boolean): Ratios => {
  let best: Ratios = [0, 0]
  let { deviance: least, slopes } = profile.at(best, reml)
  const improve = (logs: Parameters<typeof lowestOf>[1], free: Free): Point | undefined => {
    const start = lowestOf(profile, logs, free, reml)
    if (start === undefined) return undefined
    const found = descend(profile, start, free, reml)
    if (found.logs.some((log) => log < VANISHED) || isDrifting(profile, found, free, reml)) {
      return undefined
    }
    const isMinimum = (i: 0 | 1) => best[i] > 0 || slopes[i] >= 0
    const margin = isMinimum(0) && isMinimum(1) ? 1e-12 * (1 + Math.abs(least)) : 0
    if (found.deviance < least - margin) {
      best = ratiosAt(found.logs, free)
      ;({ deviance: least, slopes } = profile.at(best, reml))
    }
    return found.logs
  }
  const large = improve([LINE, []], [true, false])
  const small = improve([[], LINE], [false, true])
  improve([GRID, GRID], [true, true])
  if (large) improve([[large[0]], LINE], [true, true])
  if (small) improve([LINE, [small[1]]], [true, true])
  return best
}
