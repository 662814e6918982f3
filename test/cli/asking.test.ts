import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readManifest } from '../../warehouse/generation.ts'
import { mera as run } from '../support/mera.ts'
import { openOffice, type Office } from '../support/office.ts'

let office: Office
beforeAll(async () => {
  office = await openOffice()
})
afterAll(() => office.remove())

describe('mera status', () => {
  test('holds what is published, table by table, as the manifest says', async () => {
    const { published, deliveries, workflows } = await office.status()
    const manifest = await readManifest(office.sample.home, office.sample.generation)
    expect(published.generation).toBe(manifest.generation)
    expect(published.contentHash).toBe(manifest.contentHash)
    expect(published.tables).toEqual(
      Object.entries(manifest.tables).map(([table, { rows, hash }]) => ({ table, rows, hash })),
    )
    expect(deliveries).toContainEqual(
      expect.objectContaining({ source: 'staff_register', year: 2026, state: 'delivered' }),
    )
    expect(published.checks).toEqual(manifest.checks)
    expect(workflows).toBeNull()
  })
  test('reads expected deliveries from the office’s settings', async () => {
    await writeFile(
      join(office.cwd, 'data', 'settings', 'expected-deliveries.json'),
      JSON.stringify([
        { source: 'staff_register', year: 2099, due: '2099-10-01' },
        { source: 'staff_register', year: 2020 },
      ]),
    )
    const { deliveries } = await office.status()
    const { stdout } = await office.mera('status')
    await rm(join(office.cwd, 'data', 'settings', 'expected-deliveries.json'))
    expect(deliveries[0]).toMatchObject({
      source: 'staff_register',
      year: 2099,
      state: 'not_delivered',
      due: '2099-10-01',
      isOverdue: false,
    })
    expect(deliveries).toContainEqual(
      expect.objectContaining({ year: 2020, state: 'not_delivered', isOverdue: true }),
    )
    expect(stdout).toMatch(/ 2098\/99 +ожидается +01\.10\.2099 /)
    expect(stdout).toMatch(/ 2019\/20 +просрочено /)
  })
})

describe('mera sql', () => {
  test('prints rows in the format asked for and nothing else', async () => {
    const text = 'select school_key from core.dim_school where is_current order by 1 limit 2'
    const csv = await office.mera('sql', text, '--format', 'csv')
    expect(csv.stdout).toMatch(/^school_key\r\n\S+\r\n\S+\r\n$/)
    const { rows, truncated } = (await office.mera('sql', text, '--json')).json()
    expect(rows).toHaveLength(2)
    expect(truncated).toBe(false)
    const parquet = await office.mera('sql', text, '--format', 'parquet')
    expect(parquet.bytes.subarray(0, 4).toString()).toBe('PAR1')
  })
  test('has a moment of an offset with seconds, as zones had them before 1920, by UTC', async () => {
    const moments = `timestamptz '1900-01-01 00:00:00.5+00' as old, timestamptz '2026-06-01 10:00:00+00' as new,
                     'infinity'::timestamptz as never, null::timestamptz as none`
    const { stdout } = await run(['sql', `select ${moments}`, '--format', 'csv'], {
      cwd: office.cwd,
      env: { TZ: 'Europe/Moscow' },
    })
    expect(stdout).toBe(
      'old,new,never,none\r\n1900-01-01 00:00:00.5+00,2026-06-01 13:00:00+03,infinity,\r\n',
    )
  })
  test('gives no more rows than the limit and says that there were more', async () => {
    const { json, stderr } = await office.mera(
      'sql',
      'from core.fct_result',
      '--limit',
      '3',
      '--json',
    )
    expect(json()).toMatchObject({ truncated: true })
    expect(json()['rows']).toHaveLength(3)
    expect(stderr).toContain('--limit')
  })
  test.each([
    ['create table t as select 1'],
    ["select * from read_text('/etc/hostname')"],
    ['select 1) as q; drop table core.dim_school; select (1'],
    ["select * from (copy (select 1) to 'x.csv')"],
    ['set enable_external_access = true'],
  ])('«%s» is refused', async (text) => {
    const { code, stdout, stderr } = await office.mera('sql', text)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain('Что делать')
  })
  test('shows the SQL of a model, which runs', async () => {
    const { stdout } = await office.mera('sql', '--show', 'mart_data_quality')
    expect(stdout).toContain('"ledger"."sheet"')
    expect((await office.mera('sql', stdout, '--json')).code).toBe(0)
  })
  test('lists what a check finds instead of a question, and shows its SQL', async () => {
    const { checks } = await readManifest(office.sample.home, office.sample.generation)
    const ran = await office.mera('sql', '--check', 'school_unknown', '--json')
    const { rows, ...rest } = ran.json() as { rows: unknown[] }
    expect(rows).toHaveLength(checks.find(({ check }) => check === 'school_unknown')?.found ?? -1)
    expect(rest).toMatchObject({
      check: 'school_unknown',
      title: 'Школы нет в справочнике',
      generation: office.sample.generation,
      about: { table: 'core.bridge_school_ref' },
    })
    const csv = await office.mera('sql', '--check', 'school_unknown', '--format', 'csv')
    expect(csv.stdout).toMatch(/^school_ref_system,school_ref,school_key\r\n/)
    expect(csv.stderr).toContain('Школы нет в справочнике: ')
    const { stdout } = await office.mera('sql', '--show', 'school_unknown')
    expect(stdout).toContain('"core"."bridge_school_ref"')
  })
  test.each([
    [['--check', 'school_unknwn'], 'school_unknown'],
    [['select 1', '--check', 'school_unknown'], 'что-то одно'],
    [['--check', 'school_unknown', '--edition', 'official'], 'уберите --edition'],
    [['--check', 'school_unknown', '--generation', 'g99999'], 'g99999'],
  ])('%j is a slip that says what to do', async (args, said) => {
    const { code, stderr } = await office.mera('sql', ...args)
    expect(code).toBe(2)
    expect(stderr).toContain(said)
  })
})

describe('an edition that is none', () => {
  test.each([['foo'], ['../warehouse']])('%s: those that there are, whoever asks', async (name) => {
    for (const args of [
      ['sql', 'select 1'],
      ['reports', 'build'],
    ]) {
      const { code, stderr } = await office.mera(...args, '--edition', name)
      expect(code).toBe(2)
      expect(stderr).toBe(
        `Ошибка: в поколении ${office.sample.generation} нет издания «${name}»\n  Что делать: есть official\n`,
      )
    }
  })
})

describe('mera describe', () => {
  test('holds grain, columns, parents and checks of a table', async () => {
    const { tables } = (await office.mera('describe', 'fct_result', '--json')).json() as {
      tables: Record<string, unknown>[]
    }
    expect(tables).toHaveLength(1)
    expect(tables[0]).toMatchObject({
      table: 'core.fct_result',
      kind: 'model',
      grain: expect.arrayContaining(['pupil_key', 'school_year']) as string[],
      parents: expect.arrayContaining(['entities.result', 'core.dim_school']) as string[],
      children: expect.arrayContaining(['core.agg_mark']) as string[],
    })
    expect(tables[0]?.['columns']).toContainEqual({
      name: 'mark',
      type: 'INTEGER',
      doc: 'отметка от 2 до 5, как в файле',
      nullable: true,
    })
  })
  test('writes the dictionary as Markdown', async () => {
    const { stdout } = await office.mera('describe', 'mean_mark', '--markdown')
    expect(stdout).toMatch(/^## indicators\.mean_mark\n/)
    expect(stdout).toContain('Единица: отметка')
    expect(stdout).toMatch(/\| value \| DOUBLE \| да \|/)
  })
  test('a shortened option is a slip that names the whole one', async () => {
    const { code, stderr } = await office.mera('describe', '--md')
    expect(code).toBe(2)
    expect(stderr).toContain('возможно, --markdown')
  })
  test('names what is near when there is no such table', async () => {
    const { code, stderr } = await office.mera('describe', 'core.fct_resul')
    expect(code).toBe(2)
    expect(stderr).toContain('core.fct_result')
  })
})
