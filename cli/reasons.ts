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
  'one-part-only': 'написана одна часть из двух',
  'participant-unknown': 'участник не назван',
  'base-mark': 'отметка не от 2 до 5',
  'teaching-over-experience': 'педагогический стаж больше общего',
  'closed-before-opened': 'закрыта раньше, чем открыта',
  'nc-pupils-total': 'итог не равен сумме групп',
}
/** In Russian where the code is known, else the code. */
export const reasonTitle = (code: string): string => reasons[code] ?? code

const advices: Readonly<Record<string, string>> = {
  'personal-data':
    'столбец с персональными данными уберите или выгрузите форму без него, затем загрузите файл снова',
  'header-drift': 'недостающие столбцы верните под заголовками формы и загрузите файл снова',
  'header-twice': 'повторённый столбец оставьте один и загрузите файл снова',
  'form-unknown': 'файл неизвестной формы откройте: тот ли он; если он здесь не нужен, уберите его',
  'told-otherwise': 'год и имя файла сверьте: не перепутаны ли файлы',
  'no-rows': 'файл без строк получите заново, если данные в нём должны быть',
}
/** What to do about problems of these codes, a line each; of rows in quarantine the same whatever the reason. */
export const advicesOn = (
  problems: readonly { readonly code: string; readonly severity: 'error' | 'row' | 'warning' }[],
): readonly string[] => [
  ...new Set(
    problems.flatMap(({ code, severity }) =>
      severity === 'row'
        ? 'названные ячейки исправьте в источнике и загрузите файл снова; прочие его строки годятся и так'
        : (advices[code] ?? []),
    ),
  ),
]
