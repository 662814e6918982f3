import * as fc from 'fast-check'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Database, literal } from '../../warehouse/database.ts'
import { parquet, type ParquetColumn } from '../../warehouse/parquet.ts'

let folder: string
let database: Database
let files = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mera-parquet-'))
  database = await Database.open(':memory:', { threads: 1 })
})
afterAll(async () => {
  database.close()
  await rm(folder, { recursive: true, force: true })
})
const readBack = async (
  columns: readonly ParquetColumn[],
  length: number,
): Promise<readonly unknown[][]> => {
  // a name of its own each time: DuckDB remembers blocks of files that it read
  const file = join(folder, `${String(files++)}.parquet`)
  await writeFile(file, parquet(columns, length))
  const rows = await database.rows(`select * from read_parquet(${literal(file)})`)
  return columns.map(({ name }) => rows.map((row) => row[name]))
}

describe('parquet(columns, length)', () => {
  it('is read back by DuckDB with names, types and an empty table', async () => {
    const file = join(folder, 'empty.parquet')
    await writeFile(
      file,
      parquet(
        [
          { name: 'школа', kind: 'text', values: [] },
          { name: '_row', kind: 'integer', values: [] },
        ],
        0,
      ),
    )
    expect(await database.describe(`select * from read_parquet(${literal(file)})`)).toEqual([
      { name: 'школа', type: 'VARCHAR' },
      { name: '_row', type: 'INTEGER' },
    ])
  })

  it('gives back any texts, missing ones among them, whether they repeat or not', async () => {
    const text = fc.option(
      fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('а', 'б', '', 'ёжик')),
      { nil: null },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 60 }), async (values) => {
        const rows = values.map((_, i) => i * 7 - 3)
        const read = await readBack(
          [
            { name: 'v', kind: 'text', values },
            { name: 'r', kind: 'integer', values: rows },
          ],
          values.length,
        )
        expect(read).toEqual([values, rows])
      }),
      { numRuns: 40 },
    )
  })

  it('keeps many rows over row groups, with dictionaries of many words and compression', async () => {
    const length = 230_000
    const numbers = Array.from({ length }, (_, i) => i)
    const columns: ParquetColumn[] = [
      {
        name: 'unique',
        kind: 'text',
        values: numbers.map((i) => (i % 7 === 0 ? null : `код ${String(i)}`)),
      },
      { name: 'often', kind: 'text', values: numbers.map((i) => `слово ${String(i % 3000)}`) },
      { name: 'same', kind: 'text', values: numbers.map(() => 'одно') },
      { name: 'none', kind: 'text', values: numbers.map(() => null) },
      { name: 'r', kind: 'integer', values: numbers },
    ]
    const file = join(folder, 'big.parquet')
    await writeFile(file, parquet(columns, length))
    const [sums] = await database.rows(`
      select count(*) as n, count(distinct "unique") as u, count(distinct often) as o, count(distinct same) as s, count("none") as z,
        count(*) filter ("unique" is distinct from case when r % 7 <> 0 then 'код ' || r end or often <> 'слово ' || (r % 3000)) as wrong
      from read_parquet(${literal(file)})`)
    expect(sums).toEqual({
      n: length,
      u: length - Math.ceil(length / 7),
      o: 3000,
      s: 1,
      z: 0,
      wrong: 0,
    })
  })
})
