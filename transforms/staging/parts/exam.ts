import { sql, type Expression } from 'kysely'

/** A document’s hash lasts longest; a participant’s code tells namesakes apart; a name’s hash is the last resort. */
export const examPupil = (columns: readonly string[]): Expression<string> =>
  sql`coalesce(${sql.join(columns.map((column) => sql.ref(column)))})`

/**
 * September is a re-sitting of the summer’s exam. Reserve days are seldom named in a protocol, so a pupil’s second date in a subject is one
 * as well; `pupil` is what tells pupils apart.
 */
export const attempt = (
  pupil: Expression<string>,
  subject: Expression<string>,
  period: Expression<unknown> = sql`null`,
): Expression<string> => sql`case
      when month(cast(held_on as date)) >= 9 then 'september'
      when ${period} is not null then 'reserve'
      when held_on > min(held_on) over (partition by year, ${subject}, school_code, ${pupil}) then 'reserve'
      else 'main'
    end`

/** The digits that open «9А»; some schools print no class. */
export const examGrade = (usual: number): Expression<number> =>
  sql`coalesce(try_cast(regexp_extract(class_group, '^\\d{1,2}') as integer), ${sql.lit(usual)})`
