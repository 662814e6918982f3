import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { workbook } from '../../warehouse/workbook.ts'
import { readManifest } from '../../warehouse/generation.ts'
import { readWorkbook } from '../../warehouse/readers/index.ts'
import { mera as run, type Ran } from '../support/mera.ts'
import { sampleHome, type SampleHome } from '../support/sample.ts'

let sample: SampleHome
let cwd = ''
const mera = (...args: readonly string[]): Promise<Ran> =>
  run(args, { cwd, env: { MERA_KEY_FILE: sample.key } })

interface LoadJson {
  readonly read: number
  readonly loaded: number
  readonly quarantined: number
  readonly files: readonly {
    readonly path: string
    readonly sha256: string
    readonly status: string
    readonly sheets: readonly Record<string, unknown>[]
    readonly problems: readonly Record<string, unknown>[]
  }[]
}
interface BuildJson extends LoadJson {
  readonly status: string
  readonly generation: string
  readonly contentHash: string
  readonly built: readonly { readonly table: string; readonly rows: number; readonly ms: number }[]
  readonly unchanged: number
  readonly checks: readonly Record<string, unknown>[]
}
interface StatusJson {
  readonly published: {
    readonly generation: string
    readonly contentHash: string
    readonly tables: readonly Record<string, unknown>[]
  }
  readonly deliveries: readonly Record<string, unknown>[]
  readonly pinned: readonly string[]
  readonly waiting: string | null
  readonly runs: readonly Record<string, unknown>[]
  readonly publications: readonly Record<string, unknown>[]
  readonly workflows: unknown
}
const status = async (): Promise<StatusJson> =>
  (await mera('status', '--json')).json() as unknown as StatusJson

beforeAll(async () => {
  sample = await sampleHome('small')
  cwd = await mkdtemp(join(tmpdir(), 'mera-cli-'))
  await cp(sample.home.path, join(cwd, 'data'), { recursive: true })
})
afterAll(() => rm(cwd, { recursive: true, force: true }))

const staffFile = join('2025-2026', 'Кадры.xlsx')
/** The staff register again, some employees shorter. */
const corrected = async (name: string, without: number): Promise<string> => {
  const [sheet] = await readWorkbook(join(sample.files, staffFile))
  if (sheet === undefined) throw new Error('the staff register has no sheet')
  const rows = sheet.rows.filter((row) => row.some((cell) => cell !== null))
  await mkdir(join(cwd, 'исправленное'), { recursive: true })
  const file = join(cwd, 'исправленное', name)
  await writeFile(file, workbook({ name: sheet.name, rows: rows.slice(0, -without) }))
  return file
}

describe('mera sample', () => {
  test('writes the same bytes for the same options and says which files', async () => {
    const options = ['--schools', '2', '--years', '2026..2026', '--json']
    const [one, other] = await Promise.all([
      mera('sample', 'один', ...options),
      mera('sample', 'два', ...options),
    ])
    expect([one.code, other.code]).toEqual([0, 0])
    const { files } = one.json() as { files: string[] }
    expect(files).toContain('truth.json')
    expect((other.json() as { files: string[] }).files).toEqual(files)
    for (const file of files)
      expect(await readFile(join(cwd, 'два', file))).toEqual(
        await readFile(join(cwd, 'один', file)),
      )
  })
  test('never mixes a sample with what a folder holds', async () => {
    expect((await mera('sample', 'один')).code).toBe(2)
  })
})

describe('mera check', () => {
  test('says what a file is without a home', async () => {
    const { code, json } = await mera(
      'check',
      join(sample.files, staffFile),
      '--home',
      'нет',
      '--json',
    )
    const { files, read, loaded, quarantined } = json() as unknown as LoadJson
    expect(code).toBe(0)
    expect(files).toHaveLength(1)
    expect(files[0]?.sheets[0]).toMatchObject({ source: 'staff_register' })
    expect(read).toBeGreaterThan(0)
    expect(loaded + quarantined).toBe(read)
  })
  test('a file that no form claims ends with code 1 and says so', async () => {
    await writeFile(join(cwd, 'меню.csv'), 'блюдо;цена\nсуп;100\n')
    const { code, stdout } = await mera('check', 'меню.csv')
    expect(code).toBe(1)
    expect(stdout).toContain('ни одна известная форма не подходит')
  })
})

describe('mera load', () => {
  test('loading the same again loads nothing, and standard output is one object', async () => {
    const { code, stdout, stderr, json } = await mera('load', sample.files, '--json')
    const report = json() as unknown as LoadJson
    expect(code).toBe(0)
    expect(stdout.trimEnd().split('\n')).toHaveLength(1)
    expect(stderr).toContain('Исполнение: в этом процессе')
    expect([report.read, report.loaded, report.quarantined]).toEqual([0, 0, 0])
    expect(new Set(report.files.map((file) => file.status))).toEqual(new Set(['unchanged']))
    expect(report.files[0]).toMatchObject({
      sha256: expect.stringMatching(/^[\da-f]{64}$/) as string,
    })
  })
  test('a log is quiet: a line a stage and nothing rewritten', async () => {
    const { stdout, stderr } = await mera('load', sample.files)
    expect(stderr).not.toMatch(/[\r\u001b]/)
    expect(stderr.trimEnd().split('\n').length).toBeLessThan(8)
    expect(stdout).toMatch(/^Файлов: \d+ \(без изменений \d+\)\n$/)
  })
  test('a file of no bytes is refused, not counted among those without data', async () => {
    await writeFile(join(cwd, 'ВПР 5 класс.xlsx'), '')
    const { code, stdout } = await mera('check', 'ВПР 5 класс.xlsx')
    expect(code).toBe(1)
    expect(stdout).toContain('отклонено 1')
    expect(stdout).toMatch(/✗ .*ВПР 5 класс\.xlsx: файл пуст.*; получите его у отправителя заново/)
  })
  test('a file that is to replace one that never came is not taken in', async () => {
    const file = await corrected('Кадры (взамен).xlsx', 2)
    const before = await mera('status', '--json')
    const { code, stdout, stderr } = await mera('load', file, '--fact', 'supersedes=deadbeef00')
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain('supersedes=deadbeef00 не называет ни одного полученного файла')
    expect(stderr).toMatch(/Что делать: .*mera sql/)
    expect((await mera('status', '--json')).json()['files']).toBe(before.json()['files'])
  })
  test('a damaged file ends with code 1 and leaves the rest as it was', async () => {
    await writeFile(join(cwd, 'сломан.xlsx'), Buffer.from('PK\u0003\u0004 и больше ничего'))
    const { code, stdout, stderr } = await mera('load', 'сломан.xlsx')
    expect(code).toBe(1)
    expect(stdout).toContain('отклонено 1')
    expect(stdout).toMatch(/✗ .*сломан\.xlsx/)
    expect(stderr).not.toMatch(/\n\s+at /)
  })
})

describe('mera status', () => {
  test('holds what is published, table by table, as the manifest says', async () => {
    const { published, deliveries, workflows } = await status()
    const manifest = await readManifest(sample.home, sample.generation)
    expect(published.generation).toBe(manifest.generation)
    expect(published.contentHash).toBe(manifest.contentHash)
    expect(published.tables).toEqual(
      Object.entries(manifest.tables).map(([table, { rows, hash }]) => ({ table, rows, hash })),
    )
    expect(deliveries).toContainEqual(
      expect.objectContaining({ source: 'staff_register', year: 2026, state: 'delivered' }),
    )
    expect(workflows).toBeNull()
  })
  test('reads expected deliveries from the office’s settings', async () => {
    await writeFile(
      join(cwd, 'data', 'settings', 'expected-deliveries.json'),
      JSON.stringify([{ source: 'staff_register', year: 2030, due: '2030-10-01' }]),
    )
    const { deliveries } = await status()
    await rm(join(cwd, 'data', 'settings', 'expected-deliveries.json'))
    expect(deliveries[0]).toMatchObject({
      source: 'staff_register',
      year: 2030,
      state: 'not_delivered',
      due: '2030-10-01',
    })
  })
})

describe('mera sql', () => {
  test('prints rows in the format asked for and nothing else', async () => {
    const text = 'select school_key from core.dim_school where is_current order by 1 limit 2'
    const csv = await mera('sql', text, '--format', 'csv')
    expect(csv.stdout).toMatch(/^school_key\r\n\S+\r\n\S+\r\n$/)
    const { rows, truncated } = (await mera('sql', text, '--json')).json()
    expect(rows).toHaveLength(2)
    expect(truncated).toBe(false)
    const parquet = await mera('sql', text, '--format', 'parquet')
    expect(parquet.bytes.subarray(0, 4).toString()).toBe('PAR1')
  })
  test('gives no more rows than the limit and says that there were more', async () => {
    const { json, stderr } = await mera('sql', 'from core.fct_result', '--limit', '3', '--json')
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
    const { code, stdout, stderr } = await mera('sql', text)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain('Что делать')
  })
  test('shows the SQL of a model, which runs', async () => {
    const { stdout } = await mera('sql', '--show', 'mart_data_quality')
    expect(stdout).toContain('"ledger"."sheet"')
    expect((await mera('sql', stdout, '--json')).code).toBe(0)
  })
})

describe('mera describe', () => {
  test('holds grain, columns, parents and checks of a table', async () => {
    const { tables } = (await mera('describe', 'fct_result', '--json')).json() as {
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
    const { stdout } = await mera('describe', 'mean_mark', '--markdown')
    expect(stdout).toMatch(/^## indicators\.mean_mark\n/)
    expect(stdout).toContain('Единица: отметка')
    expect(stdout).toMatch(/\| value \| DOUBLE \| да \|/)
  })
  test('names what is near when there is no such table', async () => {
    const { code, stderr } = await mera('describe', 'core.fct_resul')
    expect(code).toBe(2)
    expect(stderr).toContain('core.fct_result')
  })
})

describe('mera trace', () => {
  test('finds as many rows of files behind a number as the number counts', async () => {
    const { rows } = (
      await mera(
        'sql',
        `select unit_key, subject, grade, school_year, n from marts.mart_indicator_value
         where indicator = 'mean_mark' and level = 'school' and procedure = 'vpr' and subject <> 'all' and grade <> 'all'
         order by all limit 1`,
        '--json',
      )
    ).json() as {
      rows: { n: number; unit_key: string; subject: string; grade: string; school_year: number }[]
    }
    const [row] = rows
    if (row === undefined) throw new Error('no mean mark')
    const { n, ...key } = row
    const where = Object.entries({
      ...key,
      indicator: 'mean_mark',
      level: 'school',
      procedure: 'vpr',
    })
    const { code, json } = await mera(
      'trace',
      'mart_indicator_value',
      ...where.map(([name, value]) => `${name}=${String(value)}`),
      '--limit',
      '2',
      '--json',
    )
    const traced = json() as {
      rows: number
      sourceRows: number
      files: { path: string; sheets: { rows: number }[] }[]
      cells: { row: number; cell: string; header: string; path: string }[]
    }
    expect(code).toBe(0)
    expect([traced.rows, traced.sourceRows]).toEqual([1, n])
    expect(
      traced.files.every(({ path }) => path.startsWith(sample.files.replaceAll('\\', '/'))),
    ).toBe(true)
    expect(new Set(traced.cells.map(({ row: number }) => number)).size).toBe(2)
    expect(traced.cells).toContainEqual(expect.objectContaining({ header: 'Отметка' }))
  })
  test('names cells about people and hides what stands in them', async () => {
    const { json } = await mera('trace', 'fct_staff', 'school_year=2026', '--limit', '1', '--json')
    const { cells } = json() as { cells: { header: string; value: string | null }[] }
    expect(cells.find(({ header }) => /код/i.test(header) && !/ОО/.test(header))?.value).toBeNull()
    expect(cells.some(({ value }) => value !== null)).toBe(true)
  })
  test('says that a computation depends on all its input', async () => {
    const { json } = await mera(
      'trace',
      'bridge_school_cluster',
      'school_year=2026',
      '--limit',
      '0',
      '--json',
    )
    const { tables, sourceRows, cells } = json() as {
      tables: { table: string; how: string }[]
      sourceRows: number
      cells: unknown[]
    }
    expect(tables.find(({ table }) => table === 'core.fct_school_context')?.how).toBe('whole')
    expect(sourceRows).toBeGreaterThan(0)
    expect(cells).toEqual([])
  })
  test('a school may be named by its code, whatever the table calls it', async () => {
    const rest = ['indicator=mean_mark', 'school_year=2026', '--limit', '0', '--json']
    const [school] = (
      await mera(
        'sql',
        `select s.school_code, s.school_key from core.dim_school as s
         join marts.mart_indicator_value as v on v.unit_key = s.school_key and v.level = 'school'
         where v.indicator = 'mean_mark' and v.school_year = 2026 order by all limit 1`,
        '--json',
      )
    ).json()['rows'] as { school_code: string; school_key: string }[]
    if (school === undefined) throw new Error('no mean mark of a school')
    const { school_code: code, school_key: key } = school
    const table = 'mart_indicator_value'
    const [byCode, byKey] = await Promise.all([
      mera('trace', table, `school_code=${code}`, ...rest),
      mera('trace', table, 'level=school', `unit_key=${key}`, ...rest),
    ])
    expect(byCode.code).toBe(0)
    expect(byCode.json()).toEqual(byKey.json())
  })
  test('a column that the table has not is a slip that names those of its key', async () => {
    const { code, stderr } = await mera('trace', 'mart_risk_zone', 'scool=1')
    expect(code).toBe(2)
    expect(stderr).toMatch(/нет столбца scool[^]*unit_key/)
  })
  test('a row that is not there is an error that says how to look', async () => {
    const { code, stderr } = await mera('trace', 'fct_staff', 'school_key=нет')
    expect(code).toBe(3)
    expect(stderr).toContain('mera sql')
  })
})

describe('mera refresh, diff, rollback, publish, pin', () => {
  test('a corrected file changes what depends on it, and diff names the file', async () => {
    const file = await corrected('Кадры (исправлено).xlsx', 3)
    const { code, json } = await mera('refresh', file, '--no-site', '--json')
    const report = json() as unknown as BuildJson
    expect(code).toBe(0)
    expect(report).toMatchObject({ status: 'published', quarantined: 0 })
    expect(report.generation > sample.generation).toBe(true)
    const built = report.built.map(({ table }) => table)
    expect(built).toContain('core.fct_staff')
    expect(built).not.toContain('core.fct_result')
    expect(report.unchanged).toBeGreaterThan(built.length)

    const { from, to, total, changes, files } = (await mera('diff', '--json')).json() as {
      from: string
      to: string
      total: number
      changes: { indicator: string; files: string[] }[]
      files: { path: string; kind: string; source: string }[]
    }
    expect([from, to]).toEqual([sample.generation, report.generation])
    expect(total).toBeGreaterThan(0)
    expect(files.find(({ path }) => path.endsWith('Кадры (исправлено).xlsx'))).toMatchObject({
      kind: 'added',
      source: 'staff_register',
    })
    const { sha256 = '' } = report.files[0] ?? {}
    expect(changes.every((change) => change.files.includes(sha256.slice(0, 16)))).toBe(true)
    expect(changes.map(({ indicator }) => indicator)).not.toContain('mean_mark')

    const { stdout } = await mera('diff')
    expect(stdout).toContain('+ Кадры (исправлено).xlsx (Реестр педагогических работников, ')
    expect(stdout).toMatch(/: Доля педагогов[^:]*, 2025\/26: \d+,\d\s% → \d+,\d\s% \(n \d+ → \d+\)/)
    expect(stdout).not.toMatch(/staff_register|_share/)
  })
  test('refreshing with nothing new builds nothing and publishes nothing', async () => {
    const before = await status()
    const report = (await mera('refresh', '--no-site', '--json')).json() as unknown as BuildJson
    expect(report).toMatchObject({ status: 'unchanged', built: [], read: 0 })
    expect(report.generation).toBe(before.published.generation)
  })
  test('rollback puts the earlier generation back, publish the later', async () => {
    const { published } = await status()
    const back = (await mera('rollback', '--json')).json()
    expect(back).toMatchObject({ generation: sample.generation, previous: published.generation })
    expect((await status()).published.generation).toBe(sample.generation)
    const { code } = await mera('publish', published.generation)
    expect(code).toBe(0)
    expect((await status()).published.contentHash).toBe(published.contentHash)
  })
  test('pin keeps a generation until it is let go', async () => {
    expect((await mera('pin', sample.generation, '--json')).json()).toEqual({
      generation: sample.generation,
      pinned: [sample.generation],
    })
    expect((await status()).pinned).toEqual([sample.generation])
    await mera('pin', sample.generation, '--remove')
    expect((await status()).pinned).toEqual([])
  })
})

describe('mera approve', () => {
  test('where the office wants a word before publishing, nothing is published without it', async () => {
    const approvals = join(cwd, 'data', 'settings', 'approvals.json')
    await writeFile(approvals, JSON.stringify({ beforePublishing: true, approvers: ['Начальник'] }))
    const before = (await status()).published.generation
    const file = await corrected('Кадры (ещё раз).xlsx', 5)
    const { code, json } = await mera('refresh', file, '--no-site', '--json')
    const { status: ending, generation } = json() as unknown as BuildJson
    expect([code, ending]).toEqual([0, 'waiting'])
    expect((await status()).published.generation).toBe(before)
    expect((await status()).waiting).toBe(generation)
    expect((await mera('status')).stdout).toContain(`Поколение ${generation} ждёт разрешения`)
    expect((await mera('diff', '--limit', '0', '--json')).json()).toMatchObject({
      from: before,
      to: generation,
    })

    const direct = await mera('publish')
    expect(direct.code).toBe(3)
    expect(direct.stderr).toContain('mera approve')
    expect((await mera('approve', '--by', 'Прохожий')).code).toBe(2)
    const other = await mera('approve', sample.generation, '--by', 'Начальник')
    expect(other.code).toBe(2)
    expect(other.stderr).toContain(`mera approve ${generation}`)
    expect((await status()).published.generation).toBe(before)

    expect((await mera('approve', '--by', 'Начальник')).code).toBe(0)
    const after = await status()
    expect(after.published.generation).toBe(generation)
    expect(after.publications[0]).toMatchObject({ generation, approved_by: 'Начальник' })
    expect(after.waiting).toBeNull()
    expect((await mera('approve', '--by', 'Начальник')).code).toBe(2)
    await rm(approvals)
  })
  test('where the office asks for no word, nothing is approved', async () => {
    const { code, stderr } = await mera('approve', sample.generation)
    expect(code).toBe(2)
    expect(stderr).toContain('не ждёт разрешения')
    expect((await status()).published.generation).not.toBe(sample.generation)
  })
})
