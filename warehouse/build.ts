import { constants, copyFile, rm } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  foldedRows,
  parentsOf,
  rulesOf,
  withAdditions,
  type Catalog,
  type Step,
} from './catalog.ts'
import { compileChecks, partedQueries, proofsOf } from './check.ts'
import { combined, contentOf, contentOfView } from './content.ts'
import { Database, quote } from './database.ts'
import { EditionDraft } from './editions.ts'
import {
  beginGeneration,
  editionFile,
  finishGeneration,
  removeGeneration,
  latestManifest,
  warehouseFile,
  type CheckResult,
  type Manifest,
  type TableState,
} from './generation.ts'
import type { Home } from './home.ts'
import { Inputs } from './inputs.ts'
import { noteBuild } from './journal.ts'
import { inLanes } from './lanes.ts'
import { withLock } from './lock.ts'
import { make } from './make.ts'
import type { Parts } from './parts.ts'
import { BuildPlan, longestFirst } from './build-plan.ts'
import { together } from './together.ts'

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

/** A table to be made, a mart to be put into an edition or a proof to be given. */
interface Job {
  readonly id: string
  /** Ids of the tables that must be there. */
  readonly after: readonly string[]
  readonly givesWay?: boolean
  readonly work: (lane: Database) => Promise<void>
}

/** Tables made at a time: most are too small for DuckDB to use a second core for one of them. */
const LANES = 3
/** With fewer rows in files than this, threads within a table wait for each other more than they help: a fifth of a build's work. */
const ROWS_WORTH_THREADS = 2_000_000
/** Then, too, tables are packed in groups of so many rows: while they are made, and at the end by all cores, not all of it by one. */
const SMALL_ROW_GROUP = 16_384
/** And lie in smaller blocks: each column of each table that gets rows takes a segment of a block and clears it, however few the rows. */
const SMALL_BLOCK = 65_536

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
  const [inputs, latest] = await together(
    Inputs.read(home, catalog),
    options.full === true ? undefined : latestManifest(home),
  )
  const steps = withParameters(catalog.steps, inputs)
  const checks = compileChecks(catalog)
  const plan = new BuildPlan(steps, inputs, partedQueries(checks))
  const rules = rulesOf(catalog)
  if (
    latest !== undefined &&
    latest.rules === rules &&
    plan.isUnchanged(latest.tables) &&
    catalog.editions.every(({ name }) => existsSync(editionFile(home, latest.generation, name)))
  )
    return {
      generation: latest.generation,
      isNew: false,
      contentHash: latest.contentHash,
      built: [],
      unchanged: steps.length,
      checks: latest.checks,
    }

  const isSmall = inputs.rows < ROWS_WORTH_THREADS
  // A file that nothing is kept of would double, and one begun for few rows is slow with many: such are begun anew.
  const before =
    latest !== undefined && plan.keepsAny(latest.tables) && (isSmall || latest.isSmall !== true)
      ? latest
      : undefined
  const { id, folder } = await beginGeneration(home)
  const file = join(folder, 'warehouse.duckdb')
  const draft = isSmall ? { rowGroup: SMALL_ROW_GROUP, block: SMALL_BLOCK } : {}
  const opening = Database.open(':memory:', {
    temporary: join(folder, 'spill'),
    ...(isSmall ? { threads: 1 } : {}),
  })
  const interrupt = (): void => {
    void opening.then((database) => {
      database.interrupt()
    })
  }
  try {
    const [database] = await together(
      opening,
      before === undefined
        ? undefined
        : copyFile(warehouseFile(home, before.generation), file, constants.COPYFILE_FICLONE),
    )
    const states: Record<string, TableState> = {}
    const built: Record<string, BuiltTable> = {}
    const changed = new Map<string, Parts | undefined>()
    await database.attachDraft('warehouse', file, draft)
    if (before === undefined || !plan.isDeclaredAs(before.tables))
      await prepareSchemas(database, steps, before)
    const editions = await together(
      ...catalog.editions.map((edition) =>
        EditionDraft.begin(
          database,
          edition,
          join(folder, 'editions', `${edition.name}.duckdb`),
          draft,
        ),
      ),
    )
    const lanes = [database, ...(await database.beside(LANES - 1))]
    options.signal?.addEventListener('abort', interrupt)
    let done = 0
    const makeOne = async (step: Step, lane: Database): Promise<void> => {
      options.signal?.throwIfAborted()
      const { id: name } = step.table
      options.onProgress?.(done++, steps.length, name)
      const origin = plan.originOf(step, states)
      const old = before?.tables[name]
      if (old?.fingerprint === origin.fingerprint) {
        states[name] = old
        return
      }
      const started = performance.now()
      const manner = plan.manner(step, origin, old)
      await make(lane, step, inputs, manner)
      const known =
        old === undefined || manner.parts === undefined
          ? undefined
          : { ...manner.parts, sums: old.sums }
      const folded = foldedRows(step)
      const content =
        folded === undefined
          ? await contentOf(lane, step.table, plan.partedBy(step), known)
          : await contentOfView(
              lane,
              { columns: step.table.columns, ...folded },
              origin.fingerprint,
              plan.partedBy(step),
              known,
            )
      states[name] = { ...origin, ...content }
      if (content.hash !== old?.hash) changed.set(name, manner.parts)
      built[name] = {
        table: name,
        rows: content.rows,
        ms: Math.round(performance.now() - started),
      }
    }
    const inOrder = <T>(named: Readonly<Record<string, T>>): Record<string, T> =>
      Object.fromEntries(
        steps.flatMap(({ table: { id: name } }) => {
          const each = named[name]
          return each === undefined ? [] : [[name, each]]
        }),
      )
    const proofs = proofsOf(checks, steps, {
      changed,
      before: before?.rules === rules ? before.checks : undefined,
      changedPartsFor: (query) => plan.changedPartsFor(query, before?.tables ?? {}, states),
    })
    const proved = new Map<string, readonly CheckResult[]>()
    const jobs: readonly Job[] = [
      ...longestFirst(steps).map((step) => ({
        id: step.table.id,
        after: parentsOf(step),
        work: (lane: Database) => makeOne(step, lane),
      })),
      ...editions.flatMap((draft) =>
        draft.edition.tables.map((disclosure) => ({
          id: `${draft.edition.name}: ${disclosure.mart.id}`,
          after: [disclosure.mart.id],
          work: (lane: Database) => draft.addMart(lane, disclosure),
        })),
      ),
      ...proofs.map(({ id: proof, after, prove }) => ({
        id: proof,
        after,
        givesWay: true,
        work: async (lane: Database) => {
          proved.set(proof, await prove(lane))
        },
      })),
    ]
    await inLanes(jobs, lanes, ({ work }, lane) => work(lane), {
      idOf: (job) => job.id,
      after: (job) => job.after,
      givesWay: (job) => job.givesWay ?? false,
    })
    options.onProgress?.(steps.length, steps.length, '')
    const found = proofs.flatMap((proof) => proved.get(proof.id) ?? [])
    const manifest: Manifest = {
      generation: id,
      project: catalog.project.name,
      contentHash: combined(
        Object.fromEntries(Object.entries(states).map(([name, state]) => [name, state.hash])),
      ),
      tables: inOrder(states),
      checks: found,
      rules,
      isSmall: before === undefined ? isSmall : before.isSmall === true,
      builtAt: new Date().toISOString(),
    }
    for (const draft of editions)
      await draft.sign(database, { home, project: catalog.project }, manifest)
    await database.run('reset threads')
    const writes = [
      (lane: Database) => lane.run('checkpoint'),
      ...editions.map((draft) => (lane: Database) => draft.write(lane)),
    ]
    await inLanes(writes, lanes, (write, lane) => write(lane))
    await database.closeDrafts()
    await rm(join(folder, 'spill'), { recursive: true, force: true })
    await finishGeneration(home, folder, manifest)
    const report: BuildReport = {
      generation: id,
      isNew: true,
      contentHash: manifest.contentHash,
      built: Object.values(inOrder(built)),
      unchanged: steps.length - Object.keys(built).length,
      checks: found,
    }
    await noteBuild(home, report, manifest)
    return report
  } catch (error) {
    try {
      const database = await opening.catch(() => undefined)
      database?.close()
    } finally {
      if (existsSync(folder)) await rm(folder, { recursive: true, force: true })
      await removeGeneration(home, id)
    }
    options.signal?.throwIfAborted()
    throw error
  } finally {
    options.signal?.removeEventListener('abort', interrupt)
  }
}

/** Parameter tables with the rows that hold here. */
const withParameters = (steps: readonly Step[], inputs: Inputs): readonly Step[] =>
  steps.map((step) => {
    if (step.kind !== 'parameter') return step
    const declared = { table: step.table, rows: step.rows }
    const rows = withAdditions(step.table, [declared, ...inputs.overrides])
    return { ...step, rows: inputs.activeRows(step.table, rows) }
  })

const prepareSchemas = async (
  database: Database,
  steps: readonly Step[],
  before: Manifest | undefined,
): Promise<void> => {
  const schemas = [...new Set(steps.map(({ table }) => table.schema))]
  await database.run(
    schemas.map((schema) => `create schema if not exists ${quote(schema)}`).join(';'),
  )
  if (before === undefined) return
  const wanted = new Map(steps.map((step) => [step.table.id, foldedRows(step) !== undefined]))
  const kept = await database.rows<{ id: string; view: boolean }>(
    `select schema_name || '.' || table_name as id, false as view from duckdb_tables() where database_name = current_database()
     union all select schema_name || '.' || view_name, true from duckdb_views() where database_name = current_database() and not internal`,
  )
  for (const { id, view } of kept)
    if (wanted.get(id) !== view)
      await database.run(`drop ${view ? 'view' : 'table'} ${id.split('.').map(quote).join('.')}`)
}
