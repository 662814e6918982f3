/** Path → its shortest end that no other of them has: «Ф1.xlsx», where two are so called «ВПР/Ф1.xlsx». */
export const shortPaths = (paths: Iterable<string>): ReadonlyMap<string, string> => {
  const short = new Map<string, string>()
  let open = [...new Set(paths)].map((path) => ({
    path,
    parts: path.split(/[\\/]+/).filter((part) => part !== ''),
  }))
  for (let length = 1; open.length > 0; length++) {
    const ends = new Map<string, number>()
    const endOf = (parts: readonly string[]): string => parts.slice(-length).join('/')
    for (const { parts } of open) ends.set(endOf(parts), (ends.get(endOf(parts)) ?? 0) + 1)
    for (const { path, parts } of open)
      if (ends.get(endOf(parts)) === 1) short.set(path, endOf(parts))
      else if (parts.length <= length) short.set(path, path)
    open = open.filter(({ path }) => !short.has(path))
  }
  return short
}
