/**
 * The power of 2 that brings the largest |value| near 2^power, 2⁻¹⁰⁰⁰ … 2¹⁰⁰⁰: numbers multiplied by it keep all their digits but where
 * they leave the doubles at the lower end, some 10³⁰⁰ times smaller than the largest.
 */
export const unitTo = (power: number, values: Iterable<number>): number => {
  let most = 0
  for (const value of values) most = Math.max(most, Math.abs(value))
  return 2 ** Math.max(-1000, Math.min(1000, power - Math.ceil(Math.log2(most))))
}
