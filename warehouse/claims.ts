import { join } from 'node:path'
import { grouped } from '../transforms/contract/computation.ts'
import type { Source } from '../transforms/contract/source.ts'
import type { Home } from './home.ts'
import { amongFiles, notWithdrawn, withLedger, type Ledger } from './ledger.ts'
import { judged, type Candidate, type Judged } from './standing.ts'

export interface StandingPart {
  readonly sha256: string
  /** Absolute path. */
  readonly parquet: string
  /** With which form, facts and settings it was read: the same file read otherwise has another. */
  readonly reading: string
  /** Values of `_delivery` for which this file stands, sorted. */
  readonly deliveries: readonly string[]
}
/** Which files stand for the deliveries of each form, by its id; sorted by SHA-256, so that nothing depends on the order of arrival. */
export const standing = (
  home: Home,
  sources: readonly Source[],
): Promise<ReadonlyMap<string, readonly StandingPart[]>> =>
  withLedger(home, 'standing', async (ledger) =>
    partsOfForms(home, sources, (await settled(ledger)).shares),
  )
export const partsOfForms = (
  home: Home,
  sources: readonly Source[],
  shares: readonly Share[],
): ReadonlyMap<string, readonly StandingPart[]> => {
  const byForm = grouped(shares, ({ source }) => source)
  return new Map(sources.map(({ id, name }) => [id, standingParts(home, byForm.get(name) ?? [])]))
}

export interface FormOfFile {
  readonly source: string
  readonly sha256: string
}
/** Deliveries for which a file stands; none is without rows. */
export interface Share extends FormOfFile {
  readonly parquet: string
  readonly deliveries: readonly string[]
}
const standingParts = (home: Home, shares: readonly Share[]): readonly StandingPart[] =>
  [...grouped(shares, ({ sha256 }) => sha256)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([sha256, own]) => {
      const parquet = own[0]?.parquet ?? ''
      return {
        sha256,
        parquet: join(home.path, parquet),
        reading: parquet.replace(/^.*\//, '').replace(`${sha256}.`, ''),
        deliveries: own.flatMap(({ deliveries }) => deliveries).sort(),
      }
    })

export interface Settled {
  readonly shares: readonly Share[]
  /** Claims, with rows, to deliveries for which other files stand. */
  readonly replaced: readonly LedgerCandidate[]
}
/** Which file stands for each delivery, whatever the order of arrival of equal ones. */
export const settled = async (ledger: Ledger): Promise<Settled> => {
  const shares = [...(await undisputed(ledger))]
  const replaced: LedgerCandidate[] = []
  for (const { candidate, stands } of judgedForms(await disputed(ledger))) {
    const { source, sha256, parquet, delivery, rows } = candidate
    if (rows === 0) continue
    if (stands !== candidate) replaced.push(candidate)
    else shares.push({ source, sha256, parquet, deliveries: [delivery] })
  }
  return { shares, replaced }
}

/** What becomes of claims of several forms. */
export const judgedForms = (
  claims: readonly LedgerCandidate[],
): readonly Judged<LedgerCandidate>[] =>
  [...grouped(claims, ({ source }) => source).values()].flatMap(judged)

/** What files claim by what they deliver; withdrawn ones claim nothing. */
const ownClaims = `select sha256, source, delivery, parquet, rows, content, delivered_on, said_on, supersedes, sheets, false as is_word
    from ${notWithdrawn('delivery')} semi join receipt using (sha256)`
/**
 * Claims to deliveries. A file that replaces another of its form by word and has no delivery in common with it (its school or subject is told
 * otherwise) claims, with no rows, what that one delivers in its years. It does not where the word names several files, as reports of every year
 * have one name, nor where the word holds already: for deliveries that it has in common with such a file, or another correction with that one.
 */
const claimsByWord = `word as (
    select sha256, source, supersedes, max(delivered_on) as delivered_on, max(said_on) as said_on
    from ${notWithdrawn('delivery')} semi join receipt using (sha256) where supersedes <> '' group by all
  ), named as (
    select distinct word.sha256, source, theirs.sha256 as older
    from word
    join ${notWithdrawn('receipt')} as place
      on place.sha256 <> word.sha256
     and (regexp_replace(place.path, '^.*[\\\\/]', '') = word.supersedes
          or (regexp_full_match(word.supersedes, '[0-9a-f]{8,64}') and starts_with(place.sha256, word.supersedes)))
    join delivery as theirs using (source)
    join delivery as own on own.sha256 = word.sha256 and own.source = theirs.source and own.year is not distinct from theirs.year
    where theirs.sha256 = place.sha256
  ), heard as (
    select distinct named.* from named
    join delivery as own using (sha256, source)
    join delivery as theirs on theirs.sha256 = older and theirs.source = own.source and theirs.delivery = own.delivery
  ), meant as (
    select sha256, source, min(older) as older
    from named anti join heard using (sha256, source)
    group by all having count(distinct older) = 1
  ), claim as (
    ${ownClaims}
    union all
    select distinct word.sha256, source, theirs.delivery, '', 0, 'empty', word.delivered_on, word.said_on, word.supersedes, '{}', true
    from word join meant using (sha256, source) anti join heard using (source, older)
    join delivery as theirs on theirs.sha256 = older and theirs.source = meant.source
    semi join delivery as own on own.sha256 = word.sha256 and own.source = meant.source and own.year is not distinct from theirs.year
  )`

/** Claims as a `with`; most homes have no word at all. */
const claimsIn = async (ledger: Pick<Ledger, 'rows'>): Promise<string> => {
  const words = await ledger.rows("select 1 as one from delivery where supersedes <> '' limit 1")
  return words.length > 0 ? claimsByWord : `claim as (${ownClaims})`
}

/** Deliveries that came once stand as whole files, without a word in JavaScript: nearly all of them. */
const undisputed = async (ledger: Ledger): Promise<readonly Share[]> => {
  const rows = await ledger.rows<Record<'source' | 'sha256' | 'parquet' | 'deliveries', string>>(
    `with ${await claimsIn(ledger)}
    select source, sha256, parquet, to_json(list(delivery))::varchar as deliveries
    from (
      select source, delivery, any_value(sha256) as sha256, any_value(parquet) as parquet, any_value(rows) as rows
      from claim group by source, delivery having count(*) = 1
    )
    where rows > 0 group by all`,
  )
  return rows.map((row) => ({ ...row, deliveries: JSON.parse(row.deliveries) as string[] }))
}

export interface LedgerCandidate extends Candidate {
  readonly source: string
  readonly parquet: string
  /** JSON of its rows by sheet; null: recorded before this was told. */
  readonly sheets: string | null
  /** By word only: it delivers no such thing itself. */
  readonly isWord: boolean
}
/** Every claim to a delivery of which there are several; where files are given, to one that they or their rivals claim too. */
export const disputed = async (
  ledger: Ledger,
  files?: readonly string[],
): Promise<readonly LedgerCandidate[]> => {
  // What becomes of a rival takes all that it claims.
  const theirs = `semi join (
      from claim where sha256 in (
        select sha256 from claim semi join several using (source, delivery)
        semi join (from claim where ${amongFiles}) as own using (source, delivery)
      )
    ) as theirs using (source, delivery)`
  const rows = await ledger.rows<Omit<LedgerCandidate, 'names'> & { readonly paths: string }>(
    `with ${await claimsIn(ledger)}, several as (
      select source, delivery from claim group by source, delivery having count(*) > 1
    ), name as (
      select sha256, min(receipt) as receipt, string_agg(path, chr(10) order by receipt) as paths from receipt group by sha256
    )
    select source, sha256, delivery, parquet, rows, content, receipt, paths,
           delivered_on as "deliveredOn", said_on as "saidOn", supersedes, sheets, is_word as "isWord"
    from claim semi join several using (source, delivery) ${files === undefined ? '' : theirs} join name using (sha256)
    order by source, delivery, sha256`,
    files === undefined ? [] : [JSON.stringify(files)],
  )
  return rows.map(({ paths, ...row }) => ({
    ...row,
    names: paths.split('\n').map((path) => path.replace(/^.*[\\/]/, '')),
  }))
}
