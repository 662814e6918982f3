import { Z_95 } from '../../transforms/methods/statistics/distributions.ts'
import { random, type Random } from '../../transforms/methods/statistics/random.ts'

/** What one draw says of an interval: how many intervals were made, how many held the truth, how many had no answer. */
export interface Draw {
  readonly covered: number
  readonly of: number
  readonly unanswered?: number
}

/** A population that draws come from; `draws` where a draw is dear (a whole region with a mixed model). */
export interface Scenario {
  readonly label: string
  readonly draws?: number
  /** Shown beside the method, not judged: what happens without it. */
  readonly isComparison?: boolean
  readonly draw: (n: number, source: Random) => Draw
}

/** The empirical coverage of one 95 % interval over several populations and sizes. */
export interface CoverageStudy {
  /** The section of docs/methods.md. */
  readonly key: string
  /** The method or rule whose version is shown, where the key is not its name. */
  readonly method?: string
  readonly sizes: readonly number[]
  /** What the sizes count, in Russian: «учеников», «школ». */
  readonly counts: string
  readonly scenarios: readonly Scenario[]
  /** What is used where the coverage is outside 94–96 %, in Russian. */
  readonly instead: string
}

export interface CoverageCell {
  readonly size: number
  /** Covered among the intervals that had an answer, 0–1; undefined where none had. */
  readonly coverage: number | undefined
  /** Draws without an answer, 0–1. */
  readonly unanswered: number
  readonly intervals: number
  /** Independent data sets (samples, or regions of schools) the intervals come from. */
  readonly draws: number
  /** Half-width of the 95 % interval of `coverage`, by how the data sets differ: intervals of one set hold or miss together. */
  readonly error: number
}

export interface CoverageRow {
  readonly label: string
  readonly isComparison: boolean
  readonly cells: readonly CoverageCell[]
}

export const SIZES: readonly number[] = [5, 10, 20, 30, 50]
export const DRAWS = 10_000
/** Declared: every stream below is this seed and the words that name it. */
export const SEED = 20_260_901

/** FNV-1a of the words, folded into the declared seed: a scenario's stream depends on its own name only. */
export const seedOf = (words: string): number => {
  let hash = 0x811c9dc5
  for (let i = 0; i < words.length; i++) {
    hash = Math.imul(hash ^ words.charCodeAt(i), 0x01000193) >>> 0
  }
  return SEED * 65_536 + hash
}

/** One interval that was made. */
export const held = (
  truth: number,
  interval: { readonly lo: number; readonly hi: number },
): Draw => ({
  covered: interval.lo <= truth && truth <= interval.hi ? 1 : 0,
  of: 1,
})

/** A draw whose interval does not exist. */
export const NO_ANSWER: Draw = { covered: 0, of: 0, unanswered: 1 }

export const runCoverage = (
  study: CoverageStudy,
  options: { readonly draws?: number; readonly onScenario?: (label: string) => void } = {},
): CoverageRow[] =>
  study.scenarios.map((scenario) => {
    options.onScenario?.(scenario.label)
    const draws = Math.max(
      1,
      Math.round((scenario.draws ?? DRAWS) * ((options.draws ?? DRAWS) / DRAWS)),
    )
    const cells = study.sizes.map((size): CoverageCell => {
      const source = random(seedOf(`${study.key}/${scenario.label}/${size}`))
      let covered = 0
      let of = 0
      let unanswered = 0
      let [coveredSquares, products, squares] = [0, 0, 0]
      for (let i = 0; i < draws; i++) {
        const result = scenario.draw(size, source)
        covered += result.covered
        of += result.of
        unanswered += result.unanswered ?? 0
        coveredSquares += result.covered ** 2
        products += result.covered * result.of
        squares += result.of ** 2
      }
      const share = of > 0 ? covered / of : 0
      const spread = coveredSquares - 2 * share * products + share * share * squares
      return {
        size,
        coverage: of > 0 ? share : undefined,
        error: of > 0 ? (Z_95 * Math.sqrt(Math.max(0, spread))) / of : 0,
        unanswered: of + unanswered > 0 ? unanswered / (of + unanswered) : 0,
        intervals: of,
        draws,
      }
    })
    return { label: scenario.label, isComparison: scenario.isComparison === true, cells }
  })
