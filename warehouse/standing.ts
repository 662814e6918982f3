import { grouped } from '../transforms/contract/computation.ts'

/** One file's claim to one delivery. */
export interface Candidate {
  readonly sha256: string
  readonly delivery: string
  readonly rows: number
  /** Hash of the delivery's rows, whatever their order and the file's encoding. */
  readonly content: string
  /** Date inside the file, ISO. */
  readonly deliveredOn: string | null
  /** Date said beside the file, ISO. */
  readonly saidOn: string | null
  /** Name or first digits of the SHA-256 of the file that this one replaces. */
  readonly supersedes: string | null
  /** Order of receipt; a file received twice keeps its first. */
  readonly receipt: number
  /** Names under which the file came. */
  readonly names: readonly string[]
}

/** What becomes of a candidate. */
export interface Judged<C extends Candidate> {
  readonly candidate: C
  /** Of the candidates with its rows the one that speaks for all of them; the others are its repeats, whether it stands or not. */
  readonly speaks: C
  /** For its delivery. */
  readonly stands: C
}
/**
 * Files of equal rows count as one claim. Of them one that nobody replaces speaks, rather one that replaces a file by word, then the one
 * with the smallest hash.
 */
interface Claim<C extends Candidate> {
  readonly speaks: C
  /** No word replaces the file that speaks, or only in a circle. */
  readonly isLastWord: boolean
  readonly members: readonly C[]
  readonly date: string
  readonly receipt: number
}

/**
 * Which candidate stands for each delivery: what replaces another by word → the later date (said beside the file, else inside it; none
 * is the earliest) → the later receipt. The result depends on the order of receipt only where nothing else tells.
 */
export const judged = <C extends Candidate>(candidates: readonly C[]): readonly Judged<C>[] =>
  [...grouped(candidates, ({ delivery }) => delivery).values()].flatMap((list) => {
    const all = claims(list)
    const stands = standsOf(all)
    return all.flatMap(({ speaks, members }) =>
      members.map((candidate) => ({ candidate, speaks, stands: stands ?? speaks })),
    )
  })

const standsOf = <C extends Candidate>(all: readonly Claim<C>[]): C | undefined => {
  const left = unreplaced(all, replacesAny)
  // Rows that come back by word close a circle of claims, though not one of files.
  const last = left.filter(({ isLastWord }) => isLastWord)
  return latest(last.length > 0 ? last : left)
}

const claims = <C extends Candidate>(candidates: readonly C[]): readonly Claim<C>[] => {
  const lastWords = new Set(unreplaced(candidates, replaces))
  const byContent = grouped(candidates, ({ content }) => content)
  return [...byContent.values()].flatMap((members) => {
    const last = members.filter((member) => lastWords.has(member))
    const left = last.length > 0 ? last : unreplaced(members, replaces)
    const named = left.filter((member) =>
      candidates.some((other) => other !== member && replaces(member, other)),
    )
    const [speaks] = [...(named.length > 0 ? named : left)].sort((a, b) =>
      a.sha256 < b.sha256 ? -1 : 1,
    )
    if (speaks === undefined) return []
    const dates = members.map(({ saidOn, deliveredOn }) => saidOn ?? deliveredOn ?? '').sort()
    const receipt = Math.min(...members.map((member) => member.receipt))
    const isLastWord = last.length > 0
    return [{ speaks, isLastWord, members, date: dates.at(-1) ?? '', receipt }]
  })
}

/** Those that none replaces, straight or through others, but such as they replace in their turn. */
const unreplaced = <T>(
  all: readonly T[],
  isReplacing: (newer: T, older: T) => boolean,
): readonly T[] => {
  const below = new Map(all.map((one) => [one, reached(one, all, isReplacing)]))
  return all.filter((one) =>
    all.every((other) => !below.get(other)?.has(one) || below.get(one)?.has(other) === true),
  )
}
const reached = <T>(
  from: T,
  all: readonly T[],
  isReplacing: (newer: T, older: T) => boolean,
): ReadonlySet<T> => {
  const found = new Set<T>()
  const pending = [from]
  for (const newer of pending)
    for (const older of all) {
      if (older === newer || found.has(older) || !isReplacing(newer, older)) continue
      found.add(older)
      pending.push(older)
    }
  return found
}
const replaces = ({ supersedes }: Candidate, older: Candidate): boolean =>
  supersedes !== null && namesFile(supersedes, older)
const replacesAny = <C extends Candidate>(newer: Claim<C>, older: Claim<C>): boolean =>
  newer.members.some((member) => older.members.some((other) => replaces(member, other)))
/** Whether a word names this file: one of its names, or the first digits of its SHA-256, eight at least. */
export const namesFile = (
  word: string,
  { sha256, names }: Pick<Candidate, 'sha256' | 'names'>,
): boolean => names.includes(word) || (/^[\da-f]{8,64}$/.test(word) && sha256.startsWith(word))

const latest = <C extends Candidate>(all: readonly Claim<C>[]): C | undefined =>
  all.reduce<Claim<C> | undefined>((best, claim) => {
    if (best === undefined || claim.date > best.date) return claim
    return claim.date === best.date && claim.receipt > best.receipt ? claim : best
  }, undefined)?.speaks
