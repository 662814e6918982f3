import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DuckDBInstance } from '@duckdb/node-api'

interface Answer {
  readonly columns: readonly (readonly [string, string])[]
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  readonly hash: string
}
interface Answers {
  readonly changed: Promise<ReadonlySet<string>>
  readonly ask: (sql: string) => Answer
  readonly whileAsking: <T>(
    work: () => Promise<T>,
  ) => Promise<{ result: T; asked: Record<string, string> }>
}

const folder = mkdtempSync(join(tmpdir(), 'mera-answers-'))
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

const module = new URL('../../../reports/rendering/answers.mjs', import.meta.url).href
const { openAnswers } = (await import(module)) as {
  openAnswers: (edition: string, former: Record<string, string>) => Answers
}

const write = async (name: string, values: string): Promise<string> => {
  const file = join(folder, name)
  const instance = await DuckDBInstance.create(file)
  const connection = await instance.connect()
  await connection.run('create schema marts')
  await connection.run(`create table marts.m as select * from (values ${values}) t(k, x, n)`)
  connection.closeSync()
  instance.closeSync()
  return file
}

let first: string
let second: string
beforeAll(async () => {
  first = await write('first.duckdb', "('a', 1.5::double, 2::bigint), ('b', null, 3)")
  second = await write('second.duckdb', "('a', 1.5::double, 2::bigint), ('b', 'nan', 3)")
})

const of = (key: string): string => `select x, n from marts.m where k = '${key}'`

describe('the answers to the questions of pages', () => {
  it('come at once, with names and types of columns and whole numbers as numbers', () => {
    const { columns, rows } = openAnswers(first, {}).ask(`${of('a')}\n`)
    expect(columns).toEqual([
      ['x', 'DOUBLE'],
      ['n', 'BIGINT'],
    ])
    expect(rows).toEqual([{ x: 1.5, n: 2 }])
  })

  it('each belong to their question, however fast many are put', () => {
    const { ask } = openAnswers(first, {})
    for (let i = 0; i < 1500; i++) expect(ask(`select ${i} as i`).rows).toEqual([{ i }])
  })

  it('are one for a question that Evidence names twice', async () => {
    const { ask, whileAsking } = openAnswers(first, {})
    const named = (name: string): string => `SELECT * FROM (${of('a')}) AS "inputQuery-${name}"`
    const { result, asked } = await whileAsking(() =>
      Promise.resolve([ask(`---- Data q1\n${named('0Z')}\n`), ask(named('-x'))]),
    )
    expect(result[0]).toBe(result[1])
    expect(Object.keys(asked)).toHaveLength(1)
  })

  it('have columns where there are no rows', () => {
    const { columns, rows } = openAnswers(first, {}).ask(of('c'))
    expect(columns.map(([name]) => name)).toEqual(['x', 'n'])
    expect(rows).toEqual([])
  })

  it('say what is wrong with a question, every time', () => {
    const { ask } = openAnswers(first, {})
    for (let i = 0; i < 2; i++)
      expect(() => ask('select y from marts.m')).toThrow(/Binder Error.*"y"/)
  })

  it('tell which questions have another answer in the next edition; what is missing is not what is no number', async () => {
    const before = openAnswers(first, {})
    const { asked } = await before.whileAsking(() =>
      Promise.resolve(['a', 'b', 'c'].map((key) => before.ask(of(key)))),
    )
    expect(await openAnswers(first, asked).changed).toEqual(new Set())
    const after = openAnswers(second, asked)
    expect(await after.changed).toEqual(new Set([of('b')]))
    expect(after.ask(of('b')).rows).toEqual([{ x: NaN, n: 3 }])
  })

  it('are refused where the edition does not open', async () => {
    await expect(openAnswers(join(folder, 'none.duckdb'), {}).changed).rejects.toThrow('none')
  })
})
