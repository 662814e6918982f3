import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Source } from '../transforms/contract/source.ts'
import type { Home } from './home.ts'
import { readLedger, withLedger, yearsOfSheet, type Ledger } from './ledger.ts'
import {
  problemsOf,
  statusAgain,
  statusOf,
  totals,
  type FileReport,
  type LoadReport,
} from './load-report.ts'
import { parseBytes } from './outcome.ts'
import { parseKey } from './parse-file.ts'
import { parseAll, type ParseJob } from './parse-pool.ts'
import { mergedFacts, type FactRules, type Facts } from './facts.ts'
import { findFiles, inOtherHands, receive, type ReceivedFile } from './receive.ts'
import { receiptsOf, record, sayings } from './record.ts'
import { counted } from './replaced.ts'
import { fileReports } from './report.ts'
import { openSecret, passingSecret, pseudonymsOf } from './secret.ts'
import { readSettings } from './settings.ts'

export { parseFile, type ParseOutcome } from './parse-file.ts'
export { receive, requirePaths, type Facts, type ReceivedFile } from './receive.ts'
export { record } from './record.ts'
export type { FileProblem, FileReport, FileStatus, LoadReport } from './load-report.ts'
export type { ParsedSheet } from './outcome.ts'

export interface LoadOptions {
  readonly facts?: Facts
  readonly onProgress?: (progress: LoadProgress) => void
  readonly signal?: AbortSignal
  /** Parsing threads; 1: in this thread. */
  readonly workers?: number
}
export interface LoadProgress {
  readonly stage: 'receive' | 'parse' | 'record'
  readonly done: number
  readonly total: number
  readonly path: string
}

/** Receives, parses and records files; loading the same again loads nothing. Files of before whose forms changed are parsed anew. */
export const load = async (
  home: Home,
  sources: readonly Source[],
  paths: readonly string[],
  options: LoadOptions = {},
): Promise<LoadReport> => {
  const tell = (stage: LoadProgress['stage']) => (done: number, total: number, path: string) =>
    options.onProgress?.({ stage, done, total, path })
  return withLedger(home, 'load', async () => {
    const received = await receive(home, paths, { ...options, onProgress: tell('receive') })
    const plan = await planParsing(
      home,
      sources,
      received.map(({ sha256 }) => sha256),
    )
    const outcomes = await parseAll(home, sources, plan.jobs, {
      ...options,
      onProgress: tell('parse'),
    })
    const recorded = await record(home, outcomes)
    tell('record')(1, 1, '')
    return report(home, received, plan, recorded)
  })
}

/** Recognises and validates files without a home; what people are called leaves no trace. */
export const check = async (
  sources: readonly Source[],
  paths: readonly string[],
  options: LoadOptions & {
    readonly dropPersonal?: readonly string[]
    /** What may be said in delivery.json; anything where absent. */
    readonly rules?: FactRules
  } = {},
): Promise<LoadReport> => {
  const secret = passingSecret()
  const files: FileReport[] = []
  const seen = new Map<string, string>()
  const found = await findFiles(paths, options.rules)
  for (const [i, { path, facts }] of found.entries()) {
    options.signal?.throwIfAborted()
    options.onProgress?.({ stage: 'parse', done: i, total: found.length, path })
    const bytes = await readFile(path)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const context = {
      facts: mergedFacts(facts, options.facts ?? {}),
      path: path.replaceAll('\\', '/'),
      dropPersonal: new Set(options.dropPersonal ?? []),
    }
    const parsed = await parseBytes(bytes, sha256, sources, context, pseudonymsOf(secret))
    const own = statusOf(parsed, path)
    const same = own === 'skipped' ? undefined : seen.get(sha256)
    const isAgain = same !== undefined
    seen.set(sha256, same ?? path)
    files.push({
      ...{ path, sha256, status: isAgain ? 'duplicate' : own === 'loaded' ? 'fit' : own },
      sheets: parsed.sheets.map((sheet) => counted(sheet, isAgain ? 'whole' : undefined)),
      problems: problemsOf(parsed, own),
      ...(isAgain ? { replacedBy: [same] } : {}),
    })
  }
  return totals(files)
}

export interface ParsePlan {
  readonly jobs: readonly ParseJob[]
  /** Known before and parsed with the same key. */
  readonly unchanged: ReadonlySet<string>
}
/**
 * What must be parsed: the files given and, where forms, settings or facts changed, those of before; also what others received and left unparsed,
 * but not what they are about to parse.
 */
export const planParsing = async (
  home: Home,
  sources: readonly Source[],
  files: readonly string[],
): Promise<ParsePlan> => {
  const { dropPersonal } = await readSettings(home)
  return withLedger(home, 'plan', async (ledger) => {
    const secret = await ledgerSecret(home, ledger)
    const jobs = await receiptsOf(ledger)
    const recorded = new Map(
      (
        await ledger.rows<{ sha256: string; parse_key: string }>(
          'select sha256, parse_key from file',
        )
      ).map((row) => [row.sha256, row.parse_key]),
    )
    const given = new Set(files)
    const unchanged = new Set<string>()
    const pending: ParseJob[] = []
    for (const [sha256, { path, facts }] of jobs) {
      const context = { facts, path, dropPersonal: new Set(dropPersonal) }
      const key = `${parseKey(sources, context, secret)} ${sayings(facts)}`
      if (recorded.get(sha256) !== key) pending.push({ sha256, path, facts, dropPersonal, secret })
      else if (given.has(sha256)) unchanged.add(sha256)
    }
    const unread = pending
      .map(({ sha256 }) => sha256)
      .filter((sha256) => !given.has(sha256) && !recorded.has(sha256))
    const theirs = await inOtherHands(ledger, unread)
    return { jobs: pending.filter(({ sha256 }) => !theirs.has(sha256)), unchanged }
  })
}
const ledgerSecret = async (
  home: Home,
  ledger: Ledger,
): Promise<Awaited<ReturnType<typeof openSecret>>> => {
  const [known] = await ledger.rows<{ fingerprint: string }>('select fingerprint from secret')
  return openSecret(home, known?.fingerprint)
}

/** One entry a file received, then the files of before that were parsed anew. */
const report = async (
  home: Home,
  received: readonly ReceivedFile[],
  plan: ParsePlan,
  recorded: LoadReport,
): Promise<LoadReport> => {
  const fresh = new Map(recorded.files.map((file) => [file.sha256, file]))
  const before = new Map(
    (await fileReports(home, [...plan.unchanged])).map((file) => [
      file.sha256,
      { ...file, status: statusAgain(file.status) },
    ]),
  )
  const told = new Set<string>()
  const files: FileReport[] = received.map(({ sha256, path }) => {
    const file = fresh.get(sha256) ?? before.get(sha256)
    const again = told.has(sha256)
    told.add(sha256)
    if (file === undefined) return { path, sha256, status: 'unchanged', sheets: [], problems: [] }
    return again
      ? { path, sha256, status: 'duplicate', sheets: [], problems: [] }
      : { path, sha256, status: file.status, sheets: file.sheets, problems: file.problems }
  })
  const others = recorded.files.filter(({ sha256 }) => !told.has(sha256))
  return totals([...files, ...others])
}

/** SHA-256 of received files that tell of school years from `from` to `to`, named by the years in which they end, in order. */
export const filesOfYears = (home: Home, from: number, to: number): Promise<readonly string[]> =>
  readLedger(home, 'archived', async (ledger) => {
    const rows = await ledger.rows<{ sha256: string }>(
      `select distinct sha256 from (select sha256, unnest(${yearsOfSheet}) as year from sheet) where year between ? and ? order by sha256`,
      [from, to],
    )
    return rows.map(({ sha256 }) => sha256)
  })
