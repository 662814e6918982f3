import { Computation } from '../transforms/contract/computation.ts'
import type { Columns } from '../transforms/contract/column.ts'
import { parentsOf, promisesOf, type Catalog, type Step } from './catalog.ts'
import { quote, type Database, type Row, type Value } from './database.ts'

/** How a table's rows were found from those of the table that reads it. */
export type How =
  /** Asked for. */
  | 'asked'
  /** They agree in the columns of their grain that both tables have. */
  | 'grain'
  /** The table that reads it computes over all of it, or has no column in common with it. */
  | 'whole'
  /** A computation that was not followed, because other rows led to cells. */
  | 'computation'
export interface TracedTable {
  readonly table: string
  readonly how: How
  readonly rows: number
}
/** More rows than this are looked up by their grain alone. */
const mapped = 5_000

export const nameOf = (table: { readonly schema: string; readonly name: string }): string =>
  `${quote(table.schema)}.${quote(table.name)}`

const isLookup = ({ kind, table }: Step): boolean =>
  kind === 'parameter' || /^(?:dim|bridge)_/.test(table.name)

/** A computation that does not say which of its input a row is about. */
const isOpaque = ({ table }: Step): boolean =>
  table instanceof Computation && table.definition.through === undefined

/** From a table's rows up to rows of files; each table is left only after everything that reads it was. */
export class Walk {
  readonly #database: Database
  readonly #catalog: Catalog
  readonly #steps: ReadonlyMap<string, Step>
  /** Whether inputs of computations are followed. */
  readonly #whole: boolean
  readonly #reached = new Map<string, string>()
  readonly #how = new Map<string, How>()
  readonly #suffix: string
  readonly tables: TracedTable[] = []
  origins = 0
  #temporary = 0
  constructor(database: Database, catalog: Catalog, whole: boolean) {
    this.#database = database
    this.#catalog = catalog
    this.#steps = new Map(catalog.steps.map((step) => [step.table.id, step]))
    this.#whole = whole
    this.#suffix = whole ? 'whole' : 'exact'
  }
  get origin(): string {
    return `temp.main.origin_${this.#suffix}`
  }

  async from(step: Step, relation: string): Promise<this> {
    await this.#database.run(
      `create temp table origin_${this.#suffix} (file varchar, sheet varchar, row integer)`,
    )
    this.#reached.set(step.table.id, relation)
    this.#how.set(step.table.id, 'asked')
    for (const each of [...this.#catalog.steps].reverse()) {
      const rows = this.#reached.get(each.table.id)
      if (rows !== undefined) await this.#leave(each, rows)
    }
    const [count] = await this.#database.rows<{ n: number }>(
      `select count(*)::integer as n from ${this.origin}`,
    )
    this.origins = count?.n ?? 0
    return this
  }

  async #leave(step: Step, relation: string): Promise<void> {
    const { table } = step
    const [count] = await this.#database.rows<{ n: number }>(
      `select count(*)::integer as n from ${relation}`,
    )
    const rows = count?.n ?? 0
    const how = this.#how.get(table.id) ?? 'grain'
    const isStop = isOpaque(step) && !this.#whole
    this.tables.push({ table: table.id, how: isStop ? 'computation' : how, rows })
    if (rows === 0 || isStop) return
    if (await this.#note(step, relation)) return
    const parents = parentsOf(step).flatMap((id) => this.#steps.get(id) ?? [])
    const computed = parents.filter(({ kind }) => kind === 'computation')
    const others = parents.filter(({ kind }) => kind !== 'computation')
    const measures = others.filter((parent) => !isLookup(parent))
    if (isOpaque(step)) {
      const inputs = parents.filter((parent) => !isLookup(parent))
      for (const { table: input } of inputs.length > 0 ? inputs : parents) {
        this.#reached.set(input.id, nameOf(input))
        this.#how.set(input.id, 'whole')
      }
      return
    }
    if (await this.#reachAny(step, relation, measures, false)) {
      if (this.#whole) await this.#reachAny(step, relation, computed, false)
      else for (const parent of computed) await this.#mention(step, relation, parent)
      return
    }
    for (const isWhole of [false, true])
      for (const group of isWhole ? [measures, computed, others.filter(isLookup)] : [computed])
        if (await this.#reachAny(step, relation, group, isWhole)) return
  }

  /**
   * Follows those in which rows agree in both grains; where there are none, those that agree in their own; a parent with which a row has
   * no column in common only when `isWhole`.
   */
  async #reachAny(
    child: Step,
    relation: string,
    parents: readonly Step[],
    isWhole: boolean,
  ): Promise<boolean> {
    for (const both of [true, false]) {
      let any = false
      for (const parent of parents)
        if (await this.#reach(child, relation, parent, both, isWhole)) any = true
      if (any) return true
    }
    return false
  }

  /** A computation that something of the row comes from, while others lead to the cells of its number. */
  async #mention(child: Step, relation: string, parent: Step): Promise<void> {
    const found = await this.#matching(child, relation, parent, sharedColumns(child, parent, true))
    if (found === undefined || found === nameOf(parent.table)) return
    const [count] = await this.#database.rows<{ n: number }>(
      `select count(*)::integer as n from ${found}`,
    )
    this.tables.push({ table: parent.table.id, how: 'computation', rows: count?.n ?? 0 })
  }

  /** A row that knows its file is a row of a file: nothing above it is looked at. */
  async #note({ kind, table }: Step, relation: string): Promise<boolean> {
    const { columns } = table
    if (!('_file' in columns)) return false
    const [sheet, row] = kind === 'ledger' ? ['sheet', 'row_number'] : ['_sheet', '_row']
    if (!(sheet in columns)) return false
    const place = row in columns ? row : '0'
    await this.#database.run(
      `insert into ${this.origin}
       select distinct _file, ${sheet}, ${place} from ${relation} where _file is not null
       except select * from ${this.origin}`,
    )
    return true
  }

  async #reach(
    child: Step,
    relation: string,
    parent: Step,
    both: boolean,
    isWhole: boolean,
  ): Promise<boolean> {
    const source = nameOf(parent.table)
    const found = await this.#matching(child, relation, parent, sharedColumns(child, parent, both))
    if (found === undefined || (found === source && !isWhole)) return false
    const before = this.#reached.get(parent.table.id)
    if (before === undefined) {
      this.#reached.set(parent.table.id, found)
      this.#how.set(parent.table.id, found === source ? 'whole' : 'grain')
    } else if (before !== source && found !== before)
      this.#reached.set(
        parent.table.id,
        found === source
          ? source
          : await this.#keep(`select * from ${before} union select * from ${found}`),
      )
    return true
  }

  /** Rows of the parent that agree; undefined where there are none. */
  async #matching(
    child: Step,
    relation: string,
    parent: Step,
    columns: readonly string[],
  ): Promise<string | undefined> {
    const conditions = await this.#conditions(child, relation, parent, columns)
    if (conditions.length === 0) return nameOf(parent.table)
    const parts: string[] = []
    for (const { table, names } of conditions) {
      if (names.length === 0) return nameOf(parent.table)
      const agree: string[] = []
      for (const name of names) {
        const same = `p.${quote(name)}::varchar is not distinct from c.${quote(name)}`
        agree.push(
          (await this.#isPooled(parent, name)) ? same : `(c.${quote(name)} = 'all' or ${same})`,
        )
      }
      parts.push(`exists (select 1 from ${table} as c where ${agree.join(' and ')})`)
    }
    const found = await this.#keep(
      `select p.* from ${nameOf(parent.table)} as p where ${parts.join(' or ')}`,
    )
    const [count] = await this.#database.rows<{ n: number }>(
      `select count(*)::integer as n from ${found}`,
    )
    return (count?.n ?? 0) > 0 ? found : undefined
  }

  /** Tables of text columns, a row for each thing to look for; rows that look by the same columns stand together. */
  async #conditions(
    child: Step,
    relation: string,
    parent: Step,
    columns: readonly string[],
  ): Promise<readonly { readonly table: string; readonly names: readonly string[] }[]> {
    const through = promisesOf(child.table)?.through
    const [count] = await this.#database.rows<{ n: number }>(
      `select count(*)::integer as n from ${relation}`,
    )
    if (through === undefined || (count?.n ?? 0) > mapped) {
      if (columns.length === 0) return []
      const list = columns.map((name) => `${quote(name)}::varchar as ${quote(name)}`).join(', ')
      return [
        { table: await this.#keep(`select distinct ${list} from ${relation}`), names: columns },
      ]
    }
    const groups = new Map<string, { names: string[]; rows: Row[] }>()
    for (const row of await this.#database.rows(`select * from ${relation}`)) {
      const said = through(row)
      const look = new Map<string, Value>(columns.map((name) => [name, row[name] ?? null]))
      for (const [name, value] of Object.entries(said))
        if (value === undefined) look.delete(name)
        else if (name in parent.table.columns) look.set(name, value as Value)
      const names = [...look.keys()]
      const key = names.join(',')
      const group = groups.get(key) ?? { names, rows: [] }
      group.rows.push(Object.fromEntries(look))
      groups.set(key, group)
    }
    const tables: { table: string; names: string[] }[] = []
    for (const { names, rows } of groups.values()) {
      if (names.length === 0) return []
      const table = `look_${this.#suffix}_${String(this.#temporary++)}`
      const columnsOf = names.map((name) => ({ name, type: 'VARCHAR' }))
      await this.#database.run(
        `create temp table ${table} (${names.map((name) => `${quote(name)} varchar`).join(', ')})`,
      )
      await this.#database.append(`temp.main.${table}`, columnsOf, rows)
      tables.push({ table: `temp.main.${table}`, names })
    }
    return tables
  }

  /** Whether `all` is a member of the parent's own column; else it means: whatever it holds. */
  async #isPooled({ table }: Step, name: string): Promise<boolean> {
    if ((table.columns as Columns)[name]?.type !== 'VARCHAR') return false
    const [found] = await this.#database.rows<{ n: number }>(
      `select count(*)::integer as n from (select 1 from ${nameOf(table)} where ${quote(name)} = 'all' limit 1)`,
    )
    return (found?.n ?? 0) > 0
  }

  async #keep(text: string): Promise<string> {
    const table = `kept_${this.#suffix}_${String(this.#temporary++)}`
    await this.#database.run(`create temp table ${table} as ${text}`)
    return `temp.main.${table}`
  }
}

/** Columns of the parent's grain that the child has too, and, of `both`, those of the child's that the parent has. */
const sharedColumns = (child: Step, parent: Step, both: boolean): readonly string[] => {
  const own = both ? (promisesOf(child.table)?.grain ?? []) : []
  return [...new Set([...grainOf(parent), ...own])].filter(
    (name) => name in parent.table.columns && name in child.table.columns,
  )
}
const grainOf = (step: Step): readonly string[] =>
  promisesOf(step.table)?.grain ?? (step.kind === 'parameter' ? step.table.definition.grain : [])
