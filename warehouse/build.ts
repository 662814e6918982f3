import { createHash } from 'node:crypto'
import { copyFile, rm } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Frame } from '../transforms/contract/computation.ts'
import { promisesOf, parentsOf, withAdditions, type Catalog, type Step } from './catalog.ts'
import { runChecks } from './check.ts'
import { builder, compileQuery } from './compile.ts'
import { combined, contentOf } from './content.ts'
import { Database, literal, quote, type Row } from './database.ts'
import { ContractError } from './errors.ts'
import {
  beginGeneration,
  finishGeneration,
  latestManifest,
  warehouseFile,
  type CheckResult,
  type Manifest,
  type TableState,
} from './generation.ts'
import type { Home } from './home.ts'
import { Inputs } from './inputs.ts'
import { noteBuild } from './journal.ts'
import { withLock } from './lock.ts'

export interface BuiltTable {
  readonly table: string
  readonly rows: number
  readonly ms: number
}
export interface BuildReport {
  readonly generation: string
  /** False: nothing had changed, and the generation named is the one that stood. */
  readonly isNew: boolean
  readonly contentHash: string
  readonly built: readonly BuiltTable[]
  readonly unchanged: number
  readonly checks: readonly CheckResult[]
}
export interface BuildOptions {
  readonly onProgress?: (done: number, total: number, table: string) => void
  readonly signal?: AbortSignal
  /** Builds every table anew and carries nothing over. */
  readonly full?: boolean
}

/** Builds what changed since the last generation into a new one; publishes nothing. */
export const build = (
  home: Home,
  catalog: Catalog,
  options: BuildOptions = {},
): Promise<BuildReport> => withLock(home, 'build', () => buildLocked(home, catalog, options))

const buildLocked = async (
  home: Home,
  catalog: Catalog,
  options: BuildOptions,
): Promise<BuildReport> => {
  const inputs = await Inputs.read(home, catalog)
  const steps = catalog.steps.map((step) =>
    step.kind === 'parameter'
      ? {
          ...step,
          rows: inputs.activeRows(
            step.table,
            withAdditions(step.table, [
              { table: step.table, rows: step.rows },
              ...inputs.overrides,
            ]),
          ),
        }
      : step,
  )
  const before = options.full === true ? undefined : await latestManifest(home)
  const rules = rulesOf(catalog)
  if (before !== undefined && before.rules === rules && nothingChanged(steps, inputs, before))
    return {
      generation: before.generation,
      isNew: false,
      contentHash: before.contentHash,
      built: [],
      unchanged: steps.length,
      checks: before.checks,
    }

  const { id, folder } = await beginGeneration(home)
  const file = join(folder, 'warehouse.duckdb')
  if (before !== undefined) await copyFile(warehouseFile(home, before.generation), file)
  const database = await Database.open(file, {
    temporary: join(folder, 'spill'),
    storage: 'v1.4.0',
  })
  try {
    const states: Record<string, TableState> = {}
    const built: BuiltTable[] = []
    await prepareSchemas(database, steps, before)
    for (const [i, step] of steps.entries()) {
      options.signal?.throwIfAborted()
      const { id: name } = step.table
      options.onProgress?.(i, steps.length, name)
      const fingerprint = fingerprintOf(step, inputs, (parent) => states[parent]?.hash)
      const old = before?.tables[name]
      if (old?.fingerprint === fingerprint) {
        states[name] = old
        continue
      }
      const started = performance.now()
      await make(database, step, inputs)
      const content = await contentOf(database, step.table)
      states[name] = { fingerprint, ...content }
      built.push({ table: name, rows: content.rows, ms: Math.round(performance.now() - started) })
    }
    options.onProgress?.(steps.length, steps.length, '')
    const rebuilt = new Set(built.map(({ table }) => table))
    const checks = await runChecks(database, catalog, steps, rebuilt, before?.checks ?? [])
    await database.run('checkpoint')
    const manifest: Manifest = {
      generation: id,
      project: catalog.project.name,
      contentHash: combined(
        Object.fromEntries(Object.entries(states).map(([name, state]) => [name, state.hash])),
      ),
      tables: states,
      checks,
      rules,
      builtAt: new Date().toISOString(),
    }
    database.close()
    await rm(join(folder, 'spill'), { recursive: true, force: true })
    await finishGeneration(home, folder, manifest)
    const report: BuildReport = {
      generation: id,
      isNew: true,
      contentHash: manifest.contentHash,
      built,
      unchanged: steps.length - built.length,
      checks,
    }
    await noteBuild(home, report, manifest)
    return report
  } catch (error) {
    try {
      database.close()
    } finally {
      if (existsSync(folder)) await rm(folder, { recursive: true, force: true })
    }
    throw error
  }
}

const rulesOf = (catalog: Catalog): string =>
  createHash('sha256')
    .update(
      JSON.stringify([
        catalog.steps.map(({ table }) => {
          const { grain, references = {} } = promisesOf(table) ?? {}
          return [table.id, grain, Object.keys(references)]
        }),
        catalog.checks.map((check) => [check, compileQuery(check.select(builder)).sql]),
        catalog.editions.map(({ tables, ...edition }) => [
          edition,
          tables.map(({ mart, ...disclosure }) => [mart.id, disclosure]),
        ]),
      ]),
    )
    .digest('hex')

const nothingChanged = (steps: readonly Step[], inputs: Inputs, before: Manifest): boolean =>
  Object.keys(before.tables).length === steps.length &&
  steps.every(
    (step) =>
      before.tables[step.table.id]?.fingerprint ===
      fingerprintOf(step, inputs, (parent) => before.tables[parent]?.hash),
  )

const fingerprintOf = (
  step: Step,
  inputs: Inputs,
  hashOf: (parent: string) => string | undefined,
): string => {
  const hash = createHash('sha256').update(inputs.engine)
  hash.update(
    JSON.stringify(Object.entries(step.table.columns).map(([name, { type }]) => [name, type])),
  )
  switch (step.kind) {
    case 'source':
      hash.update(JSON.stringify(inputs.identityOf(step.table)))
      break
    case 'ledger':
      hash.update(JSON.stringify(inputs.ledgerRows(step.table)))
      break
    case 'parameter':
      hash.update(JSON.stringify(step.rows))
      break
    case 'sql':
      hash.update(step.query.sql)
      break
    case 'computation':
      hash.update(step.code).update(JSON.stringify(step.inputs))
      break
  }
  for (const parent of parentsOf(step)) hash.update(`${parent}=${hashOf(parent) ?? ''}\n`)
  return hash.digest('hex')
}

const prepareSchemas = async (
  database: Database,
  steps: readonly Step[],
  before: Manifest | undefined,
): Promise<void> => {
  for (const schema of new Set(steps.map(({ table }) => table.schema)))
    await database.run(`create schema if not exists ${quote(schema)}`)
  const wanted = new Set(steps.map(({ table }) => table.id))
  for (const gone of Object.keys(before?.tables ?? {}).filter((id) => !wanted.has(id)))
    await database.run(`drop table if exists ${gone.split('.').map(quote).join('.')}`)
}

const make = async (database: Database, step: Step, inputs: Inputs): Promise<void> => {
  const { table } = step
  const name = `${quote(table.schema)}.${quote(table.name)}`
  const columns = Object.entries(table.columns).map(([column, { type }]) => ({
    name: column,
    type,
  }))
  const empty = `create or replace table ${name} (${columns
    .map((column) => `${quote(column.name)} ${column.type}`)
    .join(', ')})`
  switch (step.kind) {
    case 'source': {
      await database.run(empty)
      await inputs.fillSource(database, step.table, name)
      break
    }
    case 'ledger':
    case 'parameter': {
      await database.run(empty)
      const rows = step.kind === 'ledger' ? inputs.ledgerRows(step.table) : step.rows
      await database.append(name, columns, rows as readonly Row[])
      break
    }
    case 'sql': {
      await bind(database, table.id, columns, step.query.sql)
      const order =
        table.schema === 'marts'
          ? ` order by ${(promisesOf(table)?.grain ?? []).map(quote).join(', ')}`
          : ''
      await database.run(
        `create or replace table ${name} as select * from (${step.query.sql})${order}`,
      )
      break
    }
    case 'computation': {
      const frames: Record<string, Frame<object>> = {}
      for (const [input, query] of Object.entries(step.inputs))
        frames[input] = await database.frame(query.sql)
      const rows = step.table.definition.compute(frames) as readonly Row[]
      await database.run(empty)
      await database.append(name, columns, rows)
      break
    }
  }
  await comment(database, step, name)
}

/** The query must yield exactly the declared columns, in order, of the declared types. */
export const bind = async (
  database: Database,
  id: string,
  columns: readonly { readonly name: string; readonly type: string }[],
  query: string,
): Promise<void> => {
  const actual = await database.describe(query)
  const line = (list: typeof actual): string =>
    list.map((column) => `${column.name} ${column.type}`).join(', ')
  if (line(actual) === line(columns)) return
  const drift = [
    ...columns
      .filter((c) => !actual.some((a) => a.name === c.name))
      .map((c) => `${c.name} is missing`),
    ...actual
      .filter((a) => !columns.some((c) => c.name === a.name))
      .map((a) => `${a.name} is not declared`),
    ...columns.flatMap((c) =>
      actual
        .filter((a) => a.name === c.name && a.type !== c.type)
        .map((a) => `${c.name} is ${a.type}, declared ${c.type}`),
    ),
  ]
  throw new ContractError({
    code: 'contract-drift',
    message: `${id}: ${drift.length > 0 ? drift.join('; ') : `order of columns: ${line(actual)}`}`,
    hint: 'make the select yield exactly the declared columns, in their order',
  })
}

/** What the declaration says goes into the database, where an analyst's tool shows it. */
const comment = async (database: Database, step: Step, name: string): Promise<void> => {
  const doc =
    promisesOf(step.table)?.doc ??
    (step.kind === 'source'
      ? step.table.form.title
      : step.kind === 'parameter'
        ? step.table.definition.doc
        : undefined)
  const statements = Object.entries(step.table.columns).map(
    ([column, { doc: meaning }]) =>
      `comment on column ${name}.${quote(column)} is ${literal(meaning)}`,
  )
  if (doc !== undefined) statements.unshift(`comment on table ${name} is ${literal(doc)}`)
  await database.run(['begin', ...statements, 'commit'].join(';\n'))
}
