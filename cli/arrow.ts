import {
  Bool,
  BufferType,
  Data,
  DateDay,
  Decimal,
  Field,
  Float32,
  Float64,
  Int16,
  Int32,
  Int64,
  Int8,
  RecordBatch,
  Schema,
  Struct,
  Table,
  TimeMicrosecond,
  TimestampMicrosecond,
  TimestampNanosecond,
  Uint16,
  Uint32,
  Uint64,
  Uint8,
  Utf8,
  makeData,
  makeVector,
  tableToIPC,
  vectorFromArray,
  type DataType,
  type Vector,
} from 'apache-arrow'
import type { Value } from '../warehouse/database.ts'
import type { QueryResult } from '../warehouse/query.ts'
import { flat, nanosecondsOf, typeOfWhole, unscaled } from './exact.ts'

/**
 * The stream format of Arrow IPC. Lists and structures, and columns with a day that no type of Arrow's holds, are text.
 * From lists, not from an object by name: JavaScript would put a column «2025» before all others.
 */
export const arrow = ({ columns, rows }: QueryResult): Uint8Array => {
  const vectors = columns.map(({ name, type }) =>
    vectorOf(
      type,
      rows.map((row) => row[name] ?? null),
    ),
  )
  const schema = new Schema(
    vectors.map(({ type, nullable }, i) => new Field(columns[i]?.name ?? '', type, nullable)),
  )
  const data = makeData({
    type: new Struct(schema.fields),
    length: rows.length,
    nullCount: 0,
    children: vectors.flatMap((vector) => vector.data as readonly Data[]),
  })
  return tableToIPC(new Table(schema, new RecordBatch(schema, data)), 'stream')
}

/** What a value of JavaScript's own stands for. */
const plain: Readonly<Record<string, () => DataType>> = {
  BOOLEAN: () => new Bool(),
  TINYINT: () => new Int8(),
  SMALLINT: () => new Int16(),
  INTEGER: () => new Int32(),
  UTINYINT: () => new Uint8(),
  USMALLINT: () => new Uint16(),
  UINTEGER: () => new Uint32(),
  FLOAT: () => new Float32(),
  DOUBLE: () => new Float64(),
}

interface Wide {
  readonly type: DataType
  /** Undefined: the type does not hold it. */
  readonly read: (value: number | string) => bigint | undefined
}
const thousandths = (nanoseconds: bigint | undefined): bigint | undefined =>
  nanoseconds === undefined ? undefined : nanoseconds / 1000n
/** What is a whole number of 64 or 128 bits. */
const wideOf = (type: string): Wide | undefined => {
  const [, precision, scale] = /^DECIMAL\((\d+),(\d+)\)$/.exec(type) ?? []
  if (precision !== undefined)
    return {
      type: new Decimal(Number(scale), Number(precision)),
      read: (value) => unscaled(value, Number(scale)),
    }
  switch (type) {
    case 'BIGINT':
      return { type: new Int64(), read: BigInt }
    case 'UBIGINT':
      return { type: new Uint64(), read: BigInt }
    case 'TIME':
      return {
        type: new TimeMicrosecond(),
        read: (value) => thousandths(nanosecondsOf(`1970-01-01 ${String(value)}`)),
      }
    case 'TIMESTAMP_NS':
      return { type: new TimestampNanosecond(), read: (value) => nanosecondsOf(String(value)) }
    case 'TIMESTAMP':
    case 'TIMESTAMP_S':
    case 'TIMESTAMP_MS':
    case 'TIMESTAMP WITH TIME ZONE':
      return {
        type: new TimestampMicrosecond(type.endsWith('ZONE') ? 'UTC' : null),
        read: (value) => thousandths(nanosecondsOf(String(value))),
      }
    default:
      return undefined
  }
}

const vectorOf = (type: string, values: readonly Value[]): Vector => {
  const own = /^U?HUGEINT$/.test(type) ? typeOfWhole(values) : type
  const simple = plain[own]
  if (simple !== undefined) return vectorFromArray(values, simple())
  if (own === 'DATE') {
    const days = allOf(values, (value) => nanosecondsOf(String(value)))
    if (days !== undefined)
      return vectorFromArray(
        days.map((day) => (day === null ? null : Number(day / 1_000_000n))),
        new DateDay(),
      )
  }
  const wide = wideOf(own)
  const whole = wide === undefined ? undefined : allOf(values, wide.read)
  if (wide !== undefined && whole !== undefined) return wideVector(wide.type, whole)
  return vectorFromArray(
    values.map((value) => (value === null ? null : flat(value))),
    new Utf8(),
  )
}

/** All values read; undefined where one cannot be. */
const allOf = (
  values: readonly Value[],
  read: Wide['read'],
): readonly (bigint | null)[] | undefined => {
  const found: (bigint | null)[] = []
  for (const value of values) {
    const one = value === null ? null : read(value as number | string)
    if (one === undefined) return undefined
    found.push(one)
  }
  return found
}

/** Arrow's own builders take moments as milliseconds, which lose what is finer. */
const wideVector = (type: DataType, values: readonly (bigint | null)[]): Vector => {
  const words = type instanceof Decimal ? 2 : 1
  const data = new BigInt64Array(values.length * words)
  const nullBitmap = new Uint8Array(Math.ceil(values.length / 8))
  let nullCount = 0
  for (const [i, value] of values.entries()) {
    if (value === null) {
      nullCount++
      continue
    }
    nullBitmap[i >> 3] = (nullBitmap[i >> 3] ?? 0) | (1 << (i & 7))
    for (let word = 0; word < words; word++) data[i * words + word] = value >> BigInt(64 * word)
  }
  const bits = words === 2 ? new Uint32Array(data.buffer) : data
  return makeVector(
    new Data(type, 0, values.length, nullCount, {
      [BufferType.DATA]: bits,
      [BufferType.VALIDITY]: nullBitmap,
    }),
  )
}
