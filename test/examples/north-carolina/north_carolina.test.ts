import { basename, dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mean } from '../../../transforms/methods/statistics/sums.ts'
import { theilSen } from '../../../transforms/methods/statistics/theil_sen.ts'
import type { Row } from '../../../warehouse/database.ts'
import { sharedData } from '../../support/shared-data.ts'
import { expectedIn, type Expected } from './expected.ts'
import { builtExample, type BuiltExample } from './warehouse.ts'

/** «2016/spg.csv.gz» */
const delivered = (path: string): string => `${basename(dirname(path))}/${basename(path)}`
const folder = sharedData('us_nc_2014_2017')

describe.runIf(folder !== undefined)('the report cards of North Carolina', () => {
  let example: BuiltExample
  let expected: Expected
  beforeAll(async () => {
    expected = expectedIn(folder ?? '')
    example = await builtExample([join(folder ?? '', 'original')])
    opened.push(example)
  }, 300_000)
  const opened: BuiltExample[] = []
  afterAll(() => Promise.all(opened.map(({ remove }) => remove())))

  const rows = <R extends object = Row>(query: string): Promise<readonly R[]> =>
    example.database.rows<R>(query)
  const numbers = async (query: string): Promise<readonly number[]> =>
    (await rows(query)).map((row) => Number(Object.values(row)[0]))

  const tables = () => example.loaded.files.filter(({ status }) => status === 'loaded')

  describe('when loaded', () => {
    it('give as many rows of every file as it has, none in quarantine', () => {
      const read = tables().map(({ path, sheets }) => [
        delivered(path),
        sheets.map((sheet) => sheet.loaded),
      ])
      const printed = expected.years.flatMap((year) =>
        Object.entries(expected.files(year)).map(([file, count]) => [
          `${String(year)}/${file}`,
          [count],
        ]),
      )
      expect(read.sort()).toEqual(printed.sort())
      expect(example.loaded.quarantined).toBe(0)
      expect(example.loaded.read).toBe(example.loaded.loaded)
    })

    it('pass over what is no table', () => {
      const others = example.loaded.files.filter(({ status }) => status !== 'loaded')
      expect(others.map(({ path, status }) => [basename(path), status])).toEqual([
        ['data-dictionary.pdf', 'skipped'],
      ])
    })

    it('tell the year by content where there is one, by the path where there is none', () => {
      for (const { path, sheets } of tables()) {
        expect(sheets.map(({ year }) => String(year))).toEqual([basename(dirname(path))])
        const byPath = sheets.map(({ told }) => told['year'])
        expect(byPath, path).toEqual([basename(path).startsWith('spg') ? 'path' : undefined])
      }
    })

    it('show exchanged headers in 2016 and in no other year, by the values', () => {
      const exchanged = tables().flatMap(({ path, problems }) =>
        problems.filter(({ code }) => code === 'headers-exchanged').map(() => delivered(path)),
      )
      expect(exchanged).toEqual(['2016/spg.csv.gz', '2016/spg.csv.gz'])
    })

    it('load nothing when they come again', () => {
      const again = example.again.files.filter(({ path }) => path.endsWith('.gz'))
      expect(again).toHaveLength(tables().length)
      expect(again.filter(({ status }) => status !== 'unchanged')).toEqual([])
      expect(example.again.loaded).toBe(0)
    })

    it('bring no name of a person into the warehouse', async () => {
      const columns = await rows<{ name: string }>(
        `select column_name as name from duckdb_columns() where column_name ilike '%super%' or column_name ilike '%phone%'`,
      )
      expect(columns).toEqual([])
    })
  })

  describe('in core', () => {
    it('have the distribution of grades that the state published', async () => {
      for (const year of expected.years) {
        const counts = await rows<{ label: string; n: number }>(`
          select coalesce(grade_label, '(blank)') as label, count(*)::integer as n
          from core.fct_result_group
          where procedure = 'nc_spg' and subject = 'all' and level = 'school' and school_year = ${String(year)}
          group by all`)
        expect(Object.fromEntries(counts.map(({ label, n }) => [label, n]))).toEqual(
          expected.grades(year),
        )
      }
    })

    it('have the scores: number, mean, least and greatest', async () => {
      for (const year of expected.years) {
        const scores = await numbers(`
          select mean_score::double from core.fct_result_group
          where procedure = 'nc_spg' and subject = 'all' and school_year = ${String(year)} and mean_score is not null
          order by unit_key`)
        expect(scores).toHaveLength(expected.of(year, 'spg_score_n'))
        expect(mean(scores)).toBeCloseTo(expected.of(year, 'spg_score_mean'), 4)
        expect(Math.min(...scores)).toBe(expected.of(year, 'spg_score_min'))
        expect(Math.max(...scores)).toBe(expected.of(year, 'spg_score_max'))
      }
    })

    it('have letters that fit the scores of reading and mathematics in every year, 2016 too', async () => {
      const bands = await rows(`
        select grade_label, min(mean_score)::integer as least, max(mean_score)::integer as greatest,
               count(distinct school_year)::integer as years
        from core.fct_result_group
        where procedure = 'nc_spg' and subject in ('reading', 'mathematics')
        group by all order by all`)
      expect(bands.map((band) => [band['grade_label'], band['years']])).toEqual(
        ['A', 'B', 'C', 'D', 'F'].map((letter) => [letter, 4]),
      )
      bands.forEach((band, i) => {
        expect(band['least']).toBeGreaterThanOrEqual([85, 70, 55, 40, 0][i] ?? 0)
        expect(band['greatest']).toBeLessThanOrEqual([100, 84, 69, 54, 39][i] ?? 0)
      })
    })

    it('have the enrolment: schools and pupils of districts', async () => {
      for (const year of expected.years) {
        const [pupils] = await rows<{ schools: number; pupils: number }>(`
          select count(*)::integer as schools, sum(value)::integer as pupils
          from core.fct_school_context as c
          join core.dim_school as s
            on s.school_key = c.school_key and s.valid_from_year <= c.school_year and c.school_year < s.valid_to_year
          where measure = 'pupils' and school_year = ${String(year)} and municipality_key <> 'charter'`)
        expect(pupils).toEqual({
          schools: expected.of(year, 'ec_pupils_rows'),
          pupils: expected.of(year, 'ec_pupils_total_sum'),
        })
      }
    })

    const staffing = [
      ['licensed', 'teachers_licensed_share', 'flicensed_teach_pct'],
      ['novice', 'teachers_novice_share', 'tchyrs_0thru3_pct'],
      ['experience_11_plus', 'teachers_11_plus_share', 'tchyrs_11plus_pct'],
      ['advanced_degree', 'teachers_advanced_degree_share', 'advance_dgr_pct'],
      ['turnover', 'teachers_turnover_share', '_1yr_tchr_trnovr_pct'],
      ['teachers', 'teachers', 'class_teach_num'],
    ] as const

    it.each(staffing)('have the staffing: %s', async (field, measure, printed) => {
      for (const year of expected.years) {
        const name = `personnel_${printed}`
        const cells = await numbers(`
          select ${field}::double from sources.nc_personnel
          where year = '${String(year)}' and school_name is not null and ${field} is not null
          order by unit_code, _row`)
        expect(cells).toHaveLength(expected.of(year, `${name}_n`))
        expect(mean(cells)).toBeCloseTo(expected.of(year, `${name}_mean`), 5)

        const facts = await numbers(`
          select value::double from core.fct_school_context
          where measure = '${measure}' and school_year = ${String(year)} order by school_key`)
        // 2016 lists one school twice; the fuller row of the two is the fact.
        const twice = cells.length - facts.length
        expect(twice).toBe(year === 2016 && ['licensed', 'teachers'].includes(field) ? 1 : 0)
        if (twice === 0) expect(mean(facts)).toBeCloseTo(expected.of(year, `${name}_mean`), 5)
      }
    })

    it('keep the fuller row of the school that 2016 lists twice', async () => {
      const facts = await rows(`
        select measure, value::double as value from core.fct_school_context
        where school_key = '76A000' and school_year = 2016 and measure in ('teachers', 'teachers_licensed_share', 'pupils_listed')
        order by measure`)
      expect(facts).toEqual([
        { measure: 'pupils_listed', value: 750 },
        { measure: 'teachers', value: 49 },
        { measure: 'teachers_licensed_share', value: 0.755 },
      ])
    })

    it('have schools of every row of the staffing files, districts and the state left out', async () => {
      for (const year of expected.years) {
        const [found] = await rows(`
          select count(*)::integer as rows from sources.nc_personnel
          where year = '${String(year)}' and school_name is not null`)
        expect(found).toEqual({ rows: expected.of(year, 'personnel_school_rows') })
      }
      const strangers = await rows(
        `select school_key from core.dim_school where not regexp_matches(school_code, '[0-9]{3}$')`,
      )
      expect(strangers).toEqual([])
    })

    it('correlate scores with the share of novice teachers as published for 2017', async () => {
      const [joined] = await numbers(`
        select count(*)::integer from sources.nc_spg join sources.nc_personnel using (unit_code, year) where year = '2017'`)
      expect(joined).toBe(expected.of('join_2017', 'inner_join_spg_personnel'))

      const [pairs] = await rows<{ both: number; pearson: number }>(`
        select count(*)::integer as both, corr(g.mean_score::double, c.value::double) as pearson
        from core.fct_result_group as g
        join core.fct_school_context as c
          on c.school_key = g.unit_key and c.school_year = g.school_year and c.measure = 'teachers_novice_share'
        where g.procedure = 'nc_spg' and g.subject = 'all' and g.level = 'school' and g.school_year = 2017
          and g.mean_score is not null`)
      expect(pairs?.both).toBe(expected.of('join_2017', 'n_both'))
      expect(pairs?.pearson).toBeCloseTo(
        expected.of('join_2017', 'pearson_spg_vs_share_teachers_0_3_years'),
        4,
      )
    })
  })

  describe('over four years', () => {
    it('have the panel and its slopes', async () => {
      const [any] = await numbers(`
        select count(distinct unit_key)::integer from core.fct_result_group where procedure = 'nc_spg'`)
      expect(any).toBe(expected.of('panel', 'schools_any_year'))

      const panel = await rows<{ scores: readonly number[] }>(`
        select list(mean_score::double order by school_year) as scores
        from core.fct_result_group
        where procedure = 'nc_spg' and subject = 'all' and mean_score is not null
        group by unit_key having count(*) = 4
        order by unit_key`)
      const series = panel.map(({ scores }) => scores)
      const slopes = series.map(([a = 0, b = 0, c = 0, d = 0]) => (3 * (d - a) + (c - b)) / 10)
      expect(series).toHaveLength(expected.of('panel', 'schools_with_score_all_4_years'))
      expect(mean(slopes)).toBeCloseTo(expected.of('panel', 'ols_slope_per_year_mean'), 4)
      expect(slopes.filter((slope) => slope < 0)).toHaveLength(
        expected.of('panel', 'n_slope_negative'),
      )
      const change = series.map((scores) => (scores[3] ?? 0) - (scores[0] ?? 0))
      expect(mean(change)).toBeCloseTo(
        expected.of('panel', 'mean_change_2014_2017_same_schools'),
        4,
      )
      const medians = series.map(
        (scores) => theilSen(scores.map((value, i) => ({ t: i, value }))).slope,
      )
      expect(mean(medians)).toBeCloseTo(expected.of('panel', 'theil_sen_slope_mean'), 4)
      const falling = series.filter((scores) =>
        scores.every((score, i) => i === 0 || score < (scores[i - 1] ?? 0)),
      )
      expect(falling).toHaveLength(expected.of('panel', 'schools_falling_3_years_in_a_row'))
    })

    it('have the same slopes in the mart of trends', async () => {
      const trends = await rows<{
        slope: number
        theil_sen: number
        change: number
        first: number
        last: number
      }>(`
        select slope_all as slope, theil_sen, value_last - value_first as change, first_year as first, last_year as last
        from marts.mart_trend
        where procedure = 'nc_spg' and subject = 'all' and level = 'school' and basis = 'absolute' and years_all = 4
        order by unit_key`)
      expect(trends).toHaveLength(expected.of('panel', 'schools_with_score_all_4_years'))
      expect(new Set(trends.map(({ first, last }) => `${String(first)}–${String(last)}`))).toEqual(
        new Set(['2014–2017']),
      )
      const slopes = trends.map(({ slope }) => slope)
      expect(mean(slopes)).toBeCloseTo(expected.of('panel', 'ols_slope_per_year_mean'), 4)
      expect(slopes.filter((slope) => slope < -1e-9)).toHaveLength(
        expected.of('panel', 'n_slope_negative'),
      )
      expect(mean(trends.map(({ theil_sen }) => theil_sen))).toBeCloseTo(
        expected.of('panel', 'theil_sen_slope_mean'),
        4,
      )
      expect(mean(trends.map(({ change }) => change))).toBeCloseTo(
        expected.of('panel', 'mean_change_2014_2017_same_schools'),
        4,
      )
    })
  })

  it('have groups of like schools that are told apart by what differs in them', async () => {
    const names = (await rows<{ name: string }>('select name from core.dim_cluster')).map(
      ({ name }) => name,
    )
    expect(names.length).toBeGreaterThan(1)
    expect(new Set(names).size).toBe(names.length)
    expect(names.filter((name) => name.startsWith('Средние школы'))).toEqual([])
    for (const name of names) expect(name).toMatch(/^[А-Я][а-я ]*школы[а-я ]* \([А-Яа-я].+: .+\)$/)
  })

  it('put schools that no register knows behind the others, and add the state up', async () => {
    const units = await rows<{ is_inferred: boolean }>(
      "select s.is_inferred from core.dim_unit as u join core.dim_school as s on s.school_key = u.unit_key and s.is_current where u.level = 'school' order by u.sort",
    )
    const inferred = units.filter(({ is_inferred }) => is_inferred).length
    expect(inferred).toBeGreaterThan(0)
    expect(units.slice(-inferred).every(({ is_inferred }) => is_inferred)).toBe(true)
    const states = await rows<{ name: string }>(
      "select distinct unit_name as name from marts.mart_indicator_value where level = 'region'",
    )
    expect(states).toEqual([{ name: 'Северная Каролина' }])
  })

  it('count in the mean of the state every school that has a score, in a register or not', async () => {
    const found = await rows<{ school_year: number; n: number; value: number }>(
      `select school_year, n, value from marts.mart_indicator_value
       where level = 'region' and indicator = 'delivered_score' and subject = 'all' order by school_year`,
    )
    expect(found.map(({ school_year, n }) => [school_year, n])).toEqual(
      expected.years.map((year) => [year, expected.of(year, 'spg_score_n')]),
    )
    for (const { school_year, value } of found)
      expect(value).toBeCloseTo(expected.of(school_year, 'spg_score_mean'), 4)
  })

  it('have no zones, for want of the number of pupils, and say so', async () => {
    const [issue] = await rows<{ zones_lack: string }>(
      'select zones_lack from marts.mart_publication',
    )
    expect(issue?.zones_lack).toMatch(/^в файлах не сказано, сколько учеников/)
  })

  it('have findings without brackets in brackets', async () => {
    const found = await rows<{ text: string }>('select text from marts.mart_finding')
    expect(found.length).toBeGreaterThan(100)
    expect(found.filter(({ text }) => /\([^)]*\(/.test(text))).toEqual([])
  })

  it('break no contract and no check of severity error', () => {
    const broken = example.built.checks.filter(
      ({ severity, found }) => severity === 'error' && found > 0,
    )
    expect(broken).toEqual([])
  })
})
