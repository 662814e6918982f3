import { sql, type Expression } from 'kysely'

/** The repeated columns of a row as a list of (header, above, value). */
export const cells: Expression<unknown> = sql`from_json(_repeated, '[{"header":"VARCHAR","above":"VARCHAR","value":"VARCHAR"}]')`
