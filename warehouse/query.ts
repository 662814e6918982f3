import { existsSync } from 'node:fs'
import { Database, type Row } from './database.ts'
import { MeraError } from './errors.ts'
import { currentGeneration, editionFile, readManifest, warehouseFile } from './generation.ts'
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
  throw new MeraError({
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
  const file = edition === undefined ? warehouseFile(home, id) : editionFile(home, id, edition)
  if (!existsSync(file))
    throw new MeraError({
      code: 'edition-missing',
      message: `в поколении ${id} нет издания «${edition ?? ''}»`,
      hint: 'издания делает mera publish; какие бывают, видно в mera describe',
    })
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

/** Runs one question over a published file. @throws MeraError with DuckDB's words where it does not understand. */
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
    const inner = `from (\n${text.trim().replace(/;\s*$/, '')}\n) as question`
    const columns = await database.describe(`select * ${inner}`)
    const rows = await database.rows(`select * ${inner} limit ${String(limit + 1)}`)
    return { columns, rows: rows.slice(0, limit), truncated: rows.length > limit }
  } catch (error) {
    throw questionError(error)
  } finally {
    signal?.removeEventListener('abort', stop)
    database.close()
  }
}

const questionError = (error: unknown): MeraError => {
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof RangeError)
    return new MeraError({
      code: 'query-number',
      message: `число в ответе слишком велико: ${message}`,
      hint: 'приведите столбец к тексту: столбец::varchar',
      cause: error,
    })
  const denied = /permission|disabled by configuration|read-only|external access/i.test(message)
  return new MeraError({
    code: denied ? 'query-denied' : 'query-failed',
    message: denied
      ? 'запрос только читает опубликованное: ни писать, ни открывать другие файлы нельзя'
      : `запрос не выполнен: ${message.replace('Failed to extract statements: ', '').trim()}`,
    hint: denied
      ? 'уберите из запроса запись и чтение файлов'
      : 'таблицы и столбцы: mera describe; проверьте имена и кавычки',
    cause: error,
  })
}
