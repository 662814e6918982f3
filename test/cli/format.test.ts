import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tableFromIPC } from 'apache-arrow'
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

describe('formatted(result, format)', () => {
  test('csv is RFC 4180 with a header: quotes doubled, missing values empty', () => {
    expect(formatted(result, 'csv')).toBe(
      'school,n,value,on,is_rural\r\n"Школа «№ 1», ""та самая""",1234,0.5,2026-05-01,true\r\n"две\nстроки",,,,\r\n',
    )
  })
  test('json is the rows', () => {
    expect(JSON.parse(formatted(result, 'json') as string)).toEqual(result.rows)
  })
  test('a table for people has Russian numbers and a line a row', () => {
    const text = formatted(result, 'table') as string
    expect(text).toContain('1\u00a0234')
    expect(text).toContain('0,5')
    expect(text.trimEnd().split('\n')).toHaveLength(4)
  })
  test('a workbook gives the same cells back', async () => {
    const bytes = await formatted(result, 'xlsx')
    const [sheet] = await readWorkbook(Buffer.from(bytes as Uint8Array))
    expect(sheet?.rows[0]).toEqual(['school', 'n', 'value', 'on', 'is_rural'])
    expect(sheet?.rows[1]).toEqual(['Школа «№ 1», "та самая"', '1234', '0.5', '2026-05-01', 'true'])
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
  test('arrow has counts as whole numbers, exact beyond what a double holds', async () => {
    const answer: QueryResult = {
      columns: [{ name: 'c', type: 'BIGINT' }],
      rows: [{ c: 3 }, { c: '9007199254740993' }, { c: null }],
      truncated: false,
    }
    const table = tableFromIPC((await formatted(answer, 'arrow')) as Uint8Array)
    expect(table.toArray().map((row: { toJSON: () => object }) => row.toJSON())).toEqual([
      { c: 3n },
      { c: 9007199254740993n },
      { c: null },
    ])
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
  test('arrow gives the same rows back', async () => {
    const table = tableFromIPC((await formatted(result, 'arrow')) as Uint8Array)
    expect(table.toArray().map((row: { toJSON: () => object }) => row.toJSON())).toEqual(
      result.rows,
    )
  })
})
