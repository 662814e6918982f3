import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Database } from '../../warehouse/database.ts'
import { promisesOf } from '../../warehouse/catalog.ts'
import { grouped } from '../../transforms/contract/computation.ts'
import { disclosedColumns } from '../../warehouse/editions.ts'
import { sampleHome } from '../support/sample.ts'
import { catalog } from '../support/tables.ts'
import { solvable } from './methods/education/attack.ts'

let official: Database
let whole: Database
let tables: readonly string[]
beforeAll(async () => {
  const sample = await sampleHome('default')
  official = await Database.open(sample.official, { readOnly: true })
  whole = await Database.open(sample.warehouse, { readOnly: true })
  const rows = await official.rows<{ name: string }>(
    "select schema_name || '.' || table_name as name from duckdb_tables() order by all",
  )
  tables = rows.map(({ name }) => name)
})
afterAll(() => {
  official.close()
  whole.close()
})
const count = async (database: Database, query: string): Promise<number> =>
  (await database.rows<{ n: number }>(`select count(*)::integer as n from ${query}`))[0]?.n ?? -1

describe('official', () => {
  it('holds marts only', () => {
    expect(tables.length).toBeGreaterThan(8)
    expect(tables.filter((name) => !name.startsWith('marts.'))).toEqual([])
  })

  it('has no key of a pupil or an employee and no cell as it arrived', async () => {
    const columns = await official.rows<{ name: string }>(
      'select distinct column_name as name from duckdb_columns() where not internal order by all',
    )
    expect(
      columns
        .map(({ name }) => name)
        .filter((name) => /pupil_|employee|person|_ref$|^shown$/.test(name)),
    ).toEqual([])
  })

  it('holds no text that is a key of a pupil or an employee', async () => {
    const keys = await whole.rows<{ key: string }>(`
      (select pupil_key as key from core.fct_result where procedure <> 'vpr' order by hash(pupil_key) limit 40)
      union all (select employee_key from core.fct_staff order by hash(employee_key) limit 40)`)
    expect(keys.length).toBe(80)
    const texts = await official.rows<{ table: string; column: string }>(`
      select schema_name || '.' || table_name as table, column_name as column from duckdb_columns()
      where not internal and data_type = 'VARCHAR' order by all`)
    const pattern = keys.map(({ key }) => key.replace(/[^\p{L}\d]/gu, '.')).join('|')
    for (const { table, column } of texts)
      expect(
        await count(official, `${table} where regexp_matches("${column}", '${pattern}')`),
        `${table}.${column}`,
      ).toBe(0)
  })

  it('hides every value of fewer than five people, and how many they are', async () => {
    const small = 'n < 5'
    const hidden = await count(whole, `marts.mart_indicator_value where ${small}`)
    expect(hidden).toBeGreaterThan(0)
    expect(await count(official, `marts.mart_indicator_value where ${small}`)).toBe(0)
    expect(await count(official, "marts.mart_indicator_value where suppression = 'small'")).toBe(
      hidden,
    )
    const rows = await official.rows(`
      select distinct tier, n, numerator, denominator, value, se, lo, hi, weight, value_text, interval_text, zone
      from marts.mart_indicator_value where suppression <> ''`)
    expect(rows).toEqual([
      {
        tier: 'hidden',
        n: null,
        numerator: null,
        denominator: null,
        value: null,
        se: null,
        lo: null,
        hi: null,
        weight: null,
        value_text: 'скрыто',
        interval_text: '',
        zone: 'grey',
      },
    ])
  })

  it.each([
    ['grades from their subject', 'level, unit_key, procedure, subject', 'grade'],
    ['subjects from their procedure', "level, unit_key, procedure, grade = 'all'", 'subject'],
  ])('lets nobody find a hidden number by subtracting %s', async (_kind, line, part) => {
    const sums = `
      (select ${line}, indicator, school_year, count(*) filter (where suppression <> '') as hidden,
              bool_or(${part} = 'all') as has_whole, count(*) as cells
       from marts.mart_indicator_value
       where level in ('school', 'cluster', 'municipality') and value_text <> '—' ${part === 'subject' ? "and grade = 'all'" : ''}
       group by all)`
    expect(await count(official, `${sums} where has_whole and cells > 1 and hidden > 1`)).not.toBe(
      0,
    )
    expect(await count(official, `${sums} where has_whole and cells > 1 and hidden = 1`)).toBe(0)
  })

  it.each(['cluster', 'municipality'])(
    'lets nobody find a hidden number of a school by subtracting the others from their %s',
    async (level) => {
      const sums = `
        (select u.unit_key, v.indicator, v.procedure, v.subject, v.grade, v.school_year,
                count(*) filter (where v.suppression <> '') as hidden, any_value(w.suppression) <> '' as is_whole_hidden
         from marts.mart_indicator_value as v
         join core.bridge_school_unit as u on u.school_key = v.unit_key and u.school_year = v.school_year and u.level = '${level}'
         join marts.mart_indicator_value as w
           on w.level = u.level and w.unit_key = u.unit_key and w.indicator = v.indicator and w.procedure = v.procedure
          and w.subject = v.subject and w.grade = v.grade and w.school_year = v.school_year
         where v.level = 'school'
         group by all)`
      expect(await count(whole, `${sums} where hidden > 1`)).not.toBe(0)
      expect(await count(whole, `${sums} where hidden + is_whole_hidden::integer = 1`)).toBe(0)
    },
  )

  it('lets nobody solve a small number from all sums of its indicator together', async () => {
    const rows = await whole.rows<Omit<Published, 'at'>>(`
      select indicator, level, unit_key, procedure, subject, grade, school_year, suppression from marts.mart_indicator_value
      where value is not null and level <> 'country' and school_year = 2026
        and indicator in (select indicator from marts.mart_suppression where school_year = 2026)`)
    const members = await whole.rows<{ level: string; unit_key: string; school_key: string }>(
      "select level, unit_key, school_key from core.bridge_school_unit where level <> 'school' and school_year = 2026",
    )
    const solved = [...grouped(rows, ({ indicator }) => indicator).values()].flatMap((numbers) => {
      const own = numbers.map((row, at) => ({ ...row, at }))
      const hidden = new Set(own.flatMap(({ at, suppression }) => (suppression === '' ? [] : [at])))
      const equations = equationsOf(own, members).filter(({ whole, parts }) =>
        [whole, ...parts].some((at) => hidden.has(at)),
      )
      return solvable(equations, (at) => hidden.has(at)).filter((at) =>
        ['small', 'sensitive'].includes(own[at]?.suppression ?? ''),
      )
    })
    expect(rows.filter(({ suppression }) => suppression === 'small').length).toBeGreaterThan(50)
    expect(solved).toEqual([])
  })

  it('shows with a hidden mean nothing that it follows from', async () => {
    const { editions } = await catalog()
    const risk = editions
      .find(({ name }) => name === 'official')
      ?.tables.find(({ mart }) => mart.name === 'mart_risk_zone')
    expect(risk).toBeDefined()
    if (risk === undefined) return
    const zones = `
      select distinct target, limit_95, limit_998, z, dispersion, reason from (
        select ${disclosedColumns(risk)} from (
          select * replace (true as is_target_suppressed) from marts.mart_risk_zone where target is not null))`
    expect(await whole.rows(zones)).toEqual([
      {
        target: null,
        limit_95: null,
        limit_998: null,
        z: null,
        dispersion: null,
        reason: 'среднее, с которым сравнивается, не показывается',
      },
    ])
  })

  it('hides a sensitive share where fewer than ten pupils are of one kind, in every mart', async () => {
    const few = `indicator = 'sen_share' and (numerator between 1 and 9 or denominator - numerator between 1 and 9)`
    expect(await count(whole, `marts.mart_indicator_value where ${few}`)).toBeGreaterThan(0)
    expect(await count(official, `marts.mart_indicator_value where ${few}`)).toBe(0)
    expect(await count(official, `marts.mart_cluster_position where indicator = 'sen_share'`)).toBe(
      0,
    )
    for (const share of ['sen_share', 'non_native_share'])
      expect(
        await count(official, `marts.mart_cluster where ${share} * pupils between 0.5 and 9.5`),
      ).toBe(0)
  })

  it('hides nothing else', async () => {
    const shown = "suppression = ''"
    expect(await count(whole, `marts.mart_indicator_value where ${shown}`)).toBeGreaterThan(20_000)
    expect(await count(whole, "marts.mart_suppression where reason = 'complement'")).toBeLessThan(
      await count(whole, "marts.mart_suppression where reason = 'small'"),
    )
    for (const column of ['value', 'numerator', 'lo', 'value_text']) {
      const sum = `select sum(hash("${column}")::hugeint)::varchar as sum from marts.mart_indicator_value where ${shown}`
      expect(await official.rows(sum)).toEqual(await whole.rows(sum))
    }
  })

  it('shows no trend, zone or place of fewer than five people', async () => {
    expect(
      await count(official, 'marts.mart_trend where least(n_first, n_last) between 1 and 4'),
    ).toBe(0)
    expect(await count(official, 'marts.mart_risk_zone where n between 1 and 4')).toBe(0)
    expect(await count(official, 'marts.mart_cluster_position where n between 1 and 9')).toBe(0)
    expect(
      await count(
        official,
        `marts.mart_finding as f join marts.mart_risk_zone as z
         on f.kind = 'risk' and z.unit_key = f.school_key and z.indicator = f.indicator and z.procedure = f.procedure
           and z.subject = f.subject and z.grade = 'all' and z.n < 10`,
      ),
    ).toBe(0)
  })

  it('gives no colour and no place to fewer than ten people', async () => {
    expect(
      await count(
        official,
        "marts.mart_indicator_value where tier in ('none', 'hidden', 'limited') and zone in ('red', 'yellow', 'watch', 'green')",
      ),
    ).toBe(0)
  })

  it('holds every row of a mart that it does not cut, told by its grain', async () => {
    const { editions } = await catalog()
    const edition = editions.find(({ name }) => name === 'official')
    expect(edition).toBeDefined()
    for (const { mart, keep } of edition?.tables ?? []) {
      const grain =
        promisesOf(mart)
          ?.grain.map((column) => `"${column}"`)
          .join(', ') ?? ''
      const rows = await count(official, mart.id)
      expect(rows, mart.id).toBe(await count(whole, `${mart.id} where ${keep ?? 'true'}`))
      expect(await count(official, `(select distinct ${grain} from ${mart.id})`), mart.id).toBe(
        rows,
      )
    }
  })

  it('says which generation it is and lists the checks in Russian', async () => {
    const [publication] = await official.rows('select * from marts.mart_publication')
    expect(publication).toMatchObject({
      generation: 'g00001',
      edition: 'official',
      first_year: 2023,
      last_year: 2026,
    })
    const checks = await official.rows<{ title: string; severity_label: string }>(
      'select title, severity_label from marts.mart_check',
    )
    expect(checks.length).toBeGreaterThan(0)
    for (const { title, severity_label } of checks)
      expect(`${title} ${severity_label}`).toMatch(/^[А-Я].* (?:ошибка|предупреждение)$/)
  })
})

interface Published {
  readonly indicator: string
  readonly level: string
  readonly unit_key: string
  readonly procedure: string
  readonly subject: string
  readonly grade: string
  readonly school_year: number
  readonly suppression: string
  readonly at: number
}
/** Grades of a subject, subjects of a procedure, procedures, schools of a unit: what adds up among the numbers of one indicator and year. */
const equationsOf = (
  numbers: readonly Published[],
  members: readonly {
    readonly level: string
    readonly unit_key: string
    readonly school_key: string
  }[],
) => {
  const dimensions = ['grade', 'subject', 'procedure'] as const
  const lines = dimensions.flatMap((dimension) =>
    [
      ...grouped(numbers, (row) =>
        [
          row.level,
          row.unit_key,
          ...dimensions.map((each) => (each === dimension ? '' : row[each])),
        ].join('\u0000'),
      ).values(),
    ].flatMap((line) =>
      line
        .filter((row) => row[dimension] === 'all' && line.length > 1)
        .map((whole) => ({
          whole: whole.at,
          parts: line.flatMap(({ at }) => (at === whole.at ? [] : [at])),
        })),
    ),
  )
  const units = [
    ...grouped(numbers, (row) => [row.procedure, row.subject, row.grade].join('\u0000')).values(),
  ].flatMap((cell) => {
    const schools = new Map(
      cell.filter(({ level }) => level === 'school').map(({ unit_key, at }) => [unit_key, at]),
    )
    return cell
      .filter(({ level }) => level !== 'school')
      .map((row) => ({
        whole: row.at,
        parts: members
          .filter(({ level, unit_key }) => level === row.level && unit_key === row.unit_key)
          .flatMap(({ school_key }) => schools.get(school_key) ?? []),
      }))
      .filter(({ parts }) => parts.length > 0)
  })
  return [...lines, ...units]
}
