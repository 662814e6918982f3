import { sql } from 'kysely'
import { double, integer, nullable, text, type Columns } from '../../transforms/contract/column.ts'
import {
  defineComputation,
  rowsOf,
  type Computation,
} from '../../transforms/contract/computation.ts'
import {
  defineParameters,
  type ParameterRow,
  type ParameterTable,
} from '../../transforms/contract/parameter.ts'
import { defineModel, Table, type Model } from '../../transforms/contract/table.ts'
import {
  modelStep,
  parentsOf,
  promisesOf,
  type Catalog,
  type Step,
} from '../../warehouse/catalog.ts'
import { builder, compileQuery } from '../../warehouse/compile.ts'

const rateColumns = { name: text('Which'), value: double('How much'), note: text('Why') } as const
const everywhere = { scope: 'all', valid_from: null, valid_to: null, source: 'test', tag: 'P' }
export const rateRow = (
  name: string,
  value: number,
  note = '',
): ParameterRow<typeof rateColumns> => ({ name, value, note, ...everywhere })

/** Two parameters, what is made of each, and a mart over both: a warehouse that is built in moments. */
export const rate = defineParameters('file:///mini/parameters/rate.ts', {
  doc: 'One row per rate.',
  grain: ['name'],
  columns: rateColumns,
  rows: [rateRow('a', 1), rateRow('b', 2)],
})
export const label = defineParameters('file:///mini/parameters/label.ts', {
  doc: 'One row per label.',
  grain: ['name'],
  columns: { name: text('Which'), title: text('Title') },
  rows: [
    { name: 'a', title: 'Первая', ...everywhere },
    { name: 'b', title: 'Вторая', ...everywhere },
  ],
})
export const doubled = defineModel('file:///mini/core/doubled.ts', {
  doc: 'One row per rate.',
  grain: ['name'],
  columns: { name: text('Which'), twice: double('Twice as much') },
  select: () => sql`select name, value * 2 as twice from ${rate}`,
})
export const titled = defineModel('file:///mini/core/titled.ts', {
  doc: 'One row per label.',
  grain: ['name'],
  columns: { name: text('Which'), title: text('Title') },
  select: () => sql`select name, title from ${label}`,
})
export const summed = defineComputation('file:///mini/core/summed.ts', {
  doc: 'One row: the sum.',
  grain: ['rates'],
  columns: { rates: integer('Rates'), total: double('Sum of what is doubled') },
  inputs: {
    all: () =>
      sql<{ name: string; twice: number }>`select name, twice from ${doubled} order by name`,
  },
  compute: ({ all }) => {
    const rows = rowsOf(all)
    return [{ rates: rows.length, total: rows.reduce((sum, { twice }) => sum + twice, 0) }]
  },
})
export const martMini = defineModel('file:///mini/marts/mart_mini.ts', {
  doc: 'One row per rate that has a title.',
  grain: ['name'],
  references: { name: doubled },
  columns: { name: text('Which'), title: text('Title'), twice: nullable(double('Twice as much')) },
  select: () =>
    sql`select t.name, t.title, d.twice from ${titled} as t left join ${doubled} as d using (name)`,
})

export const sqlStep = <C extends Columns>(table: Model<C>): Step =>
  modelStep(table as unknown as Model)
export const parameterStep = <C extends Columns>(
  table: ParameterTable<C>,
  rows: readonly ParameterRow<C>[] = table.definition.rows,
): Step => ({
  kind: 'parameter',
  table: table as unknown as ParameterTable,
  rows,
})
export const computationStep = <C extends Columns>(table: Computation<C>, code: string): Step => ({
  kind: 'computation',
  table: table as unknown as Computation,
  inputs: Object.fromEntries(
    Object.entries(table.definition.inputs).map(([name, input]) => [
      name,
      compileQuery(input(builder)),
    ]),
  ),
  code,
})
export const miniSteps: readonly Step[] = [
  parameterStep(rate),
  parameterStep(label),
  sqlStep(doubled),
  sqlStep(titled),
  computationStep(summed, 'version 1'),
  sqlStep(martMini),
]

export const catalogOf = (steps: readonly Step[], more: Partial<Catalog> = {}): Catalog => ({
  project: { name: 'mini', title: 'Пример', timeZone: 'Europe/Moscow' },
  steps,
  sources: [],
  stagings: [],
  indicators: [],
  editions: [],
  checks: [],
  ...more,
})
/** The catalog with a step put in the place of the one of the same table, or added at the end. */
export const withStep = (steps: readonly Step[], step: Step): readonly Step[] =>
  steps.some(({ table }) => table.id === step.table.id)
    ? steps.map((old) => (old.table.id === step.table.id ? step : old))
    : [...steps, step]

/** The tables named, everything that they are made of or refer to, and no checks. */
export const cut = (catalog: Catalog, ids: readonly string[]): Catalog => {
  const byId = new Map(catalog.steps.map((step) => [step.table.id, step]))
  const wanted = new Set<string>()
  const want = (id: string): void => {
    if (wanted.has(id)) return
    wanted.add(id)
    const step = byId.get(id)
    if (step === undefined) throw new Error(`no file declares ${id}`)
    for (const parent of parentsOf(step)) want(parent)
    for (const target of Object.values(promisesOf(step.table)?.references ?? {}))
      if (target !== undefined) want((target instanceof Table ? target : target[0]).id)
  }
  for (const id of ids) want(id)
  return {
    ...catalog,
    steps: catalog.steps.filter(({ table }) => wanted.has(table.id)),
    editions: [],
    checks: [],
  }
}
/** Every table that is made of the tables named, themselves included. */
export const madeOf = (catalog: Catalog, ids: readonly string[]): ReadonlySet<string> => {
  const found = new Set(ids)
  for (const step of catalog.steps)
    if (parentsOf(step).some((parent) => found.has(parent))) found.add(step.table.id)
  return found
}
