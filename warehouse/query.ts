import { Database, quote, type Row, type Value } from './database.ts'
import { MeraError, StateError, UsageError } from './errors.ts'
import { currentGeneration, readManifest, requireEdition, warehouseFile } from './generation.ts'
import type { Home } from './home.ts'

export interface ReadOptions {
  /** The published one when absent. */
  readonly generation?: string | undefined
  /** An edition's file instead of the whole warehouse. */
  readonly edition?: string | undefined
}
/** What one process may take for one question. */
const memoryLimit = '2GB'

/** The published generation. @throws MeraError before the first publication. */
export const publishedGeneration = async (home: Home): Promise<string> => {
  const generation = await currentGeneration(home)
  if (generation !== undefined) return generation
  throw new StateError({
    code: 'nothing-published',
    message: 'ещё ничего не опубликовано',
    hint: 'загрузите файлы и опубликуйте: mera refresh ПАПКА',
  })
}

/** Opens a generation's file for reading: nothing can be written and nothing outside it read. */
export const openForReading = async (
  home: Home,
  { generation, edition }: ReadOptions = {},
): Promise<Database> => {
  const id = generation ?? (await publishedGeneration(home))
  await readManifest(home, id)
  const file =
    edition === undefined ? warehouseFile(home, id) : await requireEdition(home, id, edition)
  return Database.open(file, { readOnly: true, memoryLimit })
}

export interface QueryResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: readonly Row[]
  /** There were more rows than the limit. */
  readonly truncated: boolean
}
export interface QueryOptions extends ReadOptions {
  readonly limit: number
  readonly signal?: AbortSignal
}

/**
 * Runs one question over a published file. Numbers that a double does not hold come as text, days and moments as `2026-06-01 10:00:00`.
 * @throws UsageError with DuckDB's words where it does not understand.
 */
export const query = async (
  home: Home,
  text: string,
  { limit, signal, ...where }: QueryOptions,
): Promise<QueryResult> => {
  const database = await openForReading(home, where)
  const stop = (): void => {
    database.interrupt()
  }
  signal?.addEventListener('abort', stop, { once: true })
  try {
    const question = bare(text)
    if (question === '') throw nothingAsked()
    const several = piecesOf(question)
    // DuckDB makes two of a `pivot` whose columns are not named.
    if ((await database.statements(text)) > 1 && several > 1) throw severalAsked(several)
    const inner = `from (\n${isShowTables(question) ? allTables : question}\n) as question`
    const columns = await database.describe(`select * ${inner}`)
    const carriers = columns.map(({ name, type }) => carrierOf(quote(name), type))
    const list = carriers.map(({ sql }) => sql).join(', ')
    const rows = await database.rows(`select ${list} ${inner} limit ${String(limit + 1)}`)
    return {
      columns,
      rows: rows.slice(0, limit).map((row) =>
        Object.fromEntries(
          columns.map(({ name }, i) => {
            const value = row[name] ?? null
            return [name, typeof value === 'string' ? (carriers[i]?.read(value) ?? value) : value]
          }),
        ),
      ),
      truncated: rows.length > limit,
    }
  } catch (error) {
    if (signal?.aborted === true || error instanceof MeraError) throw error
    const own = await ownError(database, text, error)
    throw questionError(own, text, await likeTables(database, own).catch(() => []))
  } finally {
    signal?.removeEventListener('abort', stop)
    database.close()
  }
}

/** Tables and views as they are named in a question: with their layers. */
const ownTables = `(
  select concat(schema_name, '.', name) as id, name
  from (
    select schema_name, table_name as name, internal from duckdb_tables()
    union all
    select schema_name, view_name, internal from duckdb_views()
  )
  where not internal
)`
/** DuckDB would list those of the schema `main`, which has none. */
const isShowTables = (question: string): boolean => /^\s*show\s+tables$/i.test(question)
const allTables = `select id as name from ${ownTables} order by id`

/** Texts, names and comments of SQL, one comment within another too: what stands in them is none of its signs. */
const wrapped =
  /[eE]'(?:[^'\\]|\\[^]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[^]*?\$\1\$|--[^\n]*|\/\*(?:\/\*[^]*?\*\/|(?!\*\/)[^])*\*\//g
/** The question without comments, each sign in its place, and without semicolons at its end. */
const bare = (text: string): string =>
  text
    .replace(wrapped, (piece) =>
      /^(?:--|\/\*)/.test(piece) ? piece.replace(/[^\n]/g, ' ') : piece,
    )
    .replace(/[\s;]+$/, '')

/** How many questions stand between semicolons. */
const piecesOf = (question: string): number =>
  question
    .replace(wrapped, ' _ ')
    .split(';')
    .filter((piece) => piece.trim() !== '').length

const nothingAsked = (): UsageError =>
  new UsageError({
    code: 'query-empty',
    message: 'нет запроса',
    hint: 'mera sql "from marts.mart_indicator limit 10"',
  })
const severalAsked = (statements: number): UsageError =>
  new UsageError({
    code: 'query-several',
    message: `запрос должен быть один, а через точку с запятой их ${String(statements)}`,
    hint: 'выполните их по одному: mera sql "…" для каждого',
  })

interface Carrier {
  readonly sql: string
  readonly read: (text: string) => Value
}
const asText = (text: string): Value => text
/** How a column comes out of DuckDB: what JavaScript has no value for comes as DuckDB's own text, whole numbers and decimals as numbers where those are exact. */
const carrierOf = (name: string, type: string): Carrier => {
  if (/^U?(?:BIG|HUGE)INT$/.test(type))
    return {
      sql: `${name}::varchar as ${name}`,
      read: (text) => (Number.isSafeInteger(Number(text)) ? Number(text) : text),
    }
  if (/^DECIMAL\(\d+,\d+\)$/.test(type))
    return {
      sql: `${name}::varchar as ${name}`,
      read: (text) => (digitsOf(text) <= EXACT_DIGITS ? Number(text) : text),
    }
  if (type === 'TIMESTAMP WITH TIME ZONE')
    return {
      // A local mean time of long ago is some seconds off the hours and minutes that the text has of its offset.
      sql: `case when date_part('timezone', ${name}) % 60 <> 0 then (${name} at time zone 'UTC')::varchar || '+00'
            else ${name}::varchar end as ${name}`,
      read: asText,
    }
  if (/^(?:VARCHAR|BOOLEAN|DOUBLE|FLOAT|U?(?:TINY|SMALL)INT|U?INTEGER)$/.test(type))
    return { sql: name, read: asText }
  if (/(?:\]|^(?:STRUCT|MAP|JSON).*)$/.test(type))
    return {
      sql: `to_json(${name})::varchar as ${name}`,
      read: exactJson,
    }
  return { sql: `${name}::varchar as ${name}`, read: asText }
}
/** Numbers that a double does not give back, infinite ones among them, as text: DuckDB writes them into JSON to the last digit. */
const exactJson = (text: string): Value =>
  JSON.parse(
    text.replace(/"(?:[^"\\]|\\.)*"|-?(?:\d[\d.eE+-]*|Infinity)|NaN/g, (piece) =>
      piece.startsWith('"') || isGivenBack(piece) ? piece : `"${piece}"`,
    ),
  ) as Value
const isGivenBack = (number: string): boolean =>
  Number.isFinite(Number(number)) && significant(String(Number(number))) === significant(number)
const significant = (number: string): string =>
  number
    .replace(/e.*/i, '')
    .replace(/[-.]/g, '')
    .replace(/^0+|0+$/g, '')
/** So many digits of a decimal stay the same in a double. */
const EXACT_DIGITS = 15
/** Digits of a decimal without the noughts at its ends. */
const digitsOf = (text: string): number =>
  (text.includes('.') ? text.replace(/\.?0+$/, '') : text).replace(/^-?[0.]*/, '').replace('.', '')
    .length

/** What DuckDB says of the question alone, so that its lines are the user's. */
const ownError = async (database: Database, text: string, error: unknown): Promise<unknown> => {
  try {
    await database.run(`prepare question as\n${bare(text)}`)
    return error
  } catch (own) {
    return own
  }
}

const noTable = /Table with name "?(.+?)"? does not exist/
/** Tables whose names are near to one that is not there, the nearest first: DuckDB would also name tables of its own. */
const likeTables = async (database: Database, error: unknown): Promise<readonly string[]> => {
  const [, said = ''] = noTable.exec(messageOf(error)) ?? []
  const name = said.replace(/^.*\./, '').toLowerCase()
  if (name === '') return []
  const rows = await database.rows<{ id: string; far: number }>(
    `select id, far::integer as far
     from (select id, name, damerau_levenshtein(name, $1) as far from ${ownTables})
     where far <= greatest(1, length($1) // 4) or (length($1) > 3 and contains(name, $1))
     order by far, id limit 3`,
    [name],
  )
  const same = rows.filter(({ far }) => far === 0)
  return (same.length > 0 ? same : rows).map(({ id }) => id)
}
const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

const writes =
  /^\s*(?:insert|update|delete|merge|truncate|create|drop|alter|copy|attach|detach|use|set|reset|pragma|call|install|load|export|import|vacuum|checkpoint|begin|commit)\b/i
const quotes = 'значения берут в одинарные кавычки, имена — в двойные'
/** What the first words of DuckDB's own message mean, and what to do. */
const kinds: readonly (readonly [RegExp, string, string])[] = [
  [
    /^Parser Error/,
    'ошибка в записи',
    `годится одна выборка (select …, from …, with …); проверьте слова, запятые и скобки у места, на которое указывает ^; ${quotes}`,
  ],
  [
    /^Catalog Error/,
    'такой таблицы или функции нет',
    'какие таблицы есть, покажет mera describe; имя таблицы пишут со слоем: marts.mart_indicator',
  ],
  [
    /^Binder Error/,
    'имя столбца неизвестно или неоднозначно, либо типы не подходят',
    `столбцы и их типы покажет mera describe ТАБЛИЦА; ${quotes}`,
  ],
  [
    /^Conversion Error/,
    'значение не приводится к типу',
    'вместо cast возьмите try_cast: где значение не подходит, будет пусто',
  ],
]
const machine = /^(?:Out of Memory|IO|Internal|INTERNAL|Fatal|FATAL|Serialization) Error/

const questionError = (error: unknown, text: string, like: readonly string[]): MeraError => {
  const told = messageOf(error)
  const said = (noTable.test(told) ? told.replace(/\nDid you mean .*/, '') : told)
    .replace('Failed to extract statements: ', '')
    .replace(
      /^LINE (\d+):/gm,
      (_, line: string) => `LINE ${String(Math.max(1, Number(line) - 1))}:`,
    )
    .trim()
  if (machine.test(said))
    return new MeraError({
      code: 'query-failed',
      message: `запрос не выполнен: ${said}`,
      hint: 'возьмите меньше строк (limit) или столбцов',
      cause: error,
    })
  const denied =
    writes.test(bare(text)) ||
    /permission|disabled by configuration|read-only|external access/i.test(said)
  if (denied)
    return new UsageError({
      code: 'query-denied',
      message: 'запрос только читает опубликованное: ни писать, ни открывать другие файлы нельзя',
      hint: 'уберите из запроса запись и чтение файлов',
      cause: error,
    })
  const [, kind, hint = `таблицы: mera describe; столбцы: mera describe ТАБЛИЦА; ${quotes}`] =
    kinds.find(([pattern]) => pattern.test(said)) ?? []
  return new UsageError({
    code: 'query-invalid',
    message: `запрос не выполнен${kind === undefined ? '' : ` — ${kind}`}. DuckDB говорит: ${said}`,
    hint: like.length === 0 ? hint : `возможно, ${like.join(' или ')}; ${hint}`,
    cause: error,
  })
}
