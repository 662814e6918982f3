import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Frame } from '../../transforms/contract/computation.ts'
import { parentsOf, promisesOf, type Catalog, type Step } from '../../warehouse/catalog.ts'
import { Database, type Row } from '../../warehouse/database.ts'
import { stepOf } from '../../warehouse/describe.ts'
import { partedBy, partOf, restricted } from '../../warehouse/parts.ts'
import { trace, type Trace } from '../../warehouse/trace.ts'
import { sampleHome, type SampleHome } from '../support/sample.ts'
import { catalog } from '../support/tables.ts'

let sample: SampleHome
let all: Catalog
let database: Database
beforeAll(async () => {
  sample = await sampleHome('default')
  all = await catalog()
  database = await Database.open(sample.warehouse, { readOnly: true })
})
afterAll(() => {
  database.close()
})

const traced = (
  name: string,
  where: Readonly<Record<string, unknown>>,
  limit = 0,
): Promise<Trace> =>
  trace(
    sample.home,
    all,
    name,
    Object.fromEntries(Object.entries(where).map(([column, value]) => [column, String(value)])),
    { limit, generation: sample.generation },
  )
type Key = Readonly<Record<string, string | null>>
const grainOf = ({ table }: Step): readonly string[] => promisesOf(table)?.grain ?? []
/** Some rows of a table, always the same, by its grain. */
const someOf = (step: Step, rows: number): Promise<readonly Key[]> => {
  const key = grainOf(step)
    .map((name) => `"${name}"::varchar`)
    .join(', ')
  return database.rows(
    `select ${grainOf(step)
      .map((name) => `"${name}"::varchar as "${name}"`)
      .join(', ')} from ${step.table.id} order by hash(${key}), ${key} limit ${String(rows)}`,
  )
}
const said = (row: Key): Key =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))

describe('trace(home, catalog, table, where)', () => {
  it('leads every kind of finding to rows of files, through the computations that found it', async () => {
    const findings = await database.rows<{ kind: string; school_key: string; indicator: string }>(
      'select kind, min_by(school_key, sort) as school_key, min_by(indicator, sort) as indicator from marts.mart_finding group by all order by all',
    )
    expect(findings.length).toBeGreaterThan(1)
    for (const finding of findings) {
      const found = await traced('mart_finding', { ...finding })
      expect(found.rows, finding.kind).toBeGreaterThan(0)
      expect(found.ownRows, finding.kind).toBeGreaterThan(0)
    }
  })

  it('leads rows of every mart to files, but for those that only say what is declared', async () => {
    const declared = ['marts.mart_indicator', 'marts.mart_parameter']
    for (const step of all.steps.filter(({ table }) => table.schema === 'marts'))
      for (const row of await someOf(step, 1)) {
        const found = await traced(step.table.id, said(row))
        const what = `${step.table.id} ${JSON.stringify(row)}`
        expect(found.files.length > 0, what).toBe(!declared.includes(step.table.id))
        expect(found.ownRows, what).toBeLessThanOrEqual(found.sourceRows)
        expect(
          found.files.some(({ sheets }) => sheets.some(({ rows, own }) => rows === 0 || own > 0)),
          what,
        ).toBe(!declared.includes(step.table.id))
      }
  }, 120_000)

  it('counts with a zone the rows of all schools that it was judged among, its own first', async () => {
    const [zone] = await database.rows<{ n: number; subject: string; grade: string }>(
      `select indicator, unit_key, procedure, subject, grade, school_year, n from marts.mart_risk_zone
       where indicator = 'mean_percent_of_max' and procedure = 'vpr' and subject <> 'all' and grade <> 'all' and zone <> 'grey'
       order by all limit 1`,
    )
    if (zone === undefined) throw new Error('no zone')
    const { n, ...key } = zone
    const cell = `procedure = 'vpr' and subject = '${zone.subject}' and grade = '${zone.grade}'`
    const [input] = await database.rows<{ rows: number; files: string[] }>(
      `select count(*)::integer as rows, list(distinct _file) as files from core.fct_result where ${cell}`,
    )
    const found = await traced('mart_risk_zone', key, n + 1)
    expect(found.ownRows).toBe(n)
    expect(found.sourceRows).toBeGreaterThan(input?.rows ?? 0)
    const tables = found.tables.map(({ table }) => table)
    expect(tables).toContain('indicators.ridit_index')
    expect(tables).not.toContain('indicators.journal_gap_share')
    expect(found.files.map(({ file }) => file)).toEqual(expect.arrayContaining(input?.files ?? []))
    const rows = new Map(found.cells.map(({ row, file, own }) => [`${file} ${String(row)}`, own]))
    expect([...rows.values()]).toEqual([...Array<boolean>(n).fill(true), false])
    expect(found.files[0]?.sheets.some(({ own }) => own > 0)).toBe(true)
  })

  it('leads a school’s profile to its register, context and results alike', async () => {
    const [risky] = await database.rows<{ school_key: string }>(
      'select school_key from marts.mart_school_profile where red_count > 0 order by all limit 1',
    )
    const { tables } = await traced('mart_school_profile', { ...risky })
    expect(tables.map(({ table }) => table)).toEqual(
      expect.arrayContaining([
        'core.dim_school',
        'core.fct_school_context',
        'core.fct_result',
        'core.fct_bias_marker',
        'core.bridge_school_cluster',
        'marts.mart_risk_zone',
        'marts.mart_trend',
      ]),
    )
  })

  it('takes the rows of each table in one statement, however many others lead to it', async () => {
    const rows = vi.spyOn(Database.prototype, 'rows')
    await traced('mart_school_profile', (await someOf(stepOf(all, 'mart_school_profile'), 1))[0]!)
    const taken = rows.mock.calls.flatMap(([text]) => {
      const [, walk, table] =
        /^create temp table kept_(own|input)_\d+ as select p\.\* from (\S+)/.exec(text) ?? []
      return table === undefined ? [] : [`${walk ?? ''} ${table}`]
    })
    rows.mockRestore()
    expect(taken).toContain('input "core"."fct_result"')
    expect(new Set(taken).size).toBe(taken.length)
  })

  it('counts behind a group’s number the rows of its schools only', async () => {
    const [group] = await database.rows(
      `select level, unit_key, procedure, subject, grade, school_year, n from indicators.mean_percent_of_max
       where level = 'cluster' and subject <> 'all' and grade <> 'all' order by all limit 1`,
    )
    const { n, ...key } = group ?? {}
    expect((await traced('indicators.mean_percent_of_max', key)).sourceRows).toBe(n)
  })
})

describe('among', () => {
  it('holds all that a row was made from: made of those rows alone it is the same', async () => {
    for (const step of all.steps) {
      const { among, amongAlso } = promisesOf(step.table) ?? {}
      if (among === undefined) continue
      for (const key of await someOf(step, 5)) {
        const [made] = await database.rows(
          `select * from ${step.table.id} where ${isRow(key).join(' and ')}`,
        )
        const own = await madeAmong(step, key, among, amongAlso)
        // Places on pages count from what is there.
        expect({ ...own, sort: 0 }, step.table.id).toEqual({ ...made, sort: 0 })
      }
    }
  })

  it('holds with a zone the index whose decline keeps it in sight', async () => {
    const [key] = await database.rows<Record<string, string>>(
      `select z.indicator, z.unit_key, z.procedure, z.subject, z.grade, z.school_year::varchar as school_year
       from marts.mart_risk_zone as z
       semi join (select * from marts.mart_trend where trend_class = 'declined' and indicator = 'ridit_index') as t
         on t.unit_key = z.unit_key and t.procedure = z.procedure and t.subject = z.subject and t.grade = z.grade
        and t.last_year = z.school_year
       anti join (select * from marts.mart_trend where trend_class = 'declined') as t
         on t.indicator = z.indicator and t.unit_key = z.unit_key and t.procedure = z.procedure and t.subject = z.subject
        and t.grade = z.grade and t.last_year = z.school_year
       where z.zone = 'watch' order by all limit 1`,
    )
    if (key === undefined) throw new Error('no zone')
    const step = stepOf(all, 'mart_risk_zone')
    const { among = [], amongAlso } = promisesOf(step.table) ?? {}
    expect((await madeAmong(step, key, among, amongAlso))?.['zone']).toBe('watch')
    expect((await madeAmong(step, key, among))?.['zone']).not.toBe('watch')
  })

  const isRow = (key: Key): readonly string[] =>
    Object.entries(key).map(([name, value]) => `"${name}"::varchar = '${value ?? ''}'`)
  /** The row made of those rows of its parents alone. */
  const madeAmong = async (
    step: Step,
    key: Key,
    among: readonly string[],
    also: Readonly<Record<string, readonly string[] | undefined>> = {},
  ): Promise<Row | undefined> => {
    const byId = new Map(all.steps.map((each) => [each.table.id, each]))
    const narrowed = (sql: string): string =>
      among.reduce(
        (text, column) =>
          restricted(text, {
            partition: [column],
            parts: [key[column] ?? '', ...(also[column] ?? [])].map((value) => partOf([value])),
            parents: partedBy([column], parentsOf(step), byId),
          }),
        sql,
      )
    if (step.kind === 'sql') {
      const rows = `select * from (${narrowed(step.query.sql)}) where ${isRow(key).join(' and ')}`
      return (await database.rows(rows))[0]
    }
    if (step.kind !== 'computation') return undefined
    const frames: Record<string, Frame<object>> = {}
    for (const [input, query] of Object.entries(step.inputs))
      frames[input] = await database.frame(narrowed(query.sql))
    for (const row of step.table.definition.compute(frames) as Iterable<
      Readonly<Record<string, string>>
    >)
      if (Object.entries(key).every(([name, value]) => String(row[name]) === value)) return row
    return undefined
  }
})
