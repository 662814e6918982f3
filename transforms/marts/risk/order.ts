export const cellOf = (row: {
  readonly procedure: string
  readonly subject: string
  readonly grade: string
}): string => `${row.procedure} ${row.subject} ${row.grade}`
export const named = (rows: readonly { readonly key: string; readonly name: string }[]) =>
  new Map(rows.map(({ key, name }, place) => [key, { name, place }]))

/** Rows in the order of pages, numbered; indicators keep the order in which they come. */
export const placed = <R extends object>(
  rows: readonly R[],
  keys: readonly ((row: R) => number | string)[],
): (R & { sort: number })[] => {
  const firstSeen = new Map<string, number>()
  const keyed = rows.map((row) => ({
    row,
    keys: keys.map((key) => {
      const value = key(row)
      if (typeof value === 'number') return value
      const seen = firstSeen.get(value) ?? firstSeen.size
      firstSeen.set(value, seen)
      return seen
    }),
  }))
  keyed.sort((a, b) => {
    for (const [i, value] of a.keys.entries()) {
      const gap = value - (b.keys[i] ?? 0)
      if (gap !== 0) return gap
    }
    return 0
  })
  return keyed.map(({ row }, i) => ({ ...row, sort: i + 1 }))
}
