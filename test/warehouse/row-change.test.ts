import { describe, expect, it } from 'vitest'
import { Database } from '../../warehouse/database.ts'
import { rowChanges, type RowChange } from '../../warehouse/row-change.ts'

/** File, participant, mark, the day of the report. */
type Row = readonly [file: string, participant: string, mark: number, on?: string]

const between = async (
  before: readonly Row[] | undefined,
  after: readonly Row[] | undefined,
): Promise<readonly RowChange[]> => {
  const database = await Database.open(':memory:')
  try {
    for (const [alias, rows] of [
      ['a', before],
      ['b', after],
    ] as const) {
      await database.run(`attach ':memory:' as ${alias}`)
      await database.run(`create schema ${alias}.sources`)
      if (rows === undefined) continue
      await database.run(
        `create table ${alias}.sources.form
         (participant varchar, mark integer, reported_on varchar, _file varchar, _sheet varchar, _row integer, _delivery varchar)`,
      )
      for (const [i, [file, participant, mark, on = '']] of rows.entries())
        await database.run(
          `insert into ${alias}.sources.form values ('${participant}', ${String(mark)}, '${on}', '${file}', 'Лист', ${String(i)}, '2026')`,
        )
    }
    const form = { id: 'sources.form', without: ['reported_on'] }
    return await rowChanges(database, form, before !== undefined, after !== undefined)
  } finally {
    database.close()
  }
}
const old: readonly Row[] = [
  ['old', 'a', 3],
  ['old', 'b', 4],
  ['old', 'c', 5],
]
const named = (rows: readonly Row[], file: string, on = ''): readonly Row[] =>
  rows.map(([, participant, mark]) => [file, participant, mark, on])

describe('rowChanges(database, table, inBefore, inAfter)', () => {
  it('counts one changed mark as one row of either file', async () => {
    const corrected = [...named(old.slice(0, 2), 'new'), ['new', 'c', 4] as const]
    expect(await between(old, corrected)).toEqual([
      { file: 'new', kind: 'added', rows: 1, moved: 2 },
      { file: 'old', kind: 'removed', rows: 1, moved: 2 },
    ])
  })

  it('counts no row that only lies in another file now, another place or under another date', async () => {
    const elsewhere = named([...old].reverse(), 'new', '2026-07-01')
    expect(await between(old, elsewhere)).toEqual([
      { file: 'new', kind: 'added', rows: 0, moved: 3 },
      { file: 'old', kind: 'removed', rows: 0, moved: 3 },
    ])
  })

  it('counts rows that say the same as often as they are there', async () => {
    const twice: readonly Row[] = [
      ['old', 'a', 3],
      ['old', 'a', 3],
      ['old', 'a', 3],
    ]
    expect(await between(twice, named(twice.slice(0, 2), 'new'))).toEqual([
      { file: 'new', kind: 'added', rows: 0, moved: 2 },
      { file: 'old', kind: 'removed', rows: 1, moved: 2 },
    ])
    const parted: readonly Row[] = [
      ['one', 'a', 3],
      ['two', 'a', 3],
      ['two', 'a', 3],
      ['two', 'a', 3],
    ]
    expect(await between(twice, parted)).toEqual([
      { file: 'old', kind: 'removed', rows: 0, moved: 3 },
      { file: 'one', kind: 'added', rows: 0, moved: 1 },
      { file: 'two', kind: 'added', rows: 1, moved: 2 },
    ])
  })

  it('leaves out the rows that a file keeps', async () => {
    expect(await between(old, [...old.slice(0, 1), ['new', 'b', 5], ['new', 'c', 5]])).toEqual([
      { file: 'new', kind: 'added', rows: 1, moved: 1 },
      { file: 'old', kind: 'removed', rows: 1, moved: 1 },
    ])
    expect(await between(old, old)).toEqual([])
  })

  it('knows a form that only one side has', async () => {
    expect(await between(undefined, old)).toEqual([
      { file: 'old', kind: 'added', rows: 3, moved: 0 },
    ])
    expect(await between(old, undefined)).toEqual([
      { file: 'old', kind: 'removed', rows: 3, moved: 0 },
    ])
  })
})
