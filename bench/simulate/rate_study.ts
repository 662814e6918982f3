import { random, type Random } from '../../transforms/methods/statistics/random.ts'
import { DRAWS, seedOf } from './study.ts'

/** What a rate should be: no more than `most`, no less than `least`, or shown beside the method without judgement. */
export type Aim = { readonly most: number } | { readonly least: number } | 'comparison'

/** A rate over draws: `draw` gives events out of `of`, of one independent data set. */
export interface RateScenario {
  readonly label: string
  readonly aim: Aim
  readonly draw: (size: number, source: Random) => { readonly events: number; readonly of: number }
}

/** How often a test or a limit errs, and how often it finds what was planted. */
export interface RateStudy {
  /** The section of docs/methods.md; the key of the method. */
  readonly key: string
  readonly sizes: readonly number[]
  /** What the sizes count, in Russian. */
  readonly counts: string
  readonly scenarios: readonly RateScenario[]
  /** What is used where a rate misses its aim, in Russian. */
  readonly instead: string
}

export interface RateCell {
  readonly size: number
  /** 0–1; undefined where nothing was counted. */
  readonly rate: number | undefined
  readonly draws: number
}

export interface RateRow {
  readonly label: string
  readonly aim: Aim
  readonly cells: readonly RateCell[]
}

export const runRates = (
  study: RateStudy,
  options: { readonly draws?: number; readonly onScenario?: (label: string) => void } = {},
): RateRow[] =>
  study.scenarios.map(({ label, aim, draw }) => {
    options.onScenario?.(label)
    const draws = options.draws ?? DRAWS
    const cells = study.sizes.map((size): RateCell => {
      const source = random(seedOf(`${study.key}/${label}/${size}`))
      let events = 0
      let of = 0
      for (let i = 0; i < draws; i++) {
        const result = draw(size, source)
        events += result.events
        of += result.of
      }
      return { size, rate: of > 0 ? events / of : undefined, draws }
    })
    return { label, aim, cells }
  })
