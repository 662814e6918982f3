import { parquetWriteBuffer, type ColumnSource } from 'hyparquet-writer'
import { createHash } from 'node:crypto'
import type { Source } from '../transforms/contract/source.ts'
import { FileUnreadable, MeraError } from './errors.ts'
import { parseSheet, type ParsedTable } from './parse.ts'
import { filledDown, type Sheet } from './readers/sheet.ts'
import { readWorkbook } from './readers/index.ts'
import { problem, type Problem } from './problem.ts'
import { recognise } from './recognise.ts'
import type { Pseudonym, Quarantined } from './row-reader.ts'
import type { Context, Recognised } from './segment.ts'

export interface ParsedSheet {
  readonly sheet: string
  /** Name of the form; null: no form claims the sheet. */
  readonly source: string | null
  /** School year; of a sheet with rows of several the first of `years`. */
  readonly year: number | null
  /** Of a sheet with rows of several. */
  readonly years?: readonly number[]
  readonly read: number
  readonly loaded: number
  readonly quarantined: number
  readonly ignored: number
  /** Why nothing of it was loaded. */
  readonly refused?: string
  /** Which values were told from where: {"year": "above"}. */
  readonly told: Readonly<Record<string, string>>
  readonly isBlank: boolean
}
export interface ParsedDelivery {
  readonly delivery: string
  readonly year: number | null
  readonly rows: number
  /** Its rows by sheet; absent in what was stored before this was told. */
  readonly sheets?: Readonly<Record<string, number>>
  readonly content: string
  readonly deliveredOn: string | null
}
/** What one form took from one file. */
export interface ParsedPart {
  readonly source: string
  readonly deliveries: readonly ParsedDelivery[]
  readonly bytes: Uint8Array
}
export interface ParsedFile {
  readonly sheets: readonly ParsedSheet[]
  readonly problems: readonly Problem[]
  readonly quarantine: readonly (Quarantined & { readonly source: string })[]
  readonly parts: readonly ParsedPart[]
  /** Why the file could not be read at all. */
  readonly unreadable: {
    readonly code: string
    readonly message: string
    readonly hint: string
  } | null
}

/** Reads, recognises and parses one file; touches no disk. */
export const parseBytes = async (
  bytes: Buffer,
  sha256: string,
  sources: readonly Source[],
  context: Context,
  pseudonym: Pseudonym,
): Promise<ParsedFile> => {
  let book: readonly Sheet[]
  try {
    book = await readWorkbook(bytes)
  } catch (error) {
    if (!(error instanceof FileUnreadable)) throw error
    const { code, message, hint = '' } = error
    return {
      sheets: [],
      problems: [],
      quarantine: [],
      parts: [],
      unreadable: { code, message, hint },
    }
  }
  const sheets: ParsedSheet[] = []
  const problems: Problem[] = []
  const quarantine: (Quarantined & { source: string })[] = []
  const tables = new Map<Source, Taken[]>()
  for (const raw of book) {
    const sheet = filledDown(raw)
    const recognised = recognise(sheet, sources, context)
    problems.push(...recognised.problems)
    const base = {
      sheet: sheet.name,
      read: 0,
      loaded: 0,
      quarantined: 0,
      ignored: 0,
      told: {},
      isBlank: sheet.rows.length === 0,
    }
    if (recognised.source === null) {
      sheets.push({ ...base, source: null, year: null, ...refusal(recognised.refused) })
      continue
    }
    const { source } = recognised
    const told = tellers(recognised)
    if (recognised.refused !== undefined) {
      sheets.push({
        ...base,
        source: source.name,
        year: recognised.year,
        told,
        ...refusal(recognised.refused),
      })
      continue
    }
    const table = parseSheet(sheet, recognised, pseudonym)
    const { read, loaded, quarantined, ignored } = table
    if (read !== loaded + quarantined) throw lostRows(sheet.name)
    problems.push(...table.problems)
    quarantine.push(...table.quarantine.map((entry) => ({ ...entry, source: source.name })))
    const { years } = table
    const year = years[0] ?? recognised.year
    if (read === 0)
      problems.push(
        problem(sheet, null, 'no-rows', 'в таблице нет ни одной строки данных', 'warning'),
      )
    const named = yearsNamed(context.path)
    if (year !== null && named.length > 0 && !named.includes(year) && !named.includes(year - 1))
      problems.push(
        problem(
          sheet,
          null,
          'told-otherwise',
          `в имени файла ${named.join(', ')} год, а внутри ${String(year)}; взято то, что внутри`,
          'warning',
        ),
      )
    sheets.push({
      ...{ ...base, source: source.name, year, read, loaded, quarantined, ignored, told },
      ...(years.length > 1 ? { years } : {}),
    })
    tables.set(source, [...(tables.get(source) ?? []), { sheet: sheet.name, year, table }])
  }
  const parts = [...tables].map(([source, taken]) => part(source, taken, sha256))
  return { sheets, problems, quarantine, parts, unreadable: null }
}

interface Taken {
  readonly sheet: string
  readonly year: number | null
  readonly table: ParsedTable
}
const refusal = (refused: string | undefined): { refused?: string } =>
  refused === undefined ? {} : { refused }
const tellers = ({ segments }: Recognised): Readonly<Record<string, string>> =>
  Object.fromEntries([...(segments[0]?.told ?? [])].map(([name, { by }]) => [name, by]))
const wholeYear = (text: string | null): number | null =>
  text === null || !Number.isInteger(Number(text)) ? null : Number(text)
/** Years that stand apart in the file's name; a school year is named by either of its two. */
const yearsNamed = (path: string): readonly number[] =>
  [...path.replace(/^.*\//, '').matchAll(/(?<!\d)20\d{2}(?!\d)/g)].map(([year]) => Number(year))
const lostRows = (sheet: string): MeraError =>
  new MeraError({ code: 'rows-lost', message: `на листе «${sheet}» потеряны строки`, sheet })

const text = (name: string, data: (string | null)[]): ColumnSource => ({
  name,
  type: 'STRING',
  data,
  nullable: true,
})

/** One list of what each sheet has. */
const joined = <T>(taken: readonly Taken[], of: (one: Taken) => readonly T[]): T[] => {
  const none: T[] = []
  return none.concat(...taken.map(of))
}
const repeated = (value: string, count: number): string[] => new Array<string>(count).fill(value)

const part = (source: Source, taken: readonly Taken[], sha256: string): ParsedPart => {
  const names = Object.keys(source.form.fields)
  const all = names.map((name) => joined(taken, ({ table }) => table.columns.get(name) ?? []))
  const headers = joined(taken, ({ table }) => table.headers)
  const cells = joined(taken, ({ table }) => table.cells)
  const deliveries = joined(taken, ({ table }) => table.deliveries)
  const sheets = joined(taken, ({ sheet, table }) => repeated(sheet, table.rows.length))
  const columns: ColumnSource[] = [
    ...names.map((name, i) => text(name, all[i] ?? [])),
    text('_file', repeated(sha256.slice(0, 16), deliveries.length)),
    text('_sheet', sheets),
    {
      name: '_row',
      type: 'INT32',
      data: Int32Array.from(joined(taken, ({ table }) => table.rows)),
      nullable: false,
    },
    text('_delivery', deliveries),
    text('_headers', headers),
    text('_cells', cells),
  ]
  const years = all[names.indexOf(source.form.year ?? '')] ?? []
  return {
    source: source.name,
    deliveries: [
      ...deliveriesOf(
        source,
        [...names, '_headers', '_cells'],
        [...all, headers, cells],
        deliveries,
        years,
        sheets,
      ),
      ...taken.flatMap(({ year, table }): ParsedDelivery[] =>
        table.emptyDelivery === null || deliveries.includes(table.emptyDelivery)
          ? []
          : [{ ...noRows, delivery: table.emptyDelivery, year }],
      ),
    ],
    bytes: new Uint8Array(
      parquetWriteBuffer({
        columnData: columns,
        codec: 'UNCOMPRESSED',
        statistics: false,
        rowGroupSize: 100_000,
      }),
    ),
  }
}

const noRows = { rows: 0, sheets: {}, content: 'empty', deliveredOn: null } as const

const deliveriesOf = (
  source: Source,
  names: readonly string[],
  columns: readonly (readonly (string | null)[])[],
  deliveries: readonly string[],
  years: readonly (string | null)[],
  sheets: readonly string[],
): readonly ParsedDelivery[] => {
  const rowsOf = new Map<string, number[]>()
  deliveries.forEach((delivery, i) => {
    const rows = rowsOf.get(delivery)
    if (rows) rows.push(i)
    else rowsOf.set(delivery, [i])
  })
  const dates = columns[names.indexOf(source.form.deliveredOn ?? '')] ?? []
  return [...rowsOf].map(([delivery, rows]) => {
    const hash = createHash('sha256')
    const varied = columns.filter((column, c) => {
      const first = column[rows[0] ?? 0] ?? null
      if (rows.some((i) => (column[i] ?? null) !== first)) return true
      hash.update(`${names[c] ?? ''}=${first ?? '\u0000'}\u001f`)
      return false
    })
    const texts = rows.map((i) => {
      let text = ''
      for (const column of varied) text += `\u001f${column[i] ?? '\u0000'}`
      return text
    })
    hash.update(texts.sort().join('\u001e'))
    const latest = rows.reduce<string | null>((best, i) => {
      const date = dates[i] ?? null
      return date !== null && (best === null || date > best) ? date : best
    }, null)
    return {
      delivery,
      year: wholeYear(years[rows[0] ?? 0] ?? null),
      rows: rows.length,
      sheets: counts(rows.map((i) => sheets[i] ?? '')),
      content: hash.digest('hex').slice(0, 32),
      deliveredOn: latest,
    }
  })
}

const counts = (values: readonly string[]): Readonly<Record<string, number>> => {
  const found = new Map<string, number>()
  for (const value of values) found.set(value, (found.get(value) ?? 0) + 1)
  return Object.fromEntries(found)
}
