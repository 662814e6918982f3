import { StatisticsError } from '../statistics/errors.ts'
import { leastSquaresLine } from './line.ts'
import { cohortDrop, type RiditMarker, type RiditValue } from './ridit_marker.ts'
import { sum, weightedMean } from '../statistics/sums.ts'

/**
 * ОГЭ objectivity, c (DOMAIN 3.2): ridit drop of a cohort from ОГЭ to ЕГЭ two years later, on stayers only; their share is told beside it.
 *
 * @param stayers of the cohort’s `graduates` those who took the ЕГЭ in the same school
 * @throws StatisticsError for stayers that are not among the graduates, or ridits as `cohortDrop` refuses them
 */
export const ogeToEgeDrop = (
  oge: RiditValue,
  ege: RiditValue,
  cohort: { readonly graduates: number; readonly stayers: number },
  rule: { readonly minimumN: number; readonly from: number; readonly z: number },
): RiditMarker & { readonly stayerShare: number } => {
  if (!(cohort.graduates > 0 && cohort.stayers >= 0 && cohort.stayers <= cohort.graduates))
    throw new StatisticsError(
      'ogeToEgeDrop',
      'stayers exceed graduates',
      'pass stayers ≤ graduates',
    )
  return {
    ...cohortDrop(oge, ege, rule),
    stayerShare: cohort.stayers / cohort.graduates,
  }
}

/** Shares of the maximum, 0–1, that a school’s works got in the two parts of the exam. */
export interface ExamParts {
  readonly unit: string
  readonly commission: string
  readonly short: number
  readonly long: number
  readonly n: number
}
/**
 * ОГЭ objectivity, d (DOMAIN 3.2): what the expert-marked part is above or below what the short-answer part foretells, by checking
 * commission: n-weighted mean residual of the line long ~ short over all units.
 *
 * @returns residuals in shares of the maximum, by commission, with the works behind them
 * @throws StatisticsError for shares that are not finite, an n that is not > 0, or short parts that do not vary
 */
export const expertResiduals = (
  units: readonly ExamParts[],
): ReadonlyMap<string, { readonly residual: number; readonly works: number }> => {
  const line = leastSquaresLine(
    units.map(({ short, long, n }) => ({ x: short, y: long, weight: n })),
  )
  const parts = new Map<string, { residuals: number[]; works: number[] }>()
  for (const { commission, short, long, n } of units) {
    const own = parts.get(commission) ?? { residuals: [], works: [] }
    own.residuals.push(long - line.intercept - line.slope * short)
    own.works.push(n)
    parts.set(commission, own)
  }
  return new Map(
    [...parts].map(([commission, { residuals, works }]) => [
      commission,
      { residual: weightedMean(residuals, works), works: sum(works) },
    ]),
  )
}
