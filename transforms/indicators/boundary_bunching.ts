import { sql } from 'kysely'
import type { RowOf } from '../contract/column.ts'
import { defineIndicator, type IndicatorColumns } from '../contract/indicator.ts'
import { fctBiasMarker } from '../core/fct_bias_marker.ts'

export const boundaryBunching = defineIndicator(
  import.meta.url,
  {
    catalogue: 'IND-OBJ-13',
    title: 'Концентрация на границах отметок',
    definition:
      'Насколько неправдоподобно скопление работ на границе отметки и сразу выше неё: 2 — один случай на сто, 3 — на тысячу. От 20 до 49 работ значение приблизительное и признаком не становится, меньше 20 — не вычисляется. Признак для дополнительного анализа, не нарушение.',
    formula: 'max(−lg p) по границам отметок 3, 4, 5',
    unit: 'ratio',
    decimals: 1,
    better: 'lower',
    section: 'objectivity',
    direction: '1.1',
    source: 'Ф1, протоколы ОГЭ: первичные баллы',
    interval: 'интервал не вычислим: это уже мера против случайности',
    version: 1,
  },
  () => sql<RowOf<IndicatorColumns>>`
    select 'boundary_bunching'::varchar as indicator, 'school'::varchar as level, school_key as unit_key, procedure, subject, grade, school_year,
           null::double as numerator, null::double as denominator, value, n, null::double as se, null::double as lo, null::double as hi,
           'none: это уже мера против случайности'::varchar as interval_basis, 'boundary_bunching@1'::varchar as method_version
    from ${fctBiasMarker}
    where marker = 'O7'`,
)
