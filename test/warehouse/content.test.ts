import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { combined, contentOf, type Content } from '../../warehouse/content.ts'
import { Database, type Row } from '../../warehouse/database.ts'

const columns = [
  { name: 'a', type: 'INTEGER' },
  { name: 'b', type: 'VARCHAR' },
]
const contentOfRows = async (rows: readonly Row[], types = columns): Promise<Content> => {
  const database = await Database.open(':memory:')
  try {
    await database.run(
      `create table t (${types.map(({ name, type }) => `${name} ${type}`).join(', ')})`,
    )
    await database.append('t', types, rows)
    return await contentOf(database, {
      schema: 'main',
      name: 't',
      columns: Object.fromEntries(
        types.map(({ name, type }) => [name, { type, doc: name, nullable: true }]),
      ),
    })
  } finally {
    database.close()
  }
}
const row = fc.record({
  a: fc.option(fc.integer({ min: 0, max: 5 })),
  b: fc.option(fc.constantFrom('', 'а', 'б')),
})

describe('contentOf(database, table)', () => {
  it('is the same in any order of rows and another where a row differs, is more or is less', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc
          .array(row, { minLength: 1, maxLength: 8 })
          .chain((rows) =>
            fc.tuple(
              fc.constant(rows),
              fc.shuffledSubarray(rows, { minLength: rows.length }),
              fc.nat(rows.length - 1),
            ),
          ),
        async ([rows, shuffled, at]) => {
          const { hash } = await contentOfRows(rows)
          expect((await contentOfRows(shuffled)).hash).toBe(hash)
          expect((await contentOfRows(rows.filter((_, i) => i !== at))).hash).not.toBe(hash)
          expect((await contentOfRows([...rows, rows[at]!])).hash).not.toBe(hash)
          const other = rows.map((one, i) => (i === at ? { ...one, a: 99 } : one))
          expect((await contentOfRows(other)).hash).not.toBe(hash)
        },
      ),
      { numRuns: 15, seed: 20260901 },
    )
  })

  it('tells a missing value from an empty text, and values of one column from those of another', async () => {
    const hashes = await Promise.all(
      [
        { a: 1, b: '' },
        { a: 1, b: null },
        { a: null, b: '1' },
        { a: null, b: null },
      ].map((one) => contentOfRows([one])),
    )
    expect(new Set(hashes.map(({ hash }) => hash)).size).toBe(4)
  })

  it('counts rows and tells types apart', async () => {
    const wide = [{ name: 'a', type: 'BIGINT' }, columns[1]!]
    const narrow = await contentOfRows([{ a: 1, b: 'x' }])
    expect(narrow.rows).toBe(1)
    expect((await contentOfRows([{ a: 1, b: 'x' }], wide)).hash).not.toBe(narrow.hash)
    expect((await contentOfRows([])).rows).toBe(0)
  })
})

describe('combined(parts)', () => {
  it('does not depend on the order of the parts', () => {
    expect(combined({ a: '1', b: '2' })).toBe(combined({ b: '2', a: '1' }))
    expect(combined({ a: '1', b: '2' })).not.toBe(combined({ a: '2', b: '1' }))
    expect(combined({})).toMatch(/^[\da-f]{64}$/)
  })
})
