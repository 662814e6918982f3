import type { Employee } from '../staff.ts'
import type { Row } from '../../../warehouse/workbook.ts'

/** Teaching staff on 1 October: one row an employee and post, a code in place of a name. */
export const staffRegister = (staff: readonly Employee[], year: number): Row[] => {
  const autumn = year - 1
  return [
    [`Реестр педагогических работников на 01.10.${autumn}`],
    [
      'Табельный код',
      'Код ОО',
      'Должность',
      'Предмет',
      'Ставка',
      'Нагрузка, ч',
      'Год рождения',
      'Пол',
      'Уровень образования',
      'Профиль образования',
      'Стаж общий',
      'Стаж педагогический',
      'Стаж в ОО',
      'Категория',
      'Дата категории',
      'Категория действует до',
      'КПК: программа',
      'КПК: часов',
      'КПК: дата',
      'Диагностика: уровень',
      'Совместитель',
    ],
    ...staff.map((e): Row => [
      e.code,
      e.school.code,
      e.post,
      e.subject,
      e.rate,
      e.hours,
      e.birthYear,
      e.sex,
      e.education,
      e.profile,
      autumn - e.workSince,
      autumn - e.teachingSince,
      autumn - e.hereSince,
      e.category,
      e.categoryDate,
      e.categoryEnd,
      e.course?.topic ?? null,
      e.course?.hours ?? null,
      e.course?.date ?? null,
      e.diagnosis,
      e.partTime ? 'да' : 'нет',
    ]),
  ]
}
