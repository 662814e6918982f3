import { existsSync, rmSync } from 'node:fs'
import { DuckDBInstance } from '@duckdb/node-api'
import type { Columns } from '../transforms/contract/column.ts'
import { official } from '../transforms/editions/official.ts'
import { martPublication } from '../transforms/marts/mart_publication.ts'
import { editionColumns } from '../warehouse/editions.ts'

/** What the pages read: table of the schema `marts` → its columns with their DuckDB types. */
export type MartColumns = Readonly<Record<string, Readonly<Record<string, string>>>>

/** The contract between an edition's file and the pages: what the official edition declares. Nothing is named here a second time. */
export const martColumns: MartColumns = editionColumns(official, martPublication.columns)

/** A column's name → what heads it where a page says nothing else. */
export type Titles = Readonly<Record<string, string>>

const titleOf = (doc: string): string => {
  const said = (/^[^:;(]+/.exec(doc)?.[0] ?? doc).trim().replace(/,? словами$/, '')
  return said.length > 1 ? said.charAt(0).toLocaleUpperCase('ru') + said.slice(1) : said
}

const titlesOf = (columns: Columns): Titles =>
  Object.fromEntries(Object.entries(columns).map(([name, { doc }]) => [name, titleOf(doc)]))

/** The first words of what the dictionary says of each column: «зона: red — красная, …» → «Зона». */
export const martTitles: Readonly<Record<string, Titles>> = Object.fromEntries(
  [martPublication, ...official.tables.map(({ mart }) => mart)].map(({ name, columns }) => [
    name,
    titlesOf(columns),
  ]),
)

export type Cell = string | number | boolean | null
export type MartRows = Readonly<Record<string, readonly Readonly<Record<string, Cell>>[]>>

const literal = (value: Cell | undefined): string => {
  if (value === undefined || value === null) return 'null'
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value)
}

/**
 * Writes an edition: one DuckDB file of storage version v1.4.0 (DuckDB in the browser reads it) with the schema `marts`.
 * Every table of the contract exists in it; a column missing in a row is null. An existing file is replaced.
 */
export const writeEdition = async (
  file: string,
  rows: MartRows,
  tables: MartColumns = martColumns,
): Promise<void> => {
  if (existsSync(file)) rmSync(file)
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    await connection.run(
      `attach '${file.replaceAll("'", "''")}' as edition (storage_version 'v1.4.0')`,
    )
    await connection.run('create schema edition.marts')
    for (const [table, types] of Object.entries(tables)) {
      const names = Object.keys(types)
      const list = names.map((name) => `"${name}" ${types[name]}`).join(', ')
      await connection.run(`create table edition.marts."${table}" (${list})`)
      const all = rows[table] ?? []
      for (let start = 0; start < all.length; start += 500) {
        const values = all
          .slice(start, start + 500)
          .map((row) => `(${names.map((name) => literal(row[name])).join(', ')})`)
        await connection.run(`insert into edition.marts."${table}" values ${values.join(', ')}`)
      }
    }
    await connection.run('checkpoint edition')
    await connection.run('detach edition')
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** One row for every table: enough for every page to be bound, crawled and built before there are data. */
export const structuralRows = (tables: MartColumns = martColumns): MartRows =>
  Object.fromEntries(
    Object.entries(tables).map(([table, types]) => [
      table,
      [
        Object.fromEntries(
          Object.entries(types).map(([name, type]): [string, Cell] => {
            if (name === 'link') return [name, '/schools/structure']
            if (name === 'school_key' || name === 'unit_key') return [name, 'structure']
            if (name === 'zones_lack') return [name, '']
            if (name === 'level') return [name, 'school']
            if (type === 'BOOLEAN') return [name, name === 'is_headline']
            if (type === 'DATE') return [name, '2000-01-01']
            return [name, type === 'VARCHAR' ? name : /INT/.test(type) ? 12 : 0.5]
          }),
        ),
      ],
    ]),
  )
