import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { double, integer, nullable, text } from '../../transforms/contract/column.ts'
import { defineCheck } from '../../transforms/contract/check.ts'
import { defineModel, type Model } from '../../transforms/contract/table.ts'
import { build } from '../../warehouse/build.ts'
import { withAdditions, type Step } from '../../warehouse/catalog.ts'
import { compileQuery } from '../../warehouse/compile.ts'
import { combined } from '../../warehouse/content.ts'
import { Database } from '../../warehouse/database.ts'
import { CheckFailed, ContractError, SettingsInvalid } from '../../warehouse/errors.ts'
import {
  currentGeneration,
  listGenerations,
  readManifest,
  warehouseFile,
} from '../../warehouse/generation.ts'
import type { Home } from '../../warehouse/home.ts'
import { publish } from '../../warehouse/publish.ts'
import { scratch, type Scratch } from '../support/home.ts'
import {
  catalogOf,
  doubled,
  label,
  martMini,
  miniSteps,
  rate,
  rateRow,
  summed,
  withStep,
} from '../support/mini.ts'
import { sampleHome, type SampleHome } from '../support/sample.ts'
import { catalog } from '../support/tables.ts'

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
const sqlStep = (table: Model): Step =>
  ({ kind: 'sql', table, query: compileQuery(table.definition.select({} as never)) }) as Step
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
  const rates = (...rows: readonly ReturnType<typeof rateRow>[]): Step =>
    ({ kind: 'parameter', table: rate, rows }) as unknown as Step

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
    expect(await listGenerations(home)).toEqual(['g00001'])
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
    const again = await build(
      home,
      catalogOf(withStep(miniSteps, sqlStep(ordered as unknown as Model))),
    )
    expect(tablesOf(again)).toEqual(['core.doubled'])
    expect(again.contentHash).toBe(contentHash)
  })

  it('builds a model whose SQL changed and a computation whose code changed, and nothing else', async () => {
    await build(home, mini)
    const thrice = defineModel('file:///mini/core/doubled.ts', {
      ...doubled.definition,
      select: () => sql`select name, value + value as twice from ${rate}`,
    })
    expect(
      tablesOf(
        await build(home, catalogOf(withStep(miniSteps, sqlStep(thrice as unknown as Model)))),
      ),
    ).toEqual(['core.doubled'])
    const computation = miniSteps.find(({ table }) => table.id === summed.id)!
    const newer = { ...computation, code: 'version 2' } as Step
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
      ({
        ...miniSteps.find(({ table }) => table.id === summed.id)!,
        code: message,
        table: Object.assign(Object.create(summed) as typeof summed, {
          definition: {
            ...summed.definition,
            compute: () => {
              throw new Error(message)
            },
          },
        }),
      }) as Step

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
      const broken = catalogOf(withStep(miniSteps, sqlStep(drifted as unknown as Model)))
      await expect(build(home, broken)).rejects.toThrow(ContractError)
      await expect(build(home, broken)).rejects.toThrow(
        'core.doubled: twice is INTEGER, declared DOUBLE',
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

  describe('over data that break a promise', () => {
    const breaking = (select: string, columns = doubled.columns as Model['columns']): Step =>
      sqlStep(
        defineModel('file:///mini/core/doubled.ts', {
          doc: 'One row per rate.',
          grain: ['name'],
          columns,
          select: () => sql.raw(select),
        } as never) as unknown as Model,
      )
    const found = async (step: Step) =>
      (await build(home, catalogOf(withStep(miniSteps, step)))).checks.map(
        ({ check, severity, found: rows }) => [check, severity, rows],
      )

    it('finds a repeated grain', async () => {
      expect(
        await found(breaking("select unnest(['a', 'b', 'a', 'a']) as name, 1::double as twice")),
      ).toEqual([
        ['core.doubled:grain', 'error', 1],
        ['marts.mart_mini:grain', 'error', 1],
      ])
    })

    it('finds an empty column that may not be empty', async () => {
      expect(
        await found(breaking("select unnest(['a', 'b']) as name, null::double as twice")),
      ).toEqual([['core.doubled:not-null twice', 'error', 2]])
    })

    it('finds a reference that leads nowhere', async () => {
      expect(await found(breaking("select 'a' as name, 1::double as twice"))).toEqual([
        ['marts.mart_mini:reference name', 'error', 1],
      ])
    })

    it('says so in Russian with what to do, and stops publication', async () => {
      const step = breaking("select unnest(['a', 'b', 'a']) as name, 1::double as twice")
      const broken = catalogOf(withStep(miniSteps, step))
      const good = await build(home, mini)
      await publish(home, mini, good.generation)
      const { generation, checks } = await build(home, broken)
      for (const { title, what, when, remedy } of checks)
        for (const told of [title, what, when, remedy]) expect(told).toMatch(/[а-яё]{3}/i)
      await expect(publish(home, broken, generation)).rejects.toThrow(CheckFailed)
      await expect(publish(home, broken, generation)).rejects.toThrow(
        /не опубликовано.*повторяется ключ/,
      )
      expect(await currentGeneration(home)).toBe(good.generation)
    })

    it('keeps what it found while the table is carried over, and forgets it when it is made good', async () => {
      const step = breaking("select unnest(['a', 'b', 'a']) as name, 1::double as twice")
      await build(home, catalogOf(withStep(miniSteps, step)))
      const labelled = {
        kind: 'parameter',
        table: label,
        rows: label.definition.rows.map((row) => ({ ...row, title: 'Иная' })),
      } as unknown as Step
      const carried = await build(home, catalogOf(withStep(withStep(miniSteps, step), labelled)))
      expect(tablesOf(carried)).not.toContain('core.doubled')
      expect(carried.checks.map(({ check }) => check)).toContain('core.doubled:grain')
      expect((await build(home, mini)).checks).toEqual([])
    })
  })

  it('runs declared checks and counts the rows that should not exist', async () => {
    const check = defineCheck('file:///mini/checks/too_much.ts', {
      title: 'Слишком много',
      severity: 'warning',
      what: 'Больше трёх.',
      when: 'Всегда.',
      remedy: 'Убавьте.',
      select: () => sql`select * from ${doubled} where twice > 3`,
    })
    const checked = catalogOf(miniSteps, { checks: [check] })
    const { checks, generation } = await build(home, checked)
    expect(checks).toEqual([
      {
        check: 'too_much',
        title: 'Слишком много',
        severity: 'warning',
        found: 1,
        what: 'Больше трёх.',
        when: 'Всегда.',
        remedy: 'Убавьте.',
      },
    ])
    expect((await publish(home, checked, generation)).isNew).toBe(true)
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

  it('names a parameter table in the settings that does not exist', async () => {
    await writeFile(join(home.settings, 'parameters.json'), JSON.stringify({ rates: [] }))
    await expect(build(home, mini)).rejects.toThrow(SettingsInvalid)
    await expect(build(home, mini)).rejects.toThrow(
      'нет таблицы параметров «rates»; есть: rate, label',
    )
  })
})

describe('withAdditions(table, additions)', () => {
  it('replaces a row of the same grain, scope and first day and adds any other', () => {
    const later = { ...rateRow('a', 9), valid_from: '2026-09-01' }
    const rows = withAdditions(rate as never, [
      { table: rate, rows: [rateRow('b', 20), later] } as never,
    ])
    expect(rows).toEqual([rateRow('a', 1), rateRow('b', 20), later])
  })
})

describe('a build over the sample', () => {
  let place: Scratch
  let small: SampleHome
  beforeAll(async () => {
    small = await sampleHome('small')
    place = await scratch(small.key)
  })
  afterAll(() => place.remove())

  it('that was ended in the middle is taken up by the next, with the same content', async () => {
    const home = await place.home('killed', small.home.path)
    const before = await readManifest(home, small.generation)
    const script = fileURLToPath(new URL('../support/build_home.ts', import.meta.url))
    const child = spawn(process.execPath, ['--import', 'tsx', script, home.path], {
      cwd: fileURLToPath(new URL('../../', import.meta.url)),
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (told: Buffer) => {
        if (/\b(?:[3-9]\d)\/\d+ /.test(told.toString())) child.kill('SIGKILL')
      })
      child.on('exit', () => {
        resolve()
      })
    })
    expect(child.signalCode).toBe('SIGKILL')
    expect((await readdir(home.generations)).sort()).toEqual(['g00001', 'g00002.tmp'])
    expect(await currentGeneration(home)).toBe('g00001')
    const report = await build(home, await catalog(), { full: true })
    expect(report).toMatchObject({ generation: 'g00002', contentHash: before.contentHash })
    expect(existsSync(join(home.generations, 'g00002.tmp'))).toBe(false)
  })

  it('has no broken promise and finds nothing wrong in files without faults', async () => {
    const { checks } = await readManifest(small.home, small.generation)
    expect(checks.filter(({ found }) => found > 0)).toEqual([])
  })
})
