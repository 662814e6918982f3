import type { Expression } from 'kysely'
import { Computation } from '../transforms/contract/computation.ts'
import type { Columns } from '../transforms/contract/column.ts'
import { parentsOf, promisesOf, type Catalog, type Step } from './catalog.ts'
import { compileQuery } from './compile.ts'
import { quote, type Database, type Row, type Value } from './database.ts'

/** How a table's rows were found from those of the table that reads it. */
export type How =
  /** Asked for. */
  | 'asked'
  /** They agree in the columns of their grain that both tables have. */
  | 'grain'
  /** The table that reads it compares rows: those of the part that they are compared in. */
  | 'part'
  /** The table that reads it computes over all of it, or has no column in common with it. */
  | 'whole'
export interface TracedTable {
  readonly table: string
  readonly how: How
  readonly rows: number
}
/** More rows than this are looked up by their grain alone. */
const mapped = 5_000

export const nameOf = (table: { readonly schema: string; readonly name: string }): string =>
  `${quote(table.schema)}.${quote(table.name)}`

/** Says what things are called or belong to. */
const isLookup = ({ kind, table }: Step): boolean =>
  kind !== 'computation' && /^(?:dim|bridge)_/.test(table.name)

/** Columns in which a row agrees with all that it was made from, where it was made from more than the rows of its own grain. */
const amongOf = ({ table }: Step): readonly string[] | undefined => {
  const promises = promisesOf(table)
  const { among, partition } = promises ?? {}
  if (among !== undefined || !(table instanceof Computation)) return among
  return partition ?? []
}

interface Reached {
  readonly relation: string
  readonly how: How
}

/**
 * From a table's rows up to rows of files; each table is left only after everything that reads it was. An `own` walk keeps to the rows of the
 * grain, through a computation only where nothing else leads on; an `input` walk takes all that they were compared with.
 */
export class Walk {
  readonly #database: Database
  readonly #steps: ReadonlyMap<string, Step>
  /** Those from which some file can be reached. */
  readonly #leading: ReadonlySet<string>
  readonly #kind: 'own' | 'input'
  readonly #reached = new Map<string, Reached>()
  readonly tables: TracedTable[] = []
  /** Whether a table was met whose rows were made from more than those of their own grain. */
  isCompared = false
  readonly #pooled = new Map<string, boolean>()
  readonly #told = new Map<string, readonly Value[]>()
  #temporary = 0
  constructor(database: Database, catalog: Catalog, kind: 'own' | 'input') {
    this.#database = database
    this.#steps = new Map(catalog.steps.map((step) => [step.table.id, step]))
    const leading = new Set<string>()
    for (const step of catalog.steps)
      if (
        step.kind === 'source' ||
        step.kind === 'ledger' ||
        parentsOf(step).some((id) => leading.has(id))
      )
        leading.add(step.table.id)
    this.#leading = leading
    this.#kind = kind
  }
  get origin(): string {
    return `temp.main.origin_${this.#kind}`
  }

  async from(step: Step, relation: string): Promise<this> {
    await this.#database.run(
      `create temp table origin_${this.#kind} (file varchar, sheet varchar, row integer)`,
    )
    this.#reached.set(step.table.id, { relation, how: 'asked' })
    for (const each of [...this.#steps.values()].reverse()) {
      const reached = this.#reached.get(each.table.id)
      if (reached !== undefined) await this.#leave(each, reached)
    }
    return this
  }

  async #leave(step: Step, { relation, how }: Reached): Promise<void> {
    const rows = await this.#count(relation)
    this.tables.push({ table: step.table.id, how, rows })
    if (rows === 0) return
    const rest = await this.#note(step, relation)
    if (rest === undefined) return
    const { values, lookups } = this.#parentsOf(step)
    const among = amongOf(step)
    const isComputed = ({ kind }: Step): boolean => kind === 'computation'
    if (among !== undefined || values.some(isComputed)) this.isCompared = true
    if (this.#kind === 'input' && among !== undefined) {
      for (const parent of values.length > 0 ? values : lookups)
        await this.#take(rest, among, parent)
      return
    }
    const groups =
      this.#kind === 'own'
        ? [values.filter((parent) => !isComputed(parent)), values.filter(isComputed), lookups]
        : [values, lookups]
    for (const group of groups)
      for (const isWhole of [false, true])
        if (await this.#reachAny(step, rest, group, isWhole)) return
  }

  /** What its values come from, and what is followed where they lead nowhere. */
  #parentsOf(step: Step): { readonly values: readonly Step[]; readonly lookups: readonly Step[] } {
    const aside = new Set((promisesOf(step.table)?.aside ?? []).map(({ id }) => id))
    const parents = parentsOf(step).flatMap((id) =>
      aside.has(id) ? [] : (this.#steps.get(id) ?? []),
    )
    const own = grainOf(step)
    const isOfSame = (parent: Step): boolean =>
      own.length > 0 && own.every((name) => grainOf(parent).includes(name))
    const isValue = (parent: Step): boolean =>
      this.#leading.has(parent.table.id) && (!isLookup(parent) || isOfSame(parent))
    return {
      values: parents.filter(isValue),
      lookups: parents.filter((parent) => !isValue(parent)),
    }
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

  /** A row that knows its file is a row of a file: nothing above it is looked at. Gives those that do not. */
  async #note({ kind, table }: Step, relation: string): Promise<string | undefined> {
    const { columns } = table
    if (!('_file' in columns)) return relation
    const [sheet, row] = kind === 'ledger' ? ['sheet', 'row_number'] : ['_sheet', '_row']
    if (!(sheet in columns)) return relation
    const place = row in columns ? row : '0'
    await this.#database.run(
      `insert into ${this.origin}
       select distinct _file, ${sheet}, ${place} from ${relation} where _file is not null
       except select * from ${this.origin}`,
    )
    const rest = await this.#keep(`select * from ${relation} where _file is null`)
    return (await this.#count(rest)) > 0 ? rest : undefined
  }

  /** All rows of the parent that agree in those of the columns that it has. */
  async #take(relation: string, among: readonly string[], parent: Step): Promise<void> {
    const source = nameOf(parent.table)
    const names = among.filter((name) => name in parent.table.columns)
    if (names.length === 0) {
      await this.#add(parent, { relation: source, how: 'whole' })
      return
    }
    const list = names.map(quote).join(', ')
    const found = await this.#keep(
      `select p.* from ${source} as p where exists (
         select 1 from (select distinct ${list} from ${relation}) as c
         where ${names.map((name) => `p.${quote(name)} is not distinct from c.${quote(name)}`).join(' and ')})`,
    )
    if ((await this.#count(found)) > 0) await this.#add(parent, { relation: found, how: 'part' })
  }

  async #reach(
    child: Step,
    relation: string,
    parent: Step,
    both: boolean,
    isWhole: boolean,
  ): Promise<boolean> {
    const source = nameOf(parent.table)
    const found = await this.#matching(child, relation, parent, both)
    if (found === undefined) return false
    if (found === source && (!isWhole || sharedColumns(child, parent, true).length > 0))
      return false
    await this.#add(parent, { relation: found, how: found === source ? 'whole' : 'grain' })
    return true
  }

  async #add({ table }: Step, found: Reached): Promise<void> {
    const source = nameOf(table)
    const before = this.#reached.get(table.id)
    if (before === undefined || found.relation === source) this.#reached.set(table.id, found)
    else if (before.relation !== source)
      this.#reached.set(table.id, {
        relation: await this.#keep(
          `select * from ${before.relation} union select * from ${found.relation}`,
        ),
        how: before.how === 'part' ? 'part' : found.how,
      })
  }

  /** Rows of the parent that agree; undefined where there are none, the table itself where they have nothing in common. */
  async #matching(
    child: Step,
    relation: string,
    parent: Step,
    both: boolean,
  ): Promise<string | undefined> {
    const bridge = this.#bridgeBetween(child, parent)
    const rows = bridge === undefined ? relation : await this.#bridged(relation, bridge)
    const columns = [
      ...sharedColumns(child, parent, both),
      ...(bridge === undefined ? [] : [bridge.column]),
    ]
    const looked = await this.#looked(child, rows, parent, columns)
    if (looked.some(({ names }) => names.length === 0)) return nameOf(parent.table)
    const alternatives: string[] = []
    for (const { table, names } of looked)
      for (const pooled of await this.#pooledIn(table, names, parent)) {
        const agree = names.map((name) =>
          pooled.includes(name)
            ? `c.${quote(name)} = 'all'`
            : `p.${quote(name)}::varchar is not distinct from c.${quote(name)}`,
        )
        alternatives.push(`exists (select 1 from ${table} as c where ${agree.join(' and ')})`)
      }
    if (alternatives.length === 0) return undefined
    const found = await this.#keep(
      `select p.* from ${nameOf(parent.table)} as p where ${alternatives.join(' or ')}`,
    )
    return (await this.#count(found)) > 0 ? found : undefined
  }

  /** A bridge that the child reads and that tells of its rows a column of the parent's grain that they have not themselves. */
  #bridgeBetween(child: Step, parent: Step): Bridge | undefined {
    if (isLookup(parent)) return undefined
    for (const id of parentsOf(child)) {
      const bridge = this.#steps.get(id)
      if (!bridge?.table.name.startsWith('bridge_')) continue
      for (const column of grainOf(parent)) {
        if (column in child.table.columns || !(column in bridge.table.columns)) continue
        const by = grainOf(bridge).filter((name) => name !== column)
        if (by.length > 0 && by.every((name) => name in child.table.columns))
          return { table: nameOf(bridge.table), column, by }
      }
    }
    return undefined
  }
  #bridged(relation: string, { table, column, by }: Bridge): Promise<string> {
    return this.#keep(
      `select r.*, b.${quote(column)} from ${relation} as r join ${table} as b using (${by.map(quote).join(', ')})`,
    )
  }

  /** Tables of text columns, a row for each thing to look for; rows that look by the same columns stand together. */
  async #looked(
    child: Step,
    relation: string,
    parent: Step,
    columns: readonly string[],
  ): Promise<readonly { readonly table: string; readonly names: readonly string[] }[]> {
    const through = promisesOf(child.table)?.through
    if (through === undefined || (await this.#count(relation)) > mapped) {
      if (columns.length === 0) return [{ table: relation, names: [] }]
      const list = columns.map((name) => `${quote(name)}::varchar as ${quote(name)}`).join(', ')
      return [
        { table: await this.#keep(`select distinct ${list} from ${relation}`), names: columns },
      ]
    }
    const groups = new Map<string, { names: string[]; rows: Row[] }>()
    for (const row of await this.#database.rows(`select * from ${relation}`)) {
      const look = new Map<string, readonly Value[]>(
        columns.map((name) => [name, [row[name] ?? null]]),
      )
      for (const [name, value] of Object.entries(through(row)))
        if (value === undefined) look.delete(name)
        else if (name in parent.table.columns) look.set(name, await this.#valuesOf(value))
      const names = [...look.keys()]
      const key = names.join(',')
      const group = groups.get(key) ?? { names, rows: [] }
      let rows: Row[] = [{}]
      for (const [name, values] of look)
        rows = rows.flatMap((each) => values.map((value) => ({ ...each, [name]: value })))
      group.rows.push(...rows)
      groups.set(key, group)
    }
    const tables: { table: string; names: string[] }[] = []
    for (const { names, rows } of groups.values()) {
      if (names.length === 0) return [{ table: relation, names }]
      const table = `look_${this.#kind}_${String(this.#temporary++)}`
      const columnsOf = names.map((name) => ({ name, type: 'VARCHAR' }))
      await this.#database.run(
        `create temp table ${table} (${names.map((name) => `${quote(name)} varchar`).join(', ')})`,
      )
      await this.#database.append(`temp.main.${table}`, columnsOf, rows)
      tables.push({ table: `temp.main.${table}`, names })
    }
    return tables
  }

  /** A value as it stands, or those that a query gives in its only column. */
  async #valuesOf(value: unknown): Promise<readonly Value[]> {
    if (typeof value !== 'object' || value === null || !('toOperationNode' in value))
      return [value as Value]
    const { sql } = compileQuery(value as Expression<unknown>)
    const told =
      this.#told.get(sql) ??
      (await this.#database.rows(sql)).flatMap((row) => Object.values<Value>(row))
    this.#told.set(sql, told)
    return told
  }

  /**
   * For each way in which rows to look for are pooled, the columns whose `all` means: whatever the parent holds. Where `all` is a member of the
   * parent's own column, it means itself.
   */
  async #pooledIn(
    table: string,
    names: readonly string[],
    parent: Step,
  ): Promise<readonly (readonly string[])[]> {
    const open: string[] = []
    for (const name of names) if (!(await this.#isPooled(parent, name))) open.push(name)
    if (open.length === 0) return [[]]
    const ways = await this.#database.rows(
      `select distinct ${open.map((name) => `coalesce(${quote(name)} = 'all', false) as ${quote(name)}`).join(', ')} from ${table}`,
    )
    return ways.map((way) => open.filter((name) => way[name] === true))
  }
  async #isPooled({ table }: Step, name: string): Promise<boolean> {
    if ((table.columns as Columns)[name]?.type !== 'VARCHAR') return false
    const asked = `(select 1 from ${nameOf(table)} where ${quote(name)} = 'all' limit 1)`
    const isPooled = this.#pooled.get(asked) ?? (await this.#count(asked)) > 0
    this.#pooled.set(asked, isPooled)
    return isPooled
  }

  async #count(relation: string): Promise<number> {
    const [count] = await this.#database.rows<{ n: number }>(
      `select count(*)::integer as n from ${relation}`,
    )
    return count?.n ?? 0
  }
  async #keep(text: string): Promise<string> {
    const table = `kept_${this.#kind}_${String(this.#temporary++)}`
    await this.#database.run(`create temp table ${table} as ${text}`)
    return `temp.main.${table}`
  }
}

interface Bridge {
  readonly table: string
  readonly column: string
  readonly by: readonly string[]
}

/** Columns of the parent's grain that the child has too, and, of `both`, those of the child's that the parent has. */
const sharedColumns = (child: Step, parent: Step, both: boolean): readonly string[] => {
  const own = both ? grainOf(child) : []
  return [...new Set([...grainOf(parent), ...own])].filter(
    (name) => name in parent.table.columns && name in child.table.columns,
  )
}
const grainOf = (step: Step): readonly string[] =>
  promisesOf(step.table)?.grain ?? (step.kind === 'parameter' ? step.table.definition.grain : [])
