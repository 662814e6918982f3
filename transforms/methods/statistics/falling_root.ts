const PRECISION = 1e-10

/**
 * The zero of a falling function between two positive numbers, to 10 digits, by bisection; the end where there is none. Steps of
 * regula falsi (the Illinois rule) first draw the bracket together, so that most middles need no value of the function: it falls.
 *
 * @param least, largest 0 < least < largest
 */
export const fallingRoot = (
  falling: (a: number) => number,
  least: number,
  largest: number,
): number => {
  let [below, above] = [least, largest]
  let rest = falling(below)
  if (rest <= 0) return least
  let excess = falling(above)
  if (excess >= 0) return largest
  let side = 0
  for (let step = 0; step < 30 && above - below > PRECISION * below; step++) {
    const near = (below * excess - above * rest) / (excess - rest)
    const middle = Math.min(
      above - (PRECISION * below) / 4,
      Math.max(below + (PRECISION * below) / 4, near),
    )
    const value = falling(middle)
    if (value > 0) {
      below = middle
      rest = value
      if (side === 1) excess /= 2
      side = 1
    } else {
      above = middle
      excess = value
      if (side === -1) rest /= 2
      side = -1
    }
  }
  let low = least
  let high = largest
  while (high - low > PRECISION * low) {
    const middle = Math.sqrt(low * high)
    if (middle <= low || middle >= high) break
    if (middle <= below || (middle < above && falling(middle) > 0)) low = middle
    else high = middle
  }
  return (low + high) / 2
}
