import { factor } from './cholesky.ts'
import type { Root, SlopeProfile, Symmetric } from './random_slope_profile.ts'

/** Logarithm of a ratio above which the residual is rounding and nothing else. */
export const BOUNDLESS = 20
const STEP = 1e-4
const ANGLES = Array.from({ length: 12 }, (_, i) => (i * Math.PI) / 12)
const LOGS = Array.from({ length: 25 }, (_, i) => 1.25 * i - 12)
const COARSE = Array.from({ length: 11 }, (_, i) => 3 * i - 12)
const CORRELATIONS = [-0.9, -0.5, 0, 0.5, 0.9]

/** How many numbers of Λ are free: a alone (no slopes), a and b (rank 1), all (rank 2). */
type Free = 1 | 2 | 3

interface Here {
  readonly root: Root
  readonly deviance: number
  readonly gradient: readonly number[]
}

/** (H + damping)⁻¹g, or undefined where H + damping is not positive definite. */
const solve = (
  hessian: readonly (readonly number[])[],
  gradient: readonly number[],
  damping: number,
): number[] | undefined => {
  const size = gradient.length
  const q = size + 1
  const largest = Math.max(...hessian.map((row, i) => Math.abs(row[i]!)))
  const a = new Float64Array(q * q)
  hessian.forEach((row, i) => {
    row.forEach((value, j) => (a[i * q + j] = (value + hessian[j]![i]!) / 2))
    a[i * q + i]! += damping * largest
    a[i * q + size] = gradient[i]!
  })
  const failed = factor(a, q)
  if (failed >= 0 && failed < size) return undefined
  const step = new Array<number>(size).fill(0)
  for (let i = size - 1; i >= 0; i--) {
    let value = a[i * q + size]!
    for (let k = i + 1; k < size; k++) value -= a[i * q + k]! * step[k]!
    step[i] = value / a[i * q + i]!
  }
  return step
}

const lengthOf = (vector: readonly number[]): number => Math.hypot(...vector)

/** Newton's steps on the numbers of Λ that are free, damped where the deviance would rise (Levenberg–Marquardt). */
const descend = (profile: SlopeProfile, start: Root, free: Free, reml: boolean): Here => {
  const read = (root: Root): Here => {
    const { deviance, slopes } = profile.at(root, reml)
    const [a, b, c] = root
    const gradient = [
      2 * (slopes[0] * a + slopes[1] * b),
      2 * (slopes[1] * a + slopes[2] * b),
      2 * slopes[2] * c,
    ]
    return { root, deviance, gradient: gradient.slice(0, free) }
  }
  const moved = (root: Root, by: readonly number[], share: number): Root => [
    root[0] + share * (by[0] ?? 0),
    root[1] + share * (by[1] ?? 0),
    root[2] + share * (by[2] ?? 0),
  ]
  let here = read(start)
  for (let round = 0; round < 100; round++) {
    const size = lengthOf(here.root)
    if (size === 0 || Math.log(size) > BOUNDLESS / 2 + 1) break
    const hessian = Array.from({ length: free }, (_, i) => {
      const unit = [0, 0, 0]
      unit[i] = STEP * size
      const [up, down] = [read(moved(here.root, unit, 1)), read(moved(here.root, unit, -1))]
      return up.gradient.map((value, j) => (value - down.gradient[j]!) / (2 * STEP * size))
    })
    if (!hessian.every((row) => row.every(Number.isFinite))) break
    let found = false
    let length = 0
    for (let damping = 0; damping < 1e9 && !found; damping = damping === 0 ? 1e-6 : damping * 4) {
      const step = solve(hessian, here.gradient, damping)
      if (step === undefined) continue
      length = lengthOf(step)
      if (length === 0) break
      const next = read(moved(here.root, step, -Math.min(1, (2 * size) / length)))
      const rise = next.deviance - here.deviance
      const isNoise = Math.abs(rise) <= 1e-12 * (1 + Math.abs(here.deviance))
      if (isNoise ? lengthOf(next.gradient) < lengthOf(here.gradient) : rise < 0) {
        here = next
        found = true
      }
    }
    if (!found || length < 1e-14 * size) break
  }
  return here
}

const lowestOf = (profile: SlopeProfile, roots: Iterable<Root>, reml: boolean): Root => {
  let best: Root = [0, 0, 0]
  let lowest = Infinity
  for (const root of roots) {
    const deviance = profile.deviance(root, reml)
    if (deviance < lowest) {
      lowest = deviance
      best = root
    }
  }
  return best
}

function* intercepts(): Iterable<Root> {
  for (const log of LOGS) yield [Math.exp(log / 2), 0, 0]
}

function* lines(): Iterable<Root> {
  for (const log of LOGS) {
    for (const angle of ANGLES) {
      const size = Math.exp(log / 2)
      yield [size * Math.cos(angle), size * Math.sin(angle), 0]
    }
  }
}

function* planes(): Iterable<Root> {
  for (const first of COARSE) {
    for (const second of COARSE) {
      for (const correlation of CORRELATIONS) {
        const size = Math.exp(second / 2)
        yield [
          Math.exp(first / 2),
          correlation * size,
          Math.sqrt(1 - correlation * correlation) * size,
        ]
      }
    }
  }
}

/** The same ΛΛᵀ with the third number added along (0, 1) and (1, 0): the two ways out of a face of rank 1. */
function* besides([a, b]: Root): Iterable<Root> {
  for (const log of LOGS) {
    const size = Math.exp(log / 2)
    yield [a, b, size]
    const first = Math.hypot(a, size)
    yield [first, (a * b) / first, (Math.abs(b) * size) / first]
  }
}

/** Whether no direction out of a face lowers the deviance: the least eigenvalue of S is not negative. */
const isMinimum = ([first, both, second]: Symmetric): boolean =>
  first + second >= 0 && first * second - both * both >= -1e-9 * (first + second) ** 2

/**
 * Λ of the least deviance over all covariances, those of rank 0 and 1 (no slopes, a correlation of ±1) among them. Each kind is
 * searched over a grid, its best point improved by Newton's steps; a simpler one stays where it is a minimum of its own and the next is
 * lower by rounding only.
 */
export const bestRoot = (profile: SlopeProfile, reml: boolean): Root => {
  let best: Root = [0, 0, 0]
  let { deviance: least, slopes } = profile.at(best, reml)
  const improve = (roots: Iterable<Root>, free: Free): Root => {
    const found = descend(profile, lowestOf(profile, roots, reml), free, reml)
    const margin = isMinimum(slopes) ? 1e-12 * (1 + Math.abs(least)) : 0
    if (found.deviance < least - margin) {
      best = found.root
      ;({ deviance: least, slopes } = profile.at(best, reml))
    }
    return found.root
  }
  improve(intercepts(), 1)
  const line = improve(lines(), 2)
  improve(besides(line), 3)
  improve(planes(), 3)
  return best
}
