import { SecretInvalid } from './errors.ts'
import { mergedFacts, type Facts } from './facts.ts'
import type { Home } from './home.ts'
import { withLedger, type Ledger, type LedgerRow } from './ledger.ts'
import {
  countedSheets,
  problemsOf,
  statusOf,
  totals,
  type FileReport,
  type LoadReport,
} from './load-report.ts'
import { readOutcome, type ParseOutcome, type StoredOutcome } from './parse-file.ts'
import { besideOthers, counted, sumsOf } from './replaced.ts'
import { pathsOf } from './report.ts'

/** Writes what was parsed into the ledger, in the order of receipt; recording the same again changes nothing. */
export const record = (
  home: Home,
  outcomes: readonly ParseOutcome[],
): Promise<LoadReport & { readonly files: readonly FileReport[] }> =>
  withLedger(home, 'record', async (ledger) => {
    const stored = outcomes.map(({ report }) => readOutcome(home, report))
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
      const { disputes, forms } = await besideOthers(
        home,
        ledger,
        ordered.map(({ sha256 }) => sha256),
      )
      await ledger.insert(
        'file',
        ordered.map((file) =>
          fileRow(file, receipts.get(file.sha256), reports.get(file.sha256) ?? ''),
        ),
      )
      const paths = await pathsOf(
        ledger,
        ordered.map(({ sha256 }) => sha256),
      )
      return totals(
        ordered.map((file): FileReport => {
          const readAs = receipts.get(file.sha256)?.path
          const status = disputes.get(file.sha256)?.status ?? statusOf(file, readAs)
          return {
            path: paths.get(file.sha256) ?? '',
            sha256: file.sha256,
            status,
            sheets: countedSheets(file.sha256, file.sheets, forms),
            problems: problemsOf(file, status),
          }
        }),
      )
    })
  })

export interface Receipt {
  readonly receipt: number
  readonly path: string
  readonly facts: Facts
}
export const receiptsOf = async (
  ledger: Pick<Ledger, 'rows'>,
  from = 'receipt',
): Promise<ReadonlyMap<string, Receipt>> => {
  const receipts = new Map<string, Receipt>()
  for (const row of await ledger.rows<{
    receipt: number
    sha256: string
    path: string
    facts: string
  }>(`select receipt, sha256, path, facts from ${from} order by receipt`)) {
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
    years: sheet.years === undefined ? null : JSON.stringify(sheet.years),
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
  ...{ sheet: '', source: null, year: null, years: null, told: '{}' },
  ...{ read: 0, loaded: 0, quarantined: 0, ignored: 0 },
} as const
const deliveryRows = ({ sha256, parts }: StoredOutcome, facts: Facts): LedgerRow<'delivery'>[] =>
  parts.flatMap(({ source, parquet, deliveries }) =>
    deliveries.map(({ delivery, year, rows, sheets, content, deliveredOn }) => ({
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
      sheets: sheets === undefined ? null : JSON.stringify(sheets),
    })),
  )
/** What was read out of the file: what of it counts, and whether it is a repeat, may change with every other. */
const fileRow = (
  file: StoredOutcome,
  { path, facts }: Pick<Receipt, 'path' | 'facts'> = { path: '', facts: {} },
  outcome: string,
): LedgerRow<'file'> => {
  const { read, loaded, quarantined } = sumsOf(file.sheets.map((sheet) => counted(sheet)))
  return {
    sha256: file.sha256,
    path,
    status: statusOf(file, path),
    parse_key: `${file.key} ${sayings(facts)}`,
    outcome,
    read,
    loaded,
    quarantined,
  }
}

/** What is said beside a file of its delivery is no part of how it is parsed, but of what stands. */
export const sayings = (facts: Facts): string =>
  [facts['delivered_on'] ?? '', facts['supersedes'] ?? ''].join(' ').trim()
