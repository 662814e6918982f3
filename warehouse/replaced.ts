import { grouped } from '../transforms/contract/computation.ts'
import { literal } from './database.ts'
import type { Home } from './home.ts'
import {
  amongFiles,
  disputed,
  type FormOfFile,
  type Ledger,
  type LedgerCandidate,
  type Settled,
} from './ledger.ts'
import { standingOf } from './standing.ts'
import { join } from 'node:path'

/**
 * For which rows of one form of a file other files stand: for the whole of it, with what of it is in quarantine, or for so many rows by sheet.
 * A row in quarantine is part of no delivery: it stays there until nothing that the form delivers stands.
 */
export type Replaced = 'whole' | ReadonlyMap<string, number>
/** By `formKey`. */
export type ReplacedForms = ReadonlyMap<string, Replaced>
export const formKey = ({ source, sha256 }: FormOfFile): string => `${source} ${sha256}`

/** Rows with data and what became of them: read = loaded + quarantined + replaced. */
export interface Sums {
  readonly read: number
  /** In deliveries for which the file stands. */
  readonly loaded: number
  readonly quarantined: number
  /** Other files stand for them. */
  readonly replaced: number
}
type AsRead = Omit<Sums, 'replaced'> & { readonly sheet: string }
/** A sheet as the ledger knows it. */
export type SheetOfFile = FormOfFile & AsRead
/** What of a form's sheet stands. */
export const counted = <S extends AsRead>(sheet: S, replaced?: Replaced): S & Sums => {
  if (replaced === 'whole') return { ...sheet, loaded: 0, quarantined: 0, replaced: sheet.read }
  const rows = replaced?.get(sheet.sheet) ?? 0
  return { ...sheet, loaded: sheet.loaded - rows, replaced: rows }
}
export const sumsOf = (sheets: Iterable<Sums>): Sums => {
  const sums = { read: 0, loaded: 0, quarantined: 0, replaced: 0 }
  for (const { read, loaded, quarantined, replaced } of sheets) {
    sums.read += read
    sums.loaded += loaded
    sums.quarantined += quarantined
    sums.replaced += replaced
  }
  return sums
}

/** Forms of files for which other files stand, in whole or in part. */
export const replacedForms = async (
  home: Pick<Home, 'path'>,
  ledger: Pick<Ledger, 'rows'>,
  { shares, replaced }: Settled,
): Promise<ReplacedForms> => {
  const stands = new Set(shares.map(formKey))
  return formsOf(home, ledger, replaced, (key) => !stands.has(key))
}

const formsOf = async (
  home: Pick<Home, 'path'>,
  ledger: Pick<Ledger, 'rows'>,
  replaced: readonly LedgerCandidate[],
  isWhole: (key: string) => boolean,
): Promise<ReplacedForms> => {
  const byForm = grouped(replaced, formKey)
  const parts = [...byForm].flatMap(([key, claims]) => (isWhole(key) ? [] : claims))
  const untold = await toldByRows(home, ledger, parts)
  return new Map(
    [...byForm].map(([key, claims]): [string, Replaced] => {
      if (isWhole(key)) return [key, 'whole']
      const rows = new Map<string, number>()
      for (const claim of claims)
        for (const [sheet, count] of untold.get(claim) ?? sheetsOf(claim))
          rows.set(sheet, (rows.get(sheet) ?? 0) + count)
      return [key, rows]
    }),
  )
}
const sheetsOf = ({ sheets }: LedgerCandidate): readonly (readonly [string, number])[] =>
  Object.entries(JSON.parse(sheets ?? '{}') as Readonly<Record<string, number>>)

/** Sheets of what was recorded before the ledger told them, from the rows themselves. */
const toldByRows = async (
  home: Pick<Home, 'path'>,
  ledger: Pick<Ledger, 'rows'>,
  claims: readonly LedgerCandidate[],
): Promise<ReadonlyMap<LedgerCandidate, readonly (readonly [string, number])[]>> => {
  const untold = claims.filter(({ sheets }) => sheets === null)
  if (untold.length === 0) return new Map()
  const files = [...new Set(untold.map(({ parquet }) => join(home.path, parquet)))]
  const rows = await ledger.rows<{ file: string; delivery: string; sheet: string; rows: number }>(
    `select filename as file, _delivery as delivery, _sheet as sheet, count(*)::integer as rows
     from read_parquet([${files.map(literal).join(', ')}], filename = true, union_by_name = true) group by all order by all`,
  )
  const found = grouped(rows, ({ file, delivery }) => `${file} ${delivery}`)
  return new Map(
    untold.map((claim) => [
      claim,
      (found.get(`${join(home.path, claim.parquet)} ${claim.delivery}`) ?? []).map(
        (row) => [row.sheet, row.rows] as const,
      ),
    ]),
  )
}

/** A file that is not alone in what it delivers. */
export interface Dispute {
  /** Where nothing of it counts: earlier files have the same rows, or others stand for all of it. */
  readonly status?: 'duplicate' | 'superseded'
  /** Files whose other rows stand in the place of its own, or that had its rows before; of a file without `status`, those whose other rows stand for a part. */
  readonly replacedBy: readonly string[]
  /** Files in the place of whose other rows its own stand. */
  readonly replaces: readonly string[]
}
/** What of files does not count beside the others. */
export interface Beside {
  /** By SHA-256. */
  readonly disputes: ReadonlyMap<string, Dispute>
  readonly forms: ReplacedForms
}
/**
 * Files, of the given ones or of all, that do not count in whole or in part. Of equal rows those of the earliest file count, which is what its
 * sender was told, whichever of them stands in the warehouse. What was recorded of a file says so only of the files before it.
 */
export const besideOthers = async (
  home: Pick<Home, 'path'>,
  ledger: Ledger,
  files?: readonly string[],
): Promise<Beside> => {
  const wanted = files === undefined ? undefined : new Set(files)
  const own = new Map<string, Claims>()
  const claimsOf = (sha256: string): Claims => {
    const known = own.get(sha256) ?? new Claims()
    own.set(sha256, known)
    return known
  }
  const replaced: LedgerCandidate[] = []
  for (const list of grouped(await disputed(ledger, files), ({ source }) => source).values()) {
    const standing = standingOf(list)
    const first = new Map<string, LedgerCandidate>()
    for (const claim of list) {
      const known = first.get(rowsKey(claim))
      if (known === undefined || claim.receipt < known.receipt) first.set(rowsKey(claim), claim)
    }
    for (const claim of list) {
      const { sha256, delivery, content, rows } = claim
      const stands = standing.get(delivery)
      const earliest = first.get(rowsKey(claim)) ?? claim
      const claims = claimsOf(sha256)
      const isFirst = earliest.sha256 === sha256
      const isCounted = isFirst && stands?.content === content
      claims.all++
      if (isCounted) claims.counted++
      else if (rows > 0 && wanted?.has(sha256) !== false) replaced.push(claim)
      if (!isFirst) {
        claims.same++
        claims.repeats.add(earliest.sha256)
      } else if (stands !== undefined && stands.content !== content) {
        const newer = stands.supersedes === null ? (first.get(rowsKey(stands)) ?? stands) : stands
        if (newer.sha256 === sha256) continue
        claims.replacedBy.add(newer.sha256)
        claimsOf(newer.sha256).replaces.add(sha256)
      }
    }
  }
  const asked = [...own.keys()].filter((sha256) => wanted?.has(sha256) !== false)
  if (asked.length === 0) return { disputes: new Map(), forms: new Map() }
  const delivered = await ledger.rows<FormOfFile & { n: number; filled: number }>(
    `select source, sha256, count(*)::integer as n, (count(*) filter (where rows > 0))::integer as filled from delivery
     where ${amongFiles} group by source, sha256`,
    [JSON.stringify(asked)],
  )
  const lost = grouped(replaced, formKey)
  const whole = new Set(
    delivered
      .map((form) => [formKey(form), form.filled] as const)
      .filter(([key, filled]) => lost.get(key)?.length === filled)
      .map(([key]) => key),
  )
  const disputes = new Map(
    [...grouped(delivered, ({ sha256 }) => sha256)].map(([sha256, forms]) => [
      sha256,
      claimsOf(sha256).settled(forms.reduce((sum, { n }) => sum + n, 0)),
    ]),
  )
  return { disputes, forms: await formsOf(home, ledger, replaced, (key) => whole.has(key)) }
}
const rowsKey = ({ delivery, content }: LedgerCandidate): string => `${delivery}\n${content}`

/** A file's claims to deliveries that others claim too. */
class Claims {
  all = 0
  counted = 0
  /** Of them those whose rows an earlier file has. */
  same = 0
  readonly repeats = new Set<string>()
  readonly replacedBy = new Set<string>()
  readonly replaces = new Set<string>()
  /** @param delivered how many deliveries the file has, undisputed ones included. */
  settled(delivered: number): Dispute {
    const replaces = [...this.replaces].sort()
    const hasUndisputed = this.all < delivered
    if (hasUndisputed || (this.same < this.all && this.counted > 0))
      return { replacedBy: [...this.replacedBy].sort(), replaces }
    const replacedBy = [...new Set([...this.repeats, ...this.replacedBy])].sort()
    return { status: this.same === this.all ? 'duplicate' : 'superseded', replacedBy, replaces }
  }
}
