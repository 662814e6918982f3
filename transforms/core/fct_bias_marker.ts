import { sql } from 'kysely'
import { defineComputation, grouped, rowsOf } from '../contract/computation.ts'
import { thresholdsByYear, yearlyThresholds } from '../contract/parameter.ts'
import { objectivityRule } from '../parameters/objectivity_rule.ts'
import { smallNumberRule } from '../parameters/small_number_rule.ts'
import { bunchingRows, type ScoreRow } from './bias/bunching.ts'
import { journalRows, type JournalRow } from './bias/journal.ts'
import { columns, markerRuleOf } from './bias/marker.ts'
import { dimSchool } from './dim_school.ts'
import { dimTestVersion } from './dim_test_version.ts'
import { fctJournalMark } from './fct_journal_mark.ts'
import { fctResult } from './fct_result.ts'

/** A mark scale that no document declares is read off the works themselves: the lowest score of a mark above the highest of the one below. */
export const fctBiasMarker = defineComputation(import.meta.url, {
  doc: 'Строка — школа, процедура, предмет, класс (и сводно по классам), учебный год и признак необъективности, который удалось вычислить.',
  grain: ['school_key', 'procedure', 'subject', 'grade', 'school_year', 'marker'],
  partition: ['procedure', 'school_year'],
  through: (row) => ({ level: 'school', unit_key: row.school_key }),
  among: ['procedure', 'school_year'],
  references: { school_key: dimSchool },
  columns,
  inputs: {
    rule: () => yearlyThresholds(objectivityRule),
    numbers: () => yearlyThresholds(smallNumberRule),
    journal: () => sql<JournalRow>`
      select level, unit_key, procedure, subject, grade, school_year, compared, lowered, raised, gap_2
      from ${fctJournalMark}
      where compared > 0 and level in ('region', 'school')
      order by procedure, school_year, subject, grade, level, unit_key`,
    scores: () => sql<ScoreRow>`
      with seen as (
        select procedure, subject, grade, school_year,
               case when max(raw_score) filter (where mark < 3) < min(raw_score) filter (where mark >= 3) then min(raw_score) filter (where mark >= 3) end as from_3,
               case when max(raw_score) filter (where mark < 4) < min(raw_score) filter (where mark >= 4) then min(raw_score) filter (where mark >= 4) end as from_4,
               case when max(raw_score) filter (where mark < 5) < min(raw_score) filter (where mark >= 5) then min(raw_score) filter (where mark >= 5) end as from_5
        from ${fctResult}
        semi join (from ${dimTestVersion} where from_3 is null or from_4 is null or from_5 is null)
          using (procedure, subject, grade, school_year)
        where attempt = 'main' and raw_score is not null and mark is not null
        group by all
      ),
      test as (
        select t.procedure, t.subject, t.grade, t.school_year, t.max_raw_score::double as max_raw_score,
               coalesce(t.from_3, s.from_3::integer) as from_3, coalesce(t.from_4, s.from_4::integer) as from_4, coalesce(t.from_5, s.from_5::integer) as from_5
        from ${dimTestVersion} as t
        left join seen as s using (procedure, subject, grade, school_year)
      )
      select r.school_key, r.procedure, r.subject, r.grade, r.school_year, floor(r.raw_score)::integer as score,
             count(*)::integer as pupils, t.max_raw_score, t.from_3, t.from_4, t.from_5
      from ${fctResult} as r
      join test as t using (procedure, subject, grade, school_year)
      where r.attempt = 'main' and r.raw_score between 0 and t.max_raw_score
        and t.from_3 is not null and t.from_4 is not null and t.from_5 is not null
      group by all
      order by r.procedure, r.school_year, r.subject, r.grade, r.school_key, score`,
  },
  compute: function* (inputs) {
    const rulesIn = thresholdsByYear(objectivityRule, rowsOf(inputs.rule))
    const numbersIn = thresholdsByYear(smallNumberRule, rowsOf(inputs.numbers))
    const journal = grouped(rowsOf(inputs.journal), ({ school_year }) => school_year)
    const scores = grouped(rowsOf(inputs.scores), ({ school_year }) => school_year)
    for (const year of new Set([...journal.keys(), ...scores.keys()])) {
      const rule = markerRuleOf(rulesIn(year), numbersIn(year))
      yield* journalRows(journal.get(year) ?? [], rule)
      yield* bunchingRows(scores.get(year) ?? [], rule)
    }
  },
})
