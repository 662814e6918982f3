import { bunchingMass } from '../../transforms/methods/education/bunching_mass.ts'
import { normalCdf } from '../../transforms/methods/statistics/distributions.ts'
import { multinomial } from '../../transforms/methods/statistics/multinomial.ts'
import type { Random } from '../../transforms/methods/statistics/random.ts'
import { sum } from '../../transforms/methods/statistics/sums.ts'
import { NO_ANSWER, held, type CoverageStudy, type Scenario } from './study.ts'

const HIGHEST = 24
const BOUNDARY = 12
const RULE = {
  minimumN: 200,
  degree: 4,
  minimumExpected: 5,
  indexFrom: 0.5,
  bootstraps: 200,
  seed: 17,
}
/** Works of a population so large that its index is the true one. */
const POPULATION = 1e9

/** Shares of primary scores 0 … HIGHEST of a normal distribution, its ends joined. */
const normalScores = (mean: number, sd: number): number[] =>
  Array.from({ length: HIGHEST + 1 }, (_, score) => {
    const upper = score === HIGHEST ? 1 : normalCdf((score + 0.5 - mean) / sd)
    const lower = score === 0 ? 0 : normalCdf((score - 0.5 - mean) / sd)
    return upper - lower
  })

/** A part of the works one or two scores short of the boundary stands on it. */
const lifted = (shares: readonly number[], part: number): number[] =>
  shares.map((share, score) => {
    if (score === BOUNDARY - 2 || score === BOUNDARY - 1) return share * (1 - part)
    if (score !== BOUNDARY) return share
    return share + part * ((shares[BOUNDARY - 2] ?? 0) + (shares[BOUNDARY - 1] ?? 0))
  })

/** Works by score; the highest has what the others leave. */
const works = (n: number, shares: readonly number[], source: Random): number[] => {
  const below = multinomial(source, n, shares.slice(0, HIGHEST), 1)
  return [...below, n - sum(below)]
}

const region = (label: string, shares: readonly number[]): Scenario => {
  const whole = shares.map((share) => Math.round(share * POPULATION))
  const truth = bunchingMass(whole, BOUNDARY, { ...RULE, bootstraps: 0 })?.index
  if (truth === undefined) throw new RangeError(`no index of ${label}`)
  return {
    label,
    draw: (n, source) => {
      const seed = Math.floor(source.uniform() * 2 ** 32)
      const found = bunchingMass(works(n, shares, source), BOUNDARY, { ...RULE, seed })
      return found === null || found.interval === null ? NO_ANSWER : held(truth, found.interval)
    },
  }
}

const honest = normalScores(12.5, 5)
const mixed = normalScores(9, 3.5).map(
  (share, score) => 0.6 * share + 0.4 * (normalScores(17, 3.5)[score] ?? 0),
)

export const massStudies: readonly CoverageStudy[] = [
  {
    key: 'bunching_mass',
    method: 'O7m',
    sizes: [200, 500, 1000, 3000],
    counts: 'работ в муниципалитете',
    scenarios: [
      region('распределение гладкое, ничего не дотянуто', honest),
      region('дотянуты 30 % работ, которым не хватало 1–2 баллов', lifted(honest, 0.3)),
      region('две неравные группы школ, дотянуты 30 %', lifted(mixed, 0.3)),
    ],
    instead: 'Смотрят O7 по школам с его точным критерием.',
  },
]
