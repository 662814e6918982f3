import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Database, literal, quote } from '../../warehouse/database.ts'
import { scratch, type Scratch } from '../support/home.ts'

let place: Scratch
let memory: Database
beforeAll(async () => {
  place = await scratch()
  memory = await Database.open(':memory:')
})
afterAll(async () => {
  memory.close()
  await place.remove()
})

describe('Database', () => {
  it('gives whole numbers and decimals as numbers, days and moments as ISO text', async () => {
    expect(
      await memory.rows(
        "select count(*) as n, 1::hugeint as h, 1.25::decimal(9, 2) as d, date '2026-06-20' as day, timestamp '2026-06-20 10:00:00' as moment, null as nothing, true as yes, [1, 2] as list",
      ),
    ).toEqual([
      {
        n: 1,
        h: 1,
        d: 1.25,
        day: '2026-06-20',
        moment: '2026-06-20T10:00:00.000Z',
        nothing: null,
        yes: true,
        list: [1, 2],
      },
    ])
  })

  it('refuses a whole number that JavaScript cannot hold instead of rounding it', async () => {
    await expect(memory.rows('select 9007199254740993::bigint as n')).rejects.toThrow(RangeError)
    expect(await memory.rows('select 9007199254740991::bigint as n')).toEqual([
      { n: 9007199254740991 },
    ])
  })

  it('gives columns of numbers as typed arrays, and with nulls as they are', async () => {
    const { length, columns } = await memory.frame(
      "select * from (values (1, 2.5, 'а'), (2, null, 'б')) as t(a, b, c)",
    )
    expect(length).toBe(2)
    expect(columns['a']).toEqual(Float64Array.of(1, 2))
    expect(columns['b']).toEqual([2.5, null])
    expect(columns['c']).toEqual(['а', 'б'])
  })

  it('fills columns of few texts, of many and of such as UTF-8 cannot tell apart, each as it is', async () => {
    const types = ['few', 'many', 'odd'].map((name) => ({ name, type: 'VARCHAR' }))
    await memory.run('create table texts (few varchar, many varchar, odd varchar)')
    const rows = Array.from({ length: 5000 }, (_, i) => ({
      few: i % 3 === 0 ? null : `слово ${String(i % 7)}`,
      many: `слово ${String(i)}`,
      odd: ['\ud800', '\udc00', '', 'а'][i % 4] ?? null,
    }))
    await memory.fill({ schema: 'main', name: 'texts' }, types, rows)
    expect(await memory.rows('select * from texts')).toEqual(
      rows.map((row) => ({ ...row, odd: row.odd?.replace(/[\ud800-\udfff]/, '\ufffd') })),
    )
    await memory.run('drop table texts')
  })

  it('appends rows of any length with missing values, in the types of the table', async () => {
    const types = [
      { name: 'n', type: 'INTEGER' },
      { name: 'day', type: 'DATE' },
      { name: 'share', type: 'DECIMAL(9,6)' },
      { name: 'big', type: 'BIGINT' },
      { name: 'is', type: 'BOOLEAN' },
    ]
    await memory.run(
      `create table appended (${types.map(({ name, type }) => `"${name}" ${type}`).join(', ')})`,
    )
    const rows = Array.from({ length: 5000 }, (_, i) => ({
      n: i,
      day: i % 2 === 0 ? '2026-06-20' : null,
      share: i / 5000,
      big: 2 ** 40 + i,
      is: i % 3 === 0,
    }))
    await memory.append('appended', types, rows)
    expect(await memory.rows('select * from appended order by n')).toEqual(rows)
  })

  it('opened for reading writes nothing and reaches no other file', async () => {
    const path = join(place.folder, 'read.duckdb')
    const writer = await Database.open(path)
    await writer.run('create table t as select 1 as a')
    writer.close()
    const reader = await Database.open(path, { readOnly: true })
    expect(await reader.rows('select a from t')).toEqual([{ a: 1 }])
    await expect(reader.run('insert into t values (2)')).rejects.toThrow(/read-only/)
    await expect(reader.rows("select * from read_text('package.json')")).rejects.toThrow(/disabled/)
    await expect(reader.run("copy t to 'out.csv'")).rejects.toThrow()
    await expect(reader.run('set enable_external_access = true')).rejects.toThrow()
    reader.close()
  })

  it('names the columns of a query without running it', async () => {
    expect(await memory.describe("select 1 as a, error('run')::varchar as b")).toEqual([
      { name: 'a', type: 'INTEGER' },
      { name: 'b', type: 'VARCHAR' },
    ])
  })
})

describe('quote(name) and literal(value)', () => {
  it('keep any text whole', async () => {
    const odd = `a"b'c;--`
    expect(await memory.rows(`select ${literal(odd)} as ${quote(odd)}`)).toEqual([{ [odd]: odd }])
  })
})

describe('Database.attach(path)', () => {
  const tablesOf = (database: Database) =>
    database.rows(
      'select table_name as name from duckdb_tables() where database_name = current_database()',
    )

  it('keeps files apart that are open beside each other, and leaves them whole', async () => {
    const paths = ['one', 'two'].map((name) => join(place.folder, `${name}.duckdb`))
    const files = await Promise.all(paths.map((path) => Database.attach(path)))
    for (const [i, file] of files.entries())
      await file.run(`create table t${String(i)} (n integer)`)
    expect(await Promise.all(files.map(tablesOf))).toEqual([[{ name: 't0' }], [{ name: 't1' }]])
    for (const file of files) await file.detach()
    for (const file of files) await file.detach()
    const again = await Database.open(paths[1] ?? '', { readOnly: true })
    expect(await tablesOf(again)).toEqual([{ name: 't1' }])
    again.close()
  })

  it('gives the file back when it was left in the middle of a transaction', async () => {
    const path = join(place.folder, 'left.duckdb')
    const file = await Database.attach(path)
    await file.run('create table kept (n integer)')
    await file.run('begin')
    await file.run('create table lost (n integer)')
    await file.detach()
    const again = await Database.attach(path)
    expect(await tablesOf(again)).toEqual([{ name: 'kept' }])
    await again.detach()
  })

  it('goes on after a file that is none of DuckDB', async () => {
    const path = join(place.folder, 'other.duckdb')
    await writeFile(path, 'no database at all, and long enough to be looked at'.repeat(100))
    await expect(Database.attach(path)).rejects.toThrow()
    const file = await Database.attach(join(place.folder, 'good.duckdb'))
    expect(await tablesOf(file)).toEqual([])
    await file.detach()
  })
})
