import { StatisticsError } from '../statistics/errors.ts'
import { sum } from '../statistics/sums.ts'
import { atLeast } from './threshold.ts'

export type MarkerName =
  'O1' | 'O2' | 'O3' | 'O4' | 'O5' | 'O6' | 'O7' | 'O8' | 'O9' | 'O10' | 'O11' | 'O12'
export type BiasBand = 'none' | 'low' | 'medium' | 'high'

export interface BiasIndexRule {
  readonly weights: Readonly<Record<MarkerName, number>>
  /** Fewest markers that could be computed. */
  readonly leastMarkers: number
  readonly mediumFrom: number
  readonly highFrom: number
}
export type BiasIndex =
  | {
      readonly kind: 'index'
      /** ИНО, 0–100. */
      readonly value: number
      readonly band: BiasBand
      /** Share of the weight of all markers that could be computed, 0–1. */
      readonly computable: number
      readonly markers: number
    }
  | { readonly kind: 'insufficient'; readonly computable: number; readonly markers: number }

/**
 * Index of non-objectivity ИНО = 100·Σwσ/Σw over the markers that could be computed (DOMAIN 3.2); O13 and the federal list do not enter.
 *
 * @param severities σ, 0–1, by marker; a marker that could not be computed is absent
 * @throws StatisticsError for a marker without a weight or a severity outside 0–1
 */
export const biasIndex = (
  severities: ReadonlyMap<MarkerName, number>,
  rule: BiasIndexRule,
): BiasIndex => {
  const known: { readonly weight: number; readonly severity: number }[] = []
  for (const [marker, severity] of severities) {
    if (!Object.hasOwn(rule.weights, marker))
      throw new StatisticsError('biasIndex', `no weight for ${marker}`, 'pass O1 … O12')
    if (!(severity >= 0 && severity <= 1))
      throw new StatisticsError(
        'biasIndex',
        `severity of ${marker} is ${String(severity)}`,
        'severities are 0–1',
      )
    known.push({ weight: rule.weights[marker], severity })
  }
  const whole = sum(Object.values(rule.weights))
  const weight = sum(known.map((marker) => marker.weight))
  const weighted = sum(known.map((marker) => marker.weight * marker.severity))
  const computable = weight / whole
  const markers = severities.size
  if (markers < rule.leastMarkers || !(weight > 0))
    return { kind: 'insufficient', computable, markers }
  const value = (100 * weighted) / weight
  return { kind: 'index', value, band: bandOf(value, rule), computable, markers }
}

const bandOf = (value: number, rule: BiasIndexRule): BiasBand =>
  atLeast(value, rule.highFrom)
    ? 'high'
    : atLeast(value, rule.mediumFrom)
      ? 'medium'
      : value > 0
        ? 'low'
        : 'none'

/**
 * Status of a school year from the bands of its key cells (РУ4, МА4, РУ5, МА5 …): high in one or medium in `mediumCells` of them calls for
 * preventive work; two such years in a row are stable.
 */
export const biasStatus = (
  now: readonly BiasBand[],
  before: readonly BiasBand[],
  mediumCells: number,
): 'clear' | 'preventive' | 'stable' => {
  const calls = (bands: readonly BiasBand[]): boolean =>
    bands.includes('high') ||
    bands.filter((band) => band === 'medium' || band === 'high').length >= mediumCells
  return !calls(now) ? 'clear' : calls(before) ? 'stable' : 'preventive'
}

/** F, the federal list: four binary markers РУ4, МА4, РУ5, МА5. */
export interface FederalMarkers {
  readonly russian4: boolean
  readonly mathematics4: boolean
  readonly russian5: boolean
  readonly mathematics5: boolean
}
/** Federal markers of a school, 0–4. */
export const federalCount = (markers: FederalMarkers): number =>
  Object.values(markers).filter(Boolean).length

/** Share of schools with at least one federal marker among those that wrote Russian in grade 4 (IND-OBJ-04); null where none did. */
export const federalShare = (
  schools: readonly { readonly markers: FederalMarkers; readonly wroteRussian4: boolean }[],
): number | null => {
  const taking = schools.filter(({ wroteRussian4 }) => wroteRussian4)
  return taking.length === 0
    ? null
    : taking.filter(({ markers }) => federalCount(markers) > 0).length / taking.length
}

/** O13: no video, no public observer and own teachers check. Weight 0 in the ИНО; it only raises what one expects. */
export const isWithoutControl = (procedure: {
  readonly hasVideo: boolean
  readonly hasObserver: boolean
  readonly isCheckedOutside: boolean
}): boolean => !procedure.hasVideo && !procedure.hasObserver && !procedure.isCheckedOutside
