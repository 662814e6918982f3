import type { Source } from '../transforms/contract/source.ts'
import { readArchived } from './archive.ts'
import type { Catalog } from './catalog.ts'
import { mergedFacts, type Facts } from './facts.ts'
import type { Home } from './home.ts'
import { readLedger } from './ledger.ts'
import { readWorkbook } from './readers/index.ts'
import { cellName, cleanText, filledDown, type Sheet } from './readers/sheet.ts'
import { recognise } from './recognise.ts'
import { readSettings } from './settings.ts'

/** A row of a sheet: `file` is the first 16 digits of the SHA-256, `row` counts from 1. */
export interface TracedRow {
  readonly file: string
  readonly sheet: string
  readonly row: number
  /** Whether the traced row itself is about it; otherwise it was compared with it. */
  readonly own: boolean
}
export interface TracedCell extends TracedRow {
  readonly path: string
  /** «D12». */
  readonly cell: string
  readonly header: string
  /** What stands in the file; null where it is nobody's business: columns of people, values that may be names. */
  readonly value: string | null
}

/** Cells of rows, as they stand in the archived files: only columns that the form reads, nothing that may be a person's. */
export const cellsOf = async (
  home: Home,
  catalog: Catalog,
  rows: readonly TracedRow[],
  paths: ReadonlyMap<string, string>,
): Promise<readonly TracedCell[]> => {
  if (rows.length === 0) return []
  const { dropPersonal } = await readSettings(home)
  const files = new Map<string, TracedRow[]>()
  for (const row of rows) files.set(row.file, [...(files.get(row.file) ?? []), row])
  const receipts = await receiptsOf(home, [...files.keys()])
  const cells: TracedCell[] = []
  for (const [file, wanted] of files) {
    const receipt = receipts.get(file)
    if (receipt === undefined) continue
    const context = { ...receipt, dropPersonal: new Set(dropPersonal) }
    const book = await readWorkbook(readArchived(home, receipt.sha256))
    for (const name of new Set(wanted.map(({ sheet }) => sheet))) {
      const raw = book.find((sheet) => sheet.name === name)
      if (raw === undefined) continue
      const sheet = filledDown(raw)
      const recognised = recognise(sheet, catalog.sources, context)
      if (recognised.source === null) continue
      const { source, segments } = recognised
      for (const place of wanted.filter((row) => row.sheet === name)) {
        const r = place.row - 1
        const segment = segments.find(({ start, end }) => r >= start && r < end)
        if (segment === undefined) continue
        const columns = [
          ...[...segment.columns].map(([field, column]) => ({
            column,
            isShown: isShown(source, field),
          })),
          ...segment.hashed.flatMap(({ columns: hashed }) =>
            hashed.map((column) => ({ column, isShown: false })),
          ),
          ...segment.repeated.map(({ column }) => ({ column, isShown: true })),
        ].sort((a, b) => a.column - b.column)
        for (const { column, isShown: shown } of columns) {
          const value = cleanText(sheet.rows[r]?.[column])
          if (value === null) continue
          cells.push({
            ...place,
            path: paths.get(file) ?? receipt.path,
            cell: cellName(r, column),
            header: headerOf(sheet, segment.headerRow, column),
            value: shown ? value : null,
          })
        }
      }
    }
  }
  return cells
}

const isShown = (source: Source, field: string): boolean =>
  source.form.fields[field]?.harmless === true
const headerOf = (sheet: Sheet, row: number, column: number): string =>
  cleanText(sheet.rows[row]?.[column]) ?? ''

const receiptsOf = (
  home: Home,
  files: readonly string[],
): Promise<
  ReadonlyMap<string, { readonly sha256: string; readonly path: string; readonly facts: Facts }>
> =>
  readLedger(home, 'cells', async (ledger) => {
    const rows = await ledger.rows<{ sha256: string; path: string; facts: string }>(
      `select sha256, path, facts from receipt
       where left(sha256, 16) in (select unnest(from_json(?, '["VARCHAR"]'))) order by receipt`,
      [JSON.stringify(files)],
    )
    const receipts = new Map<string, { sha256: string; path: string; facts: Facts }>()
    for (const { sha256, path, facts } of rows) {
      const key = sha256.slice(0, 16)
      const known = receipts.get(key)
      receipts.set(key, {
        sha256,
        path: known?.path ?? path,
        facts: mergedFacts(known?.facts ?? {}, JSON.parse(facts) as Facts),
      })
    }
    return receipts
  })
