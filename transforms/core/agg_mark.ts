import { sql } from 'kysely'
import { integer, text, type Column } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { fctResult } from './fct_result.ts'

export const marks = [2, 3, 4, 5] as const
export type Mark = (typeof marks)[number]
type Pair = `pairs_${Mark}_${Mark}`

/** Every two kinds of mark, each kind with itself too, the lower first. */
export const pairs = marks.flatMap((lower) =>
  marks
    .filter((upper) => upper >= lower)
    .map((upper) => ({ lower, upper, column: `pairs_${lower}_${upper}` as const })),
)
const pairColumns = Object.fromEntries(
  pairs.map(({ lower, upper, column }) => [
    column,
    integer(
      `сумма по ученикам: число отметок ${String(lower)} ученика, умноженное на число его отметок ${String(upper)}`,
    ),
  ]),
) as Readonly<Record<Pair, Column<number>>>

const list = (parts: readonly string[]) => sql.raw(parts.join(', '))
const counts = list(
  marks.map((mark) => `count_if(mark = ${String(mark)})::integer as marks_${String(mark)}`),
)
const totals = list(
  marks.map((mark) => `sum(marks_${String(mark)})::integer as marks_${String(mark)}`),
)
/** Within a grade a pupil has one mark in a subject: with itself, and with no other. */
const ownPairs = list(
  pairs.map(
    ({ lower, upper, column }) =>
      `${lower === upper ? `sum(marks_${String(lower)})::integer` : '0'} as ${column}`,
  ),
)
const pupilPairs = list(
  pairs.map(
    ({ lower, upper, column }) =>
      `sum(marks_${String(lower)} * marks_${String(upper)})::integer as ${column}`,
  ),
)

export const aggMark = defineModel(import.meta.url, {
  doc: 'Строка — школа, учебный год, процедура, предмет и класс (all — сводно): сколько каких отметок за основной период и как они сочетаются у одних и тех же учеников. Отсюда получаются суммы любой функции отметки и её произведений внутри ученика.',
  grain: ['school_key', 'school_year', 'procedure', 'subject', 'grade'],
  partition: ['procedure', 'school_year'],
  columns: {
    school_key: text('школа'),
    school_year: integer('год окончания учебного года'),
    procedure: text('оценочная процедура'),
    subject: text('предмет или all (сводно по предметам)'),
    grade: text('класс или all (сводно по классам)'),
    pupils: integer('учеников с отметкой'),
    marks_2: integer('отметок 2'),
    marks_3: integer('отметок 3'),
    marks_4: integer('отметок 4'),
    marks_5: integer('отметок 5'),
    ...pairColumns,
  },
  select: () => sql`
    with cell as (
      select school_key, school_year, procedure, subject, grade, count(*)::integer as pupils, ${counts}
      from ${fctResult}
      where attempt = 'main' and mark is not null
      group by all
    ),
    pupil as (
      select school_key, school_year, procedure, pupil_key, ${counts}
      from ${fctResult}
      where attempt = 'main' and mark is not null
      group by all
    )
    select school_key, school_year, procedure, subject, grade, sum(pupils)::integer as pupils, ${totals}, ${ownPairs}
    from cell
    group by all
    union all
    select school_key, school_year, procedure, subject, 'all', sum(pupils)::integer, ${totals}, ${ownPairs}
    from cell
    group by all
    union all
    select school_key, school_year, procedure, 'all', 'all', count(*)::integer, ${totals}, ${pupilPairs}
    from pupil
    group by all`,
})
