import { AsyncLocalStorage } from 'node:async_hooks'
import { Database } from '../../warehouse/database.ts'

/** What a build spends its time on, as seen at the database. */
export const KINDS = ['reading', 'sql', 'checks', 'writing', 'other'] as const
export type Kind = (typeof KINDS)[number]

const METHODS = ['run', 'rows', 'frame', 'describe', 'append', 'fill'] as const

/** The kind of work of a statement; `append` and `fill` write rows that were computed outside. */
export const kindOf = (method: string, statement: string): Kind => {
  const text = statement
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/^(delete from|create or replace table) [^;]*; (?=insert)/i, '')
    .toLowerCase()
  if (method === 'append' || method === 'fill') return 'writing'
  if (/^insert into "?sources"?\./.test(text) || text.includes('read_parquet')) return 'reading'
  if (
    /hash\(t\)|count_if\(|having count\(\*\) > 1|count\(distinct|^select count\(\*\)::integer as n from/.test(
      text,
    )
  )
    return 'checks'
  if (
    /^(checkpoint|create table "?edition|comment on|begin|commit|delete from|attach|use memory; detach)/.test(
      text,
    )
  )
    return 'writing'
  if (
    method === 'frame' ||
    method === 'describe' ||
    /^(create or replace (table|view)|insert into)/.test(text)
  )
    return 'sql'
  return 'other'
}

/**
 * Milliseconds by kind between `start` and `stop`, of all databases of this process. Statements that run beside each other count each, so the
 * sum may exceed the time that passed.
 */
export class Stopwatch {
  readonly #spent = new Map<Kind, number>()
  readonly #original = new Map<string, unknown>()
  readonly #within = new AsyncLocalStorage<true>()

  start(): this {
    for (const method of METHODS) {
      const original = Reflect.get(Database.prototype, method) as (
        ...values: unknown[]
      ) => Promise<unknown>
      this.#original.set(method, original)
      const take = async (database: Database, values: readonly unknown[]): Promise<unknown> => {
        if (this.#within.getStore() === true) return await original.apply(database, [...values])
        const started = performance.now()
        try {
          return await this.#within.run(true, () => original.apply(database, [...values]))
        } finally {
          this.#add(kindOf(method, String(values[0])), performance.now() - started)
        }
      }
      Reflect.set(Database.prototype, method, function (this: Database, ...values: unknown[]) {
        return take(this, values)
      })
    }
    return this
  }

  stop(): ReadonlyMap<Kind, number> {
    for (const [method, original] of this.#original)
      Reflect.set(Database.prototype, method, original)
    return this.#spent
  }

  #add(kind: Kind, ms: number): void {
    this.#spent.set(kind, (this.#spent.get(kind) ?? 0) + ms)
  }
}
