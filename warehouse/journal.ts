import type { Manifest } from './generation.ts'
import type { Home } from './home.ts'
import { replacedForms, withLedger, type LedgerRow } from './ledger.ts'
import type { Replaced } from './load-report.ts'
import { standings } from './record.ts'

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
export const noteRun = (home: Home, run: Run): Promise<void> =>
  withLedger(home, 'journal', (ledger) => ledger.insert('run', [run]))

export interface Journal {
  /** Latest first. */
  readonly runs: readonly Run[]
  readonly publications: readonly LedgerRow<'publication'>[]
  /** Different files, whatever became of them. */
  readonly received: number
  readonly replaced: Replaced
  /** Of files that stand. */
  readonly quarantine: readonly {
    readonly source: string
    readonly code: string
    readonly rows: number
    readonly files: number
  }[]
  readonly refused: readonly { readonly path: string; readonly status: string }[]
  /** What came of each form and year, in files that stand. */
  readonly delivered: readonly {
    readonly source: string
    readonly year: number | null
    readonly files: number
    readonly loaded: number
    readonly quarantined: number
  }[]
}
/** What the ledger tells of the last runs and of what arrived. */
export const readJournal = (home: Home, runs = 10): Promise<Journal> =>
  withLedger(home, 'status', async (ledger) => {
    const limit = String(runs)
    const [received] = await ledger.rows<{ n: number }>(
      'select count(distinct sha256)::integer as n from receipt',
    )
    const standing = [...(await standings(ledger)).values()]
    const replaced = await replacedForms(ledger)
    const those = `(select unnest(from_json(?, '[{"source": "VARCHAR", "sha256": "VARCHAR"}]'), recursive := true))`
    const stands = (table: string): string => `${table} anti join ${those} using (source, sha256)`
    const parameter = [JSON.stringify(replaced)]
    const [rows] = await ledger.rows<{ n: number }>(
      `select coalesce(sum(read), 0)::integer as n from sheet semi join ${those} using (source, sha256)`,
      parameter,
    )
    return {
      runs: await ledger.rows(`select * from run order by started_at desc, run limit ${limit}`),
      publications: await ledger.rows(
        `select * from publication order by published_at desc, generation limit ${limit}`,
      ),
      received: received?.n ?? 0,
      replaced: {
        duplicates: standing.filter((status) => status === 'duplicate').length,
        superseded: standing.filter((status) => status === 'superseded').length,
        rows: rows?.n ?? 0,
      },
      quarantine: await ledger.rows(
        `select source, code, count(distinct (sha256, sheet, row))::integer as rows, count(distinct sha256)::integer as files
         from ${stands('quarantine')} group by all order by rows desc, source, code`,
        parameter,
      ),
      refused: await ledger.rows(
        `select path, status from file where status in ('refused', 'unrecognised') order by path`,
      ),
      delivered: await ledger.rows(
        `select source, year, count(distinct sha256)::integer as files, sum(loaded)::integer as loaded,
                sum(quarantined)::integer as quarantined
         from ${stands('sheet')} where source is not null and refused is null group by all order by source, year`,
        parameter,
      ),
    }
  })
