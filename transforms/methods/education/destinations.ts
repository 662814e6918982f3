import { StatisticsError } from '../statistics/errors.ts'
import { wilson, type Interval } from '../statistics/interval.ts'
import { requireFinite, sum } from '../statistics/sums.ts'
import { isAbove } from './threshold.ts'

/** Graduates of one level by destination; `unknown`: nobody knows. */
export interface DestinationCounts {
  readonly known: ReadonlyMap<string, number>
  readonly unknown: number
}
export interface DestinationShare extends Interval {
  readonly destination: string
  readonly count: number
  /** Of all graduates, unknown ones too. */
  readonly share: number
}
export interface DestinationRates {
  readonly graduates: number
  readonly rates: readonly DestinationShare[]
  readonly unknownShare: number
  /** More unknown than the rule allows (0.10): no zone, no comparison. */
  readonly isGrey: boolean
}
/**
 * Destination rates (DOMAIN 3.13): the denominator is all graduates of the level; unknown ones are told apart.
 *
 * @throws StatisticsError for no graduates or counts that are not whole
 */
export const destinationRates = (
  counts: DestinationCounts,
  mostUnknown: number,
): DestinationRates => {
  requireFinite('destinationRates', [mostUnknown])
  const values = [...counts.known.values(), counts.unknown]
  const graduates = sum(values)
  if (values.some((count) => !Number.isInteger(count) || count < 0) || graduates === 0)
    throw new StatisticsError('destinationRates', 'no graduates', 'pass whole counts, not all 0')
  const unknownShare = counts.unknown / graduates
  return {
    graduates,
    rates: [...counts.known].map(([destination, count]) => ({
      destination,
      count,
      share: count / graduates,
      ...wilson(count, graduates),
    })),
    unknownShare,
    isGrey: isAbove(unknownShare, mostUnknown),
  }
}

/** Share of graduates with a known programme whose programme is in the municipality’s list of demand; null where none is known. */
export const demandMatch = (
  programmes: readonly (string | null)[],
  demand: ReadonlySet<string>,
): ({ readonly share: number; readonly n: number } & Interval) | null => {
  const known = programmes.flatMap((programme) => (programme === null ? [] : [programme]))
  if (known.length === 0) return null
  const matched = known.filter((programme) => demand.has(programme)).length
  return { share: matched / known.length, n: known.length, ...wilson(matched, known.length) }
}
