import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { read as readSheet, type CellObject } from '@e965/xlsx'
import { tableFromIPC, type Table } from 'apache-arrow'
import { strFromU8, unzipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { formatted } from '../../cli/format.ts'
import { Database, literal } from '../../warehouse/database.ts'
import type { QueryResult } from '../../warehouse/query.ts'
import { readWorkbook } from '../../warehouse/readers/index.ts'

const result: QueryResult = {
  columns: [
    { name: 'school', type: 'VARCHAR' },
    { name: 'n', type: 'INTEGER' },
    { name: 'value', type: 'DOUBLE' },
    { name: 'on', type: 'DATE' },
    { name: 'is_rural', type: 'BOOLEAN' },
  ],
  rows: [
    { school: 'Школа «№ 1», "та самая"', n: 1234, value: 0.5, on: '2026-05-01', is_rural: true },
    { school: 'две\nстроки', n: null, value: null, on: null, is_rural: null },
  ],
  truncated: false,
}

type Read = Record<string, string | number | bigint | boolean | null>
const rowsOf = (table: Table): readonly Read[] =>
  table.toArray().map((row: { toJSON: () => Read }) => row.toJSON())

describe('formatted(result, format)', () => {
  test('csv is RFC 4180 with a header: quotes doubled, missing values empty', () => {
    expect(formatted(result, 'csv')).toBe(
      'school,n,value,on,is_rural\r\n"Школа «№ 1», ""та самая""",1234,0.5,2026-05-01,true\r\n"две\nстроки",,,,\r\n',
    )
  })
  test('json is the rows', () => {
    expect(JSON.parse(formatted(result, 'json') as string)).toEqual(result.rows)
  })
  test('json has its keys in the order of the columns, years as names too', () => {
    const pivot = {
      columns: ['school', '2026', '2025'].map((name) => ({ name, type: 'VARCHAR' })),
      rows: [{ school: 'a', 2026: 'b', 2025: null }],
      truncated: false,
    }
    expect(formatted(pivot, 'json')).toBe('[{"school":"a","2026":"b","2025":null}]\n')
  })
  test('a table for people has Russian numbers and a line a row', () => {
    const text = formatted(result, 'table') as string
    expect(text).toContain('1\u00a0234')
    expect(text).toContain('0,5')
    expect(text.trimEnd().split('\n')).toHaveLength(4)
  })
  test('a table has great and small numbers in scientific notation, csv and json have them exactly', () => {
    const values = [1e300, -1.5e-300, 9_007_199_254_740_991, 1e-6, 0, NaN, -Infinity]
    const answer: QueryResult = {
      columns: [{ name: 'v', type: 'DOUBLE' }],
      rows: values.map((v) => ({ v })),
      truncated: false,
    }
    const lines = (formatted(answer, 'table') as string).split('\n').slice(2, -1)
    expect(lines.map((line) => line.trim())).toEqual([
      '1E300',
      '-1,5E-300',
      '9\u00a0007\u00a0199\u00a0254\u00a0740\u00a0991',
      '0,000001',
      '0',
      'не\u00a0число',
      '-∞',
    ])
    expect((formatted(answer, 'csv') as string).split('\r\n').slice(1, -1).map(Number)).toEqual(
      values,
    )
    expect((JSON.parse(formatted(answer, 'json') as string) as typeof answer.rows)[1]).toEqual({
      v: -1.5e-300,
    })
  })
  test('a workbook gives the same cells back', async () => {
    const bytes = await formatted(result, 'xlsx')
    const [sheet] = await readWorkbook(Buffer.from(bytes as Uint8Array))
    expect(sheet?.rows[0]).toEqual(['school', 'n', 'value', 'on', 'is_rural'])
    expect(sheet?.rows[1]).toEqual([
      'Школа «№ 1», "та самая"',
      '1234',
      '0.5',
      '2026-05-01',
      'ИСТИНА',
    ])
  })
  test('a workbook stays whole where a value is no number of a sheet or has a control character', async () => {
    const bytes = await formatted(
      {
        columns: [
          { name: 'nan', type: 'DOUBLE' },
          { name: 'inf', type: 'DOUBLE' },
          { name: 'text', type: 'VARCHAR' },
        ],
        rows: [{ nan: NaN, inf: -Infinity, text: 'а\u0001б\tв\uffff' }],
        truncated: false,
      },
      'xlsx',
    )
    const sheetXml = strFromU8(
      unzipSync(bytes as Uint8Array)['xl/worksheets/sheet1.xml'] ?? new Uint8Array(),
    )
    expect(sheetXml).not.toContain('<v>NaN</v>')
    expect(sheetXml).not.toContain('<v>-Infinity</v>')
    const [sheet] = await readWorkbook(Buffer.from(bytes as Uint8Array))
    expect(sheet?.rows[1]).toEqual(['NaN', '-Infinity', 'аб\tв'])
  })
  test('parquet has a map as text', async () => {
    const answer: QueryResult = {
      columns: [{ name: 'm', type: 'MAP(VARCHAR, INTEGER)' }],
      rows: [{ m: { k: 1 } }],
      truncated: false,
    }
    const bytes = await formatted(answer, 'parquet')
    expect(Buffer.from(bytes as Uint8Array).toString('latin1')).toContain('{"k":1}')
    const within = await formatted(
      {
        columns: [{ name: 's', type: 'STRUCT(m MAP(VARCHAR, INTEGER))' }],
        rows: [{ s: { m: { k: 2 } } }],
        truncated: false,
      },
      'parquet',
    )
    expect(Buffer.from(within as Uint8Array).toString('latin1')).toContain('{"m":{"k":2}}')
  })
  test('parquet has a union as text, within other types too', async () => {
    const types = [
      'UNION(k INTEGER, "s" VARCHAR)',
      'UNION(k INTEGER)[]',
      'STRUCT(u UNION(k INTEGER))',
    ]
    const values = [7, [7], { u: 7 }]
    const folder = await mkdtemp(join(tmpdir(), 'mera-format-'))
    const database = await Database.open(':memory:')
    try {
      const file = join(folder, 'answer.parquet')
      const answer: QueryResult = {
        columns: types.map((type, i) => ({ name: `c${String(i)}`, type })),
        rows: [Object.fromEntries(values.map((value, i) => [`c${String(i)}`, value]))],
        truncated: false,
      }
      await writeFile(file, await formatted(answer, 'parquet'))
      expect(await database.rows(`select * from ${literal(file)}`)).toEqual([
        { c0: '7', c1: '[7]', c2: '{"u":7}' },
      ])
    } finally {
      database.close()
      await rm(folder, { recursive: true, force: true })
    }
  })
  test('arrow keeps the order of columns that are named by years', async () => {
    const answer: QueryResult = {
      columns: [
        { name: 'school', type: 'VARCHAR' },
        { name: '2025', type: 'INTEGER' },
        { name: '2024', type: 'BIGINT' },
      ],
      rows: [
        { school: 'школа', '2025': 1, '2024': 2 },
        { school: null, '2025': null, '2024': 3 },
      ],
      truncated: false,
    }
    for (const rows of [answer.rows, []]) {
      const table = tableFromIPC((await formatted({ ...answer, rows }, 'arrow')) as Uint8Array)
      expect(table.schema.fields.map(({ name, type }) => [name, String(type)])).toEqual([
        ['school', 'Utf8'],
        ['2025', 'Int32'],
        ['2024', 'Int64'],
      ])
      expect(table.numRows).toBe(rows.length)
      expect(['school', '2025', '2024'].map((name) => table.getChild(name)?.toJSON())).toEqual(
        rows.length === 0
          ? [[], [], []]
          : [
              ['школа', null],
              [1, null],
              [2n, 3n],
            ],
      )
    }
  })
  test('arrow has counts as whole numbers, exact beyond what a double holds', async () => {
    const answer: QueryResult = {
      columns: [{ name: 'c', type: 'BIGINT' }],
      rows: [{ c: 3 }, { c: '9007199254740993' }, { c: null }],
      truncated: false,
    }
    const table = tableFromIPC((await formatted(answer, 'arrow')) as Uint8Array)
    expect(rowsOf(table)).toEqual([{ c: 3n }, { c: 9007199254740993n }, { c: null }])
  })
  test('parquet gives the same rows and types back', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mera-format-'))
    const database = await Database.open(':memory:')
    try {
      const file = join(folder, 'answer.parquet')
      await writeFile(file, await formatted(result, 'parquet'))
      expect(await database.describe(`select * from ${literal(file)}`)).toEqual(result.columns)
      expect(await database.rows(`select * from ${literal(file)}`)).toEqual(result.rows)
    } finally {
      database.close()
      await rm(folder, { recursive: true, force: true })
    }
  })
  test('arrow gives the same rows back, days as days', async () => {
    const table = tableFromIPC((await formatted(result, 'arrow')) as Uint8Array)
    expect(table.schema.fields.map(({ type }) => String(type))).toEqual([
      'Utf8',
      'Int32',
      'Float64',
      'Date32<DAY>',
      'Bool',
    ])
    expect(rowsOf(table)).toEqual(
      result.rows.map((row) => ({
        ...row,
        on: row['on'] === null ? null : Date.UTC(2026, 4, 1),
      })),
    )
  })
})

/** As `query` gives them. */
const typed: QueryResult = {
  columns: [
    { name: 'day', type: 'DATE' },
    { name: 'at', type: 'TIMESTAMP' },
    { name: 'ns', type: 'TIMESTAMP_NS' },
    { name: 'zoned', type: 'TIMESTAMP WITH TIME ZONE' },
    { name: 'time', type: 'TIME' },
    { name: 'share', type: 'DECIMAL(9,4)' },
    { name: 'exact', type: 'DECIMAL(38,10)' },
    { name: 'total', type: 'HUGEINT' },
    { name: 'great', type: 'HUGEINT' },
    { name: 'huge', type: 'HUGEINT' },
    { name: 'bytes', type: 'UBIGINT' },
    { name: 'small', type: 'UTINYINT' },
    { name: 'yes', type: 'BOOLEAN' },
  ],
  rows: [
    {
      day: '2026-05-01',
      at: '2026-06-01 10:30:15.123456',
      ns: '2026-06-01 10:30:15.123456789',
      zoned: '2026-06-01 10:30:15+03',
      time: '10:30:15.5',
      share: -0.0001,
      exact: '-1234567890123456789.0000000001',
      total: 1234,
      great: '-92233720368547758080',
      huge: '170141183460469231731687303715884105727',
      bytes: '18446744073709551615',
      small: 255,
      yes: false,
    },
    {
      day: '1969-12-31',
      at: '1969-12-31 23:59:59.999999',
      ns: '1969-12-31 23:59:59.999999999',
      zoned: '2026-06-01 00:00:00-02:30',
      time: '00:00:00',
      share: 1e-4,
      exact: 5e-10,
      total: -1,
      great: 1,
      huge: 1,
      bytes: 0,
      small: 0,
      yes: true,
    },
    Object.fromEntries(
      'day at ns zoned time share exact total great huge bytes small yes'
        .split(' ')
        .map((name) => [name, null]),
    ),
  ],
  truncated: false,
}

describe('formatted(result, format) keeps the types', () => {
  test('arrow has days, moments, decimals and whole numbers as such, to the last digit', async () => {
    const table = tableFromIPC((await formatted(typed, 'arrow')) as Uint8Array)
    const types = table.schema.fields.map(({ name, type }) => [name, String(type)])
    expect(Object.fromEntries(types)).toEqual({
      day: 'Date32<DAY>',
      at: 'Timestamp<MICROSECOND>',
      ns: 'Timestamp<NANOSECOND>',
      zoned: 'Timestamp<MICROSECOND, UTC>',
      time: 'Time64<MICROSECOND>',
      share: 'Decimal[9e+4]',
      exact: 'Decimal[38e+10]',
      total: 'Int64',
      great: 'Decimal[38e0]',
      huge: 'Utf8',
      bytes: 'Uint64',
      small: 'Uint8',
      yes: 'Bool',
    })
    const stored = (name: string): readonly unknown[] => {
      const data = table.getChild(name)?.data[0]
      return [...((data?.values as BigInt64Array | undefined) ?? [])].slice(0, 2)
    }
    const second = BigInt(Date.UTC(2026, 5, 1, 10, 30, 15) / 1000)
    expect(stored('at')).toEqual([second * 1_000_000n + 123_456n, -1n])
    expect(stored('ns')).toEqual([second * 1_000_000_000n + 123_456_789n, -1n])
    expect(stored('zoned')).toEqual([
      (second - 10_800n) * 1_000_000n,
      BigInt(Date.UTC(2026, 5, 1, 2, 30)) * 1000n,
    ])
    expect(stored('time')).toEqual([37_815_500_000n, 0n])
    const all = rowsOf(table).map((row) =>
      Object.fromEntries(
        'day share exact total great huge bytes small yes'
          .split(' ')
          .map((name) => [name, row[name] === null ? null : String(row[name])]),
      ),
    )
    expect(all).toEqual([
      {
        day: String(Date.UTC(2026, 4, 1)),
        share: '-1',
        exact: '-12345678901234567890000000001',
        total: '1234',
        great: '-92233720368547758080',
        huge: '170141183460469231731687303715884105727',
        bytes: '18446744073709551615',
        small: '255',
        yes: 'false',
      },
      {
        day: String(Date.UTC(1969, 11, 31)),
        share: '1',
        exact: '5',
        total: '-1',
        great: '1',
        huge: '1',
        bytes: '0',
        small: '0',
        yes: 'true',
      },
      Object.fromEntries(Object.keys(all[2] ?? {}).map((name) => [name, null])),
    ])
  })
  test('arrow has days that it cannot hold as text, and a column of nothing with its type', async () => {
    const far: QueryResult = {
      columns: [
        { name: 'day', type: 'DATE' },
        { name: 'at', type: 'TIMESTAMP' },
        { name: 'sum', type: 'HUGEINT' },
      ],
      rows: [{ day: '0045-03-15 (BC)', at: 'infinity', sum: null }],
      truncated: false,
    }
    const table = tableFromIPC((await formatted(far, 'arrow')) as Uint8Array)
    expect(rowsOf(table)).toEqual(far.rows)
    const none = tableFromIPC((await formatted({ ...far, rows: [] }, 'arrow')) as Uint8Array)
    expect(none.schema.fields.map(({ type }) => String(type))).toEqual([
      'Date32<DAY>',
      'Timestamp<MICROSECOND>',
      'Int64',
    ])
  })
  test('parquet has whole numbers inside lists and structures to the last digit', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mera-format-'))
    const database = await Database.open(':memory:')
    try {
      const file = join(folder, 'answer.parquet')
      const sums: QueryResult = {
        columns: [
          { name: 'small', type: 'HUGEINT[]' },
          { name: 'great', type: 'STRUCT(a HUGEINT, b VARCHAR)' },
          { name: 'huge', type: 'UHUGEINT[][]' },
        ],
        rows: [
          {
            small: [1, '9007199254740993', null],
            great: { a: '-92233720368547758080', b: 'x' },
            huge: [['340282366920938463463374607431768211455'], []],
          },
          { small: null, great: null, huge: null },
        ],
        truncated: false,
      }
      await writeFile(file, await formatted(sums, 'parquet'))
      const types = await database.describe(`select * from ${literal(file)}`)
      expect(types.map(({ type }) => type)).toEqual([
        'BIGINT[]',
        'STRUCT(a DECIMAL(38,0), b VARCHAR)',
        'VARCHAR[][]',
      ])
      expect(
        await database.rows(
          `select columns(*)::varchar from ${literal(file)} where small is not null`,
        ),
      ).toEqual([
        {
          small: '[1, 9007199254740993, NULL]',
          great: "{'a': -92233720368547758080, 'b': x}",
          huge: '[[340282366920938463463374607431768211455], []]',
        },
      ])
    } finally {
      database.close()
      await rm(folder, { recursive: true, force: true })
    }
  })
  test('parquet has sums as whole numbers and decimals to the last digit', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mera-format-'))
    const database = await Database.open(':memory:')
    try {
      const file = join(folder, 'answer.parquet')
      await writeFile(file, await formatted(typed, 'parquet'))
      const types = await database.describe(`select * from ${literal(file)}`)
      expect(Object.fromEntries(types.map(({ name, type }) => [name, type]))).toEqual({
        day: 'DATE',
        at: 'TIMESTAMP',
        ns: 'TIMESTAMP_NS',
        zoned: 'TIMESTAMP WITH TIME ZONE',
        time: 'TIME',
        share: 'DECIMAL(9,4)',
        exact: 'DECIMAL(38,10)',
        total: 'BIGINT',
        great: 'DECIMAL(38,0)',
        huge: 'VARCHAR',
        bytes: 'UBIGINT',
        small: 'UTINYINT',
        yes: 'BOOLEAN',
      })
      const rows = await database.rows(
        `select columns(*)::varchar, epoch_us(zoned) - epoch_us('2026-06-01'::timestamp) as zoned from ${literal(file)}`,
      )
      expect(rows[0]).toMatchObject({
        at: '2026-06-01 10:30:15.123456',
        ns: '2026-06-01 10:30:15.123456789',
        time: '10:30:15.5',
        share: '-0.0001',
        exact: '-1234567890123456789.0000000001',
        total: '1234',
        great: '-92233720368547758080',
        huge: '170141183460469231731687303715884105727',
        bytes: '18446744073709551615',
      })
      expect(rows[1]).toMatchObject({ share: '0.0001', exact: '0.0000000005', total: '-1' })
      expect(Object.values(rows[2] ?? {}).every((value) => value === null)).toBe(true)
    } finally {
      database.close()
      await rm(folder, { recursive: true, force: true })
    }
  })
  test('a workbook has days and moments as dates of a column that shows them, and true as true', async () => {
    const bytes = (await formatted(typed, 'xlsx')) as Uint8Array
    const sheet = readSheet(bytes, { cellDates: true, cellNF: true }).Sheets['Ответ'] ?? {}
    const cell = (at: string) => sheet[at] as CellObject | undefined
    expect(cell('A2')).toMatchObject({ t: 'd', v: new Date('2026-05-01T00:00:00Z') })
    expect(cell('A3')).toMatchObject({ t: 'd', v: new Date('1969-12-31T00:00:00Z') })
    expect(cell('B2')).toMatchObject({ t: 'd', v: new Date('2026-06-01T10:30:15.123Z') })
    expect(cell('D2')).toMatchObject({ t: 's', v: '2026-06-01 10:30:15+03' })
    expect(cell('F2')).toMatchObject({ t: 'n', v: -0.0001 })
    expect(cell('G2')).toMatchObject({ t: 's', v: '-1234567890123456789.0000000001' })
    expect(cell('H2')).toMatchObject({ t: 'n', v: 1234 })
    expect([cell('M2'), cell('M3'), cell('M4')]).toMatchObject([
      { t: 'b', v: false },
      { t: 'b', v: true },
      undefined,
    ])
    const xml = strFromU8(unzipSync(bytes)['xl/worksheets/sheet1.xml'] ?? new Uint8Array())
    expect(xml).toContain('<cols><col min="1" max="1" width="11" customWidth="1"/>')
  })
  test('a workbook has days before its calendar as text', async () => {
    const answer: QueryResult = {
      columns: [{ name: 'day', type: 'DATE' }],
      rows: [{ day: '1900-01-01' }, { day: '1900-03-01' }, { day: 'infinity' }],
      truncated: false,
    }
    const bytes = (await formatted(answer, 'xlsx')) as Uint8Array
    const [sheet] = await readWorkbook(Buffer.from(bytes))
    expect(sheet?.rows.slice(1)).toEqual([['1900-01-01'], ['1900-03-01'], ['infinity']])
    const [styled] = Object.values(readSheet(bytes, { cellDates: true }).Sheets)
    expect(['A2', 'A3', 'A4'].map((at) => (styled?.[at] as CellObject | undefined)?.t)).toEqual([
      's',
      'd',
      's',
    ])
  })
})
