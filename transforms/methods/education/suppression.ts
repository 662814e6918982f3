/** A number that an audience may or may not see. */
export interface Cell {
  /** People (for a sensitive share: children with the trait) behind it. */
  readonly size: number
  /** Hidden whatever else is shown: it is small. */
  readonly isSmall: boolean
}
/** A whole and its parts, as places in the list of cells: whoever knows all but one of them knows that one. */
export interface Sum {
  readonly whole: number
  readonly parts: readonly number[]
  /** Parts that are hidden in a whole that is shown stand for at least so many people together. */
  readonly least: number
}
export type Suppression = 'shown' | 'small' | 'complement'

/**
 * Complementary suppression (DOMAIN 4.3): no sum is left with exactly one of its cells hidden, nor with a whole shown and its hidden parts
 * so few together that they say as much. Where one is, the part is hidden besides that puts fewest other sums out of order, of those the
 * smallest; where no part is left, the whole is. Ends because nothing is ever shown again. O(cells · sums of a cell).
 */
export const suppress = (cells: readonly Cell[], sums: readonly Sum[]): readonly Suppression[] => {
  const found = cells.map(({ isSmall }): Suppression => (isSmall ? 'small' : 'shown'))
  const sumsOf = cells.map((): number[] => [])
  sums.forEach(({ whole, parts }, s) => {
    for (const cell of [whole, ...parts]) sumsOf[cell]?.push(s)
  })
  const isHidden = (cell: number): boolean => found[cell] !== 'shown'
  const isOpen = (s: number): boolean => {
    const sum = sums[s]
    if (sum === undefined) return false
    const hidden = sum.parts.filter(isHidden)
    const isWholeHidden = isHidden(sum.whole)
    if (hidden.length === 0 && !isWholeHidden) return false
    if (hidden.length + Number(isWholeHidden) === 1) return true
    return (
      !isWholeHidden && hidden.reduce((all, cell) => all + (cells[cell]?.size ?? 0), 0) < sum.least
    )
  }
  /** Sums that are in order now only because nothing of them is hidden. */
  const disturbs = (cell: number): number =>
    (sumsOf[cell] ?? []).filter((s) => {
      const sum = sums[s]
      return sum !== undefined && ![sum.whole, ...sum.parts].some(isHidden)
    }).length
  const choose = ({ whole, parts }: Sum): number | undefined => {
    const [first, ...rest] = parts.filter((cell) => !isHidden(cell))
    if (first === undefined) return isHidden(whole) ? undefined : whole
    let best = { cell: first, empty: 0, cost: 0, size: 0 }
    const weigh = (cell: number) => {
      const size = cells[cell]?.size ?? 0
      return { cell, empty: Number(size === 0), cost: disturbs(cell), size }
    }
    best = weigh(first)
    for (const cell of rest) {
      const next = weigh(cell)
      const gap = next.empty - best.empty || next.cost - best.cost || next.size - best.size
      if (gap < 0) best = next
    }
    return best.cell
  }
  const waiting = sums.map((_, s) => s)
  const isWaiting = new Uint8Array(sums.length).fill(1)
  for (let at = 0; at < waiting.length; at++) {
    const s = waiting[at] ?? 0
    isWaiting[s] = 0
    const sum = sums[s]
    while (sum !== undefined && isOpen(s)) {
      const cell = choose(sum)
      if (cell === undefined) break
      found[cell] = 'complement'
      for (const other of sumsOf[cell] ?? [])
        if (other !== s && isWaiting[other] === 0) {
          isWaiting[other] = 1
          waiting.push(other)
        }
    }
  }
  return found
}
