import type { Expression } from 'kysely'
import { Computation } from '../transforms/contract/computation.ts'
import type { Columns } from '../transforms/contract/column.ts'
import { parentsOf, promisesOf, type Catalog, type Step } from './catalog.ts'
import { compileQuery } from './compile.ts'
import { literal, quote, type Database, type Row, type Value } from './database.ts'

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

/** Rows that were set aside, or a table. */
interface Rows {
  readonly relation: string
  readonly count: number
}
interface Reached {
  /** Its rows are those for which any of these holds. */
  readonly conditions: ReadonlySet<string>
  readonly how: How
}
/** The condition on a table of which all is meant. */
const everything = 'true'

/**
 * From a table's rows up to rows of files; each table is left only after everything that reads it was. An `own` walk keeps to the rows of the
 * grain, through a computation only where nothing else leads on; an `input` walk takes all that they were compared with. Nothing that is asked
 * changes on the way: what was asked once is not asked again.
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
  readonly #kept = new Map<string, Rows>()
  readonly #told = new Map<string, readonly Row[]>()
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

  async from(step: Step, rows: Rows): Promise<this> {
    await this.#database.run(
      `create temp table origin_${this.#kind} (file varchar, sheet varchar, row integer)`,
    )
    await this.#leave(step, rows, 'asked')
    for (const each of [...this.#steps.values()].reverse()) {
      const reached = this.#reached.get(each.table.id)
      if (reached === undefined) continue
      const { conditions, how } = reached
      await this.#leave(each, await this.#rowsWhere(each, [...conditions]), how)
    }
    return this
  }

  async #leave(step: Step, rows: Rows, how: How): Promise<void> {
    this.tables.push({ table: step.table.id, how, rows: rows.count })
    const rest = await this.#note(step, rows)
    if (rest.count === 0) return
    const { values, lookups } = this.#parentsOf(step)
    const among = amongOf(step)
    const isComputed = ({ kind }: Step): boolean => kind === 'computation'
    if (among !== undefined || values.some(isComputed)) this.isCompared = true
    if (this.#kind === 'input' && among !== undefined) {
      for (const parent of values.length > 0 ? values : lookups)
        await this.#take(step, rest, among, parent)
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
    rows: Rows,
    parents: readonly Step[],
    isWhole: boolean,
  ): Promise<boolean> {
    for (const both of [true, false]) {
      let any = false
      for (const parent of parents)
        if (await this.#reach(child, rows, parent, both, isWhole)) any = true
      if (any) return true
    }
    return false
  }

  /** A row that knows its file is a row of a file: nothing above it is looked at. Gives those that do not. */
  async #note({ kind, table }: Step, rows: Rows): Promise<Rows> {
    const { columns } = table
    if (!('_file' in columns)) return rows
    const [sheet, row] = kind === 'ledger' ? ['sheet', 'row_number'] : ['_sheet', '_row']
    if (!(sheet in columns)) return rows
    const place = row in columns ? row : '0'
    await this.#database.run(
      `insert into ${this.origin}
       select distinct _file, ${sheet}, ${place} from ${rows.relation} where _file is not null`,
    )
    return this.#keep(`select * from ${rows.relation} where _file is null`)
  }

  /** All rows of the parent that agree in those of the columns that it has, or have there what the child also reads. */
  async #take(child: Step, rows: Rows, among: readonly string[], parent: Step): Promise<void> {
    const names = among.filter((name) => name in parent.table.columns)
    if (names.length === 0) {
      this.#add(parent, everything, 'whole')
      return
    }
    const own = names.map(quote)
    const also = names.flatMap((name, i) =>
      (promisesOf(child.table)?.amongAlso?.[name] ?? []).map((value) =>
        own.with(i, literal(value)),
      ),
    )
    const { relation } = await this.#keep(
      [own, ...also]
        .map((list) => `select distinct ${list.join(', ')} from ${rows.relation}`)
        .join(' union all '),
    )
    const agree = names.map((name) => `p.${quote(name)} is not distinct from c.${quote(name)}`)
    const condition = `exists (select 1 from ${relation} as c where ${agree.join(' and ')})`
    if (await this.#hasAny(parent, condition)) this.#add(parent, condition, 'part')
  }

  async #reach(
    child: Step,
    rows: Rows,
    parent: Step,
    both: boolean,
    isWhole: boolean,
  ): Promise<boolean> {
    const condition = await this.#agreeing(child, rows, parent, both)
    if (condition === everything) {
      if (!isWhole || sharedColumns(child, parent, true).length > 0) return false
      this.#add(parent, everything, 'whole')
      return true
    }
    if (condition === undefined || !(await this.#hasAny(parent, condition))) return false
    this.#add(parent, condition, 'grain')
    return true
  }

  #add({ table }: Step, condition: string, how: How): void {
    const before = this.#reached.get(table.id)
    const isKept =
      before !== undefined && how !== 'whole' && (before.how === 'whole' || before.how === 'part')
    this.#reached.set(table.id, {
      conditions: new Set([...(before?.conditions ?? []), condition]),
      how: isKept ? before.how : how,
    })
  }

  /** What holds for rows of the parent that agree; undefined where nothing is looked for, everything where they have nothing in common. */
  async #agreeing(
    child: Step,
    rows: Rows,
    parent: Step,
    both: boolean,
  ): Promise<string | undefined> {
    const bridge = this.#bridgeBetween(child, parent)
    const bridged = bridge === undefined ? rows : await this.#bridged(rows, bridge)
    const columns = [
      ...sharedColumns(child, parent, both),
      ...(bridge === undefined ? [] : [bridge.column]),
    ]
    const looked = await this.#looked(child, bridged, parent, columns)
    if (looked.some(({ names }) => names.length === 0)) return everything
    const alternatives: string[] = []
    for (const { relation, names } of looked)
      for (const pooled of await this.#pooledIn(relation, names, parent)) {
        const agree = names.map((name) =>
          pooled.includes(name)
            ? `c.${quote(name)} = 'all'`
            : `p.${quote(name)}::varchar is not distinct from c.${quote(name)}`,
        )
        alternatives.push(`exists (select 1 from ${relation} as c where ${agree.join(' and ')})`)
      }
    return alternatives.length === 0 ? undefined : alternatives.join(' or ')
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
  #bridged({ relation }: Rows, { table, column, by }: Bridge): Promise<Rows> {
    return this.#keep(
      `select r.*, b.${quote(column)} from ${relation} as r join ${table} as b using (${by.map(quote).join(', ')})`,
    )
  }

  /** Tables of text columns, a row for each thing to look for; rows that look by the same columns stand together. */
  async #looked(
    child: Step,
    from: Rows,
    parent: Step,
    columns: readonly string[],
  ): Promise<readonly Looked[]> {
    const through = promisesOf(child.table)?.through
    if (through === undefined || from.count > mapped) {
      if (columns.length === 0) return [{ relation: from.relation, names: [] }]
      const list = columns.map((name) => `${quote(name)}::varchar as ${quote(name)}`).join(', ')
      const { relation } = await this.#keep(`select distinct ${list} from ${from.relation}`)
      return [{ relation, names: columns }]
    }
    const groups = new Map<string, { names: string[]; rows: Row[] }>()
    for (const row of await this.#ask(`select * from ${from.relation}`)) {
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
        rows = rows.flatMap((each) => values.map((value) => ({ ...each, [name]: textOf(value) })))
      group.rows.push(...rows)
      groups.set(key, group)
    }
    const looked: Looked[] = []
    for (const { names, rows } of groups.values()) {
      if (names.length === 0) return [{ relation: from.relation, names }]
      const type = JSON.stringify([Object.fromEntries(names.map((name) => [name, 'VARCHAR']))])
      const list = [...new Set(rows.map((row) => JSON.stringify(row)))].sort().join(',')
      const { relation } = await this.#keep(
        `select unnest(from_json(${literal(`[${list}]`)}, ${literal(type)}), recursive := true)`,
      )
      looked.push({ relation, names })
    }
    return looked
  }

  /** A value as it stands, or those that a query gives in its only column. */
  async #valuesOf(value: unknown): Promise<readonly Value[]> {
    if (typeof value !== 'object' || value === null || !('toOperationNode' in value))
      return [value as Value]
    const told = await this.#ask(compileQuery(value as Expression<unknown>).sql)
    return told.flatMap((row) => Object.values<Value>(row))
  }

  /**
   * For each way in which rows to look for are pooled, the columns whose `all` means: whatever the parent holds. Where `all` is a member of the
   * parent's own column, it means itself.
   */
  async #pooledIn(
    relation: string,
    names: readonly string[],
    parent: Step,
  ): Promise<readonly (readonly string[])[]> {
    const table = nameOf(parent.table)
    const columns: Columns = parent.table.columns
    const texts = names.filter((name) => columns[name]?.type === 'VARCHAR')
    const members = texts.map(
      (name) => `exists (select 1 from ${table} where ${quote(name)} = 'all') as ${quote(name)}`,
    )
    const [has] = texts.length === 0 ? [] : await this.#ask(`select ${members.join(', ')}`)
    const open = names.filter((name) => has?.[name] !== true)
    if (open.length === 0) return [[]]
    const ways = await this.#ask(
      `select distinct ${open.map((name) => `coalesce(${quote(name)} = 'all', false) as ${quote(name)}`).join(', ')} from ${relation}`,
    )
    return ways.map((way) => open.filter((name) => way[name] === true))
  }

  async #hasAny({ table }: Step, condition: string): Promise<boolean> {
    const found = await this.#ask(`select 1 from ${nameOf(table)} as p where ${condition} limit 1`)
    return found.length > 0
  }
  async #rowsWhere({ table }: Step, conditions: readonly string[]): Promise<Rows> {
    const relation = nameOf(table)
    if (!conditions.includes(everything))
      return this.#keep(`select p.* from ${relation} as p where ${conditions.join(' or ')}`)
    const [row] = await this.#database.rows<{ count: number }>(
      `select count(*) as count from ${relation}`,
    )
    return { relation, count: row?.count ?? 0 }
  }
  async #ask(text: string): Promise<readonly Row[]> {
    const told = this.#told.get(text) ?? (await this.#database.rows(text))
    this.#told.set(text, told)
    return told
  }
  async #keep(text: string): Promise<Rows> {
    const known = this.#kept.get(text)
    if (known !== undefined) return known
    const table = `kept_${this.#kind}_${String(this.#kept.size)}`
    const [made] = await this.#database.rows<{ Count: number }>(
      `create temp table ${table} as ${text}`,
    )
    const kept = { relation: `temp.main.${table}`, count: made?.Count ?? 0 }
    this.#kept.set(text, kept)
    return kept
  }
}

/** Things to look for, in columns of text. */
interface Looked {
  readonly relation: string
  readonly names: readonly string[]
}
const textOf = (value: Value): string | null =>
  value === null ? null : typeof value === 'object' ? JSON.stringify(value) : String(value)

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
