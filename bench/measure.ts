import { existsSync, readFileSync, readdirSync } from 'node:fs'

/** One line of the report. */
export interface Measured {
  readonly name: string
  readonly result: string
  /** What was aimed at and whether it was met; a timing never fails a run. */
  readonly target?: { readonly text: string; readonly met: boolean }
  readonly note?: string
}

export interface Part {
  readonly key: string
  readonly title: string
  readonly run: (tell: (text: string) => void) => Promise<readonly Measured[]>
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  const high = sorted[Math.floor(middle)] ?? Number.NaN
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? Number.NaN) + high) / 2 : high
}

export interface Timed<T> {
  readonly value: T
  readonly ms: number
}

export const timed = async <T>(work: () => T | Promise<T>): Promise<Timed<T>> => {
  const started = performance.now()
  const value = await work()
  return { value, ms: performance.now() - started }
}

/** Rounds of several works taken by turns, so that a busy minute hits all alike; the medians in milliseconds. */
export const byTurns = async (
  rounds: number,
  works: readonly (() => unknown)[],
): Promise<readonly number[]> => {
  const times = works.map((): number[] => [])
  for (let round = 0; round < rounds; round++)
    for (const [i, work] of works.entries()) times[i]?.push((await timed(work)).ms)
  return times.map(median)
}

export const seconds = (ms: number): string =>
  ms >= 100
    ? `${(ms / 1000).toLocaleString('ru-RU', { minimumFractionDigits: 2, maximumFractionDigits: 2 })} с`
    : `${ms.toLocaleString('ru-RU', { maximumFractionDigits: 1 })} мс`

export const times = (ratio: number): string =>
  `×${ratio.toLocaleString('ru-RU', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`

export const megabytes = (bytes: number | undefined): string =>
  bytes === undefined ? 'нет данных' : `${Math.round(bytes / 2 ** 20).toLocaleString('ru-RU')} МБ`

export const atMost = (
  value: number,
  limit: number,
  text: string,
): { text: string; met: boolean } => ({
  text,
  met: value <= limit,
})

/** Lines with their targets: «✓» met, «✗» missed. */
export const reportLines = (lines: readonly Measured[]): string[] => {
  const width = Math.max(...lines.map(({ name }) => name.length))
  return lines.flatMap(({ name, result, target, note }) => [
    `  ${name.padEnd(width)}  ${result}${target === undefined ? '' : `  ${target.met ? '✓' : '✗'} цель ${target.text}`}`,
    ...(note === undefined ? [] : [`  ${' '.repeat(width)}  ${note}`]),
  ])
}

/** Resident bytes of a process and all below it; undefined where there is no /proc. */
const residentOf = (root: number): number | undefined => {
  if (!existsSync('/proc/self/stat')) return undefined
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
    } catch {
      continue
    }
  }
  const family = new Set([root])
  for (let grew = true; grew;) {
    grew = false
    for (const [child, parent] of parents)
      if (family.has(parent) && !family.has(child)) {
        family.add(child)
        grew = true
      }
  }
  let total = 0
  for (const process of family) {
    try {
      const resident = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${process}/status`, 'utf8'))
      total += Number(resident?.[1] ?? 0) * 1024
    } catch {
      continue
    }
  }
  return total
}

/** The largest resident memory of the processes started meanwhile, seen ten times a second. */
export const withPeak = async <T>(
  work: () => Promise<T>,
): Promise<Timed<T> & { peak: number | undefined }> => {
  let peak: number | undefined
  const own = process.memoryUsage().rss
  const look = setInterval(() => {
    const all = residentOf(process.pid)
    if (all !== undefined) peak = Math.max(peak ?? 0, all - process.memoryUsage().rss)
  }, 100)
  try {
    const result = await timed(work)
    return { ...result, peak: peak ?? (existsSync('/proc/self/stat') ? own : undefined) }
  } finally {
    clearInterval(look)
  }
}
