import type { Home } from './home.ts'
import { amongFiles, fileNames, readLedger, type Ledger } from './ledger.ts'
import { countedSheets, problemsOf, statusOf, type FileReport } from './load-report.ts'
import { readOutcome } from './parse-file.ts'
import { besideOthers, type Dispute } from './replaced.ts'

/** What the ledger knows of files, in the order given; a file that was never recorded is left out. */
export const fileReports = async (
  home: Home,
  files: readonly string[],
): Promise<readonly FileReport[]> => {
  if (files.length === 0) return []
  const { rows, beside, named } = await readLedger(home, 'report', async (ledger) => {
    const found = await besideOthers(home, ledger, files)
    return {
      rows: await ledger.rows<Record<'sha256' | 'path' | 'read_as' | 'outcome', string>>(
        `select sha256, n.path, f.path as read_as, outcome from file as f join (${fileNames}) as n using (sha256) where ${amongFiles}`,
        [JSON.stringify(files)],
      ),
      beside: found,
      named: await naming(ledger, found.disputes),
    }
  })
  const known = new Map(rows.map((row) => [row.sha256, row]))
  return [...new Set(files)].flatMap((sha256): FileReport[] => {
    const row = known.get(sha256)
    if (row === undefined) return []
    const outcome = readOutcome(home, row.outcome)
    const dispute = beside.disputes.get(sha256)
    const status = dispute?.status ?? statusOf(outcome, row.read_as)
    return [
      {
        path: row.path,
        sha256,
        status,
        sheets: countedSheets(sha256, outcome.sheets, beside.forms),
        problems: problemsOf(outcome, status),
        ...(dispute === undefined ? {} : named(dispute)),
        ...(dispute?.reason === undefined ? {} : { reason: dispute.reason }),
      },
    ]
  })
}

export interface ReplacedFile extends Pick<FileReport, 'path'> {
  /** `loaded`: others stand for a part of it. */
  readonly status: 'duplicate' | 'superseded' | 'loaded'
  readonly replacedBy: readonly string[]
}
/** Every file in whose place others stand, by path. */
export const replacedFiles = (home: Home): Promise<readonly ReplacedFile[]> =>
  readLedger(home, 'replaced', async (ledger) => {
    const { disputes: found } = await besideOthers(home, ledger)
    const named = await naming(ledger, found)
    const paths = await pathsOf(ledger, [...found.keys()])
    return [...found]
      .flatMap(([sha256, dispute]): ReplacedFile[] => {
        const { status = 'loaded' } = dispute
        const { replacedBy = [] } = named(dispute)
        if (status === 'withdrawn' || replacedBy.length === 0) return []
        return [{ path: paths.get(sha256) ?? '', status, replacedBy }]
      })
      .sort((a, b) => (a.path < b.path ? -1 : 1))
  })

const lists = ['replacedBy', 'replaces', 'duplicates'] as const
type Names = Pick<FileReport, (typeof lists)[number]>
/** Paths in the place of the hashes; lists without any are left out. */
const naming = async (
  ledger: Ledger,
  found: ReadonlyMap<string, Dispute>,
): Promise<(dispute: Dispute) => Names> => {
  const all = [...found.values()].flatMap((dispute) => lists.flatMap((list) => dispute[list]))
  const paths = await pathsOf(ledger, [...new Set(all)])
  const pathsIn = (files: readonly string[]): readonly string[] =>
    files.flatMap((sha256) => paths.get(sha256) ?? []).sort()
  return (dispute) =>
    Object.fromEntries(
      lists
        .filter((list) => dispute[list].length > 0)
        .map((list) => [list, pathsIn(dispute[list])]),
    )
}
/** The path by which each file is named. */
export const pathsOf = async (
  ledger: Ledger,
  files: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  if (files.length === 0) return new Map()
  const rows = await ledger.rows<{ sha256: string; path: string }>(
    `select sha256, path from (${fileNames}) where ${amongFiles}`,
    [JSON.stringify(files)],
  )
  return new Map(rows.map(({ sha256, path }) => [sha256, path]))
}
