import { sql, type Expression } from 'kysely'

/**
 * The campaign of 2020 was moved to the autumn whole, that of 2022 in part, from 19 September on; pupils then wrote the programme of the
 * grade they had left (DOMAIN §2.1.3). The form does not say it, but a report made before that day cannot hold the autumn’s works.
 */
const isAutumn = sql<boolean>`(year = '2020' or (year = '2022' and reported_on >= '2022-09-19'))`

/** A procedure of its own in the autumn: its works are never mixed with the spring’s of the same school year (DOMAIN §3.0.3). */
export const procedure: Expression<string> = sql`case when ${isAutumn} then 'vpr_autumn' else 'vpr' end`
export const season: Expression<string> = sql`case when ${isAutumn} then 'autumn' else 'spring' end`
/** Autumn belongs to the school year that has just begun. */
export const schoolYear: Expression<number> = sql`cast(year as integer) + if(${isAutumn}, 1, 0)`
export const programmeGrade: Expression<number> = sql`cast(grade as integer) - if(${isAutumn}, 1, 0)`
