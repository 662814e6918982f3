/**
 * A number held as the unevaluated sum of two doubles, about 32 significant digits (T. Dekker, Numer. Math. 18
 * (1971)).
 */
export interface DoubleDouble {
  readonly high: number
  readonly low: number
}

const SPLIT = 134_217_729

const quickSum = (a: number, b: number): DoubleDouble => {
  const high = a + b
  return { high, low: b - (high - a) }
}

const exactProduct = (a: number, b: number): DoubleDouble => {
  const high = a * b
  const aBig = SPLIT * a
  const aHigh = aBig - (aBig - a)
  const aLow = a - aHigh
  const bBig = SPLIT * b
  const bHigh = bBig - (bBig - b)
  const bLow = b - bHigh
  return { high, low: aHigh * bHigh - high + aHigh * bLow + aLow * bHigh + aLow * bLow }
}

/** A double as a pair. */
export const doubleDouble = (value: number): DoubleDouble => ({ high: value, low: 0 })

/** a + b, relative error below 10⁻³¹ where both have one sign. */
export const add = (a: DoubleDouble, b: DoubleDouble): DoubleDouble => {
  const high = a.high + b.high
  const shifted = high - a.high
  const lost = a.high - (high - shifted) + (b.high - shifted)
  return quickSum(high, lost + a.low + b.low)
}

/** −a. */
export const negate = (a: DoubleDouble): DoubleDouble => ({ high: -a.high, low: -a.low })

/** a·b, relative error below 10⁻³⁰. */
export const multiply = (a: DoubleDouble, b: DoubleDouble): DoubleDouble => {
  const { high, low } = exactProduct(a.high, b.high)
  return quickSum(high, low + a.high * b.low + a.low * b.high)
}

/** a/b, b not 0, relative error below 10⁻³⁰. */
export const divide = (a: DoubleDouble, b: DoubleDouble): DoubleDouble => {
  const first = a.high / b.high
  const rest = add(a, negate(multiply(b, doubleDouble(first))))
  const second = rest.high / b.high
  const last = add(rest, negate(multiply(b, doubleDouble(second))))
  return add(quickSum(first, second), doubleDouble(last.high / b.high))
}
