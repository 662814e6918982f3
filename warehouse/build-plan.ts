import { createHash } from 'node:crypto'
import { parentsOf, type Step } from './catalog.ts'
import { CONTENT_FORMAT } from './content.ts'
import type { TableState } from './generation.ts'
import type { Inputs } from './inputs.ts'
import { meaningOf, type Manner } from './make.ts'
import {
  changedParts,
  madeFrom,
  nameOfPartition,
  partedBy,
  partedParents,
  partitionOf,
  partitionsOf,
  type Partition,
  type Parts,
  type PartedQuery,
} from './parts.ts'

type Origin = Pick<TableState, 'fingerprint' | 'declared' | 'made'>
type States = Readonly<Record<string, TableState | undefined>>
/** What of a table's origin is the same whatever its parents hold; all are hashes. */
interface OwnOrigin {
  readonly declared: string
  readonly own: string
  /** Of a source: of what each file stands for. */
  readonly files?: Readonly<Record<string, string>>
}

/** What must be made anew: tables whose fingerprint changed, and of tables made in parts only the parts that did. */
export class BuildPlan {
  readonly #steps: readonly Step[]
  readonly #byId: ReadonlyMap<string, Step>
  readonly #inputs: Inputs
  readonly #partitions: ReadonlyMap<string, readonly Partition[]>
  readonly #own = new Map<string, OwnOrigin>()

  constructor(steps: readonly Step[], inputs: Inputs, checks: readonly PartedQuery[] = []) {
    this.#steps = steps
    this.#byId = new Map(steps.map((step) => [step.table.id, step]))
    this.#inputs = inputs
    this.#partitions = partitionsOf(steps, checks)
  }

  isUnchanged(tables: States): boolean {
    return (
      Object.keys(tables).length === this.#steps.length &&
      this.#steps.every(
        (step) => tables[step.table.id]?.fingerprint === this.originOf(step, tables).fingerprint,
      )
    )
  }

  /** Whether the tables there are the declared ones, each declared as it was. */
  isDeclaredAs(tables: States): boolean {
    return (
      Object.keys(tables).length === this.#steps.length &&
      this.#steps.every(
        (step) => tables[step.table.id]?.declared === this.#ownOriginOf(step).declared,
      )
    )
  }

  /** Whether any table, or part of one, may stand. */
  keepsAny(tables: States): boolean {
    return this.#steps.some((step) => {
      const old = tables[step.table.id]
      const { fingerprint, made } = this.originOf(step, tables)
      return (
        old?.fingerprint === fingerprint || (made !== undefined && old?.made?.base === made.base)
      )
    })
  }

  /** Partitions by which the content of a table must be known. */
  partedBy({ table }: Step): readonly Partition[] {
    return this.#partitions.get(table.id) ?? []
  }

  /** What a table would be made from, given the states of its parents. */
  originOf(step: Step, states: States): Origin {
    const { declared, own, files } = this.#ownOriginOf(step)
    const parted = new Set(partedParents(step, this.#byId).map(({ table }) => table.id))
    const hash = createHash('sha256').update(own)
    for (const parent of parentsOf(step))
      hash.update(`${parent}=${parted.has(parent) ? 'parts' : (states[parent]?.hash ?? '')}\n`)
    const base = hash.digest('hex')
    const partition = partitionOf(step)
    if (partition === undefined) return { fingerprint: base, declared }
    const name = nameOfPartition(partition)
    const from = files ?? madeFrom([...parted].map((parent) => states[parent]?.parts[name] ?? {}))
    const fingerprint = createHash('sha256')
      .update(JSON.stringify([base, from]))
      .digest('hex')
    return { fingerprint, declared, made: { base, from } }
  }

  #ownOriginOf(step: Step): OwnOrigin {
    const known = this.#own.get(step.table.id)
    if (known !== undefined) return known
    const declared = createHash('sha256')
      .update(this.#inputs.engine)
      .update(JSON.stringify([step.table.columns, meaningOf(step)]))
      .update(step.kind === 'sql' ? this.#selected(step) : '')
      .digest('hex')
    const own = createHash('sha256')
      .update(declared)
      .update(JSON.stringify([CONTENT_FORMAT, partitionOf(step) ?? null, this.partedBy(step)]))
      .update(this.#contentOf(step))
      .digest('hex')
    const origin =
      step.kind === 'source'
        ? { declared, own, files: this.#inputs.identityOf(step.table) }
        : { declared, own }
    this.#own.set(step.table.id, origin)
    return origin
  }

  /** What goes into a table besides what its parents hold. */
  #contentOf(step: Step): string {
    switch (step.kind) {
      case 'source':
      case 'sql':
        return ''
      case 'ledger':
        return JSON.stringify(this.#inputs.ledgerRows(step.table))
      case 'parameter':
        return JSON.stringify(step.rows)
      case 'computation':
        return step.code + JSON.stringify(step.inputs)
    }
  }

  /** What tells of which types a query's columns are. */
  #selected(step: Extract<Step, { kind: 'sql' }>): string {
    const types = parentsOf(step).map((id) =>
      Object.entries(this.#byId.get(id)?.table.columns ?? {}).map(([name, { type }]) => [
        name,
        type,
      ]),
    )
    return JSON.stringify([step.query.sql, types, ...(step.folded === undefined ? [] : ['view'])])
  }

  /** How to make a table: in which parts, and whether in the one that is there. */
  manner(step: Step, origin: Origin, old: TableState | undefined): Manner {
    return {
      isThere: old?.declared === origin.declared,
      parts: this.#partsOf(step, origin, old),
    }
  }

  /** Parts in which tables differ from what they were; undefined: anything may differ. */
  changedPartsFor(
    { partition, parents }: PartedQuery,
    before: States,
    now: States,
  ): Parts | undefined {
    const parted = partedBy(partition, parents, this.#byId)
    const ids = new Set(parted.map(({ table }) => table.id))
    if (parents.some((id) => !ids.has(id) && before[id]?.hash !== now[id]?.hash)) return undefined
    const partsIn = (states: States) =>
      parted.flatMap(({ table: { id } }) => {
        const parts = states[id]?.parts[nameOfPartition(partition)]
        return parts === undefined ? [] : [parts]
      })
    const [old, own] = [partsIn(before), partsIn(now)]
    if (old.length < parted.length || own.length < parted.length) return undefined
    return {
      partition,
      parts: changedParts(madeFrom(old), madeFrom(own)),
      parents: parted,
    }
  }

  /** The parts to be made anew; undefined: the whole table. */
  #partsOf(step: Step, { made }: Origin, old: TableState | undefined): Parts | undefined {
    const partition = partitionOf(step)
    if (partition === undefined || made === undefined || old?.made?.base !== made.base)
      return undefined
    const parts = changedParts(old.made.from, made.from)
    if (2 * parts.length > Object.keys(made.from).length) return undefined
    return { partition, parts, parents: partedParents(step, this.#byId) }
  }
}

/** Steps with the longest chain of tables below them first: while those are made, what nothing waits for can be. */
export const longestFirst = (steps: readonly Step[]): readonly Step[] => {
  const below = new Map<string, number>()
  for (const step of [...steps].reverse())
    for (const parent of parentsOf(step))
      below.set(parent, Math.max(below.get(parent) ?? 0, 1 + (below.get(step.table.id) ?? 0)))
  return [...steps].sort((a, b) => (below.get(b.table.id) ?? 0) - (below.get(a.table.id) ?? 0))
}
