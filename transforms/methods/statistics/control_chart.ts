import { StatisticsError } from './errors.ts'
import { funnelLimits, beyond, type FunnelLimits } from './funnel.ts'
import { levelOf } from './interval.ts'
import { requireCount, sum } from './sums.ts'

/** A moment of the chart: its rate, limits and where the rate lies. */
export interface ChartPoint {
  readonly rate: number
  readonly limits: FunnelLimits
  readonly position: 'below' | 'inside' | 'above'
}

/**
 * - 'chart': `centre` Σx/Σn, the points, and the longest run of rates strictly on one side of the centre
 * - 'too short': fewer points than `least`; no chart is drawn
 */
export type ControlChart =
  | {
      readonly kind: 'chart'
      readonly centre: number
      readonly points: readonly ChartPoint[]
      readonly longestRun: number
    }
  | { readonly kind: 'too short'; readonly points: number; readonly least: number }

/**
 * p-chart of one unit over time: centre p̄ = Σx/Σn, limits p̄ ± 3√(p̄(1 − p̄)/n), exact binomial quantiles of the same coverage where n < 30,
 * np̄ < 5 or n(1 − p̄) < 5.
 *
 * Source: W. Shewhart (1931); D. Montgomery, Introduction to Statistical Quality Control (2009) ch. 7.
 *
 * @param counts comparable moments in order, n ≥ 1 each
 * @param options `least` points for a chart (8), `z` multiplier (3)
 * @throws StatisticsError for n < 1, successes outside 0 … n or a multiplier without a coverage below 1
 */
export const pChart = (
  counts: readonly { readonly successes: number; readonly n: number }[],
  options: { readonly least?: number; readonly z?: number } = {},
): ControlChart => {
  const { least = 8, z = 3 } = options
  for (const { successes, n } of counts) {
    requireCount('pChart', n, 1, 'n')
    if (!(successes >= 0 && successes <= n)) {
      throw new StatisticsError(
        'pChart',
        `${successes} successes of ${n}`,
        'pass 0 ≤ successes ≤ n',
      )
    }
  }
  if (counts.length < Math.max(1, least)) return { kind: 'too short', points: counts.length, least }
  const centre = sum(counts.map(({ successes }) => successes)) / sum(counts.map(({ n }) => n))
  const level = levelOf(z)
  const points = counts.map(({ successes, n }) => {
    const rate = successes / n
    const limits = funnelLimits({ target: centre, n, level })
    return { rate, limits, position: beyond(rate, limits) }
  })
  return {
    kind: 'chart',
    centre,
    points,
    longestRun: longestRun(points.map(({ rate }) => Math.sign(rate - centre))),
  }
}

const longestRun = (sides: readonly number[]): number => {
  let longest = 0
  let current = 0
  sides.forEach((side, i) => {
    current = side === 0 ? 0 : side === sides[i - 1] ? current + 1 : 1
    longest = Math.max(longest, current)
  })
  return longest
}
