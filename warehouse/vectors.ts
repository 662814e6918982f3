import {
  type DuckDBAppender,
  DuckDBDataChunk,
  DuckDBTypeId,
  ENUM,
  JSDuckDBValueConverter,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api'
import { Turn } from './turn.ts'

export type Value = string | number | boolean | null | readonly Value[] | { [key: string]: Value }
export type Row = Readonly<Record<string, Value>>
export interface ColumnOf {
  readonly name: string
  readonly type: string
}

/** A value of DuckDB as a JavaScript value; a whole number past 2^53 is an error. */
export const toValue = (value: unknown): Value => {
  if (typeof value === 'bigint') {
    const number = Number(value)
    if (!Number.isSafeInteger(number))
      throw new RangeError(`${String(value)} does not fit a JavaScript number`)
    return number
  }
  if (value instanceof Date) {
    const iso = value.toISOString()
    return iso.endsWith('T00:00:00.000Z') ? iso.slice(0, 10) : iso
  }
  if (Array.isArray(value)) return value.map(toValue)
  return (value ?? null) as Value
}

/** A column of a result; one of numbers without a missing value is a Float64Array. */
export const columnOf = (
  chunks: readonly DuckDBDataChunk[],
  column: number,
  type: DuckDBTypeId,
  length: number,
): ArrayLike<Value> => {
  switch (type) {
    case DuckDBTypeId.DOUBLE:
    case DuckDBTypeId.INTEGER:
      return numbersOf(chunks, column, length)
    case DuckDBTypeId.VARCHAR:
    case DuckDBTypeId.BOOLEAN:
      return valuesOf(chunks, column)
    default: {
      const values = chunks.flatMap((chunk) =>
        chunk.convertColumnValues(column, JSDuckDBValueConverter).map(toValue),
      )
      return values.every((value) => typeof value === 'number') ? Float64Array.from(values) : values
    }
  }
}
const numbersOf = (
  chunks: readonly DuckDBDataChunk[],
  column: number,
  length: number,
): ArrayLike<Value> => {
  const numbers = new Float64Array(length)
  let at = 0
  for (const chunk of chunks) {
    const vector = chunk.getColumnVector(column)
    for (let i = 0; i < vector.itemCount; i++) {
      const value = vector.getItem(i)
      if (typeof value !== 'number') return valuesOf(chunks, column)
      numbers[at++] = value
    }
  }
  return numbers
}
/** Values that are the same in JavaScript. Rows lie sorted: a text equal to the one above is that one, so that it is kept once. */
const valuesOf = (chunks: readonly DuckDBDataChunk[], column: number): readonly Value[] => {
  const values: Value[] = []
  let above: Value = null
  for (const chunk of chunks) {
    const vector = chunk.getColumnVector(column)
    for (let i = 0; i < vector.itemCount; i++) {
      const value = vector.getItem(i) as Value
      if (value !== above) above = value
      values.push(above)
    }
  }
  return values
}

/** DuckDB’s rows a chunk. */
const CHUNK = 2048

/** Writes rows through an appender as they come, in chunks: none is kept longer. */
export const pour = async (
  appender: DuckDBAppender,
  columns: readonly ColumnOf[],
  rows: Iterable<Row>,
): Promise<void> => {
  const turn = new Turn()
  const own: DuckDBType[] = columns.map((_, j) => appender.columnType(j))
  const puts = columns.map(({ name, type }) => ({ name, put: carrier(type).put }))
  let values: DuckDBValue[][] = puts.map(() => [])
  let count = 0
  const flush = (): void => {
    const types = own.map((type, j) => {
      const texts = type.typeId === DuckDBTypeId.VARCHAR ? fewTexts(values[j] ?? []) : undefined
      return texts === undefined ? type : ENUM(texts)
    })
    const chunk = DuckDBDataChunk.create(types, count)
    values.forEach((column, j) => {
      chunk.setColumnValues(j, column)
    })
    appender.appendDataChunk(chunk)
    values = puts.map(() => [])
    count = 0
  }
  try {
    for (const row of rows) {
      for (let j = 0; j < puts.length; j++) {
        const { name, put } = puts[j] as (typeof puts)[number]
        values[j]?.push(put(row[name] ?? null))
      }
      if (++count === CHUNK) flush()
      if (turn.isOver) await turn.pass()
    }
    if (count > 0) flush()
  } catch (error) {
    appender.clear()
    throw error
  } finally {
    appender.closeSync()
  }
}

/**
 * The texts of a column that repeats itself: they then travel as numbers, which costs half. Not those that C or UTF-8 would make equal: DuckDB ends
 * the process where a list has one twice.
 */
const fewTexts = (column: readonly DuckDBValue[]): readonly string[] | undefined => {
  const most = Math.min(column.length / 8, 255)
  const texts = new Set<string>()
  for (const value of column)
    if (typeof value === 'string' && texts.add(value).size > most) return undefined
  return texts.size === 0 || [...texts].some((text) => /[\0\ud800-\udfff]/.test(text))
    ? undefined
    : [...texts]
}

/** How values of a DuckDB type travel into it: as themselves where that is fast, else as text that DuckDB casts. */
export const carrier = (type: string): { name: string; put: (value: Value) => DuckDBValue } => {
  if (/^(INTEGER|SMALLINT|TINYINT)$/.test(type))
    return { name: 'INTEGER', put: (value) => value as number | null }
  if (/^(DOUBLE|FLOAT|DECIMAL.*)$/.test(type))
    return { name: 'DOUBLE', put: (value) => value as number | null }
  if (type === 'BOOLEAN') return { name: 'BOOLEAN', put: (value) => value as boolean | null }
  return {
    name: 'VARCHAR',
    put: (value) =>
      value === null ? null : typeof value === 'object' ? JSON.stringify(value) : String(value),
  }
}
