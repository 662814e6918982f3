import { boolean, integer, text } from '../contract/column.ts'
import { defineParameters } from '../contract/parameter.ts'

/** [measure, Russian title, unit, divide by this measure for a share, is a feature of clusters]. */
const measures = [
  ['pupils', 'Обучающихся', 'count', '', true],
  ['class_sets', 'Классов-комплектов', 'count', '', false],
  ['second_shift_pupils', 'Во вторую смену', 'count', 'pupils', true],
  ['sen_pupils', 'С ОВЗ', 'count', 'pupils', true],
  ['disabled_pupils', 'Детей-инвалидов', 'count', 'pupils', false],
  ['non_native_pupils', 'С неродным русским', 'count', 'pupils', true],
  ['registered_pupils', 'На учётах', 'count', 'pupils', true],
  ['parent_he_pupils', 'С высшим образованием обоих родителей', 'count', 'pupils', true],
  ['teachers', 'Педагогических работников', 'count', '', false],
  ['teachers_novice', 'Педагогов со стажем до 3 лет', 'count', 'teachers', false],
  ['teachers_highest_category', 'Педагогов высшей категории', 'count', 'teachers', false],
  ['teachers_ageing', 'Педагогов предпенсионного возраста', 'count', 'teachers', false],
  ['vacant_hours', 'Вакантных часов', 'count', 'planned_hours', false],
  ['planned_hours', 'Часов по учебному плану', 'count', '', false],
  ['vacancies', 'Вакансий', 'count', '', false],
  ...Array.from(
    { length: 11 },
    (_, i) =>
      [
        `pupils_grade_${String(i + 1)}`,
        `Обучающихся в ${String(i + 1)} классах`,
        'count',
        '',
        false,
      ] as const,
  ),
] as const

const sensitive: ReadonlySet<string> = new Set([
  'sen_pupils',
  'disabled_pupils',
  'non_native_pupils',
  'registered_pupils',
])

export const contextMeasure = defineParameters(import.meta.url, {
  doc: 'Строка — характеристика условий (контекста) школы.',
  grain: ['measure'],
  columns: {
    measure: text('код характеристики'),
    title: text('название'),
    unit: text('единица: count — количество, share — доля, km — километры, index — индекс'),
    divided_by: text(
      'характеристика, на которую делится, чтобы стать долей; пусто — берётся как есть',
    ),
    is_feature: boolean('по ней строятся кластеры'),
    is_sensitive: boolean(
      'о детях с признаком, по которому узнают ребёнка: где таких детей мало, число не показывается (parameters.small_number_rule)',
    ),
    sort: integer('порядок на страницах'),
  },
  rows: measures.map(([measure, title, unit, dividedBy, isFeature], i) => ({
    measure,
    title,
    unit,
    divided_by: dividedBy,
    is_feature: isFeature,
    is_sensitive: sensitive.has(measure),
    sort: i + 1,
    scope: 'all',
    valid_from: null,
    valid_to: null,
    source: 'DOMAIN 2.5, 2.7',
    tag: 'P',
  })),
})
