import { sql, type RawBuilder } from 'kysely'

/** Standard normal quantile of 0.975. */
const z = 1.959963984540054

/**
 * Wilson score limits as SQL over the columns `value` and the sample size given (which may be an effective one).
 * Source: Wilson 1927; the same as methods/statistics/interval.ts `wilson`, to which a test compares it.
 */
export const wilsonLimit = (side: 'lo' | 'hi', n: RawBuilder<number>): RawBuilder<number> => {
  const sign = sql.raw(side === 'lo' ? '-' : '+')
  const inside = sql<number>`(value + ${sql.lit((z * z) / 2)} / ${n} ${sign} ${sql.lit(z)} * sqrt(value * (1 - value) / ${n} + ${sql.lit((z * z) / 4)} / (${n} * ${n}))) / (1 + ${sql.lit(z * z)} / ${n})`
  return side === 'lo'
    ? sql`case when value <= 0 then 0 else greatest(0, ${inside}) end`
    : sql`case when value >= 1 then 1 else least(1, ${inside}) end`
}

/**
 * Quantile 0.975 of Student's t with `df` ≥ 9 degrees of freedom as SQL, by the expansion of Fisher and Cornish
 * (Abramowitz and Stegun 26.7.5). Error below 1.4e-5 at 9 degrees and falling; a test compares it with methods/statistics.
 */
export const studentQuantile = (df: RawBuilder<number>): RawBuilder<number> => {
  const g1 = (z ** 3 + z) / 4
  const g2 = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96
  const g3 = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384
  const g4 = (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92160
  return sql`(${sql.lit(z)} + (${sql.lit(g1)} + (${sql.lit(g2)} + (${sql.lit(g3)} + ${sql.lit(g4)} / ${df}) / ${df}) / ${df}) / ${df})`
}
export const normalQuantile = z
