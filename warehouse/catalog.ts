import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { sql } from 'kysely'
import type { Check } from '../transforms/contract/check.ts'
import { Computation } from '../transforms/contract/computation.ts'
import type { Edition } from '../transforms/contract/edition.ts'
import { Entity, type Staging } from '../transforms/contract/entity.ts'
import {
  Indicator,
  indicatorUnion,
  indicatorPassport,
  passportRow,
} from '../transforms/contract/indicator.ts'
import { LedgerTable } from '../transforms/contract/ledger.ts'
import {
  ParameterTable,
  type ParameterRow,
  type ParameterRows,
} from '../transforms/contract/parameter.ts'
import type { Project } from '../transforms/contract/project.ts'
import { Source } from '../transforms/contract/source.ts'
import { Model, Table, type Promises } from '../transforms/contract/table.ts'
import type { Columns } from '../transforms/contract/column.ts'
import { builder, compileQuery, type Compiled } from './compile.ts'
import { literal, quote } from './database.ts'
import { ContractError, UsageError } from './errors.ts'
import { foldedOf, unfolded, type Folded } from './fold.ts'

/** A table that the build makes, with what it is made from. */
export type Step =
  | { readonly kind: 'source'; readonly table: Source }
  | { readonly kind: 'ledger'; readonly table: LedgerTable }
  | {
      readonly kind: 'parameter'
      readonly table: ParameterTable
      readonly rows: readonly ParameterRow<Columns>[]
    }
  | {
      readonly kind: 'sql'
      readonly table: Entity | Model
      readonly query: Compiled
      /** Of a table that is kept as a query: the query of the rows that it unfolds. */
      readonly folded?: Folded
    }
  | {
      readonly kind: 'computation'
      readonly table: Computation
      readonly inputs: Readonly<Record<string, Compiled>>
      /** Hash of the text of its file and of everything that file imports. */
      readonly code: string
    }
export type Buildable = Step['table']

export interface Catalog {
  readonly project: Project
  /** Every table, each after its parents. */
  readonly steps: readonly Step[]
  readonly sources: readonly Source[]
  readonly stagings: readonly Staging[]
  readonly indicators: readonly Indicator[]
  readonly editions: readonly Edition[]
  readonly checks: readonly Check[]
}

const transforms = fileURLToPath(new URL('../transforms/', import.meta.url))

/** Finds every declaration of `transforms/` and of the project in use, compiles them and orders them by lineage. */
export const loadCatalog = async (projectFolder?: string): Promise<Catalog> => {
  const folder = projectFolder === undefined ? undefined : resolve(projectFolder)
  const project = await loadProject(folder)
  const own = (room: string): string =>
    folder !== undefined && existsSync(join(folder, room))
      ? join(folder, room)
      : join(transforms, room)
  const sources = (await declarations(own('sources'))).filter(isA(Source))
  const stagings = (await declarations(own('staging'))).filter(isStaging)
  const shared = (
    await Promise.all(
      ['entities', 'ledger', 'parameters', 'core', 'indicators', 'marts'].map((room) =>
        declarations(join(transforms, room)),
      ),
    )
  ).flat()
  const added =
    folder === undefined ? [] : (await declarations(join(folder, 'parameters'))).filter(isAddition)
  const indicators = shared.filter(isA(Indicator))

  const steps: Step[] = [
    ...sources.map((table): Step => ({ kind: 'source', table })),
    ...shared.filter(isA(LedgerTable)).map((table): Step => ({ kind: 'ledger', table })),
    ...shared
      .filter(isA(ParameterTable))
      .map((table): Step => ({ kind: 'parameter', table, rows: withAdditions(table, added) })),
    ...shared
      .filter(isA(Entity))
      .map((table): Step => ({ kind: 'sql', table, query: union(table, stagings) })),
    ...shared.filter(isA(Model)).map((table) => modelStep(table, indicators)),
    ...shared.filter(isA(Computation)).map((table): Step => ({
      kind: 'computation',
      table,
      inputs: Object.fromEntries(
        Object.entries(table.definition.inputs).map(([name, input]) => [
          name,
          expand(compileQuery(input(builder)), indicators),
        ]),
      ),
      code: codeHash(fileURLToPath(table.url)),
    })),
  ]
  return {
    project,
    steps: inOrder(steps),
    sources,
    stagings,
    indicators,
    editions: (await declarations(join(transforms, 'editions'))).filter(isEdition),
    checks: (await declarations(join(transforms, 'checks'))).filter(isCheck),
  }
}

export const parentsOf = (step: Step): readonly string[] =>
  step.kind === 'sql'
    ? step.query.parents
    : step.kind === 'computation'
      ? [...new Set(Object.values(step.inputs).flatMap((input) => input.parents))].sort()
      : []

export const modelStep = (table: Model, indicators: readonly Indicator[] = []): Step => {
  const query = expand(compileQuery(table.definition.select(builder)), indicators)
  const { unfolds } = table.definition
  if (unfolds === undefined) return { kind: 'sql', table, query }
  const folded = foldedOf(table, unfolds, query.sql)
  return { kind: 'sql', table, query: { ...query, sql: unfolded(table, folded) }, folded }
}

/** The rows that a table unfolds, where only its query is kept. */
export const foldedRows = (step: Step): Folded | undefined =>
  step.kind === 'sql' ? step.folded : undefined

/** What a stored table promises; sources, parameters and the ledger promise their columns only. */
export const promisesOf = (table: Buildable): Promises<Columns> | undefined =>
  table instanceof Model ||
  table instanceof Entity ||
  table instanceof Computation ||
  table instanceof LedgerTable
    ? table.definition
    : undefined

/** What decides checks and editions, as a hash: a generation stands for the rules that it was built by. */
export const rulesOf = (catalog: Catalog): string =>
  createHash('sha256')
    .update(
      JSON.stringify([
        catalog.steps.map(({ table }) => {
          const { grain, references = {} } = promisesOf(table) ?? {}
          const required = Object.entries(table.columns).flatMap(([name, { nullable }]) =>
            nullable ? [] : [name],
          )
          return [table.id, grain, required, Object.keys(references)]
        }),
        catalog.checks.map((check) => [
          { ...check, about: check.about?.id },
          compileQuery(check.select(builder)).sql,
        ]),
        catalog.editions.map(({ tables, ...edition }) => [
          edition,
          tables.map(({ mart, ...disclosure }) => [mart.id, disclosure]),
        ]),
      ]),
    )
    .digest('hex')

/** What a project says of itself; that of `transforms/` where no folder is given. */
export const loadProject = async (folder = transforms): Promise<Project> => {
  const file = join(folder, 'project.ts')
  if (!existsSync(file))
    throw new UsageError({
      code: 'project-missing',
      message: `в папке «${folder}» нет файла project.ts`,
      hint: 'укажите в --project папку проекта, например examples/north-carolina',
    })
  const module = (await import(pathToFileURL(file).href)) as { project: Project }
  return module.project
}

/** Every value that the files of a folder export, in the order of the files' names. */
const declarations = async (folder: string): Promise<readonly unknown[]> => {
  if (!existsSync(folder)) return []
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .sort()
  const modules = await Promise.all(
    files.map((file) => import(pathToFileURL(join(folder, file)).href) as Promise<object>),
  )
  return modules.flatMap((module, i) => {
    const values = Object.values(module) as unknown[]
    for (const value of values)
      if (value instanceof Table && value.name !== basename(files[i] ?? '', '.ts'))
        throw new ContractError({
          code: 'name-drift',
          message: `${join(folder, files[i] ?? '')} declares ${value.id}`,
          hint: 'pass import.meta.url: the path is the name',
        })
    return values
  })
}
const isA =
  <T>(kind: new (...parameters: never) => T) =>
  (value: unknown): value is T =>
    value instanceof kind
const isStaging = (value: unknown): value is Staging =>
  typeof value === 'object' && value !== null && 'yields' in value
const isAddition = (value: unknown): value is ParameterRows =>
  typeof value === 'object' && value !== null && 'table' in value && 'rows' in value
const isEdition = (value: unknown): value is Edition =>
  typeof value === 'object' && value !== null && 'audience' in value
const isCheck = (value: unknown): value is Check =>
  typeof value === 'object' && value !== null && 'severity' in value

/** A project's or the office's rows stand over shared ones of the same grain and validity. */
export const withAdditions = (
  table: ParameterTable,
  additions: readonly ParameterRows[],
): readonly ParameterRow<Columns>[] => {
  const key = (row: ParameterRow<Columns>): string =>
    JSON.stringify([
      ...table.definition.grain.map((name) => row[name]),
      row.scope,
      row.valid_from,
      row.valid_to,
    ])
  const rows = new Map(table.definition.rows.map((row) => [key(row), row]))
  for (const addition of additions)
    if (addition.table.id === table.id) for (const row of addition.rows) rows.set(key(row), row)
  return [...rows.values()]
}

const union = (entity: Entity, stagings: readonly Staging[]): Compiled => {
  const forms = stagings.filter(({ yields }) => yields.id === entity.id)
  const columns = Object.entries(entity.columns)
  if (forms.length === 0)
    return {
      sql: `select ${columns.map(([name, { type }]) => `null::${type} as "${name}"`).join(', ')} where false`,
      parents: [],
    }
  const queries = forms.map((form) => compileQuery(form.select()))
  return {
    sql: queries.map((query) => query.sql).join('\nunion all by name\n'),
    parents: [...new Set(queries.flatMap((query) => query.parents))].sort(),
  }
}

/** Puts what was found in the place of `indicatorUnion` and `indicatorPassport`. */
const expand = (query: Compiled, indicators: readonly Indicator[]): Compiled => {
  const { sql: text, parents } = query
  const union = indicators
    .map((indicator) => compileQuery(sql`select * from ${indicator}`).sql)
    .join(' union all by name ')
  const passports = indicators
    .map(passportRow)
    .map(
      (row) =>
        `select ${Object.entries(row)
          .map(
            ([name, value]) =>
              `${typeof value === 'number' ? String(value) : literal(value)} as ${name}`,
          )
          .join(', ')}`,
    )
    .join(' union all ')
  const placed = (table: Table): string => `${quote(table.schema)}.${quote(table.name)}`
  const found = new Set([indicatorUnion.id, indicatorPassport.id])
  return {
    sql: text
      .replaceAll(placed(indicatorUnion), `(${union})`)
      .replaceAll(placed(indicatorPassport), `(${passports})`),
    parents: [
      ...parents.filter((parent) => !found.has(parent)),
      ...(parents.includes(indicatorUnion.id) ? indicators.map(({ id }) => id) : []),
    ].sort(),
  }
}

const inOrder = (steps: readonly Step[]): readonly Step[] => {
  const byId = new Map(steps.map((step) => [step.table.id, step]))
  const done = new Set<string>()
  const ordered: Step[] = []
  const visit = (id: string, path: readonly string[]): void => {
    if (done.has(id)) return
    const step = byId.get(id)
    if (step === undefined)
      throw new ContractError({
        code: 'parent-missing',
        message: `${path.at(-1) ?? ''} reads ${id}, which no file declares`,
        hint: 'a table is declared by the file of its name',
      })
    if (path.includes(id))
      throw new ContractError({
        code: 'cycle',
        message: `cycle: ${[...path, id].join(' → ')}`,
        hint: 'layers only look down',
      })
    for (const parent of parentsOf(step)) visit(parent, [...path, id])
    done.add(id)
    ordered.push(step)
  }
  for (const id of [...byId.keys()].sort()) visit(id, [])
  return ordered
}

const codeHash = (file: string): string => {
  const seen = new Map<string, string>()
  const read = (path: string): void => {
    if (seen.has(path)) return
    const code = readFileSync(path, 'utf8')
    seen.set(path, code)
    for (const [, specifier] of code.matchAll(/from '(\.[^']+\.ts)'/g))
      read(resolve(dirname(path), specifier ?? ''))
  }
  read(file)
  const hash = createHash('sha256')
  for (const path of [...seen.keys()].sort())
    hash.update(basename(path)).update(seen.get(path) ?? '')
  return hash.digest('hex')
}
