import { text } from '../contract/column.ts'
import { defineParameters } from '../contract/parameter.ts'

/**
 * Names under which forms print a subject; compared without case. They tell deliveries too: with another name, raise `version` of the forms that use
 * `subjectMeant`, or files of before keep the deliveries that they were read with.
 */
const names = {
  russian: ['Русский язык', 'РУ', 'Русский'],
  mathematics: [
    'Математика',
    'МА',
    'Математика (базовый уровень)',
    'Математика профильная',
    'Математика профильного уровня',
    'Математика (профильная)',
    'Математика (профильный уровень)',
  ],
  mathematics_advanced: [
    'Математика (углублённый уровень)',
    'Математика (углубленный уровень)',
    'Математика углублённого уровня',
    'Математика углубленного уровня',
  ],
  mathematics_base: ['Математика базовая', 'Математика базового уровня', 'Математика (базовая)'],
  world_around: ['Окружающий мир', 'Окр. мир', 'ОМ'],
  literary_reading: ['Литературное чтение'],
  biology: ['Биология', 'БИ'],
  history: ['История', 'ИС'],
  geography: ['География', 'ГЕ'],
  social_studies: ['Обществознание', 'ОБ'],
  physics: ['Физика', 'ФИ', 'ФЗ', 'Физика (базовый уровень)'],
  physics_advanced: [
    'Физика (углублённый уровень)',
    'Физика (углубленный уровень)',
    'Физика углублённого уровня',
    'Физика углубленного уровня',
  ],
  chemistry: ['Химия', 'ХИ'],
  informatics: ['Информатика', 'Информатика и ИКТ', 'Информатика (КЕГЭ)', 'ИН'],
  literature: ['Литература', 'ЛИ'],
  english: ['Английский язык', 'Иностранный язык (английский)', 'Иностранный язык', 'АЯ'],
  german: ['Немецкий язык', 'Иностранный язык (немецкий)'],
  french: ['Французский язык', 'Иностранный язык (французский)'],
  spanish: ['Испанский язык'],
  chinese: ['Китайский язык'],
  technology: ['Технология', 'Труд (технология)'],
  law: ['Право'],
  economics: ['Экономика'],
  ecology: ['Экология'],
  astronomy: ['Астрономия'],
  physical_education: ['Физическая культура'],
  safety: [
    'ОБЖ',
    'ОБЗР',
    'Основы безопасности жизнедеятельности',
    'Основы безопасности и защиты Родины',
  ],
  art: ['Искусство (МХК)', 'МХК', 'Искусство'],
  native_language: ['Родной язык'],
  all: ['all', 'Все предметы'],
} as const

/** One print of several subjects, which count as one: works under it need not be those of the others. */
const vague = 'иностранный язык'
const subjects = new Map(
  Object.entries(names).flatMap(([subject, printed]) =>
    printed.map((name) => [name.toLowerCase(), subject] as const),
  ),
)
/** What tells whether two files print the same subject: its code, or the name without case where it has none or stands for several. */
export const subjectMeant = (printed: string): string => {
  const name = printed.trim().toLowerCase()
  return name === vague ? name : (subjects.get(name) ?? name)
}

export const subjectName = defineParameters(import.meta.url, {
  doc: 'Строка — название предмета, как его печатают в формах.',
  grain: ['printed'],
  columns: {
    printed: text('название, как в формах, строчными буквами'),
    subject: text('предмет: код из parameters.subject'),
  },
  rows: Object.entries(names).flatMap(([subject, printed]) =>
    printed.map((name) => ({
      printed: name.toLowerCase(),
      subject,
      scope: 'all',
      valid_from: null,
      valid_to: null,
      source: 'DOMAIN 2.1–2.4',
      tag: 'R1',
    })),
  ),
})
