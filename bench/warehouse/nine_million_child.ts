import { Table } from '../../transforms/contract/table.ts'
import { bind } from '../../warehouse/make.ts'
import {
  loadCatalog,
  parentsOf,
  promisesOf,
  type Catalog,
  type Step,
} from '../../warehouse/catalog.ts'
import { proofsOf } from '../../warehouse/check.ts'
import { contentOf } from '../../warehouse/content.ts'
import { Database, literal, quote } from '../../warehouse/database.ts'
import { bareStep } from './bare.ts'
import { HAND_INDICATORS, handStatements, type HandFact } from './hand.ts'

/** What a process of this measurement says on its last line. */
export interface Answer {
  readonly ms: number
  /** Processor time of all threads. */
  readonly cpuMs: number
  readonly peak: number
  readonly rows?: number
  readonly checksMs?: number
  readonly different?: number
  readonly tables?: readonly { readonly table: string; readonly ms: number }[]
}

const SCHOOLS = 4000
const PUPILS = 375
const YEARS = [2022, 2023, 2024] as const

/** Values of the columns that matter; the others are null. */
const filled = (step: Step, values: Readonly<Record<string, string>>): string =>
  Object.entries(step.table.columns)
    .map(([name, { type }]) => `(${values[name] ?? 'null'})::${type} as ${quote(name)}`)
    .join(', ')

const school = {
  school_code: `'s' || lpad(i::varchar, 5, '0')`,
  login: `'sch' || lpad(i::varchar, 6, '0')`,
  full_name: `'Школа № ' || i`,
  short_name: `'Школа № ' || i`,
  school_type: `'secondary'`,
  municipality_code: `'m' || (i // 10)`,
  municipality_name: `'Муниципалитет ' || (i // 10)`,
  region_code: `'r' || (i // 500)`,
  is_rural: 'i % 3 = 0',
  founder: `'municipal'`,
  is_branch: 'false',
  snapshot_on: `date '2021-09-20'`,
  _file: `'register'`,
  _sheet: `'1'`,
  _row: 'i + 2',
}
const result = {
  procedure: `'vpr'`,
  subject: `case subject when 0 then 'Русский язык' else 'Математика' end`,
  grade: 'grade',
  programme_grade: 'grade',
  school_year: 'school_year',
  season: `'spring'`,
  attempt: `'main'`,
  school_ref: `'edu' || lpad(i::varchar, 6, '0')`,
  school_ref_system: `'fis_oko'`,
  pupil_ref: `lpad(pupil::varchar, 5, '0')`,
  class_group: `grade || chr((1040 + pupil % 3)::integer)`,
  raw_score: 'raw',
  max_raw_score: '24',
  mark: 'case when raw >= 19 then 5 when raw >= 13 then 4 when raw >= 7 then 3 else 2 end',
  precedence: '1',
  journal_mark: 'case when raw >= 18 then 5 when raw >= 12 then 4 else 3 end',
  _file: `'f' || school_year || '-' || grade || '-' || subject`,
  _sheet: `'1'`,
  _row: `i * ${PUPILS} + pupil + 9`,
}
/** Scores come from the hash of the row's own numbers: the same on every machine and thread. */
const draws = `
  select i, school_year, pupil, subject, 4 + pupil % 5 as grade,
         least(24, (hash(i, school_year, pupil, subject) % 13) + (hash(pupil, subject, i, school_year) % 11) + hash(i, 7) % 3)::integer as raw
  from range(${SCHOOLS}) as school(i), (values ${YEARS.map((year) => `(${year})`).join(', ')}) as year(school_year),
       range(${PUPILS}) as pupil(pupil), range(2) as subject(subject)`

const fill = async (database: Database, catalog: Catalog): Promise<number> => {
  for (const schema of new Set(catalog.steps.map(({ table }) => table.schema)))
    await database.run(`create schema if not exists ${quote(schema)}`)
  for (const step of catalog.steps) {
    const { id, schema } = step.table
    if (step.kind === 'parameter')
      await bareStep(database, { ...step, rows: step.rows.filter(({ scope }) => scope === 'all') })
    else if (step.kind === 'ledger') await bareStep(database, step)
    else if (id === 'entities.school')
      await database.run(
        `create table ${id} as select ${filled(step, school)} from range(${SCHOOLS}) as school(i)`,
      )
    else if (id === 'entities.result')
      await database.run(`create table ${id} as select ${filled(step, result)} from (${draws})`)
    else if (schema === 'entities')
      await database.run(`create table ${id} as select ${filled(step, {})} where false`)
  }
  await database.run('checkpoint')
  const [counted] = await database.rows<{ n: number }>(
    'select count(*)::integer as n from entities.result',
  )
  return counted?.n ?? 0
}

const built = ['core', 'indicators', 'marts']

/** Tables that the three indicators need and those that these refer to, themselves included. */
const needed = (catalog: Catalog): ReadonlySet<string> => {
  const byId = new Map(catalog.steps.map((step) => [step.table.id, step]))
  const found = new Set<string>()
  const visit = (id: string): void => {
    const step = byId.get(id)
    if (step === undefined || found.has(id) || !built.includes(step.table.schema)) return
    found.add(id)
    for (const parent of parentsOf(step)) visit(parent)
    for (const target of Object.values(promisesOf(step.table)?.references ?? {}))
      if (target !== undefined) visit((target instanceof Table ? target : target[0]).id)
  }
  for (const indicator of HAND_INDICATORS) visit(`indicators.${indicator}`)
  return found
}

/** As a build makes a table, with contract and content hash. */
const make = async (database: Database, step: Step): Promise<void> => {
  await bareStep(database, step)
  const { id, schema, name, columns } = step.table
  const declared = Object.entries(columns).map(([column, { type }]) => ({ name: column, type }))
  await bind(database, id, declared, `select * from ${quote(schema)}.${quote(name)}`)
}

const clock = async (work: () => Promise<unknown>): Promise<number> => {
  const started = performance.now()
  await work()
  return performance.now() - started
}

/** Makes and proves the tables: those that the three indicators need, or all of them. */
const project = async (
  database: Database,
  catalog: Catalog,
  scope: 'needed' | 'all',
): Promise<Partial<Answer>> => {
  const ids = needed(catalog)
  const steps = catalog.steps.filter(
    ({ table }) => built.includes(table.schema) && (scope === 'all' || ids.has(table.id)),
  )
  const tables: { table: string; ms: number }[] = []
  let checksMs = 0
  for (const step of steps) {
    const ms = await clock(() => make(database, step))
    const hash = await clock(() => contentOf(database, step.table))
    checksMs += hash
    tables.push({ table: step.table.id, ms: ms + hash })
  }
  for (const { prove } of proofsOf([], steps, {
    changed: new Map(),
    before: undefined,
    changedPartsFor: () => undefined,
  }))
    checksMs += await clock(() => prove(database))
  return { checksMs, tables }
}

const compare = async (
  database: Database,
  hand: string,
): Promise<Pick<Answer, 'rows' | 'different'>> => {
  await database.run(`attach ${literal(hand)} as other (read_only)`)
  const keys = 'indicator, level, unit_key, procedure, subject, grade, school_year'
  const own = HAND_INDICATORS.map(
    (name) => `select ${keys}, value, n, lo, hi from indicators.${name}`,
  ).join(' union all ')
  const [counted] = await database.rows<{ rows: number; different: number }>(
    `select count(*)::integer as rows,
            count_if(a.value is null or b.value is null or a.n <> b.n or abs(a.value - b.value) > 1e-9 or abs(a.lo - b.lo) > 1e-9 or abs(a.hi - b.hi) > 1e-9)::integer as different
     from (${own}) as a full join other.by_hand.indicator_value as b using (${keys})`,
  )
  return { rows: counted?.rows ?? 0, different: counted?.different ?? 0 }
}

const [task = '', file = ''] = process.argv.slice(2)
const catalog = await loadCatalog()
const isProject = task === 'needed' || task === 'all'
const database = await Database.open(isProject ? ':memory:' : file)
// As a build opens its file.
if (isProject) await database.attachDraft('warehouse', file, {})
const started = performance.now()
const before = process.cpuUsage()
let answer: Partial<Answer> = {}
if (task === 'generate') answer = { rows: await fill(database, catalog) }
else if (task.startsWith('hand:'))
  for (const statement of handStatements(task.replace(/^hand:/, '') as HandFact))
    await database.run(statement)
else if (isProject) answer = await project(database, catalog, task)
else answer = await compare(database, task.replace(/^compare:/, ''))
const ms = performance.now() - started
const { user, system } = process.cpuUsage(before)
database.close()
const peak = process.resourceUsage().maxRSS * 1024
process.stdout.write(`${JSON.stringify({ ms, cpuMs: (user + system) / 1000, peak, ...answer })}\n`)
