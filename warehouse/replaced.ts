import { grouped } from '../transforms/contract/computation.ts'
import {
  disputed,
  judgedForms,
  type FormOfFile,
  type LedgerCandidate,
  type Settled,
} from './claims.ts'
import { literal } from './database.ts'
import type { Home } from './home.ts'
import { amongFiles, type Ledger } from './ledger.ts'
import type { Judged } from './standing.ts'
import { withdrawnFiles, type WithdrawnFile } from './withdraw.ts'
import { join } from 'node:path'

/**
 * For which rows of one form of a file other files stand, or of a withdrawn one none: for the whole of it, with what of it is in quarantine, or for so many rows by sheet.
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
  /** Other files stand for them; of a withdrawn file all. */
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
/** Whether a sheet makes its file one that delivered the form: something of what it holds stands, or it holds a form without rows. */
export const isReceived = (
  { source, refused, read, replaced }: Sums & Taken,
  form: Replaced | undefined,
): boolean =>
  source !== null && refused === null && form !== 'whole' && (read === 0 || read > replaced)
interface Taken {
  readonly source: string | null
  readonly refused: string | null
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

/** A file that is not alone in what it delivers, or is withdrawn. */
export interface Dispute {
  /** Where nothing of it counts: it repeats files that stand, others stand with other rows, or it is withdrawn. */
  readonly status?: 'duplicate' | 'superseded' | 'withdrawn'
  /** Of one that is withdrawn: why, where somebody said it. */
  readonly reason?: string
  /** Files that stand in its place, or that it repeats; of a file without `status`, those whose other rows stand for a part. */
  readonly replacedBy: readonly string[]
  /** Files that say so of this one, but its duplicates. */
  readonly replaces: readonly string[]
  readonly duplicates: readonly string[]
}
/** What of files does not count: beside the others, or because it is withdrawn. */
export interface Beside {
  /** By SHA-256. */
  readonly disputes: ReadonlyMap<string, Dispute>
  readonly forms: ReplacedForms
}
/** Files, of the given ones or of all, that do not count in whole or in part. */
export const besideOthers = async (
  home: Pick<Home, 'path'>,
  ledger: Ledger,
  files?: readonly string[],
): Promise<Beside> => {
  const among = await amongOthers(home, ledger, files)
  const withdrawn = await withdrawnFiles(ledger, files)
  if (withdrawn.length === 0) return among
  const sheets = await ledger.rows<FormOfFile>(
    `select distinct coalesce(source, '') as source, sha256 from sheet where ${amongFiles}`,
    [JSON.stringify(withdrawn.map(({ sha256 }) => sha256))],
  )
  return {
    disputes: new Map([...among.disputes, ...withdrawn.map(takenOut)]),
    forms: new Map([
      ...among.forms,
      ...sheets.map((form): [string, Replaced] => [formKey(form), 'whole']),
    ]),
  }
}
const takenOut = ({ sha256, reason }: WithdrawnFile): readonly [string, Dispute] => [
  sha256,
  {
    ...{ status: 'withdrawn', replacedBy: [], replaces: [], duplicates: [] },
    ...(reason === null ? {} : { reason }),
  },
]

const amongOthers = async (
  home: Pick<Home, 'path'>,
  ledger: Ledger,
  files?: readonly string[],
): Promise<Beside> => {
  const all = await disputed(ledger, files)
  if (all.length === 0) return { disputes: new Map(), forms: new Map() }
  const wanted = new Set(files ?? all.map(({ sha256 }) => sha256))
  const claims = new Map<string, Claims>()
  const replaced: LedgerCandidate[] = []
  for (const judgement of judgedForms(all)) {
    const { candidate, stands } = judgement
    const { sha256, rows } = candidate
    const own = claims.get(sha256) ?? new Claims()
    claims.set(sha256, own)
    if (!candidate.isWord) own.add(judgement)
    if (stands !== candidate && rows > 0 && wanted.has(sha256)) replaced.push(candidate)
  }
  const delivered = await ledger.rows<FormOfFile & { n: number; filled: number }>(
    `select source, sha256, count(*)::integer as n, (count(*) filter (where rows > 0))::integer as filled from delivery
     where ${amongFiles} group by source, sha256`,
    [JSON.stringify([...claims.keys()])],
  )
  const lost = grouped(replaced, formKey)
  const whole = new Set(
    delivered
      .map((form) => [formKey(form), form.filled] as const)
      .filter(([key, filled]) => lost.get(key)?.length === filled)
      .map(([key]) => key),
  )
  const forms = grouped(delivered, ({ sha256 }) => sha256)
  const outcomes = [...claims].map(([sha256, own]): readonly [string, Outcome] => {
    const n = (forms.get(sha256) ?? []).reduce((sum, form) => sum + form.n, 0)
    return [sha256, own.outcome(n)]
  })
  return {
    disputes: new Map([...mirrored(outcomes)].filter(([sha256]) => wanted.has(sha256))),
    forms: await formsOf(home, ledger, replaced, (key) => whole.has(key)),
  }
}

type Outcome = Pick<Dispute, 'status' | 'replacedBy'>
/** A file's claims to deliveries that others claim too. */
class Claims {
  #all = 0
  /** Of them those for which it stands. */
  #counted = 0
  /** For how many of them each other file speaks that has the same rows. */
  readonly #spoken = new Map<string, number>()
  /** Files that stand with its rows. */
  readonly #same = new Set<string>()
  /** Files that stand with other rows. */
  readonly #others = new Set<string>()
  add({ candidate, speaks, stands }: Judged<LedgerCandidate>): void {
    this.#all++
    if (stands === candidate) this.#counted++
    else (stands === speaks ? this.#same : this.#others).add(stands.sha256)
    if (speaks !== candidate)
      this.#spoken.set(speaks.sha256, (this.#spoken.get(speaks.sha256) ?? 0) + 1)
  }
  /** @param delivered how many deliveries the file has, undisputed ones included. */
  outcome(delivered: number): Outcome {
    const same = [...this.#same].sort()
    const others = [...this.#others].sort()
    if (this.#counted > 0 || this.#all < delivered) return { replacedBy: others }
    if (others.length === 0) return { status: 'duplicate', replacedBy: same }
    // A file that has all its rows and stands for a part says of the rest what stands.
    const repeated = same.filter((sha256) => this.#spoken.get(sha256) === this.#all)
    if (repeated.length > 0) return { status: 'duplicate', replacedBy: repeated }
    return { status: 'superseded', replacedBy: [...new Set([...same, ...others])].sort() }
  }
}

/** The same from the side of the files that stand. */
const mirrored = (files: readonly (readonly [string, Outcome])[]): ReadonlyMap<string, Dispute> => {
  const below = files.flatMap(([sha256, { status, replacedBy }]) =>
    replacedBy.map((stands) => ({ sha256, stands, isRepeat: status === 'duplicate' })),
  )
  const byStanding = grouped(below, ({ stands }) => stands)
  return new Map(
    files.map(([sha256, outcome]) => {
      const own = byStanding.get(sha256) ?? []
      const of = (wanted: boolean): readonly string[] =>
        own
          .filter(({ isRepeat }) => isRepeat === wanted)
          .map((file) => file.sha256)
          .sort()
      return [sha256, { ...outcome, replaces: of(false), duplicates: of(true) }]
    }),
  )
}
