import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openOffice, type Office } from '../support/office.ts'

let office: Office
beforeAll(async () => {
  office = await openOffice()
})
afterAll(() => office.remove())

describe('mera trace', () => {
  test('finds as many rows of files behind a number as the number counts', async () => {
    const { rows } = (
      await office.mera(
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
    const { code, json } = await office.mera(
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
    const delivered = 1 // the school's own row of Ф3 speaks of the same works
    expect([traced.rows, traced.sourceRows]).toEqual([1, n + delivered])
    expect(
      traced.files.every(({ path }) => path.startsWith(office.sample.files.replaceAll('\\', '/'))),
    ).toBe(true)
    expect(new Set(traced.cells.map(({ row: number }) => number)).size).toBe(2)
    expect(traced.cells).toContainEqual(expect.objectContaining({ header: 'Отметка' }))
  })
  test('names cells about people and hides what stands in them', async () => {
    const { json } = await office.mera(
      'trace',
      'fct_staff',
      'school_year=2026',
      '--limit',
      '1',
      '--json',
    )
    const { cells } = json() as { cells: { header: string; value: string | null }[] }
    expect(cells.find(({ header }) => /код/i.test(header) && !/ОО/.test(header))?.value).toBeNull()
    expect(cells.some(({ value }) => value !== null)).toBe(true)
  })
  test('says that a computation depends on all its input', async () => {
    const { json } = await office.mera(
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
  test('says how much of a computation’s input is the row’s own, and lists that first', async () => {
    const rest = ['--limit', '1']
    const { rows } = (
      await office.mera(
        'sql',
        'select school_key, school_year from marts.mart_cluster order by all limit 1',
        '--json',
      )
    ).json() as { rows: { school_key: string; school_year: number }[] }
    const [school] = rows
    if (school === undefined) throw new Error('no school in a cluster')
    const where = Object.entries(school).map(([name, value]) => `${name}=${String(value)}`)
    const [told, machine] = await Promise.all([
      office.mera('trace', 'mart_cluster', ...where, ...rest),
      office.mera('trace', 'mart_cluster', ...where, ...rest, '--json'),
    ])
    expect(told.stdout).toMatch(
      /весь вход вычисления\n {2}её собственных: \d+\sстрок[аи]? из \d+\sфайл[^;]*; остальные/,
    )
    const { ownRows, sourceRows, cells } = machine.json() as {
      ownRows: number
      sourceRows: number
      cells: { own: boolean }[]
    }
    expect(ownRows).toBeGreaterThan(0)
    expect(sourceRows).toBeGreaterThan(ownRows)
    expect(cells.every(({ own }) => own)).toBe(true)
  })
  test('offers more cells only where there are more', async () => {
    const [quality, whole, first] = await Promise.all([
      office.mera('trace', 'mart_data_quality', 'source=oo1_extract', '--limit', '1'),
      office.mera('trace', 'dim_municipality', 'region_key=98', '--limit', '1000'),
      office.mera('trace', 'dim_municipality', 'region_key=98', '--limit', '1'),
    ])
    expect(quality.stdout).toMatch(/листы \d+\sфайл/)
    expect(quality.stderr + quality.stdout).not.toMatch(/--limit/)
    expect(whole.stderr + whole.stdout).not.toMatch(/--limit/)
    expect(first.stderr + first.stdout).toMatch(/больше — с --limit/)
  })
  test('a school may be named by its code, whatever the table calls it', async () => {
    const rest = ['indicator=mean_mark', 'school_year=2026', '--limit', '0', '--json']
    const [school] = (
      await office.mera(
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
      office.mera('trace', table, `school_code=${code}`, ...rest),
      office.mera('trace', table, 'level=school', `unit_key=${key}`, ...rest),
    ])
    expect(byCode.code).toBe(0)
    expect(byCode.json()).toEqual(byKey.json())
  })
  test('a column that the table has not is a slip that names those of its key', async () => {
    const { code, stderr } = await office.mera('trace', 'mart_risk_zone', 'scool=1')
    expect(code).toBe(2)
    expect(stderr).toMatch(/нет столбца scool[^]*unit_key/)
  })
  test.each([['school_key=нет'], ['school_code=нет']])(
    'a row that is not there, by %s, is a slip that says how to look',
    async (condition) => {
      const { code, stderr } = await office.mera('trace', 'fct_staff', condition)
      expect(code).toBe(2)
      expect(stderr).toMatch(/Что делать: .*mera sql/)
    },
  )
})
