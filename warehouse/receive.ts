import { existsSync } from 'node:fs'
import { readFile, readdir, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { calendarDate } from '../transforms/contract/shape.ts'
import { archive, readWhole, sha256Of } from './archive.ts'
import { FileUnreadable, UsageError } from './errors.ts'
import { mergedFacts, type FactRules, type Facts } from './facts.ts'
import type { Home } from './home.ts'
import { amongFiles, withLedger, type LedgerRow } from './ledger.ts'
import { runsHere, thisProcess, type Process } from './lock.ts'
import { openSecret } from './secret.ts'
import { namesFile } from './standing.ts'
import { Turn } from './turn.ts'

export type { Facts } from './facts.ts'
export interface ReceivedFile {
  readonly sha256: string
  /** Absolute, with `/`. */
  readonly path: string
  readonly bytes: number
  readonly facts: Facts
  /** Never received before. */
  readonly isNew: boolean
}
export interface ReceiveOptions {
  readonly facts?: Facts
  /** What may be said in delivery.json; anything where absent. */
  readonly rules?: FactRules | undefined
  /** A person says the facts now: a file that they replace must be there, or it is a slip that nobody would hear of. */
  readonly isByHand?: boolean
  readonly onProgress?: (done: number, total: number, path: string) => void
  readonly signal?: AbortSignal
}

/** Copies files into the archive and notes the order in which they came; folders are walked by name. */
export const receive = (
  home: Home,
  paths: readonly string[],
  options: ReceiveOptions = {},
): Promise<readonly ReceivedFile[]> =>
  withLedger(home, 'receive', async (ledger) => {
    const said = checkedFacts(options.facts ?? {}, '--fact')
    const files = await findFiles(paths, options.rules)
    await knownSecret(home, ledger)
    const rows = await ledger.rows<{ sha256: string; path: string; facts: string }>(
      'select sha256, path, facts from receipt order by receipt',
    )
    if (options.isByHand === true)
      requireKnown(said['supersedes'] ?? '', [...rows, ...(files.length > 1 ? files : [])])
    const known = new Set(rows.map(({ sha256 }) => sha256))
    const heard = new Heard()
    for (const { facts, ...place } of rows) heard.note(place, JSON.parse(facts) as Facts)
    const kept = await keep(home, files, options)
    const received: ReceivedFile[] = []
    const receiver = JSON.stringify(thisProcess())
    const receipts: LedgerRow<'receipt'>[] = []
    const [{ last } = { last: 0 }] = await ledger.rows<{ last: number }>(
      'select coalesce(max(receipt), 0)::integer as last from receipt',
    )
    for (const { sha256, bytes, ...file } of kept) {
      const facts = { ...file.facts, ...said }
      const path = file.path.replaceAll('\\', '/')
      received.push({ sha256, path, bytes, facts, isNew: !known.has(sha256) })
      known.add(sha256)
      const place = { sha256, path }
      if (!heard.isNews(place, facts, said)) continue
      heard.note(place, facts)
      receipts.push({
        ...place,
        facts: JSON.stringify(facts),
        receipt: last + receipts.length + 1,
        bytes,
        received_at: new Date().toISOString(),
        receiver,
      })
    }
    await ledger.insert('receipt', receipts)
    options.onProgress?.(files.length, files.length, '')
    return received
  })

/** For how long a process may mean to load what it received and did not, ms: a worker lives for months. */
const intent = 3_600_000
/** Of these files those that another process of this machine has received lately and may be about to load. */
export const inOtherHands = async (
  ledger: Ledger,
  files: readonly string[],
): Promise<ReadonlySet<string>> => {
  if (files.length === 0) return new Set()
  const rows = await ledger.rows<{ sha256: string; receiver: string }>(
    `select distinct sha256, receiver from receipt where ${amongFiles} and receiver is not null and received_at > ?`,
    [JSON.stringify(files), new Date(Date.now() - intent).toISOString()],
  )
  const self = JSON.stringify(thisProcess())
  const running = new Set(
    [...new Set(rows.map(({ receiver }) => receiver))].filter(
      (receiver) => receiver !== self && runsHere(JSON.parse(receiver) as Process),
    ),
  )
  return new Set(rows.filter(({ receiver }) => running.has(receiver)).map(({ sha256 }) => sha256))
}

type KeptFile = FoundFile & Pick<ReceivedFile, 'sha256' | 'bytes'>
/** Puts the files into the archive. */
const keep = async (
  home: Home,
  files: readonly FoundFile[],
  { onProgress, signal }: ReceiveOptions,
): Promise<readonly KeptFile[]> => {
  const kept: KeptFile[] = []
  const turn = new Turn()
  for (const [i, file] of files.entries()) {
    signal?.throwIfAborted()
    onProgress?.(i, files.length, file.path)
    const bytes = await readWhole(file.path)
    const sha256 = sha256Of(bytes)
    await archive(home, sha256, bytes)
    kept.push({ ...file, sha256, bytes: bytes.length })
    if (turn.isOver) await turn.pass()
  }
  return kept
}

interface Place {
  readonly sha256: string
  readonly path: string
}
/** What was said so far of each file, in all and under each of its paths. */
class Heard {
  readonly #facts = new Map<string, Facts>()
  note({ sha256, path }: Place, facts: Facts): void {
    for (const key of [sha256, `${sha256}\n${path}`])
      this.#facts.set(key, mergedFacts(this.#facts.get(key) ?? {}, facts))
  }
  /** A path that is new, or facts that change what was said under it, or (`said` now, by hand) what was said in all. */
  isNews({ sha256, path }: Place, facts: Facts, said: Facts): boolean {
    const own = this.#facts.get(`${sha256}\n${path}`)
    const all = this.#facts.get(sha256)
    return own === undefined || all === undefined || changes(own, facts) || changes(all, said)
  }
}
const changes = (known: Facts, facts: Facts): boolean =>
  Object.entries(facts).some(([name, value]) => (known[name] ?? '') !== value)

type Ledger = Parameters<Parameters<typeof withLedger>[2]>[0]
/** The first receipt makes the key; after that only the same key will do. */
const knownSecret = async (home: Home, ledger: Ledger): Promise<void> => {
  const [known] = await ledger.rows<{ fingerprint: string }>('select fingerprint from secret')
  const secret = await openSecret(home, known?.fingerprint)
  if (known === undefined) await ledger.insert('secret', [{ fingerprint: secret.fingerprint }])
}

/** @throws UsageError where none of the files is the one that is to be replaced */
const requireKnown = (
  replaced: string,
  files: readonly { readonly path: string; readonly sha256?: string }[],
): void => {
  const isMeant = ({ path, sha256 }: (typeof files)[number]): boolean =>
    namesFile(replaced, { sha256: sha256 ?? '', names: [basename(path)] })
  if (replaced === '' || files.some(isMeant)) return
  throw new UsageError({
    code: 'fact-invalid',
    message: `--fact: supersedes=${replaced} не называет ни одного полученного файла`,
    hint: 'назовите заменяемый файл его именем или началом SHA-256 (от 8 знаков); какие есть: mera sql "select distinct file_name, _file from ledger.sheet"; снять сказанное раньше — supersedes= без значения',
  })
}

export interface FoundFile {
  readonly path: string
  readonly facts: Facts
}
/** Files of the paths given, folders walked by name, with what `delivery.json` says of them: beside the file, and in the folders given above it. */
export const findFiles = async (
  paths: readonly string[],
  rules?: FactRules,
): Promise<readonly FoundFile[]> => {
  const found: FoundFile[] = []
  const add = (path: string, above: Facts, notes: Notes): void => {
    found.push({ path, facts: { ...above, ...notes.all, ...notes.files[basename(path)] } })
  }
  const walk = async (folder: string, above: Facts): Promise<void> => {
    const notes = await readNotes(folder, rules)
    const entries = await readdir(folder, { withFileTypes: true })
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name)
      if (isIgnored(entry.name)) continue
      if (entry.isDirectory()) await walk(path, { ...above, ...notes.all })
      else if ((entry.isFile() || (await isLinkToFile(path))) && !entry.name.endsWith('.json'))
        add(path, above, notes)
    }
  }
  await requirePaths(paths)
  for (const path of paths.map((given) => resolve(given)))
    if ((await stat(path)).isDirectory()) await walk(path, {})
    else add(path, {}, await readNotes(dirname(path), rules))
  return found
}
/** @throws UsageError naming the first path that leads nowhere */
export const requirePaths = async (paths: readonly string[]): Promise<void> => {
  for (const given of paths) {
    // An empty word, as of a variable that is not set, would be the folder one stands in.
    const kind = given === '' ? undefined : await stat(given).catch(() => undefined)
    if (kind === undefined)
      throw new UsageError({
        code: 'path-missing',
        message: `файла или папки «${given}» нет`,
        hint: 'проверьте путь',
        file: given,
      })
  }
}
/** @throws UsageError where it leads nowhere: a file that is expected would be missed without a word */
const isLinkToFile = async (path: string): Promise<boolean> => {
  const target = await stat(path).catch(() => undefined)
  if (target !== undefined) return target.isFile()
  throw new UsageError({
    code: 'path-missing',
    message: `ссылка «${path}» ведёт к файлу, которого нет`,
    hint: 'верните файл на место или удалите ссылку',
    file: path,
  })
}
/** Hidden files, and what office programs and systems leave beside documents. */
const isIgnored = (name: string): boolean =>
  /^(?:\.|~\$|Thumbs\.db$|desktop\.ini$|__MACOSX$)/i.test(name)

interface Notes {
  readonly all: Facts
  readonly files: Readonly<Record<string, Facts>>
}
/** `delivery.json`: facts of all files of its folder and of the folders in it, and under «files» those of single ones. */
const readNotes = async (folder: string, rules?: FactRules): Promise<Notes> => {
  const file = join(folder, 'delivery.json')
  if (!existsSync(file)) return { all: {}, files: {} }
  const invalid = (message: string): FileUnreadable =>
    new FileUnreadable({
      code: 'delivery-json-invalid',
      message: `«${file}»: ${message}`,
      hint: 'пример: {"year": "2019", "delivered_on": "2019-06-20", "files": {"2849657.xlsx": {"supersedes": "Ф1.xlsx"}}}',
      file,
    })
  let value: unknown
  try {
    value = JSON.parse(await readFile(file, 'utf8'))
  } catch {
    throw invalid('это не JSON')
  }
  const texts = (given: unknown): Facts => {
    if (typeof given !== 'object' || given === null || Array.isArray(given))
      throw invalid('ожидался объект {…}')
    return Object.fromEntries(
      Object.entries(given).map(([name, fact]: [string, unknown]) => {
        if (typeof fact !== 'string' && typeof fact !== 'number')
          throw invalid(`у «${name}» ожидался текст или число`)
        return [name, String(fact)]
      }),
    )
  }
  const { files = {}, ...all } = (
    typeof value === 'object' && value !== null ? value : {}
  ) as Record<string, unknown>
  if (typeof files !== 'object' || files === null) throw invalid('у «files» ожидался объект {…}')
  const checked = (facts: Facts): Facts => {
    rules?.(facts, file)
    return checkedFacts(facts, file)
  }
  return {
    all: checked(texts(Object.keys(all).length > 0 ? all : {})),
    files: Object.fromEntries(
      Object.entries(files).map(([name, facts]: [string, unknown]) => [
        name,
        checked(texts(facts)),
      ]),
    ),
  }
}

const checkedFacts = (facts: Facts, where: string): Facts => {
  const said = facts['delivered_on']
  if (said === undefined || said === '') return facts
  const date = calendarDate.parse(said.trim())
  if (date === undefined)
    throw new UsageError({
      code: 'fact-invalid',
      message: `${where}: delivered_on=${said} — не дата`,
      hint: 'напишите дату как 2026-06-20 или 20.06.2026',
    })
  return { ...facts, delivered_on: date }
}
