import { addParameters } from '../../../transforms/contract/parameter.ts'
import { contextMeasure } from '../../../transforms/parameters/context_measure.ts'

/** [measure, Russian title, unit, divided by, is a feature of clusters]; features are what a school cannot choose. */
const measures = [
  ['disadvantaged_share', 'Доля из малообеспеченных семей', 'share', '', true],
  ['title1', 'Участие в программе Title I', 'share', '', true],
  ['grade_lowest', 'Младший класс', 'index', '', true],
  ['grade_highest', 'Старший класс', 'index', '', true],
  ['charter', 'Чартерная школа', 'share', '', false],
  ['magnet', 'Школа-магнит', 'share', '', false],
  ['alternative', 'Альтернативная или специальная школа', 'share', '', false],
  ['year_round', 'Круглогодичный календарь', 'share', '', false],
  ['pupils_listed', 'Обучающихся по реестру', 'count', '', false],
  ['pupils_female', 'Девочек', 'count', 'pupils', false],
  ['pupils_indian', 'Коренных американцев', 'count', 'pupils', false],
  ['pupils_asian', 'Азиатского происхождения', 'count', 'pupils', false],
  ['pupils_hispanic', 'Латиноамериканского происхождения', 'count', 'pupils', false],
  ['pupils_black', 'Чернокожих', 'count', 'pupils', false],
  ['pupils_white', 'Белых', 'count', 'pupils', false],
  ['pupils_pacific', 'С островов Тихого океана', 'count', 'pupils', false],
  ['pupils_multiracial', 'Двух и более рас', 'count', 'pupils', false],
  ['teachers_board_certified', 'Учителей с национальным сертификатом', 'count', 'teachers', false],
  ['teachers_licensed_share', 'Доля учителей с полной лицензией', 'share', '', false],
  ['teachers_novice_share', 'Доля учителей со стажем до 3 лет', 'share', '', false],
  ['teachers_4_10_share', 'Доля учителей со стажем 4–10 лет', 'share', '', false],
  ['teachers_11_plus_share', 'Доля учителей со стажем от 11 лет', 'share', '', false],
  ['teachers_advanced_degree_share', 'Доля учителей с учёной степенью', 'share', '', false],
  ['teachers_turnover_share', 'Доля учителей, ушедших за год', 'share', '', false],
  ['teachers_lateral_entry_share', 'Доля учителей из других профессий', 'share', '', false],
  ['attendance_share', 'Средняя дневная посещаемость', 'share', '', false],
  ['crimes_per_100', 'Правонарушений на 100 обучающихся', 'index', '', false],
  ['short_suspensions_per_100', 'Кратких отстранений на 100 обучающихся', 'index', '', false],
  ['long_suspensions_per_100', 'Долгих отстранений на 100 обучающихся', 'index', '', false],
] as const

export const ncContextMeasure = addParameters(
  contextMeasure,
  measures.map(([measure, title, unit, dividedBy, isFeature], i) => ({
    measure,
    title,
    unit,
    divided_by: dividedBy,
    is_feature: isFeature,
    is_sensitive: false,
    sort: 101 + i,
    scope: 'all',
    valid_from: null,
    valid_to: null,
    source: 'data-dictionary.pdf of the report cards',
    tag: 'S',
  })),
)
