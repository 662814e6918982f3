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
