import { field, defineSource } from '../../../transforms/contract/source.ts'
import { anyText, oneOf } from '../../../transforms/contract/shape.ts'
import { category, headCount, schoolYear, unitCode, yes } from '../shapes.ts'

const harmless = { harmless: true }

/** Districts and the state have a row for each category of schools. `closed_ind` marks schools that still teach: not used. */
export const ncProfile = defineSource(import.meta.url, {
  title: 'Реестр школ (School profile)',
  version: 1,
  recognise: { headers: ['unit_code', 'school_kind', 'grade_range', 'title1', 'pupils'] },
  headers: [
    {
      since: 2014,
      map: {
        year: 'year',
        unit_code: 'unit_code',
        Lea_Name: 'district',
        School_Name: 'school_name',
        type_cd: 'ownership',
        category_cd: 'category',
        grade_range_cd: 'grade_range',
        school_type_txt: 'school_kind',
        calendar_only_txt: 'calendar',
        title1_type_cd: 'title1',
        scity_ad: 'town',
        student_num: 'pupils',
        closed_ind: 'closed',
      },
    },
  ],
  year: 'year',
  personal: [{ headers: ['super_nm'], action: 'drop' }],
  delivery: ['year'],
  fields: {
    year: field('School year (the year in which it ends)', schoolYear, { required: true }),
    unit_code: field('Code of the school, the district or the state', unitCode, { required: true }),
    district: field('Name of the district', anyText, harmless),
    school_name: field('Name of the school; empty for a district and the state', anyText, harmless),
    ownership: field('P: public, C: charter', oneOf('P', 'C')),
    category: field('E, M, H; I: E and M; T: M and H; A: all', category),
    grade_range: field('Lowest and highest grade: PK-5, K-8, 9-12, UN-GR', anyText, harmless),
    school_kind: field('Regular, magnet, alternative…', anyText, harmless),
    calendar: field('Calendar', anyText, harmless),
    title1: field('Takes part in the programme for poor children', yes),
    town: field('Town', anyText, harmless),
    pupils: field('Pupils', headCount),
    closed: field('1: marked as closed', headCount),
  },
})
