import type { Home } from './home.ts'
import { withLedger } from './ledger.ts'
import { problemsOf, type FileReport, type FileStatus } from './load-report.ts'
import { readOutcome } from './parse-file.ts'

/** What the ledger knows of files, in the order given; a file that was never recorded is left out. */
export const fileReports = async (
  home: Home,
  files: readonly string[],
): Promise<readonly FileReport[]> => {
  const rows = await withLedger(home, 'report', (ledger) =>
    ledger.rows<{ sha256: string; path: string; status: string; outcome: string }>(
      `select sha256, path, status, outcome from file
       where sha256 in (select unnest(from_json(?, '["VARCHAR"]')))`,
      [JSON.stringify(files)],
    ),
  )
  const known = new Map(rows.map((row) => [row.sha256, row]))
  const reports = await Promise.all(
    [...new Set(files)].map(async (sha256): Promise<FileReport[]> => {
      const row = known.get(sha256)
      if (row === undefined) return []
      const outcome = await readOutcome(home, row.outcome)
      const status = row.status as FileStatus
      return [
        {
          path: row.path,
          sha256,
          status,
          sheets: outcome.sheets,
          problems: problemsOf(outcome, status),
        },
      ]
    }),
  )
  return reports.flat()
}
