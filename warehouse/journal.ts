import type { BuildReport } from './build.ts'
import type { Manifest } from './generation.ts'
import type { Home } from './home.ts'
import { withLedger, type LedgerRow } from './ledger.ts'

/** Notes what a build made, in how much time; a build of which nothing came is not noted. */
export const noteBuild = (
  home: Home,
  report: BuildReport,
  manifest: Manifest,
  started: { readonly at: string; readonly ms: number },
): Promise<void> =>
  !report.isNew
    ? Promise.resolve()
    : withLedger(home, 'journal', async (ledger) => {
        const { generation } = report
        for (const table of ['build', 'table_build', 'check_result'])
          await ledger.database.run(`delete from ${table} where generation = ?`, [generation])
        await ledger.insert('build', [
          {
            generation,
            run: null,
            content_hash: report.contentHash,
            tables: report.built.length,
            unchanged: report.unchanged,
            started_at: started.at,
            ms: started.ms,
          },
        ])
        await ledger.insert(
          'table_build',
          report.built.map(({ table, rows, ms }) => ({
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
          report.checks.map(({ check, severity, found, title }) => ({
            generation,
            check_id: check,
            severity,
            found,
            message: title,
          })),
        )
      })

/** What was built anew in a generation, by the ledger. */
export const builtTables = (
  home: Home,
  generation: string,
): Promise<readonly { readonly table: string; readonly rows: number; readonly ms: number }[]> =>
  withLedger(home, 'journal', (ledger) =>
    ledger.rows(
      'select table_id as "table", rows, ms from table_build where generation = ? order by ms desc, table_id',
      [generation],
    ),
  )

export type Run = LedgerRow<'run'>
export const noteRun = (home: Home, run: Run): Promise<void> =>
  withLedger(home, 'journal', (ledger) => ledger.insert('run', [run]))

export interface Journal {
  /** Latest first. */
  readonly runs: readonly Run[]
  readonly publications: readonly LedgerRow<'publication'>[]
  readonly received: number
  readonly quarantine: readonly {
    readonly source: string
    readonly code: string
    readonly rows: number
    readonly files: number
  }[]
  readonly refused: readonly { readonly path: string; readonly status: string }[]
  /** What came of each form and year. */
  readonly delivered: readonly {
    readonly source: string
    readonly year: number | null
    readonly files: number
    readonly loaded: number
    readonly quarantined: number
  }[]
}
/** What the ledger tells of the last runs and of what arrived. */
export const readJournal = (home: Home, runs = 5): Promise<Journal> =>
  withLedger(home, 'status', async (ledger) => {
    const limit = String(runs)
    const [received] = await ledger.rows<{ n: number }>(
      'select count(distinct sha256)::integer as n from receipt',
    )
    return {
      runs: await ledger.rows(`select * from run order by started_at desc, run limit ${limit}`),
      publications: await ledger.rows(
        `select * from publication order by published_at desc, generation limit ${limit}`,
      ),
      received: received?.n ?? 0,
      quarantine: await ledger.rows(
        `select source, code, count(distinct (sha256, sheet, row))::integer as rows, count(distinct sha256)::integer as files
         from quarantine group by all order by rows desc, source, code`,
      ),
      refused: await ledger.rows(
        `select path, status from file where status in ('refused', 'unrecognised') order by path`,
      ),
      delivered: await ledger.rows(
        `select source, year, count(distinct sha256)::integer as files, sum(loaded)::integer as loaded,
                sum(quarantined)::integer as quarantined
         from sheet where source is not null and refused is null group by all order by source, year`,
      ),
    }
  })
