import { fullNameIn, nameIn, type School } from '../schools.ts'
import type { Row } from '../../../warehouse/workbook.ts'
import { municipalityLabel } from './vpr_preamble.ts'

/** Schools as of 1 September that begins the school year; a merged one keeps its row, with an end and a successor. */
export const schoolRegister = (schools: readonly School[], year: number): Row[] => [
  [`Справочник общеобразовательных организаций на 01.09.${year - 1}`],
  [
    'Код ОО',
    'Логин ФИС ОКО',
    'ИНН',
    'Полное наименование',
    'Краткое наименование',
    'Тип',
    'Муниципалитет',
    'Местность',
    'Учредитель',
    'Расстояние до центра, км',
    'Филиал',
    'Дата начала',
    'Дата окончания',
    'Код правопреемника',
  ],
  ...schools.map((school): Row => {
    const merged = school.merged && year >= school.merged.from ? school.merged : undefined
    return [
      school.code,
      school.login,
      school.inn,
      fullNameIn(school, year),
      nameIn(school, year),
      school.type,
      municipalityLabel,
      school.context.rural ? 'село' : 'город',
      school.founder,
      school.context.distance,
      school.branch ? 'да' : 'нет',
      school.opened,
      merged ? `31.08.${merged.from - 1}` : null,
      merged ? merged.successor : null,
    ]
  }),
]
