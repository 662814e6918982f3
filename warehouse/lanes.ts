/** What work items need of each other. */
export interface Order<T> {
  readonly idOf: (item: T) => string
  /** Ids of the items that must be done before; ids that no item has are done. */
  readonly after: (item: T) => readonly string[]
  /** Whether the item gives way to others: while there are such, it begins only where another lane stays free for one. */
  readonly givesWay?: (item: T) => boolean
}

/**
 * Works on items beside each other, as many at a time as there are lanes, each as soon as what it needs is done; among those ready, the
 * earlier goes first. The first failure stops what has not begun, and is thrown when what has begun is over.
 */
export const inLanes = async <T, L>(
  items: readonly T[],
  lanes: readonly L[],
  work: (item: T, lane: L) => Promise<void>,
  order?: Order<T>,
): Promise<void> => {
  const pending = [...items]
  let next = 0
  let busy = 0
  const open = new Set(order === undefined ? [] : items.map(order.idOf))
  const failures: unknown[] = []
  let wake: (() => void)[] = []
  const take = (): T | undefined => {
    if (order === undefined) return pending[next++]
    const givesWay = order.givesWay ?? (() => false)
    const isFull = busy > 0 && busy >= lanes.length - 1 && !pending.every(givesWay)
    const ready = pending.findIndex(
      (item) => !(isFull && givesWay(item)) && order.after(item).every((id) => !open.has(id)),
    )
    return ready < 0 ? undefined : pending.splice(ready, 1)[0]
  }
  const run = async (lane: L): Promise<void> => {
    while (failures.length === 0 && next < pending.length) {
      const item = take()
      if (item === undefined) {
        await new Promise<void>((resolve) => wake.push(resolve))
        continue
      }
      busy++
      try {
        await work(item, lane)
      } catch (error) {
        failures.push(error)
      }
      busy--
      if (order !== undefined) open.delete(order.idOf(item))
      for (const resume of wake) resume()
      wake = []
    }
  }
  await Promise.all(lanes.map(run))
  if (failures.length > 0) throw failures[0]
}
