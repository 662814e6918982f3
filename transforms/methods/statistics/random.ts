import { StatisticsError } from './errors.ts'

/** A seeded source of randomness: the same seed gives the same draws on every machine. */
export interface Random {
  /** An integer in 0 … 2³² − 1. */
  readonly bits: () => number
  /** A number in [0, 1) with 53 random bits. */
  readonly uniform: () => number
  /** A draw from N(mean, sd²); `sd` ≥ 0. */
  readonly normal: (mean?: number, sd?: number) => number
  /** An integer in 0 … below − 1, without modulo bias; 1 ≤ `below` ≤ 2³². */
  readonly integer: (below: number) => number
  /** A new array with the items in random order (Fisher–Yates). */
  readonly shuffle: <T>(items: readonly T[]) => T[]
  /** The number of successes in n trials of probability p. */
  readonly binomial: (n: number, p: number) => number
  /** A draw from Gamma(shape, scale 1); `shape` > 0. */
  readonly gamma: (shape: number) => number
  /** A draw from Beta(alpha, beta); both > 0. */
  readonly beta: (alpha: number, beta: number) => number
}

const RANGE = 4_294_967_296
/** Trials up to which a sure outcome draws a number a trial, as the seeded tables of docs/methods.md have it; beyond it draws none. */
const SURE_DRAWS = 1_000_000

const splitmix32 = (seed: number): (() => number) => {
  let state = seed | 0
  return () => {
    state = (state + 0x9e3779b9) | 0
    let z = state ^ (state >>> 16)
    z = Math.imul(z, 0x21f0aaad)
    z ^= z >>> 15
    z = Math.imul(z, 0x735a2d97)
    return z ^ (z >>> 15)
  }
}

const sfc32 = (seed: number): (() => number) => {
  const low = splitmix32(seed % RANGE)
  const high = splitmix32(Math.floor(seed / RANGE) ^ 0x5bd1e995)
  let a = low()
  let b = high()
  let c = low() ^ high()
  let counter = 1
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + sum) | 0
    return sum >>> 0
  }
  for (let i = 0; i < 16; i++) next()
  return next
}

/**
 * A generator of pseudo-random numbers: sfc32 (C. Doty-Humphrey, PractRand), its 128 bits of state filled by splitmix32
 * from `seed`. Normal draws by Marsaglia's polar method, gamma draws by Marsaglia & Tsang (2000), binomial draws by
 * halving on a beta-distributed order statistic (Devroye 1986, X.4.3) down to 32 counted trials: O(log n).
 *
 * @param seed a safe integer ≥ 0; every seed gives its own stream
 * @throws StatisticsError for a seed, bound, shape or probability outside its range
 */
export const random = (seed: number): Random => {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new StatisticsError(
      'random',
      `seed ${seed} is not a whole number ≥ 0`,
      'declare a whole seed',
    )
  }
  const bits = sfc32(seed)
  const uniform = () => ((bits() >>> 5) * 67_108_864 + (bits() >>> 6)) / 9_007_199_254_740_992

  let spare: number | undefined
  const standardNormal = (): number => {
    if (spare !== undefined) {
      const kept = spare
      spare = undefined
      return kept
    }
    for (;;) {
      const u = 2 * uniform() - 1
      const v = 2 * uniform() - 1
      const s = u * u + v * v
      if (s >= 1 || s === 0) continue
      const scale = Math.sqrt((-2 * Math.log(s)) / s)
      spare = v * scale
      return u * scale
    }
  }

  const integer = (below: number): number => {
    if (!Number.isInteger(below) || below < 1 || below > RANGE) {
      throw new StatisticsError(
        'random.integer',
        `bound ${below} is outside 1 … 2³²`,
        'pass the number of choices',
      )
    }
    const limit = RANGE - (RANGE % below)
    for (;;) {
      const drawn = bits()
      if (drawn < limit) return drawn % below
    }
  }

  const gamma = (shape: number): number => {
    if (!(shape > 0 && shape < Infinity)) {
      throw new StatisticsError(
        'random.gamma',
        `shape ${shape} is not positive`,
        'pass a finite shape > 0',
      )
    }
    if (shape < 1) return gamma(shape + 1) * (1 - uniform()) ** (1 / shape)
    const d = shape - 1 / 3
    const c = 1 / Math.sqrt(9 * d)
    for (;;) {
      const x = standardNormal()
      const t = 1 + c * x
      if (t <= 0) continue
      const v = t * t * t
      if (Math.log(1 - uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v
    }
  }

  const beta = (alpha: number, b: number): number => {
    const x = gamma(alpha)
    const y = gamma(b)
    return x + y > 0 ? x / (x + y) : uniform() < alpha / (alpha + b) ? 1 : 0
  }

  const binomial = (n: number, p: number): number => {
    if (!Number.isSafeInteger(n) || n < 0 || !(p >= 0 && p <= 1)) {
      throw new StatisticsError(
        'random.binomial',
        `n ${n}, p ${p}`,
        'pass whole n ≥ 0 and p in [0, 1]',
      )
    }
    let trials = n
    let chance = p
    let successes = 0
    while (trials > 32 && chance > 0 && chance < 1) {
      const middle = Math.floor(trials / 2) + 1
      const cut = beta(middle, trials + 1 - middle)
      if (cut <= chance) {
        successes += middle
        trials -= middle
        chance = cut < 1 ? Math.min(1, (chance - cut) / (1 - cut)) : 1
      } else {
        trials = middle - 1
        chance = chance / cut
      }
    }
    if (trials > SURE_DRAWS) return successes + (chance > 0 ? trials : 0)
    for (let i = 0; i < trials; i++) if (uniform() < chance) successes++
    return successes
  }

  return {
    bits,
    uniform,
    normal: (mean = 0, sd = 1) => mean + sd * standardNormal(),
    integer,
    shuffle: <T>(items: readonly T[]): T[] => {
      const result = [...items]
      for (let i = result.length - 1; i > 0; i--) {
        const j = integer(i + 1)
        const held = result[i] as T
        result[i] = result[j] as T
        result[j] = held
      }
      return result
    },
    binomial,
    gamma,
    beta,
  }
}
