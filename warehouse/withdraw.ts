import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { readWhole, sha256Of } from './archive.ts'
import { UsageError } from './errors.ts'
import type { Home } from './home.ts'
import { amongFiles, fileNames, withdrawn, withLedger, type Ledger } from './ledger.ts'

/** A file as the ledger names it. */
export interface NamedFile {
  readonly path: string
  readonly sha256: string
}
export interface WithdrawnFile extends NamedFile {
  /** Words of whoever withdrew it; null: none. */
  readonly reason: string | null
  /** ISO instant. */
  readonly withdrawnAt: string
}
export interface Withdrawal {
  readonly changed: readonly NamedFile[]
  /** Files that were so before. */
  readonly unchanged: readonly NamedFile[]
}

/**
 * Files stand for nothing from the next build on, and stay in the archive. A word is a path of a file on disk, the path, its end or the name under
 * which a file came, or the first digits of its SHA-256, eight at least. @throws UsageError where one names no received file or several
 */
export const withdraw = (
  home: Home,
  words: readonly string[],
  reason: string | null = null,
): Promise<Withdrawal> =>
  withLedger(home, 'withdraw', async (ledger) => {
    const { taken, left } = await meantBy(ledger, words)
    const at = new Date().toISOString()
    await ledger.insert(
      'withdrawal',
      left.map(({ sha256 }) => ({ sha256, reason, withdrawn_at: at, restored_at: null })),
    )
    return { changed: left, unchanged: taken }
  })

/** Withdrawn files stand again from the next build on. @throws UsageError as `withdraw` */
export const restore = (home: Home, words: readonly string[]): Promise<Withdrawal> =>
  withLedger(home, 'restore', async (ledger) => {
    const { taken, left } = await meantBy(ledger, words)
    await ledger.database.run(
      `update withdrawal set restored_at = ? where restored_at is null and ${amongFiles}`,
      [new Date().toISOString(), JSON.stringify(taken.map(({ sha256 }) => sha256))],
    )
    return { changed: taken, unchanged: left }
  })

/** Files that are withdrawn, of the given ones or of all, by path. */
export const withdrawnFiles = (
  ledger: Pick<Ledger, 'rows'>,
  files?: readonly string[],
): Promise<readonly WithdrawnFile[]> =>
  ledger.rows<WithdrawnFile>(
    `select path, sha256, reason, withdrawn_at as "withdrawnAt" from (${withdrawn}) join (${fileNames}) using (sha256)
     ${files === undefined ? '' : `where ${amongFiles}`} order by path, sha256`,
    files === undefined ? [] : [JSON.stringify(files)],
  )

/** The files that are meant, each once: withdrawn ones and the others. */
const meantBy = async (
  ledger: Ledger,
  words: readonly string[],
): Promise<Record<'taken' | 'left', readonly NamedFile[]>> => {
  const received = await ledger.rows<NamedFile>('select distinct path, sha256 from receipt')
  const meant: string[] = []
  for (const word of words) meant.push(await fileOf(word, received))
  const files = await ledger.rows<NamedFile>(
    `select path, sha256 from (${fileNames}) where ${amongFiles} order by path, sha256`,
    [JSON.stringify(meant)],
  )
  const out = new Set((await withdrawnFiles(ledger, meant)).map(({ sha256 }) => sha256))
  return {
    taken: files.filter(({ sha256 }) => out.has(sha256)),
    left: files.filter(({ sha256 }) => !out.has(sha256)),
  }
}

/** SHA-256 of the file that a word means: by what lies on disk, by a whole path, by the end of one, by the hash itself. */
const fileOf = async (word: string, received: readonly NamedFile[]): Promise<string> => {
  const path = resolve(word).replaceAll('\\', '/')
  const end = `/${word.replaceAll('\\', '/')}`
  const content = await contentOf(word)
  const ways: readonly ((file: NamedFile) => boolean)[] = [
    (file) => file.sha256 === content,
    (file) => file.path === path,
    // What lies on disk and never came is not some other file of that name.
    (file) => content === undefined && file.path.endsWith(end),
    (file) => /^[\da-f]{8,64}$/i.test(word) && file.sha256.startsWith(word.toLowerCase()),
  ]
  const found = ways.map((isMeant) => received.filter(isMeant)).find((files) => files.length > 0)
  const [first, ...others] = new Set(found?.map(({ sha256 }) => sha256))
  if (found === undefined || first === undefined) throw unknown(word)
  if (others.length > 0) throw ambiguous(word, found)
  return first
}
const contentOf = async (path: string): Promise<string | undefined> =>
  statSync(path, { throwIfNoEntry: false })?.isFile() === true
    ? sha256Of(await readWhole(path))
    : undefined

const unknown = (word: string): UsageError =>
  new UsageError({
    code: 'file-unknown',
    message: `файла «${word}» хранилище не получало`,
    hint: 'назовите файл на диске, имя, под которым он пришёл, или начало его SHA-256 (от 8 знаков); те, что вошли в таблицы, покажет mera sql "select distinct file_name, _file from ledger.sheet", заменённые и отозванные — mera status',
  })
const ambiguous = (word: string, files: readonly NamedFile[]): UsageError => {
  const lines = files.map(({ path, sha256 }) => `  ${sha256.slice(0, 12)} ${path}`)
  return new UsageError({
    code: 'file-ambiguous',
    message: `«${word}» может значить разные файлы\n${lines.sort().join('\n')}`,
    hint: 'назовите нужный его путём или началом SHA-256: оно стоит перед путём',
  })
}
