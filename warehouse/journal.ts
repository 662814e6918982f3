import type { Manifest } from './generation.ts'
import type { Home } from './home.ts'
import { grouped } from '../transforms/contract/computation.ts'
import { fileNames, notWithdrawn, readLedger, withLedger, type LedgerRow } from './ledger.ts'
import type { NotCounted } from './load-report.ts'
import type { LockOptions } from './lock.ts'
import {
  besideOthers,
  counted,
  formKey,
  isReceived,
  sumsOf,
  type SheetOfFile,
  type Sums,
} from './replaced.ts'
import { withdrawnFiles, type WithdrawnFile } from './withdraw.ts'

/** What of a build's report or summary is noted. */
export interface Built {
  readonly generation: string
  readonly contentHash: string
  readonly built: readonly { readonly table: string; readonly rows: number; readonly ms: number }[]
  readonly unchanged: number
}
/** Notes what a build made and in how much time; noting the same again changes nothing, and a build of nothing is not noted. */
export const noteBuild = (home: Home, made: Built, manifest: Manifest): Promise<void> =>
  made.built.length === 0
    ? Promise.resolve()
    : withLedger(home, 'journal', async (ledger) => {
        const { generation, contentHash, built, unchanged } = made
        for (const table of ['build', 'table_build', 'check_result'])
          await ledger.database.run(`delete from ${table} where generation = ?`, [generation])
        await ledger.insert('build', [
          {
            generation,
            run: null,
            content_hash: contentHash,
            tables: built.length,
            unchanged,
            started_at: manifest.builtAt,
            ms: built.reduce((sum, { ms }) => sum + ms, 0),
          },
        ])
        await ledger.insert(
          'table_build',
          built.map(({ table, rows, ms }) => ({
            generation,
            table_id: table,
            fingerprint: manifest.tables[table]?.fingerprint ?? null,
            hash: manifest.tables[table]?.hash ?? null,
            rows,
            ms,
          })),
        )
        await ledger.insert(
          'check_result',
          manifest.checks.map(({ check, severity, found, title }) => ({
            generation,
            check_id: check,
            severity,
            found,
            message: title,
          })),
        )
      })

export type Run = LedgerRow<'run'>
/** Notes how a run ended; of one that is noted again the last word stands. */
export const noteRun = (home: Home, run: Run, options: LockOptions = {}): Promise<void> =>
  withLedger(
    home,
    'journal',
    (ledger) =>
      ledger.inTransaction(async () => {
        await ledger.database.run('delete from run where run = ?', [run.run])
        await ledger.insert('run', [run])
      }),
    options,
  )

export interface Journal {
  /** Latest first. */
  readonly runs: readonly Run[]
  readonly publications: readonly Omit<LedgerRow<'publication'>, 'run'>[]
  /** Different files, whatever became of them. */
  readonly received: number
  /** Of them those that nobody has read yet: a load is about to, or was stopped before it. */
  readonly unread: number
  readonly replaced: NotCounted
  /** By path. */
  readonly withdrawn: readonly WithdrawnFile[]
  /** Of files that stand, in whole or in part. */
  readonly quarantine: readonly {
    readonly source: string
    readonly code: string
    readonly rows: number
    readonly files: number
  }[]
  readonly refused: readonly { readonly path: string; readonly status: string }[]
  readonly delivered: readonly Delivered[]
}
/** What of one form and year stands. */
export interface Delivered {
  readonly source: string
  readonly year: number | null
  readonly files: number
  readonly loaded: number
  readonly quarantined: number
}
/** What the ledger tells of the last runs and of what arrived. */
export const readJournal = (home: Home, runs = 10): Promise<Journal> =>
  readLedger(home, 'status', async (ledger) => {
    const limit = String(runs)
    const [files] = await ledger.rows<Pick<Journal, 'received' | 'unread'>>(
      `select count(distinct r.sha256)::integer as received,
              (count(distinct r.sha256) filter (where f.sha256 is null))::integer as unread
       from receipt as r left join file as f using (sha256)`,
    )
    const { disputes, forms } = await besideOthers(home, ledger)
    const statuses = [...disputes.values()].map(({ status }) => status)
    const taken = await ledger.rows<SheetOfYear>(
      `select source, sha256, sheet, year, read, loaded, quarantined, refused from ${notWithdrawn('sheet')}
       where source is not null order by source, year, sha256, sheet`,
    )
    const sheets = taken.map((sheet) => counted(sheet, forms.get(formKey(sheet))))
    const whole = taken.filter((sheet) => forms.get(formKey(sheet)) === 'whole')
    return {
      runs: await ledger.rows(`select * from run order by started_at desc, run limit ${limit}`),
      publications: await ledger.rows(
        `select * exclude (run) from publication order by published_at desc, generation limit ${limit}`,
      ),
      received: files?.received ?? 0,
      unread: files?.unread ?? 0,
      replaced: {
        duplicates: statuses.filter((status) => status === 'duplicate').length,
        superseded: statuses.filter((status) => status === 'superseded').length,
        rows: sumsOf(sheets).replaced,
      },
      withdrawn: await withdrawnFiles(ledger),
      quarantine: await ledger.rows(
        `select source, code, count(distinct (sha256, sheet, row))::integer as rows, count(distinct sha256)::integer as files
         from ${notWithdrawn('quarantine')} anti join
           (select unnest(from_json(?, '[{"source": "VARCHAR", "sha256": "VARCHAR"}]'), recursive := true))
           using (source, sha256)
         group by all order by rows desc, source, code`,
        [JSON.stringify(whole.map(({ source, sha256 }) => ({ source, sha256 })))],
      ),
      refused: await ledger.rows(
        `select n.path, status from ${notWithdrawn('file')} join (${fileNames}) as n using (sha256) where status in ('refused', 'unrecognised') order by n.path`,
      ),
      delivered: deliveredOf(
        sheets.filter((sheet) => isReceived(sheet, forms.get(formKey(sheet)))),
      ),
    }
  })

type SheetOfYear = SheetOfFile & { readonly year: number | null; readonly refused: string | null }
const deliveredOf = (received: readonly (SheetOfYear & Sums)[]): readonly Delivered[] =>
  [...grouped(received, ({ source, year }) => JSON.stringify([source, year])).values()].flatMap(
    (own) => {
      const [first] = own
      if (first === undefined) return []
      const { source, year } = first
      const { loaded, quarantined } = sumsOf(own)
      const files = new Set(own.map(({ sha256 }) => sha256)).size
      return [{ source, year, files, loaded, quarantined }]
    },
  )
