import type { Expression } from 'kysely'
import type { Database, Table } from './table.ts'

/** Rows that should not exist, and what to do when they do. All texts are Russian: they stand on the data quality page. */
export interface Check {
  readonly name: string
  readonly title: string
  /** `error` stops publication; `warning` is shown. */
  readonly severity: 'error' | 'warning'
  /** What is found. */
  readonly what: string
  /** When it matters. */
  readonly when: string
  readonly remedy: string
  /**
   * Columns of the tables that it looks at by whose values what it finds falls into parts, as the rows of a table do by its `partition`: where nothing
   * was found before, a build looks at the parts that changed.
   */
  readonly partition?: readonly string[]
  /** The table to which the columns of its key that the rows have lead: `trace` goes on from there. */
  readonly about?: Table
  /** The rows, so that a person can tell them apart: keys, what a school is called, what contradicts what. */
  readonly select: (db: Database) => Expression<object>
}
export const defineCheck = (url: string, check: Omit<Check, 'name'>): Check => ({
  ...check,
  name: url.replace(/^.*\/|\.ts$/g, ''),
})
