import { existsSync } from 'node:fs'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { Turn } from './turn.ts'
import { carrier, columnOf, pour, toValue, type ColumnOf, type Row, type Value } from './vectors.ts'

export type { ColumnOf, Row, Value } from './vectors.ts'

export type Parameter = string | number | boolean | null
type Js = ReturnType<typeof toValue> | bigint | Date | undefined

export interface OpenOptions {
  /** Readers are locked down: read-only, nothing outside the file, a cap on memory. */
  readonly readOnly?: boolean
  readonly memoryLimit?: string
  readonly threads?: number
  readonly temporary?: string
}
export interface Draft {
  /** Rows that are packed and read together, a multiple of 2,048; DuckDB's own number where absent. */
  readonly rowGroup?: number
  /** Bytes of a block of a new file, a power of two; DuckDB's own number where absent. */
  readonly block?: number
}

/** Read by DuckDB 1.4 and later, that of browsers too; packing takes half of what it does in the oldest format. */
const STORAGE = 'v1.4.0'

/** The instance that small files share; see `attach`. */
let shared: Promise<DuckDBInstance> | undefined
let attached = 0

/**
 * One DuckDB file (or ':memory:') with one owner. Whole numbers come as numbers (a value past 2^53 is an error), DECIMAL as number,
 * DATE as ISO text, TIMESTAMP as ISO text.
 */
export class Database {
  readonly path: string
  readonly #instance: DuckDBInstance
  readonly #connection: DuckDBConnection
  readonly #beside: Database[] = []
  #closed = false

  /** Where its tables are, when the file is not the instance's own. */
  #name: string | undefined
  readonly #drafts: string[] = []

  private constructor(
    path: string,
    instance: DuckDBInstance,
    connection: DuckDBConnection,
    name?: string,
  ) {
    this.#name = name
    this.path = path
    this.#instance = instance
    this.#connection = connection
  }

  /** More connections to the same file, for statements beside each other; they close with this one. */
  async beside(count: number): Promise<readonly Database[]> {
    const opened: Database[] = []
    for (let i = 0; i < count; i++) {
      const connection = await this.#instance.connect()
      if (this.#name !== undefined) await connection.run(`use ${quote(this.#name)}`)
      opened.push(new Database(this.path, this.#instance, connection))
    }
    this.#beside.push(...opened)
    return opened
  }

  /** A file is logged and in the oldest format, which every DuckDB reads; `attachDraft` is for others. */
  static async open(path: string, options: OpenOptions = {}): Promise<Database> {
    const config: Record<string, string> = {}
    if (options.readOnly === true) config['access_mode'] = 'READ_ONLY'
    if (options.memoryLimit !== undefined) config['memory_limit'] = options.memoryLimit
    if (options.threads !== undefined) config['threads'] = String(options.threads)
    if (options.temporary !== undefined) config['temp_directory'] = options.temporary
    config['autoinstall_known_extensions'] = 'false'
    const instance = await DuckDBInstance.create(path, config)
    const connection = await instance.connect()
    if (options.readOnly === true) {
      await connection.run('set enable_external_access = false')
      await connection.run('set lock_configuration = true')
    }
    return new Database(path, instance, connection)
  }

  /**
   * Opens a small file in the instance that the process keeps for such: a quarter of the time of one of its own. It is logged, in the oldest
   * format, and closed by `detach`; nobody may have it open in this process.
   */
  static async attach(path: string): Promise<Database> {
    shared ??= DuckDBInstance.create(':memory:', {
      threads: '1',
      autoinstall_known_extensions: 'false',
      // Finding the smallest form of hashes and codes is half of what closing such a file takes.
      force_compression: 'uncompressed',
    }).catch((error: unknown) => {
      shared = undefined
      throw error
    })
    const instance = await shared
    const connection = await instance.connect()
    const name = `attached_${String(attached++)}`
    try {
      await connection.run(`attach ${literal(path)} as ${name}; use ${name}`)
    } catch (error) {
      connection.closeSync()
      throw error
    }
    return new Database(path, instance, connection, name)
  }

  /** Closes a file that was attached; what was not committed is taken back. One that cannot be closed goes with the instance. */
  async detach(): Promise<void> {
    if (this.#closed || this.#name === undefined) return
    this.#disconnect()
    try {
      const connection = await this.#instance.connect()
      try {
        await connection.run(`detach ${this.#name}`)
      } finally {
        connection.closeSync()
      }
    } catch {
      shared = undefined
      this.#instance.closeSync()
    }
  }

  /**
   * Makes or opens a file that counts only once it is finished: written without a log, and to the disk at the checkpoint that ends it. The first
   * one is where statements of this connection, and of those opened beside it later, find what they name without a database. Rows are not moved together where others were deleted: that took longer than
   * all else that a small correction writes. The place comes back where a whole group of rows is gone, or with a full build. FSST alone is never
   * the smallest for labels and codes, and finding that out is a quarter of the writing.
   */
  async attachDraft(name: string, path: string, { rowGroup, block }: Draft): Promise<void> {
    const sizes = [
      ...(rowGroup === undefined ? [] : [`, row_group_size ${String(rowGroup)}`]),
      // A file keeps the size of its blocks.
      ...(block === undefined || existsSync(path) ? [] : [`, block_size ${String(block)}`]),
    ]
    await this.run(
      `attach ${literal(path)} as ${quote(name)} (recovery_mode no_wal_writes, storage_version ${literal(STORAGE)}${sizes.join('')});
       set checkpoint_threshold = '1TB'; set max_vacuum_tasks = 0; set disabled_compression_methods = 'fsst'`,
    )
    this.#drafts.push(name)
    if (this.#name !== undefined) return
    this.#name = name
    await this.run(`use ${quote(name)}`)
  }

  /**
   * Closes everything, the drafts being whole. The instance goes a moment later: it gives its memory back to the system page by page, which is a
   * twentieth of a small build and of use to nobody who waits for it.
   */
  async closeDrafts(): Promise<void> {
    if (this.#closed) return
    for (const each of this.#beside.splice(0)) each.#connection.closeSync()
    await this.run(`use memory; ${this.#drafts.map((name) => `detach ${quote(name)}`).join(';')}`)
    this.#disconnect()
    setTimeout(() => {
      try {
        this.#instance.closeSync()
      } catch {
        // Nothing is open in it, and nobody waits for it.
      }
    }, 1000).unref()
  }

  async run(sql: string, parameters: readonly Parameter[] = []): Promise<void> {
    await this.#connection.run(sql, bound(parameters))
  }

  async rows<R extends object = Row>(
    sql: string,
    parameters: readonly Parameter[] = [],
  ): Promise<readonly R[]> {
    const reader = await this.#connection.runAndReadAll(sql, bound(parameters))
    const names = reader.deduplicatedColumnNames()
    const columns = (reader.getColumnsJS() as Js[][]).map((column) => column.map(toValue))
    return Array.from(
      { length: reader.currentRowCount },
      (_, i) => Object.fromEntries(names.map((name, j) => [name, columns[j]?.[i] ?? null])) as R,
    )
  }

  /** The result column by column; a column of numbers without a missing value is a Float64Array. */
  async frame(
    sql: string,
    parameters: readonly Parameter[] = [],
  ): Promise<{ length: number; columns: Record<string, ArrayLike<Value>> }> {
    const result = await this.#connection.run(sql, bound(parameters))
    const chunks = await result.fetchAllChunks()
    const length = chunks.reduce((all, { rowCount }) => all + rowCount, 0)
    const columns: Record<string, ArrayLike<Value>> = {}
    const turn = new Turn()
    for (const [j, name] of result.deduplicatedColumnNames().entries()) {
      columns[name] = columnOf(chunks, j, result.columnTypeId(j), length)
      if (turn.isOver) await turn.pass()
    }
    return { length, columns }
  }

  /** How many statements a text holds; comments are none. Throws where it is no SQL. */
  async statements(sql: string): Promise<number> {
    return (await this.#connection.extractStatements(sql)).count
  }

  /** Names and DuckDB types of a query's columns, without running it. */
  async describe(
    sql: string,
    parameters: readonly Parameter[] = [],
  ): Promise<readonly { readonly name: string; readonly type: string }[]> {
    const rows = await this.rows<{ column_name: string; column_type: string }>(
      `describe ${sql}`,
      parameters,
    )
    return rows.map((row) => ({ name: row.column_name, type: row.column_type }))
  }

  /** Appends rows by the names of columns; `table` is a quoted or plain name with or without its schema. Values are cast by the table's own types. */
  async append(table: string, columns: readonly ColumnOf[], rows: Iterable<Row>): Promise<void> {
    await this.run(
      `create or replace temp table incoming (${columns
        .map(({ name, type }) => `${quote(name)} ${carrier(type).name}`)
        .join(', ')})`,
    )
    await pour(await this.#connection.createAppender('incoming', 'main', 'temp'), columns, rows)
    await this.run(
      `insert into ${table} (${columns.map(({ name }) => quote(name)).join(', ')}) select ${columns
        .map(({ name, type }) => `cast(${quote(name)} as ${type})`)
        .join(', ')} from temp.main.incoming`,
    )
    await this.run('drop table temp.main.incoming')
  }

  /** Appends rows to a table that has exactly these columns in this order: straight, where each type travels as itself. */
  async fill(
    table: { readonly schema: string; readonly name: string },
    columns: readonly ColumnOf[],
    rows: Iterable<Row>,
  ): Promise<void> {
    if (columns.some(({ type }) => carrier(type).name !== type))
      await this.append(`${quote(table.schema)}.${quote(table.name)}`, columns, rows)
    else await pour(await this.#connection.createAppender(table.name, table.schema), columns, rows)
  }

  /** Stops what runs, on the connections beside it too. */
  interrupt(): void {
    if (this.#closed) return
    for (const each of [this, ...this.#beside]) each.#connection.interrupt()
  }

  /** Closing what is closed does nothing. */
  close(): void {
    if (this.#closed) return
    this.#disconnect()
    this.#instance.closeSync()
  }

  #disconnect(): void {
    this.#closed = true
    for (const each of [this, ...this.#beside]) each.#connection.closeSync()
  }
}

export const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`
export const literal = (value: string): string => `'${value.replaceAll("'", "''")}'`

/** Without parameters a text of many statements is run at once, not prepared one by one. */
const bound = (parameters: readonly Parameter[]): Parameter[] | undefined =>
  parameters.length === 0 ? undefined : [...parameters]
