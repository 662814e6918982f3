import { grouped } from '../transforms/contract/computation.ts'
import type { Home } from '../warehouse/home.ts'
import { readLedger } from '../warehouse/ledger.ts'
import type { FileReport } from '../warehouse/load-report.ts'
import { fileReports, type ReplacedFile } from '../warehouse/report.ts'
import { replacedText } from './arrival.ts'
import { shortPaths } from './paths.ts'
import { moment } from './russian.ts'

type Named = Pick<FileReport, 'path' | 'status' | 'replacedBy'>
/** A corrected file is often saved over the old one: path and name tell nothing then. */
const isNamesake = ({ path, replacedBy = [] }: Named): boolean => replacedBy.includes(path)

/** A line a file in whose place others stand: which these are. Of files of one path each is told by when it came and by its SHA-256. */
export const replacedLines = async (
  home: Home,
  replaced: readonly ReplacedFile[],
): Promise<readonly string[]> => {
  const short = shortPaths(replaced.flatMap(({ path, replacedBy }) => [path, ...replacedBy]))
  const shortName = (path: string): string => short.get(path) ?? path
  const came = await versionsOf(home, replaced.filter(isNamesake))
  const marked = new Map(
    came.map(({ sha256, path, receivedAt }) => [
      sha256,
      `${shortName(path)} (получен ${moment(receivedAt, home.timeZone)}, SHA-256 ${sha256.slice(0, 8)})`,
    ]),
  )
  const versions = await fileReports(home, [...marked.keys()])
  const standing = grouped(
    versions.filter((file) => file.status === 'loaded' && !isNamesake(file)),
    ({ path }) => path,
  )
  const files = [...replaced.filter((file) => !isNamesake(file)), ...versions.filter(isNamesake)]
  return files
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
    .map((file) => {
      const [stands, ...others] = standing.get(file.path) ?? []
      const newer = others.length === 0 ? marked.get(stands?.sha256 ?? '') : undefined
      const name = 'sha256' in file ? marked.get(file.sha256) : undefined
      return `${name ?? shortName(file.path)} — ${replacedText(file, (path) => (path === file.path ? newer : undefined) ?? shortName(path))}`
    })
}

/** The contents that are known by these paths, in the order in which they came. */
const versionsOf = async (
  home: Home,
  files: readonly Pick<ReplacedFile, 'path'>[],
): Promise<readonly Readonly<Record<'sha256' | 'path' | 'receivedAt', string>>[]> =>
  files.length === 0
    ? []
    : readLedger(home, 'status', (ledger) =>
        ledger.rows(
          `select sha256, path, min(received_at) as "receivedAt" from receipt semi join file using (sha256)
           where path in (select unnest(from_json(?, '["VARCHAR"]'))) group by sha256, path order by min(receipt)`,
          [JSON.stringify(files.map(({ path }) => path))],
        ),
      )
