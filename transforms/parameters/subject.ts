import { integer, text } from '../contract/column.ts'
import { defineParameters } from '../contract/parameter.ts'

/** Subject code, Russian name; the order is that of pages. */
const subjects = [
  ['russian', 'Русский язык'],
  ['mathematics', 'Математика'],
  ['mathematics_advanced', 'Математика (углублённый уровень)'],
  ['mathematics_base', 'Математика базовая'],
  ['world_around', 'Окружающий мир'],
  ['literary_reading', 'Литературное чтение'],
  ['biology', 'Биология'],
  ['history', 'История'],
  ['geography', 'География'],
  ['social_studies', 'Обществознание'],
  ['physics', 'Физика'],
  ['physics_advanced', 'Физика (углублённый уровень)'],
  ['chemistry', 'Химия'],
  ['informatics', 'Информатика'],
  ['literature', 'Литература'],
  ['english', 'Английский язык'],
  ['german', 'Немецкий язык'],
  ['french', 'Французский язык'],
  ['spanish', 'Испанский язык'],
  ['chinese', 'Китайский язык'],
  ['technology', 'Труд (технология)'],
  ['law', 'Право'],
  ['economics', 'Экономика'],
  ['ecology', 'Экология'],
  ['astronomy', 'Астрономия'],
  ['physical_education', 'Физическая культура'],
  ['safety', 'ОБЗР'],
  ['art', 'Искусство (МХК)'],
  ['native_language', 'Родной язык'],
  ['all', 'Все предметы'],
] as const

export const subject = defineParameters(import.meta.url, {
  doc: 'Строка — предмет: код и название.',
  grain: ['subject'],
  columns: {
    subject: text('код предмета, один во всех таблицах'),
    name: text('название'),
    sort: integer('порядок на страницах'),
  },
  rows: subjects.map(([code, name], i) => ({
    subject: code,
    name,
    sort: i + 1,
    scope: 'all',
    valid_from: null,
    valid_to: null,
    source: 'DOMAIN 2.1–2.4',
    tag: 'W13',
  })),
})
