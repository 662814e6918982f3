/**
 * What was computed last, by key: at most `most` values are kept, the oldest goes first.
 *
 * @returns gives the value of a key, made by `make` where it is not kept
 */
export const memory = <T>(most: number): ((key: string, make: () => T) => T) => {
  const kept = new Map<string, T>()
  return (key, make) => {
    const known = kept.get(key)
    if (known !== undefined) return known
    const made = make()
    for (const oldest of kept.keys()) {
      if (kept.size < most) break
      kept.delete(oldest)
    }
    kept.set(key, made)
    return made
  }
}
