import { field, defineSource } from '../../../transforms/contract/source.ts'
import { anyText } from '../../../transforms/contract/shape.ts'
import { category, headCount, schoolYear, share, unitCode } from '../shapes.ts'

/** Columns of the district and the state are repeated on every row with prefixes `lea_` and `st_`; they are not read. */
export const ncPersonnel = defineSource(import.meta.url, {
  title: 'Кадры (Personnel)',
  version: 1,
  recognise: { headers: ['unit_code', 'teachers', 'licensed', 'novice', 'turnover'] },
  headers: [
    {
      since: 2014,
      map: {
        year: 'year',
        unit_code: 'unit_code',
        category_cd: 'category',
        School_Name: 'school_name',
        Lea_Name: 'district',
        class_teach_num: 'teachers',
        nbpts_num: 'board_certified',
        flicensed_teach_pct: 'licensed',
        tchyrs_0thru3_pct: 'novice',
        tchyrs_4thru10_pct: 'experience_4_10',
        tchyrs_11plus_pct: 'experience_11_plus',
        advance_dgr_pct: 'advanced_degree',
        _1yr_tchr_trnovr_pct: 'turnover',
        lateral_teach_pct: 'lateral_entry',
        emer_prov_teach_pct: 'provisional',
        highqual_class_pct: 'qualified_classes',
      },
    },
  ],
  year: 'year',
  delivery: ['year'],
  fields: {
    year: field('год окончания учебного года', schoolYear, { required: true }),
    unit_code: field('код школы, округа или штата', unitCode, { required: true }),
    category: field(
      'ступень: E — начальная, M — средняя, H — старшая, I — E и M, T — M и H, A — все',
      category,
    ),
    school_name: field('название школы', anyText, { harmless: true }),
    district: field('название округа', anyText, { harmless: true }),
    teachers: field('учителей', headCount),
    board_certified: field('учителей с аттестацией Национального совета', headCount),
    licensed: field('доля учителей с полной лицензией, 0–1', share),
    novice: field('доля учителей со стажем до 3 лет', share),
    experience_4_10: field('доля учителей со стажем 4–10 лет', share),
    experience_11_plus: field('доля учителей со стажем от 11 лет', share),
    advanced_degree: field('доля учителей со степенью магистра и выше', share),
    turnover: field('доля учителей, уволившихся за год', share),
    lateral_entry: field('доля учителей, пришедших из других профессий', share),
    provisional: field('доля учителей с временной лицензией', share),
    qualified_classes: field('доля занятий, которые ведут учителя высокой квалификации', share),
  },
})
