import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { integer, text } from '../../transforms/contract/column.ts'
import { defineComputation } from '../../transforms/contract/computation.ts'
import { defineParameters, threshold, thresholdIn } from '../../transforms/contract/parameter.ts'
import { defineModel } from '../../transforms/contract/table.ts'
import { build } from '../../warehouse/build.ts'
import { withAdditions, type Step } from '../../warehouse/catalog.ts'
import { combined } from '../../warehouse/content.ts'
import { Database } from '../../warehouse/database.ts'
import { ContractError, SettingsInvalid } from '../../warehouse/errors.ts'
import { listGenerations, readManifest, warehouseFile } from '../../warehouse/generation.ts'
import type { Home } from '../../warehouse/home.ts'
import { withLedger } from '../../warehouse/ledger.ts'
import { scratch, type Scratch } from '../support/home.ts'
import {
  catalogOf,
  computationStep,
  doubled,
  martMini,
  miniSteps,
  parameterStep,
  rate,
  rateRow,
  sqlStep,
  summed,
  withStep,
} from '../support/mini.ts'

const tablesOf = ({ built }: Awaited<ReturnType<typeof build>>): readonly string[] =>
  built.map(({ table }) => table).sort()
const rowsIn = async (home: Home, generation: string, query: string) => {
  const database = await Database.open(warehouseFile(home, generation), { readOnly: true })
  try {
    return await database.rows(query)
  } finally {
    database.close()
  }
}
const withRowsOfFiles = (home: Home, rows: number): Promise<void> =>
  withLedger(home, 'test', (ledger) =>
    ledger.database.run(`delete from sheet; insert into sheet (loaded) values (${String(rows)})`),
  )
const all = [
  'core.doubled',
  'core.summed',
  'core.titled',
  'marts.mart_mini',
  'parameters.label',
  'parameters.rate',
]

describe('build(home, catalog)', () => {
  let place: Scratch
  let home: Home
  beforeEach(async () => {
    place = await scratch()
    home = await place.home('home')
  })
  afterEach(() => place.remove())
  const mini = catalogOf(miniSteps)
  const rates = (...rows: readonly ReturnType<typeof rateRow>[]): Step => parameterStep(rate, rows)

  it('makes every table the first time and tells it in the manifest', async () => {
    const report = await build(home, mini)
    expect(report).toMatchObject({ generation: 'g00001', isNew: true, unchanged: 0, checks: [] })
    expect(tablesOf(report)).toEqual(all)
    expect(await rowsIn(home, 'g00001', 'select * from marts.mart_mini order by name')).toEqual([
      { name: 'a', title: 'Первая', twice: 2 },
      { name: 'b', title: 'Вторая', twice: 4 },
    ])
    expect(await rowsIn(home, 'g00001', 'select * from core.summed')).toEqual([
      { rates: 2, total: 6 },
    ])
    const manifest = await readManifest(home, 'g00001')
    expect(manifest).toMatchObject({ generation: 'g00001', project: 'mini', checks: [] })
    expect(Object.keys(manifest.tables).sort()).toEqual(all)
    expect(Object.values(manifest.tables).map(({ rows }) => rows)).toEqual([2, 2, 2, 2, 1, 2])
    for (const { fingerprint, hash } of Object.values(manifest.tables))
      expect([fingerprint, hash]).toEqual(Array(2).fill(expect.stringMatching(/^[\da-f]{64}$/)))
    expect(manifest.contentHash).toBe(
      combined(
        Object.fromEntries(Object.entries(manifest.tables).map(([name, { hash }]) => [name, hash])),
      ),
    )
    expect(report.contentHash).toBe(manifest.contentHash)
  })

  it('builds nothing when nothing changed', async () => {
    const first = await build(home, mini)
    expect(await build(home, mini)).toEqual({
      generation: 'g00001',
      isNew: false,
      contentHash: first.contentHash,
      built: [],
      unchanged: 6,
      checks: [],
    })
    expect(await readdir(home.generations)).toEqual(['g00001'])
  })

  it('begins a file anew where nothing of the one before would stay', async () => {
    const { contentHash } = await build(home, mini)
    const manifest = await readManifest(home, 'g00001')
    const tables = Object.fromEntries(
      Object.entries(manifest.tables).map(([id, state]) => [id, { ...state, fingerprint: id }]),
    )
    const folder = join(home.generations, 'g00001')
    await writeFile(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, tables }))
    await rm(warehouseFile(home, 'g00001'))
    expect(await build(home, mini)).toMatchObject({ contentHash, isNew: true, unchanged: 0 })
  })

  it('lays a warehouse that outgrew its blocks out anew, and keeps it so', async () => {
    const blockOf = async (generation: string): Promise<unknown> =>
      (await rowsIn(home, generation, 'select block_size from pragma_database_size()'))[0]
    const changed = (value: number) =>
      catalogOf(withStep(miniSteps, rates(rateRow('a', value), rateRow('b', 3))))
    await build(home, mini)
    expect(await blockOf('g00001')).toEqual({ block_size: 65_536 })
    await withRowsOfFiles(home, 9_000_000)
    const grown = await build(home, changed(1))
    expect(grown.unchanged).toBe(0)
    expect(await blockOf('g00002')).toEqual({ block_size: 262_144 })
    await withRowsOfFiles(home, 9)
    expect((await build(home, changed(2))).unchanged).toBe(2)
    expect(await blockOf('g00003')).toEqual({ block_size: 262_144 })
  })

  it('builds what depends on a change and carries the rest over', async () => {
    await build(home, mini)
    const changed = catalogOf(withStep(miniSteps, rates(rateRow('a', 1), rateRow('b', 3))))
    const report = await build(home, changed)
    expect(tablesOf(report)).toEqual([
      'core.doubled',
      'core.summed',
      'marts.mart_mini',
      'parameters.rate',
    ])
    expect(report).toMatchObject({ generation: 'g00002', unchanged: 2 })
    expect(await rowsIn(home, 'g00002', 'select total from core.summed')).toEqual([{ total: 8 }])
    expect(await rowsIn(home, 'g00001', 'select total from core.summed')).toEqual([{ total: 6 }])
  })

  it('stops where a table that was built anew has the content of before', async () => {
    await build(home, mini)
    const noted = catalogOf(withStep(miniSteps, rates(rateRow('a', 1, 'why'), rateRow('b', 2))))
    expect(tablesOf(await build(home, noted))).toEqual(['core.doubled', 'parameters.rate'])
  })

  it('does not mind the order of rows', async () => {
    const { contentHash } = await build(home, mini)
    const turned = catalogOf(withStep(miniSteps, rates(rateRow('b', 2), rateRow('a', 1))))
    const report = await build(home, turned)
    expect(report).toMatchObject({ isNew: false, contentHash })
    const ordered = defineModel('file:///mini/core/doubled.ts', {
      ...doubled.definition,
      select: () => sql`select name, value * 2 as twice from ${rate} order by name desc`,
    })
    const again = await build(home, catalogOf(withStep(miniSteps, sqlStep(ordered))))
    expect(tablesOf(again)).toEqual(['core.doubled'])
    expect(again.contentHash).toBe(contentHash)
  })

  it('builds a model whose SQL changed and a computation whose code changed, and nothing else', async () => {
    await build(home, mini)
    const thrice = defineModel('file:///mini/core/doubled.ts', {
      ...doubled.definition,
      select: () => sql`select name, value + value as twice from ${rate}`,
    })
    expect(tablesOf(await build(home, catalogOf(withStep(miniSteps, sqlStep(thrice)))))).toEqual([
      'core.doubled',
    ])
    const newer = computationStep(summed, 'version 2')
    expect(tablesOf(await build(home, catalogOf(withStep(miniSteps, newer))))).toEqual([
      'core.doubled',
      'core.summed',
    ])
  })

  it('drops a table that no file declares any more', async () => {
    await build(home, mini)
    const fewer = catalogOf(miniSteps.filter(({ table }) => table.id !== martMini.id))
    const { generation, contentHash } = await build(home, fewer)
    expect(
      await rowsIn(
        home,
        generation,
        "select table_name from duckdb_tables() where schema_name = 'marts'",
      ),
    ).toEqual([])
    expect((await build(home, fewer, { full: true })).contentHash).toBe(contentHash)
  })

  it('keeps the query alone of a model that is a view, and follows a model that becomes one or ceases to be', async () => {
    const kindIn = async (generation: string): Promise<unknown> =>
      (
        await rowsIn(
          home,
          generation,
          `select 'view' as kind, comment from duckdb_views() where view_name = 'doubled'
           union all select 'table', comment from duckdb_tables() where table_name = 'doubled'`,
        )
      )[0]
    const seen = sqlStep(
      defineModel('file:///mini/core/doubled.ts', {
        ...doubled.definition,
        grain: ['name'],
        unfolds: { lists: ['name', 'twice'], present: 'twice' },
        select: () =>
          sql`select list(name order by name) as name, list(value * 2 order by name) as twice from ${rate}`,
      }),
    )
    const viewed = withStep(miniSteps, seen)
    await build(home, mini)
    const first = await build(home, catalogOf(viewed))
    expect(tablesOf(first)).toEqual(['core.doubled', 'core.summed', 'marts.mart_mini'])
    expect(await kindIn(first.generation)).toEqual({ kind: 'view', comment: 'One row per rate.' })
    expect(first.built.find(({ table }) => table === 'core.doubled')?.rows).toBe(2)

    const changed = withStep(viewed, rates(rateRow('a', 1), rateRow('b', 3)))
    const second = await build(home, catalogOf(changed))
    expect(tablesOf(second)).toEqual([
      'core.doubled',
      'core.summed',
      'marts.mart_mini',
      'parameters.rate',
    ])
    expect(await rowsIn(home, second.generation, 'select total from core.summed')).toEqual([
      { total: 8 },
    ])
    const { contentHash } = await build(home, catalogOf(changed), { full: true })
    expect(contentHash).toBe(second.contentHash)

    const back = await build(home, mini)
    expect(await kindIn(back.generation)).toMatchObject({ kind: 'table' })
  })

  it('equals a full rebuild after any of these', async () => {
    await build(home, mini)
    await build(home, catalogOf(withStep(miniSteps, rates(rateRow('a', 7)))))
    const last = await build(home, mini)
    const full = await build(home, mini, { full: true })
    expect(full).toMatchObject({ contentHash: last.contentHash, unchanged: 0 })
    expect(tablesOf(full)).toEqual(all)
  })

  it('writes what tables and columns mean into the database', async () => {
    const { generation } = await build(home, mini)
    expect(
      await rowsIn(
        home,
        generation,
        "select comment from duckdb_tables() where table_name = 'doubled'",
      ),
    ).toEqual([{ comment: 'One row per rate.' }])
    expect(
      await rowsIn(
        home,
        generation,
        "select comment from duckdb_columns() where table_name = 'doubled' and column_name = 'twice'",
      ),
    ).toEqual([{ comment: 'Twice as much' }])
  })

  it('tells its progress table by table', async () => {
    const told: string[] = []
    await build(home, mini, {
      onProgress: (done, total, table) => told.push(`${String(done)}/${String(total)} ${table}`),
    })
    expect(told).toHaveLength(7)
    expect([told[0], told.at(-1)]).toEqual(['0/6 parameters.rate', '6/6 '])
  })

  describe('that fails', () => {
    const failing = (message: string): Step =>
      computationStep(
        defineComputation('file:///mini/core/summed.ts', {
          ...summed.definition,
          compute: () => {
            throw new Error(message)
          },
        }),
        message,
      )

    it('leaves no trace, and the next build goes on from what stood', async () => {
      const first = await build(home, mini)
      await expect(build(home, catalogOf(withStep(miniSteps, failing('broken'))))).rejects.toThrow(
        'broken',
      )
      expect(await readdir(home.generations)).toEqual(['g00001'])
      expect(await build(home, mini)).toMatchObject({
        generation: 'g00001',
        isNew: false,
        contentHash: first.contentHash,
      })
    })

    it('leaves no trace when it is the first', async () => {
      await expect(build(home, catalogOf(withStep(miniSteps, failing('broken'))))).rejects.toThrow(
        'broken',
      )
      expect(await readdir(home.generations)).toEqual([])
      expect(await build(home, mini)).toMatchObject({ generation: 'g00001', isNew: true })
    })

    it('leaves no trace, and no database open, when the warehouse of before cannot be copied', async () => {
      await build(home, mini)
      await rm(warehouseFile(home, 'g00001'))
      const close = vi.spyOn(Database.prototype, 'close')
      const changed = catalogOf(withStep(miniSteps, rates(rateRow('a', 5))))
      await expect(build(home, changed)).rejects.toMatchObject({ code: 'ENOENT' })
      const closed = close.mock.contexts.map((each) => (each as Database).path)
      close.mockRestore()
      expect(closed).toContain(':memory:')
      expect(await readdir(home.generations)).toEqual(['g00001'])
    })

    it('leaves no trace when it is called off', async () => {
      const controller = new AbortController()
      const stopped = build(home, mini, {
        signal: controller.signal,
        onProgress: (done) => {
          if (done === 3) controller.abort()
        },
      })
      await expect(stopped).rejects.toThrow(/abort/i)
      expect(await readdir(home.generations)).toEqual([])
    })

    it('names a query that does not yield its contract', async () => {
      const drifted = defineModel('file:///mini/core/doubled.ts', {
        ...doubled.definition,
        select: () => sql`select name, value::integer as twice from ${rate}`,
      })
      const broken = catalogOf(withStep(miniSteps, sqlStep(drifted)))
      await expect(build(home, broken)).rejects.toThrow(ContractError)
      await expect(build(home, broken)).rejects.toThrow(
        'core.doubled: twice is INTEGER, declared DOUBLE',
      )
    })
  })

  describe('over tables that stand', () => {
    it('names a query that no longer yields its contract', async () => {
      await build(home, mini)
      const drifted = defineModel('file:///mini/core/doubled.ts', {
        ...doubled.definition,
        select: () => sql`select name, value::integer as twice from ${rate}`,
      })
      await expect(build(home, catalogOf(withStep(miniSteps, sqlStep(drifted))))).rejects.toThrow(
        'core.doubled: twice is INTEGER, declared DOUBLE',
      )
    })

    it('names a query that yields another type because what it reads does', async () => {
      await build(home, mini)
      const whole = defineModel('file:///mini/core/doubled.ts', {
        ...doubled.definition,
        columns: { name: text('Which'), twice: integer('Twice as much') },
        select: () => sql`select name, (value * 2)::integer as twice from ${rate}`,
      })
      await expect(build(home, catalogOf(withStep(miniSteps, sqlStep(whole))))).rejects.toThrow(
        'marts.mart_mini: twice is INTEGER, declared DOUBLE',
      )
    })
  })

  it('ignores and clears away what an interrupted build left', async () => {
    const first = await build(home, mini)
    await mkdir(join(home.generations, 'g00002.tmp'))
    await writeFile(join(home.generations, 'g00002.tmp', 'warehouse.duckdb'), 'half')
    await mkdir(join(home.generations, 'g00007'))
    const changed = catalogOf(withStep(miniSteps, rates(rateRow('a', 5))))
    expect(await listGenerations(home)).toEqual(['g00001'])
    expect(await build(home, changed)).toMatchObject({ generation: 'g00002', isNew: true })
    expect(await readdir(home.generations)).not.toContain('g00002.tmp')
    expect((await build(home, mini)).contentHash).toBe(first.contentHash)
  })

  it('lets a row of the office’s settings stand over the shared one and builds only what uses it', async () => {
    await build(home, mini)
    await writeFile(
      join(home.settings, 'parameters.json'),
      JSON.stringify({ rate: [{ name: 'b', value: 10, note: 'приказ' }] }),
    )
    const report = await build(home, mini)
    expect(tablesOf(report)).toEqual([
      'core.doubled',
      'core.summed',
      'marts.mart_mini',
      'parameters.rate',
    ])
    expect(
      await rowsIn(
        home,
        report.generation,
        'select name, value, source from parameters.rate order by name',
      ),
    ).toEqual([
      { name: 'a', value: 1, source: 'test' },
      { name: 'b', value: 10, source: 'settings/parameters.json' },
    ])
  })

  it('takes rows of its own project and of all, not of another', async () => {
    const rows = [
      rateRow('a', 1),
      { ...rateRow('c', 2), scope: 'mini' },
      { ...rateRow('d', 3), scope: 'elsewhere' },
    ]
    const { generation } = await build(home, catalogOf(withStep(miniSteps, rates(...rows))))
    expect(await rowsIn(home, generation, 'select name from core.doubled order by name')).toEqual([
      { name: 'a' },
      { name: 'b' },
      { name: 'c' },
    ])
  })

  it('names a number that a query asks for and no parameter row gives', async () => {
    const rule = defineParameters('file:///mini/parameters/rule.ts', {
      doc: 'One row per number.',
      grain: ['name'],
      isYearly: true,
      columns: threshold,
      rows: [],
    })
    const asking = defineModel('file:///mini/core/doubled.ts', {
      ...doubled.definition,
      select: () => sql`
        select name, ${thresholdIn(rule, 'novice_years', sql`2026`)} as twice from ${rate}`,
    })
    const steps = withStep([parameterStep(rule), ...miniSteps], sqlStep(asking))
    await expect(build(home, catalogOf(steps))).rejects.toMatchObject({
      name: 'MissingParameter',
      message: 'нет параметра «novice_years» в таблице parameters.rule',
      hint: expect.stringContaining('settings/parameters.json') as string,
    })
  })

  it('names a parameter table in the settings that does not exist', async () => {
    await writeFile(join(home.settings, 'parameters.json'), JSON.stringify({ rates: [] }))
    await expect(build(home, mini)).rejects.toThrow(SettingsInvalid)
    await expect(build(home, mini)).rejects.toThrow(
      'нет таблицы параметров «rates»; есть: rate, label',
    )
  })
})

describe('withAdditions(table, additions)', () => {
  it('replaces a row of the same grain, scope and validity and adds any other', () => {
    const shared = parameterStep(rate)
    const later = { ...rateRow('a', 9), valid_from: '2026-09-01' }
    const until = { ...rateRow('a', 8), valid_to: '2024-08-31' }
    const office = parameterStep(rate, [rateRow('b', 20), later, until])
    if (shared.kind !== 'parameter' || office.kind !== 'parameter') throw new Error('no parameters')
    expect(withAdditions(shared.table, [office])).toEqual([
      rateRow('a', 1),
      rateRow('b', 20),
      later,
      until,
    ])
  })
})
