import { benjaminiHochberg } from '../../../transforms/methods/statistics/multiple_testing.ts'
import { random, type Random } from '../../../transforms/methods/statistics/random.ts'
import { seedOf } from '../study.ts'

/** What a marker says of one school; `p` is absent where the rule is not a test. */
export interface Finding {
  readonly isFlagged: boolean
  readonly p?: number
}

/** A region drawn and judged: by school whether a mechanism was planted, and what the marker says (undefined where it cannot). */
export interface Drawn {
  readonly planted: readonly boolean[]
  readonly findings: readonly (Finding | undefined)[]
}

export interface MarkerStudy {
  /** The section of docs/methods.md. */
  readonly key: string
  readonly marker: string
  readonly title: string
  /** What is planted, with its Russian name. */
  readonly mechanism: { readonly key: string; readonly name: string }
  /** What else the model has, in Russian. */
  readonly setting: string
  readonly draw: (n: number, source: Random) => Drawn
  readonly regions: number
  /** What is done where power or the false share misses, in Russian. */
  readonly instead: string
}

export const MARKER_SIZES: readonly number[] = [25, 50, 100, 200]
export const TARGET = { power: 0.8, falseShare: 0.05 } as const

/** Share of planted schools found, and of honest ones among those found (0 in a region without any), averaged over regions. */
export interface Quality {
  readonly power: number
  readonly falseShare: number
}
export interface MarkerCell {
  readonly size: number
  readonly rule: Quality
  /** The rule and Benjamini–Hochberg at 0.05 over the schools of the region; absent where the marker has no p. */
  readonly controlled: Quality | undefined
  /** Share of schools where the marker could be computed. */
  readonly computable: number
}

const flagsOf = (
  findings: readonly (Finding | undefined)[],
): { rule: boolean[]; controlled: boolean[] | undefined } => {
  const rule = findings.map((finding) => finding?.isFlagged === true)
  const tested = findings.flatMap((finding, i) =>
    finding?.p === undefined ? [] : [{ i, p: finding.p }],
  )
  if (tested.length === 0) return { rule, controlled: undefined }
  const { rejected } = benjaminiHochberg(
    tested.map(({ p }) => p),
    TARGET.falseShare,
  )
  const stands = new Set(tested.flatMap(({ i }, place) => (rejected[place] === true ? [i] : [])))
  return { rule, controlled: rule.map((isFlagged, i) => isFlagged && stands.has(i)) }
}

class Tally {
  #power = 0
  #falseShare = 0
  #regions = 0
  add(flags: readonly boolean[], planted: readonly boolean[]): void {
    const found = flags.filter(Boolean).length
    const right = flags.filter((flag, i) => flag && planted[i] === true).length
    this.#power += right / planted.filter(Boolean).length
    this.#falseShare += found === 0 ? 0 : (found - right) / found
    this.#regions++
  }
  quality(): Quality | undefined {
    return this.#regions === 0
      ? undefined
      : { power: this.#power / this.#regions, falseShare: this.#falseShare / this.#regions }
  }
}

export const runMarker = (study: MarkerStudy, scale = 1): MarkerCell[] =>
  MARKER_SIZES.map((size) => {
    const source = random(seedOf(`${study.key}/${study.mechanism.key}/${size}`))
    const rule = new Tally()
    const controlled = new Tally()
    let computed = 0
    let schools = 0
    for (let i = 0; i < Math.max(2, Math.round(study.regions * scale)); i++) {
      const { planted, findings } = study.draw(size, source)
      computed += findings.filter((finding) => finding !== undefined).length
      schools += findings.length
      const flags = flagsOf(findings)
      rule.add(flags.rule, planted)
      if (flags.controlled !== undefined) controlled.add(flags.controlled, planted)
    }
    return {
      size,
      rule: rule.quality() ?? { power: 0, falseShare: 0 },
      controlled: controlled.quality(),
      computable: computed / schools,
    }
  })
