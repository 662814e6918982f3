import type { Source } from '../transforms/contract/source.ts'
import { cleanText } from './readers/sheet.ts'

const keys = new Map<string, string>()
/** Headers are compared without case, with spaces folded. */
export const headerKey = (text: string): string => {
  const known = keys.get(text)
  if (known !== undefined) return known
  const key = (cleanText(text) ?? '').toLowerCase()
  if (keys.size > 50_000) keys.clear()
  keys.set(text, key)
  return key
}

/** Header → field of one form in one school year; with an unknown year all entries are in force. */
export const headersOf = (
  source: Source,
  year: number | undefined,
): ReadonlyMap<string, string> => {
  const years = byYear.get(source) ?? new Map<number | undefined, ReadonlyMap<string, string>>()
  byYear.set(source, years)
  const known = years.get(year) ?? inForce(source, year)
  years.set(year, known)
  return known
}
const byYear = new WeakMap<Source, Map<number | undefined, ReadonlyMap<string, string>>>()

const inForce = (source: Source, year: number | undefined): ReadonlyMap<string, string> => {
  const entries = [...source.form.headers].sort((a, b) => a.since - b.since)
  const valid = year === undefined ? entries : entries.filter(({ since }) => since <= year)
  const map = new Map<string, string>()
  for (const entry of valid.length > 0 ? valid : entries.slice(0, 1))
    for (const [text, name] of Object.entries(entry.map)) map.set(headerKey(text), name)
  return map
}

/** Headers of all forms at once, so that a row of a sheet is looked up a single time. */
export class HeaderIndex {
  readonly sources: readonly Source[]
  readonly #fields = new Map<string, (readonly [number, string])[]>()
  constructor(sources: readonly Source[]) {
    this.sources = sources
    sources.forEach((source, i) => {
      const needed = new Set<string>(source.form.recognise.headers)
      const seen = new Set<string>()
      for (const entry of source.form.headers)
        for (const [text, name] of Object.entries(entry.map)) {
          const key = headerKey(text)
          if (!needed.has(name) || seen.has(`${key}\n${name}`)) continue
          seen.add(`${key}\n${name}`)
          this.#fields.set(key, [...(this.#fields.get(key) ?? []), [i, name]])
        }
    })
  }
  /** Per form (by its place): which of the fields that tell it have their header in this row. */
  found(row: readonly (string | null)[]): ReadonlyMap<number, ReadonlySet<string>> {
    const found = new Map<number, Set<string>>()
    for (const cell of row) {
      if (cell === null) continue
      for (const [source, name] of this.#fields.get(headerKey(cell)) ?? []) {
        const fields = found.get(source)
        if (fields) fields.add(name)
        else found.set(source, new Set([name]))
      }
    }
    return found
  }
}
const indexes = new WeakMap<readonly Source[], HeaderIndex>()
export const headerIndex = (sources: readonly Source[]): HeaderIndex => {
  const known = indexes.get(sources)
  if (known) return known
  const index = new HeaderIndex(sources)
  indexes.set(sources, index)
  return index
}

/** How the form prints a field, for messages. */
export const headerText = (source: Source, name: string): string => {
  for (const entry of source.form.headers)
    for (const [text, target] of Object.entries(entry.map)) if (target === name) return `«${text}»`
  return `«${name}»`
}
