import { grouped } from '../transforms/contract/computation.ts'
import { SecretInvalid } from './errors.ts'
import { mergedFacts, type Facts } from './facts.ts'
import type { Home } from './home.ts'
import {
  disputed,
  withLedger,
  type Ledger,
  type LedgerCandidate,
  type LedgerRow,
} from './ledger.ts'
import {
  problemsOf,
  statusOf,
  sumsOf,
  totals,
  type FileReport,
  type LoadReport,
} from './load-report.ts'
import { readOutcome, type ParseOutcome, type StoredOutcome } from './parse-file.ts'
import { standingOf } from './standing.ts'

export interface RecordedFile extends FileReport {
  readonly key: string
}
/** Writes what was parsed into the ledger, in the order of receipt; recording the same again changes nothing. */
export const record = (
  home: Home,
  outcomes: readonly ParseOutcome[],
): Promise<LoadReport & { readonly files: readonly FileReport[] }> =>
  withLedger(home, 'record', async (ledger) => {
    const stored = await Promise.all(outcomes.map(({ report }) => readOutcome(home, report)))
    const [known] = await ledger.rows<{ fingerprint: string }>('select fingerprint from secret')
    const foreign = stored.find(({ secret }) => known !== undefined && secret !== known.fingerprint)
    if (foreign !== undefined)
      throw new SecretInvalid({
        code: 'key-changed',
        message: 'файлы разобраны с другим ключом псевдонимов, чем у этого хранилища',
        hint: 'задайте всем исполнителям один и тот же MERA_KEY_FILE',
      })
    const receipts = await receiptsOf(ledger)
    const ordered = [...new Map(stored.map((file) => [file.sha256, file])).values()].sort(
      (a, b) => (receipts.get(a.sha256)?.receipt ?? 0) - (receipts.get(b.sha256)?.receipt ?? 0),
    )
    const reports = new Map(outcomes.map(({ sha256, report }) => [sha256, report]))
    return ledger.inTransaction(async () => {
      await ledger.forget(ordered.map(({ sha256 }) => sha256))
      const isTable = ({ sha256, ...file }: StoredOutcome): boolean =>
        statusOf(file, receipts.get(sha256)?.path) !== 'skipped'
      await ledger.insert('sheet', ordered.filter(isTable).flatMap(sheetRows))
      await ledger.insert(
        'delivery',
        ordered.flatMap((file) => deliveryRows(file, receipts.get(file.sha256)?.facts ?? {})),
      )
      await ledger.insert(
        'quarantine',
        ordered.flatMap(({ sha256, quarantine }) =>
          quarantine.map((entry) => ({ sha256, ...entry })),
        ),
      )
      await ledger.insert(
        'problem',
        ordered.flatMap(({ sha256, problems }) => problems.map((entry) => ({ sha256, ...entry }))),
      )
      const standing = await standings(
        ledger,
        ordered.map(({ sha256 }) => sha256),
      )
      const files = ordered.map((file): RecordedFile => {
        const receipt = receipts.get(file.sha256)
        const status = standing.get(file.sha256) ?? statusOf(file, receipt?.path)
        return {
          path: receipt?.path ?? '',
          sha256: file.sha256,
          status,
          sheets: file.sheets,
          problems: problemsOf(file, status),
          key: `${file.key} ${sayings(receipt?.facts ?? {})}`,
        }
      })
      await ledger.insert(
        'file',
        files.map((file) => fileRow(file, reports.get(file.sha256) ?? '')),
      )
      return totals(files)
    })
  })

export interface Receipt {
  readonly receipt: number
  readonly path: string
  readonly facts: Facts
}
export const receiptsOf = async (
  ledger: Pick<Ledger, 'rows'>,
): Promise<ReadonlyMap<string, Receipt>> => {
  const receipts = new Map<string, Receipt>()
  for (const row of await ledger.rows<{
    receipt: number
    sha256: string
    path: string
    facts: string
  }>('select receipt, sha256, path, facts from receipt order by receipt')) {
    const known = receipts.get(row.sha256)
    receipts.set(row.sha256, {
      receipt: known?.receipt ?? row.receipt,
      path: known?.path ?? row.path,
      facts: mergedFacts(known?.facts ?? {}, JSON.parse(row.facts) as Facts),
    })
  }
  return receipts
}

const sheetRows = ({ sha256, sheets, unreadable }: StoredOutcome): LedgerRow<'sheet'>[] => {
  if (unreadable !== null) {
    const isRefused = statusOf({ sheets, unreadable }) === 'refused'
    return [{ ...unopened, sha256, refused: isRefused ? unreadable.message : null }]
  }
  return sheets.filter(isFilled).map(({ told, refused, ...sheet }) => ({
    sha256,
    sheet: sheet.sheet,
    source: sheet.source,
    year: sheet.year,
    read: sheet.read,
    loaded: sheet.loaded,
    quarantined: sheet.quarantined,
    ignored: sheet.ignored,
    refused: refused ?? null,
    told: JSON.stringify(told),
  }))
}
const isFilled = ({ source, isBlank }: StoredOutcome['sheets'][number]): boolean =>
  source !== null || !isBlank
/** A file that could not be opened stands as one sheet. */
const unopened = {
  ...{ sheet: '', source: null, year: null, told: '{}' },
  ...{ read: 0, loaded: 0, quarantined: 0, ignored: 0 },
} as const
const deliveryRows = ({ sha256, parts }: StoredOutcome, facts: Facts): LedgerRow<'delivery'>[] =>
  parts.flatMap(({ source, parquet, deliveries }) =>
    deliveries.map(({ delivery, year, rows, content, deliveredOn }) => ({
      sha256,
      source,
      delivery,
      year,
      parquet,
      rows,
      content,
      delivered_on: deliveredOn,
      said_on: facts['delivered_on'] ?? null,
      supersedes: facts['supersedes'] ?? null,
    })),
  )
const fileRow = (file: RecordedFile, outcome: string): LedgerRow<'file'> => {
  const { sha256, path, status, key } = file
  return { sha256, path, status, parse_key: key, outcome, ...sumsOf([file]) }
}

/**
 * Which of the files (or of all) deliver nothing new: `duplicate` where earlier files have the same rows, `superseded` where others stand for all
 * of it. What was recorded of a file says so only of the files before it.
 */
export const standings = async (
  ledger: Ledger,
  files?: readonly string[],
): Promise<ReadonlyMap<string, 'duplicate' | 'superseded'>> => {
  const candidates = await disputed(ledger, files)
  const own = new Map<string, { stands: number; same: number; all: number }>()
  for (const list of grouped(candidates, ({ source }) => source).values()) {
    const standing = standingOf(list)
    const first = new Map<string, LedgerCandidate>()
    for (const candidate of list) {
      const key = `${candidate.delivery}\n${candidate.content}`
      const known = first.get(key)
      if (known === undefined || candidate.receipt < known.receipt) first.set(key, candidate)
    }
    for (const candidate of list) {
      const count = own.get(candidate.sha256) ?? { stands: 0, same: 0, all: 0 }
      own.set(candidate.sha256, count)
      count.all++
      if (standing.get(candidate.delivery)?.content === candidate.content) count.stands++
      if (first.get(`${candidate.delivery}\n${candidate.content}`)?.sha256 !== candidate.sha256)
        count.same++
    }
  }
  if (own.size === 0) return new Map()
  const delivered = await ledger.rows<{ sha256: string; n: number }>(
    `select sha256, count(*)::integer as n from delivery
     where sha256 in (select unnest(from_json(?, '["VARCHAR"]'))) group by all`,
    [JSON.stringify([...own.keys()])],
  )
  const status = new Map<string, 'duplicate' | 'superseded'>()
  for (const { sha256, n } of delivered) {
    const { stands, same, all } = own.get(sha256) ?? { stands: 0, same: 0, all: 0 }
    if (all < n) continue
    if (same === all) status.set(sha256, 'duplicate')
    else if (stands === 0) status.set(sha256, 'superseded')
  }
  return status
}

/** What is said beside a file of its delivery is no part of how it is parsed, but of what stands. */
export const sayings = (facts: Facts): string =>
  [facts['delivered_on'] ?? '', facts['supersedes'] ?? ''].join(' ').trim()
