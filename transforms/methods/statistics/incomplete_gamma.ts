import erfc from '@stdlib/math-base-special-erfc'
import erfcinv from '@stdlib/math-base-special-erfcinv'
import gammainc from '@stdlib/math-base-special-gammainc'
import gammaincinv from '@stdlib/math-base-special-gammaincinv'
import gammaln from '@stdlib/math-base-special-gammaln'

/** P(a, x) and Q(a, x) = 1 − P(a, x), each accurate where it is small. */
export interface GammaTails {
  readonly lower: number
  readonly upper: number
}

/** From this shape on the expansion for large shapes; below it the library, whose sum for x > 1000 ends too early near a = x. */
const LARGE = 100
/** Of |η|: within it the uniform expansion, beyond it the series and the continued fraction, which are short there. */
const UNIFORM = 1
const TERMS = 27
const ROUNDS = 60

/**
 * Taylor coefficients of η/(λ − 1) in η, where ½η² = λ − 1 − ln λ: 1, −1/3, 1/12, −2/135, 1/864, …
 * With λ − 1 = Σ aₖηᵏ, (λ − 1)·dλ/dη = λη gives the aₖ, and the quotient the coefficients.
 */
const COEFFICIENTS: Float64Array = (() => {
  const rise = new Float64Array(TERMS + 2)
  rise[1] = 1
  for (let k = 2; k <= TERMS + 1; k++) {
    let known = 0
    for (let j = 2; j < k; j++) known += j * (rise[j] as number) * (rise[k + 1 - j] as number)
    rise[k] = ((rise[k - 1] as number) - known) / (k + 1)
  }
  const quotient = new Float64Array(TERMS)
  quotient[0] = 1
  for (let n = 1; n < TERMS; n++) {
    let known = 0
    for (let j = 1; j <= n; j++) known += (rise[j + 1] as number) * (quotient[n - j] as number)
    quotient[n] = -known
  }
  return quotient
})()

/** λ − 1 − ln λ of λ = x/a, without the loss of digits near 1. */
const excessOverLog = (a: number, x: number): number => {
  const m = (x - a) / a
  if (m < -0.5 || m > 0.5) return m - Math.log(x / a)
  const r = m / (2 + m)
  const square = r * r
  let series = 0
  for (let k = 35; k >= 3; k -= 2) series = series * square + 1 / k
  return m * r - 2 * r * square * series
}

/** xᵃe⁻ˣ/Γ(a + 1) for a large `a`, by the deviance a(λ − 1 − ln λ): no difference of large logarithms. */
const front = (a: number, deviance: number): number => {
  const inverse = 1 / (a * a)
  const stirling = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse / 1680))) / a
  return Math.exp(-deviance - stirling) / Math.sqrt(2 * Math.PI * a)
}

/** S_a(η) of the remainder exp(−½aη²)/√(2πa)·S_a(η). */
const remainder = (a: number, eta: number): number => {
  const b = new Float64Array(TERMS + 2)
  let series = 0
  for (let m = TERMS - 2; m >= 0; m--) {
    b[m] = (COEFFICIENTS[m + 1] as number) + ((m + 2) * (b[m + 2] as number)) / a
    series = series * eta + (b[m] as number)
  }
  return series / (1 + (b[1] as number) / a)
}

/** Σ xⁿ/((a + 1)…(a + n)), n ≥ 0, for x well below a. */
const lowerSeries = (a: number, x: number): number => {
  let term = 1
  let total = 1
  for (let n = 1; term > total * 1e-17; n++) {
    term *= x / (a + n)
    total += term
  }
  return total
}

/** The continued fraction of Γ(a, x)·eˣ·x⁻ᵃ by Lentz’s method, for x well above a. */
const upperFraction = (a: number, x: number): number => {
  let b = x + 1 - a
  let c = Infinity
  let d = 1 / b
  let product = d
  for (let i = 1; i < 1000; i++) {
    const numerator = -i * (i - a)
    b += 2
    d = 1 / (numerator * d + b)
    c = b + numerator / c
    product *= c * d
    if (Math.abs(c * d - 1) < 1e-16) break
  }
  return product
}

const tailsOfLarge = (a: number, x: number): GammaTails => {
  const half = excessOverLog(a, x)
  const deviance = a * half
  const eta = (x < a ? -1 : 1) * Math.sqrt(2 * half)
  if (Math.abs(eta) < UNIFORM) {
    const normal = 0.5 * erfc(Math.sqrt(deviance))
    const rest = (Math.exp(-deviance) / Math.sqrt(2 * Math.PI * a)) * remainder(a, eta)
    const small = x < a ? normal - rest : normal + rest
    return x < a ? { lower: small, upper: 1 - small } : { lower: 1 - small, upper: small }
  }
  if (x < a) {
    const lower = front(a, deviance) * lowerSeries(a, x)
    return { lower, upper: 1 - lower }
  }
  const upper = front(a, deviance) * a * upperFraction(a, x)
  return { lower: 1 - upper, upper }
}

/**
 * The regularised incomplete gamma functions P(a, x) and Q(a, x). From a = 100 on by the uniform expansion, which is as exact for a = 10⁷
 * as for a = 100; far from x = a by the series and the continued fraction over the deviance form of xᵃe⁻ˣ/Γ(a + 1).
 *
 * Source: N. Temme, SIAM J. Math. Anal. 10 (1979) 757–766; A. Gil, J. Segura, N. Temme, SIAM J. Sci. Comput. 34 (2012) A2965–A2981.
 *
 * @param a shape, finite and > 0
 * @param x finite and > 0
 */
export const gammaTails = (a: number, x: number): GammaTails =>
  a < LARGE ? { lower: gammainc(x, a), upper: gammainc(x, a, true, true) } : tailsOfLarge(a, x)

/** The t = ln λ with λ − 1 − ln λ = ½η² on the side of η, by Newton’s steps from beyond it. */
const logRatio = (eta: number): number => {
  const half = (eta * eta) / 2
  let t = eta < 0 ? eta - half : eta
  for (let round = 0; round < ROUNDS && t !== 0; round++) {
    const move = (Math.expm1(t) - t - half) / Math.expm1(t)
    t -= move
    if (Math.abs(move) < 1e-9) break
  }
  return t
}

/** x·dP/dx of P(a, x): xᵃe⁻ˣ/Γ(a). */
const density = (a: number, x: number): number =>
  a < LARGE ? Math.exp(a * Math.log(x) - x - gammaln(a)) : a * front(a, a * excessOverLog(a, x))

/** Where the search begins: the library’s root, or for a large shape that of the normal part alone, of which no tail underflows. */
const firstRoot = (p: number, a: number, target: number, isLower: boolean): number => {
  if (a < LARGE) return gammaincinv(p, a) || Math.exp((Math.log(p) + gammaln(a + 1)) / a)
  const z = Math.SQRT2 * erfcinv(2 * target) * (isLower ? -1 : 1)
  return a * Math.exp(logRatio(z / Math.sqrt(a)))
}

/**
 * The x with P(a, x) = p, 0 < p < 1, by Newton’s steps on the logarithm of the smaller tail over ln x, where it is concave. Below a = 100 they
 * begin at the library’s root, which for p under 10⁻³⁰ is right to three digits only.
 *
 * @param a shape, finite and > 0
 */
export const gammaQuantile = (p: number, a: number): number => {
  const isLower = p <= 0.5
  const target = isLower ? p : 1 - p
  let x = firstRoot(p, a, target, isLower)
  for (let round = 0; round < ROUNDS && x > 0; round++) {
    const tails = gammaTails(a, x)
    const tail = isLower ? tails.lower : tails.upper
    const move = ((isLower ? 1 : -1) * tail * Math.log(target / tail)) / density(a, x)
    if (!Number.isFinite(move)) return a < LARGE ? x : NaN
    x *= Math.exp(move)
    if (Math.abs(move) < 1e-15) break
  }
  return x
}
