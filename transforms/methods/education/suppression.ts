import { derivations } from './derivation.ts'

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
 * Complementary suppression (DOMAIN 4.3). First each sum by itself: none is left with exactly one of its cells hidden, nor with a whole shown
 * and its hidden parts so few together that they say as much. Where one is, the part is hidden besides that puts fewest other sums out of
 * order, of those the smallest; where no part is left, the whole is. Then all sums together: while they give a small cell (`derivations`, which
 * tells its bounds), one shown cell that it takes is hidden besides. Ends because nothing is ever shown again. A choice costs O(sums of a
 * cell) for each cell to choose from.
 */
export const suppress = (cells: readonly Cell[], sums: readonly Sum[]): readonly Suppression[] => {
  const state = new State(cells, sums)
  state.settle(sums.keys())
  let told = new Set(cells.flatMap(({ isSmall }, i) => (isSmall ? [i] : [])))
  while (told.size > 0) {
    // Whatever is hidden besides takes derivations away and adds none: only what followed before can follow still.
    const again = new Set<number>()
    for (const { cell, from } of derivations(sums, {
      isHidden: state.isHidden,
      isProtected: (each) => told.has(each),
    })) {
      if (!from.some(state.isHidden)) {
        const next = state.best(from)
        if (next === undefined) continue
        state.settle(state.hide(next))
      }
      again.add(cell)
    }
    told = again
  }
  return state.found
}

/** What is hidden so far, with counts by sum. */
class State {
  readonly found: Suppression[]
  private readonly cells: readonly Cell[]
  private readonly sums: readonly Sum[]
  /** Sums of cell c: `sumOf` from `starts[c]` to `starts[c + 1]`. */
  private readonly starts: Int32Array
  private readonly sumOf: Int32Array
  private readonly hiddenParts: Int32Array
  private readonly hiddenSize: Float64Array
  private readonly isWholeHidden: Uint8Array

  constructor(cells: readonly Cell[], sums: readonly Sum[]) {
    this.cells = cells
    this.sums = sums
    this.found = cells.map(() => 'shown')
    this.starts = new Int32Array(cells.length + 1)
    this.hiddenParts = new Int32Array(sums.length)
    this.hiddenSize = new Float64Array(sums.length)
    this.isWholeHidden = new Uint8Array(sums.length)
    const count = (cell: number): void => {
      this.starts[cell + 1] = (this.starts[cell + 1] ?? 0) + 1
    }
    for (const { whole, parts } of sums) {
      count(whole)
      parts.forEach(count)
    }
    for (let i = 1; i <= cells.length; i++)
      this.starts[i] = (this.starts[i] ?? 0) + (this.starts[i - 1] ?? 0)
    this.sumOf = new Int32Array(this.starts[cells.length] ?? 0)
    const next = this.starts.slice()
    const place = (cell: number, s: number): void => {
      const at = next[cell] ?? 0
      this.sumOf[at] = s
      next[cell] = at + 1
    }
    sums.forEach(({ whole, parts }, s) => {
      place(whole, s)
      for (const part of parts) place(part, s)
    })
    cells.forEach(({ isSmall }, cell) => {
      if (isSmall) this.hide(cell, 'small')
    })
  }

  readonly isHidden = (cell: number): boolean => this.found[cell] !== 'shown'

  /** Hides a cell; the sums that it stands in. */
  hide(cell: number, why: 'small' | 'complement' = 'complement'): Int32Array {
    this.found[cell] = why
    const touched = this.sumsOf(cell)
    for (const s of touched)
      if (this.sums[s]?.whole === cell) this.isWholeHidden[s] = 1
      else {
        this.hiddenParts[s] = (this.hiddenParts[s] ?? 0) + 1
        this.hiddenSize[s] = (this.hiddenSize[s] ?? 0) + (this.cells[cell]?.size ?? 0)
      }
    return touched
  }

  /** Brings these sums in order, and those that this puts out of order. */
  settle(first: Iterable<number>): void {
    const waiting = [...first]
    const isWaiting = new Set(waiting)
    for (let at = 0; at < waiting.length; at++) {
      const s = waiting[at] ?? 0
      isWaiting.delete(s)
      while (this.isOpen(s)) {
        const cell = this.choose(s)
        if (cell === undefined) break
        for (const other of this.hide(cell))
          if (other !== s && !isWaiting.has(other)) {
            isWaiting.add(other)
            waiting.push(other)
          }
      }
    }
  }

  /** Of shown cells the one to hide: not an empty one, of few sums that are in order now only because nothing of them is hidden, small. */
  best(shown: readonly number[]): number | undefined {
    let best: { cell: number; empty: number; cost: number; size: number } | undefined
    for (const cell of shown) {
      const size = this.cells[cell]?.size ?? 0
      const next = { cell, empty: Number(size === 0), cost: this.disturbs(cell), size }
      if (
        best === undefined ||
        (next.empty - best.empty || next.cost - best.cost || next.size - best.size) < 0
      )
        best = next
    }
    return best?.cell
  }

  private sumsOf(cell: number): Int32Array {
    return this.sumOf.subarray(this.starts[cell] ?? 0, this.starts[cell + 1] ?? 0)
  }
  private hiddenIn(s: number): number {
    return (this.hiddenParts[s] ?? 0) + (this.isWholeHidden[s] ?? 0)
  }
  private disturbs(cell: number): number {
    let count = 0
    for (const s of this.sumsOf(cell)) if (this.hiddenIn(s) === 0) count++
    return count
  }
  private isOpen(s: number): boolean {
    const hidden = this.hiddenIn(s)
    if (hidden < 2) return hidden === 1
    return this.isWholeHidden[s] === 0 && (this.hiddenSize[s] ?? 0) < (this.sums[s]?.least ?? 0)
  }
  private choose(s: number): number | undefined {
    const sum = this.sums[s]
    if (sum === undefined) return undefined
    const part = this.best(sum.parts.filter((cell) => !this.isHidden(cell)))
    return part ?? (this.isHidden(sum.whole) ? undefined : sum.whole)
  }
}
