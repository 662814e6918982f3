import type { Home } from './home.ts'
import { withLedger } from './ledger.ts'
import { countedSheets, problemsOf, statusOf, type FileReport } from './load-report.ts'
import { readOutcome } from './parse-file.ts'
import { besideOthers } from './replaced.ts'

/** What the ledger knows of files, in the order given; a file that was never recorded is left out. */
export const fileReports = async (
  home: Home,
  files: readonly string[],
): Promise<readonly FileReport[]> => {
  const { rows, beside } = await withLedger(home, 'report', async (ledger) => ({
    rows: await ledger.rows<{ sha256: string; path: string; outcome: string }>(
      `select sha256, path, outcome from file
       where sha256 in (select unnest(from_json(?, '["VARCHAR"]')))`,
      [JSON.stringify(files)],
    ),
    beside: await besideOthers(home, ledger, files),
  }))
  const known = new Map(rows.map((row) => [row.sha256, row]))
  const reports = await Promise.all(
    [...new Set(files)].map(async (sha256): Promise<FileReport[]> => {
      const row = known.get(sha256)
      if (row === undefined) return []
      const outcome = await readOutcome(home, row.outcome)
      const status = beside.statuses.get(sha256) ?? statusOf(outcome, row.path)
      return [
        {
          path: row.path,
          sha256,
          status,
          sheets: countedSheets(sha256, outcome.sheets, beside.forms),
          problems: problemsOf(outcome, status),
        },
      ]
    }),
  )
  return reports.flat()
}
