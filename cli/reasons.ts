/** Why a row is in quarantine, by the code that the ledger keeps. */
const reasons: Readonly<Record<string, string>> = {
  'value-unfit': 'значение не подходит',
  'value-missing': 'нет обязательного значения',
  'no-score': 'нет первичного балла',
  'score-over-maximum': 'балл больше максимального',
  'task-over-maximum': 'балл за задание больше максимального',
  'tasks-do-not-add-up': 'баллы за задания не дают итога',
  'marks-do-not-add-up': 'доли отметок не дают 100 %',
  'parts-do-not-add-up': 'части не дают целого',
  'participant-unknown': 'участник не назван',
  'base-mark': 'отметка не от 2 до 5',
  'teaching-over-experience': 'педагогический стаж больше общего',
  'closed-before-opened': 'закрыта раньше, чем открыта',
  'nc-pupils-total': 'итог не равен сумме групп',
}
/** In Russian where the code is known, else the code. */
export const reasonTitle = (code: string): string => reasons[code] ?? code
