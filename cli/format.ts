import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Database, literal, quote, type Row, type Value } from '../warehouse/database.ts'
import type { QueryResult } from '../warehouse/query.ts'
import type { TypedCell } from '../warehouse/workbook.ts'
import { flat, nanosecondsOf, typeOfWhole } from './exact.ts'
import { number } from './russian.ts'
import { table } from './terminal.ts'

export const formats = ['table', 'csv', 'json', 'xlsx', 'parquet', 'arrow'] as const
export type Format = (typeof formats)[number]
/** They mean nothing to a person who sees them. */
export const isBinary = (format: Format): boolean => ['xlsx', 'parquet', 'arrow'].includes(format)

/** A query's answer in a format. */
export const formatted = (
  result: QueryResult,
  format: Format,
): string | Uint8Array | Promise<Uint8Array> => {
  switch (format) {
    case 'table':
      return forPeople(result)
    case 'csv':
      return csv(result)
    case 'json':
      return json(result)
    case 'xlsx':
      return xlsx(result)
    case 'parquet':
      return parquet(result)
    case 'arrow':
      return import('./arrow.ts').then(({ arrow }) => arrow(result))
  }
}

const isNumeric = (type: string): boolean =>
  /^(?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|DOUBLE|FLOAT|DECIMAL.*)$/.test(type)

const forPeople = ({ columns, rows }: QueryResult): string => {
  const right = columns.map(({ type }) => isNumeric(type))
  const isYear = (name: string): boolean => /(?:^|_)year$/.test(name)
  const shown = (row: Row, name: string): string => {
    const value = row[name]
    return typeof value === 'number' && !isYear(name) ? ofAnySize(value) : clipped(flat(value))
  }
  return `${table(
    columns.map(({ name }) => name),
    rows.map((row) => columns.map(({ name }) => shown(row, name))),
    right,
  )}\n`
}
const scientific = new Intl.NumberFormat('ru-RU', {
  notation: 'scientific',
  maximumFractionDigits: 6,
})
/** Not with hundreds of digits that nobody counted, nor as nought where it is none. */
const ofAnySize = (value: number): string => {
  const size = Math.abs(value)
  return Number.isFinite(value) && (size > Number.MAX_SAFE_INTEGER || (size > 0 && size < 1e-6))
    ? scientific.format(value)
    : number(value, 6)
}
const clipped = (text: string): string => {
  const line = text.replaceAll('\n', ' ')
  return line.length > 60 ? `${line.slice(0, 59)}…` : line
}

/** Keys in the order of the columns: a JavaScript object puts those that are whole numbers, as years are, first. */
const json = ({ columns, rows }: QueryResult): string => {
  const object = (row: Row): string =>
    `{${columns.map(({ name }) => `${JSON.stringify(name)}:${JSON.stringify(row[name] ?? null)}`).join(',')}}`
  return `[${rows.map(object).join(',')}]\n`
}

/** RFC 4180, UTF-8, with a header. */
const csv = ({ columns, rows }: QueryResult): string => {
  const cell = (text: string): string =>
    /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  return [
    columns.map(({ name }) => cell(name)),
    ...rows.map((row) => columns.map(({ name }) => cell(flat(row[name])))),
  ]
    .map((cells) => `${cells.join(',')}\r\n`)
    .join('')
}

const xlsx = async ({ columns, rows }: QueryResult): Promise<Uint8Array> => {
  const { workbook } = await import('../warehouse/workbook.ts')
  return workbook({
    name: 'Ответ',
    rows: [
      columns.map(({ name }) => name),
      ...rows.map((row) => columns.map(({ name, type }) => cellOf(type, row[name] ?? null))),
    ],
  })
}
const firstDay = Date.UTC(1899, 11, 30)
/** A sheet has no day before March 1900 that every program reads alike, and no time zones: such are text. */
const cellOf = (type: string, value: Value): TypedCell => {
  if (value === null || typeof value === 'boolean' || Number.isFinite(value))
    return value as boolean | number | null
  if (/^(?:DATE|TIMESTAMP(?:_S|_MS|_NS)?)$/.test(type)) {
    const nanoseconds = nanosecondsOf(flat(value))
    const serial = (Number((nanoseconds ?? 0n) / 1_000_000n) - firstDay) / 86_400_000
    if (nanoseconds !== undefined && serial > 60) return { serial, hasTime: type !== 'DATE' }
  }
  return flat(value)
}

/** Through a second database in memory: the published file is open for reading only and may write nothing. */
const parquet = async ({ columns, rows }: QueryResult): Promise<Uint8Array> => {
  const folder = await mkdtemp(join(tmpdir(), 'mera-'))
  const database = await Database.open(':memory:')
  try {
    const file = join(folder, 'answer.parquet')
    const list = columns.map(({ name, type }) => ({
      name,
      // A decimal with all its digits comes as text.
      kept: type.startsWith('DECIMAL(') ? 'VARCHAR' : parquetType(type),
      type: withoutHuge(
        parquetType(type),
        rows.map((row) => row[name] ?? null),
      ),
    }))
    await database.run(
      `create table answer (${list.map(({ name, kept }) => `${quote(name)} ${kept}`).join(', ')})`,
    )
    await database.append(
      'answer',
      list.map(({ name, kept }) => ({ name, type: kept })),
      rows,
    )
    const casts = list.map(({ name, type }) => `cast(${quote(name)} as ${type}) as ${quote(name)}`)
    await database.run(
      `copy (select ${casts.join(', ')} from answer) to ${literal(file)} (format parquet)`,
    )
    return await readFile(file)
  } finally {
    database.close()
    await rm(folder, { recursive: true, force: true })
  }
}
/** Parquet has no whole numbers of 128 bits: as they are, DuckDB writes them as doubles, inside lists and structures too. */
const withoutHuge = (type: string, values: readonly Value[]): string => {
  const huge = /\bU?HUGEINT\b/g
  return huge.test(type) ? type.replace(huge, typeOfWhole(values.flatMap(wholeIn))) : type
}
const wholeIn = (value: unknown): Value[] =>
  typeof value === 'object' && value !== null
    ? Object.values(value).flatMap(wholeIn)
    : /^-?\d+$/.test(String(value))
      ? [value as Value]
      : []
/** A map comes as text, and text does not become a map again; a union is not written to Parquet. */
const parquetType = (type: string): string => (/\b(?:MAP|UNION)\(/.test(type) ? 'VARCHAR' : type)
