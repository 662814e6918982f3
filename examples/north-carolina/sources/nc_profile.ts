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
    year: field('год окончания учебного года', schoolYear, { required: true }),
    unit_code: field('код школы, округа или штата', unitCode, { required: true }),
    district: field('название округа', anyText, harmless),
    school_name: field('название школы; пусто у округа и штата', anyText, harmless),
    ownership: field('вид: P — государственная, C — чартерная', oneOf('P', 'C')),
    category: field(
      'ступень: E — начальная, M — средняя, H — старшая, I — E и M, T — M и H, A — все',
      category,
    ),
    grade_range: field(
      'младший и старший класс: PK-5, K-8, 9-12; UN-GR — без классов',
      anyText,
      harmless,
    ),
    school_kind: field('вид школы: обычная, профильная, альтернативная…', anyText, harmless),
    calendar: field('учебный календарь', anyText, harmless),
    title1: field('участвует в программе для детей из бедных семей', yes),
    town: field('населённый пункт', anyText, harmless),
    pupils: field('учеников', headCount),
    closed: field('1 — отмечена как закрытая', headCount),
  },
})
