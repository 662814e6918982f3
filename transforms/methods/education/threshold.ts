/** Two numbers that differ by less than this share of the threshold are equal: .7 − .5 is .2 though its double is smaller. */
const ROUNDING = 1e-9

const slack = (threshold: number): number => ROUNDING * Math.abs(threshold)

/** value ≥ threshold but for binary rounding; false for NaN. */
export const atLeast = (value: number, threshold: number): boolean =>
  value >= threshold - slack(threshold)

/** value ≤ threshold but for binary rounding; false for NaN. */
export const atMost = (value: number, threshold: number): boolean =>
  value <= threshold + slack(threshold)

/** value > threshold by more than binary rounding. */
export const isAbove = (value: number, threshold: number): boolean =>
  value > threshold + slack(threshold)

/** value < threshold by more than binary rounding. */
export const isBelow = (value: number, threshold: number): boolean =>
  value < threshold - slack(threshold)
