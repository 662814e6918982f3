import type { Frame } from '../../transforms/contract/computation.ts'
import type { Catalog, Step } from '../../warehouse/catalog.ts'
import { Database, quote, type Row } from '../../warehouse/database.ts'
import type { Home } from '../../warehouse/home.ts'
import { Inputs } from '../../warehouse/inputs.ts'

const columnsOf = (step: Step) =>
  Object.entries(step.table.columns).map(([name, { type }]) => ({ name, type }))

/** The table of a step made with nothing around it. */
export const bareStep = async (database: Database, step: Step, inputs?: Inputs): Promise<void> => {
  const { table } = step
  const name = `${quote(table.schema)}.${quote(table.name)}`
  const columns = columnsOf(step)
  if (step.kind === 'sql') {
    const kind = step.folded === undefined ? 'table' : 'view'
    await database.run(`create ${kind} ${name} as ${step.query.sql}`)
    return
  }
  await database.run(
    `create table ${name} (${columns.map((column) => `${quote(column.name)} ${column.type}`).join(', ')})`,
  )
  if (step.kind === 'source') await inputs?.fillSource(database, step.table, name)
  else if (step.kind === 'ledger')
    await database.append(name, columns, inputs?.ledgerRows(step.table) ?? [])
  else if (step.kind === 'parameter')
    await database.append(
      name,
      columns,
      (inputs?.activeRows(step.table, step.rows) ?? step.rows) as readonly Row[],
    )
  else {
    const frames: Record<string, Frame<object>> = {}
    for (const [input, query] of Object.entries(step.inputs))
      frames[input] = await database.frame(query.sql)
    await database.append(name, columns, [
      ...step.table.definition.compute(frames),
    ] as readonly Row[])
  }
}

/** Every table of the catalog by its own SQL in one pass: what a script of the same queries would take. */
export const bareBuild = async (home: Home, catalog: Catalog, file: string): Promise<void> => {
  const inputs = await Inputs.read(home, catalog)
  const database = await Database.open(file)
  try {
    for (const schema of new Set(catalog.steps.map(({ table }) => table.schema)))
      await database.run(`create schema if not exists ${quote(schema)}`)
    for (const step of catalog.steps) await bareStep(database, step, inputs)
    await database.run('checkpoint')
  } finally {
    database.close()
  }
}
