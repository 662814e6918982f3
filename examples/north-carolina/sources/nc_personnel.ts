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
    year: field('School year (the year in which it ends)', schoolYear, { required: true }),
    unit_code: field('Code of the school, the district or the state', unitCode, { required: true }),
    category: field('E, M, H; I: E and M; T: M and H; A: all', category),
    school_name: field('Name of the school', anyText, { harmless: true }),
    district: field('Name of the district', anyText, { harmless: true }),
    teachers: field('Classroom teachers', headCount),
    board_certified: field('Teachers certified by the National Board', headCount),
    licensed: field('Share of teachers fully licensed, 0–1', share),
    novice: field('Share of teachers in their first to third year', share),
    experience_4_10: field('Share of teachers with 4 to 10 years', share),
    experience_11_plus: field('Share of teachers with 11 years and more', share),
    advanced_degree: field('Share of teachers with an advanced degree', share),
    turnover: field('Share of teachers who left within a year', share),
    lateral_entry: field('Share of teachers who came from other professions', share),
    provisional: field('Share of teachers with an emergency or provisional licence', share),
    qualified_classes: field('Share of classes taught by highly qualified teachers', share),
  },
})
