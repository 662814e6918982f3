import { existsSync, rmSync } from 'node:fs'
import { DuckDBInstance } from '@duckdb/node-api'

/** What the pages read: table of the schema `marts` → its columns with their DuckDB types. */
export type MartColumns = Readonly<Record<string, Readonly<Record<string, string>>>>

const columns = (text: string, type = 'VARCHAR'): Record<string, string> =>
  Object.fromEntries(
    text
      .trim()
      .split(/\s+/)
      .map((name) => [name, type]),
  )

const subjectCell = columns('procedure procedure_name subject subject_name grade grade_name')

/** The contract between an edition's file and the pages. Shares are 0–1; `school_year` is the year of spring. */
export const martColumns: MartColumns = {
  mart_publication: {
    ...columns('generation published_on data_as_of office'),
    ...columns('schools pupils first_year last_year', 'INTEGER'),
    ...columns('last_year_label method_note'),
  },
  mart_indicator: {
    ...columns('indicator title definition unit better direction section section_label'),
    ...columns('decimals', 'INTEGER'),
    ...columns('formula source_note interval_note'),
    ...columns('sort', 'INTEGER'),
  },
  mart_indicator_value: {
    ...columns('indicator indicator_title unit better level unit_key unit_name'),
    ...subjectCell,
    ...columns('school_year', 'INTEGER'),
    ...columns('school_year_label'),
    ...columns('numerator denominator value', 'DOUBLE'),
    ...columns('n', 'INTEGER'),
    ...columns('se lo hi', 'DOUBLE'),
    ...columns('interval_basis interval_text value_text tier tier_note zone zone_label'),
    ...columns('method_version parameter_version'),
    ...columns('sort', 'INTEGER'),
  },
  mart_trend: {
    ...columns('indicator indicator_title level unit_key unit_name'),
    ...subjectCell,
    ...columns('basis basis_label'),
    ...columns('first_year last_year years', 'INTEGER'),
    ...columns('value_first value_last total_change slope se lo hi z', 'DOUBLE'),
    ...columns('n_first n_last', 'INTEGER'),
    ...columns('trend_class trend_label'),
    ...columns('has_curvature', 'BOOLEAN'),
    ...columns('break_note change_text'),
    ...columns('sort', 'INTEGER'),
  },
  mart_risk_zone: {
    ...columns('indicator indicator_title unit_key unit_name'),
    ...subjectCell,
    ...columns('school_year', 'INTEGER'),
    ...columns('school_year_label'),
    ...columns('value', 'DOUBLE'),
    ...columns('n', 'INTEGER'),
    ...columns('lo hi target limit_95 limit_998 z', 'DOUBLE'),
    ...columns('rule rule_label zone zone_label reason value_text'),
    ...columns('sort', 'INTEGER'),
  },
  mart_cluster: {
    ...columns('school_key school_name'),
    ...columns('school_year', 'INTEGER'),
    ...columns('cluster_key cluster_name algorithm algorithm_label'),
    ...columns('clusters', 'INTEGER'),
    ...columns('silhouette stability', 'DOUBLE'),
    ...columns('stability_label'),
    ...columns('map_x map_y', 'DOUBLE'),
    ...columns('pupils', 'INTEGER'),
    ...columns('is_rural', 'BOOLEAN'),
    ...columns('locality_label'),
    ...columns('features_label neighbours'),
    ...columns('sort', 'INTEGER'),
  },
  mart_cluster_position: {
    ...columns('school_key school_name cluster_key cluster_name indicator indicator_title'),
    ...columns('procedure procedure_name subject subject_name'),
    ...columns('school_year', 'INTEGER'),
    ...columns('value', 'DOUBLE'),
    ...columns('value_text interval_text'),
    ...columns('n', 'INTEGER'),
    ...columns('cluster_median z percentile', 'DOUBLE'),
    ...columns('cluster_schools', 'INTEGER'),
    ...columns('position_label'),
    ...columns('sort', 'INTEGER'),
  },
  mart_school_profile: {
    ...columns('school_key school_name full_name former_names school_code school_type type_label'),
    ...columns('locality_label municipality_key municipality_name'),
    ...columns('pupils', 'INTEGER'),
    ...columns('cluster_name'),
    ...columns('red_count yellow_count improved_count declined_count', 'INTEGER'),
    ...columns('status successor_name summary bias_note'),
    ...columns('sort', 'INTEGER'),
    ...columns('link'),
  },
  mart_data_quality: {
    ...columns('source source_title'),
    ...columns('school_year', 'INTEGER'),
    ...columns('school_year_label'),
    ...columns('files rows_read rows_loaded rows_quarantined', 'INTEGER'),
    ...columns('delivery_state state_label'),
    ...columns('sort', 'INTEGER'),
  },
  mart_quarantine: {
    ...columns('file_name sheet'),
    ...columns('row_number', 'INTEGER'),
    ...columns('column_name cell code message source_title'),
  },
  mart_check: {
    ...columns('check title severity severity_label'),
    ...columns('found', 'INTEGER'),
    ...columns('meaning remedy'),
  },
  mart_parameter: columns(
    'name parameter_table table_label scope value_text unit valid_from valid_to source tag meaning',
  ),
  mart_finding: {
    ...columns('kind kind_label school_key school_name text'),
    ...columns('strength', 'DOUBLE'),
    ...columns('sort', 'INTEGER'),
  },
}

export type Cell = string | number | boolean | null
export type MartRows = Readonly<Record<string, readonly Readonly<Record<string, Cell>>[]>>

const literal = (value: Cell | undefined): string => {
  if (value === undefined || value === null) return 'null'
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value)
}

/**
 * Writes an edition: one DuckDB file of storage version v1.0.0 (DuckDB in the browser reads it) with the schema `marts`.
 * Every table of the contract exists in it; a column missing in a row is null. An existing file is replaced.
 */
export const writeEdition = async (file: string, rows: MartRows): Promise<void> => {
  if (existsSync(file)) rmSync(file)
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    await connection.run(
      `attach '${file.replaceAll("'", "''")}' as edition (storage_version 'v1.0.0')`,
    )
    await connection.run('create schema edition.marts')
    for (const [table, types] of Object.entries(martColumns)) {
      const names = Object.keys(types)
      const list = names.map((name) => `"${name}" ${types[name]}`).join(', ')
      await connection.run(`create table edition.marts.${table} (${list})`)
      const all = rows[table] ?? []
      for (let start = 0; start < all.length; start += 500) {
        const values = all
          .slice(start, start + 500)
          .map((row) => `(${names.map((name) => literal(row[name])).join(', ')})`)
        await connection.run(`insert into edition.marts.${table} values ${values.join(', ')}`)
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
export const structuralRows = (): MartRows =>
  Object.fromEntries(
    Object.entries(martColumns).map(([table, types]) => [
      table,
      [
        Object.fromEntries(
          Object.entries(types).map(([name, type]): [string, Cell] => {
            if (name === 'link') return [name, '/schools/structure']
            if (name === 'school_key' || name === 'unit_key') return [name, 'structure']
            if (name === 'level') return [name, 'school']
            if (type === 'BOOLEAN') return [name, false]
            return [name, type === 'VARCHAR' ? name : type === 'INTEGER' ? 12 : 0.5]
          }),
        ),
      ],
    ]),
  )
