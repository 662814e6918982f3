import { sql, type Expression } from 'kysely'

/** Headers of the repeated columns as a list of (header, above). */
export const headers: Expression<unknown> = sql`from_json(_headers, '[{"header":"VARCHAR","above":"VARCHAR"}]')`
/** Cells of the repeated columns as a list of texts. */
export const values: Expression<unknown> = sql`from_json(_cells, '["VARCHAR"]')`
/** Both: a list of (header, value). */
export const cells: Expression<unknown> = sql`list_transform(${headers}, lambda each, place: {'header': each.header, 'value': (${values})[place]})`
