import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Vector } from 'apache-arrow'
import { Database, literal, type Row, type Value } from '../warehouse/database.ts'
import type { QueryResult } from '../warehouse/query.ts'
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
      return `${JSON.stringify(result.rows)}\n`
    case 'xlsx':
      return xlsx(result)
    case 'parquet':
      return parquet(result)
    case 'arrow':
      return arrow(result)
  }
}

const isNumeric = (type: string): boolean =>
  /^(?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|DOUBLE|FLOAT|DECIMAL.*)$/.test(type)
const flat = (value: Value | undefined): string =>
  value === null || value === undefined
    ? ''
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value)

const forPeople = ({ columns, rows }: QueryResult): string => {
  const right = columns.map(({ type }) => isNumeric(type))
  const isYear = (name: string): boolean => /(?:^|_)year$/.test(name)
  const shown = (row: Row, name: string): string => {
    const value = row[name]
    return typeof value === 'number' && !isYear(name) ? number(value, 6) : clipped(flat(value))
  }
  return `${table(
    columns.map(({ name }) => name),
    rows.map((row) => columns.map(({ name }) => shown(row, name))),
    right,
  )}\n`
}
const clipped = (text: string): string => {
  const line = text.replaceAll('\n', ' ')
  return line.length > 60 ? `${line.slice(0, 59)}…` : line
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
      ...rows.map((row) =>
        columns.map(({ name }) => {
          const value = row[name] ?? null
          return value === null || Number.isFinite(value) ? (value as number | null) : flat(value)
        }),
      ),
    ],
  })
}

/** Through a second database in memory: the published file is open for reading only and may write nothing. */
const parquet = async ({ columns, rows }: QueryResult): Promise<Uint8Array> => {
  const folder = await mkdtemp(join(tmpdir(), 'mera-'))
  const database = await Database.open(':memory:')
  try {
    const file = join(folder, 'answer.parquet')
    // A map comes as text, and text does not become a map again.
    const kept = columns.map(({ name, type }) => ({
      name,
      type: /\bMAP\(/.test(type) ? 'VARCHAR' : type,
    }))
    const list = kept.map(({ name, type }) => `"${name.replaceAll('"', '""')}" ${type}`)
    await database.run(`create table answer (${list.join(', ')})`)
    await database.append('answer', kept, rows)
    await database.run(`copy answer to ${literal(file)} (format parquet)`)
    return await readFile(file)
  } finally {
    database.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** The stream format of Arrow IPC. */
const arrow = async ({ columns, rows }: QueryResult): Promise<Uint8Array> => {
  const { Bool, Float64, Int32, Int64, Table, Utf8, tableToIPC, vectorFromArray } =
    await import('apache-arrow')
  const vectors: Record<string, Vector> = {}
  for (const { name, type } of columns) {
    const values = rows.map((row) => row[name] ?? null)
    if (/^(?:U?(?:TINY|SMALL)INT|INTEGER)$/.test(type))
      vectors[name] = vectorFromArray(values as (number | null)[], new Int32())
    else if (/^(?:UINTEGER|BIGINT)$/.test(type))
      vectors[name] = vectorFromArray(
        values.map((value) => (value === null ? null : BigInt(value as number | string))),
        new Int64(),
      )
    else if (isNumeric(type))
      vectors[name] = vectorFromArray(
        values.map((value) => (value === null ? null : Number(value))),
        new Float64(),
      )
    else if (type === 'BOOLEAN')
      vectors[name] = vectorFromArray(values as (boolean | null)[], new Bool())
    else
      vectors[name] = vectorFromArray(
        values.map((value) => (value === null ? null : flat(value))),
        new Utf8(),
      )
  }
  return tableToIPC(new Table(vectors), 'stream')
}
