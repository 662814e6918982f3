import type { Source } from '../../transforms/contract/source.ts'
import { parseSheet, type Quarantined } from '../../warehouse/parse.ts'
import type { Sheet } from '../../warehouse/readers/sheet.ts'
import { claimants, recognise, type Problem } from '../../warehouse/recognise.ts'

export type Grid = readonly (readonly (string | number | null)[])[]

/** A sheet as the readers give it: text, null where a cell is empty. */
export const sheetOf = (grid: Grid, name = 'Лист1'): Sheet => ({
  name,
  hidden: false,
  rows: grid.map((row) => row.map((cell) => (cell === null ? null : String(cell)))),
  merges: [],
  hiddenColumns: [],
})

/** Names of the forms that claim a sheet. */
export const claimed = (sheet: Sheet, sources: readonly Source[]): readonly string[] =>
  claimants(sheet, sources).claims.map(({ source }) => source.name)

export interface ReadGrid {
  readonly source: string | null
  readonly year: number | null
  readonly refused: string | undefined
  readonly rows: readonly Readonly<Record<string, string | null>>[]
  readonly deliveries: readonly string[]
  /** Header and value of the repeated cells of each row. */
  readonly repeated: readonly (readonly (readonly [string, string | null])[])[]
  readonly quarantine: readonly Quarantined[]
  readonly problems: readonly Problem[]
}

/** Recognises and parses a grid; a pseudonym is «system:values», so that a test sees what was hashed. */
export const readGrid = (
  grid: Grid,
  sources: readonly Source[],
  context: { readonly path?: string; readonly facts?: Readonly<Record<string, string>> } = {},
): ReadGrid => {
  const sheet = sheetOf(grid)
  const found = recognise(sheet, sources, {
    facts: context.facts ?? {},
    path: context.path ?? 'файл.xlsx',
    dropPersonal: new Set(),
  })
  const nothing = { rows: [], deliveries: [], repeated: [], quarantine: [] }
  if (found.source === null)
    return {
      source: null,
      year: null,
      refused: found.refused,
      problems: found.problems,
      ...nothing,
    }
  const head = { source: found.source.name, year: found.year, refused: found.refused }
  if (found.refused !== undefined) return { ...head, problems: found.problems, ...nothing }
  const parsed = parseSheet(sheet, found, (system, values) => `${system}:${values.join(' ')}`)
  return {
    ...head,
    problems: [...found.problems, ...parsed.problems],
    rows: parsed.rows.map((_, i) =>
      Object.fromEntries([...parsed.columns].map(([name, values]) => [name, values[i] ?? null])),
    ),
    deliveries: parsed.deliveries,
    repeated: parsed.cells.map((cells, i) => {
      const values = JSON.parse(cells ?? '[]') as (string | null)[]
      const headers = JSON.parse(parsed.headers[i] ?? '[]') as { header: string }[]
      return headers.map(({ header }, place) => [header, values[place] ?? null] as const)
    }),
    quarantine: parsed.quarantine,
  }
}
