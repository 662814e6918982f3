import type { OlympiadResult } from '../olympiad.ts'
import type { Row } from '../../../warehouse/workbook.ts'

export type Stage = 'школьный' | 'муниципальный'

const genitive: Readonly<Record<Stage, string>> = {
  школьный: 'школьного',
  муниципальный: 'муниципального',
}

/** Results of one stage of the olympiad in a school year. */
export const olympiadProtocol = (
  results: readonly OlympiadResult[],
  stage: Stage,
  year: number,
): Row[] => [
  [
    `Результаты ${genitive[stage]} этапа всероссийской олимпиады школьников, ${year - 1}/${year} учебный год`,
  ],
  [
    '№',
    'Код участника',
    'Класс (за который пишет)',
    'ОО',
    'Предмет',
    'Этап',
    'Балл',
    'Макс балл',
    '%',
    'Статус',
    'Учитель-наставник',
    'Апелляция',
  ],
  ...results.map(({ enrolment, subject, score, max, status, appeal }, i): Row => [
    i + 1,
    enrolment.code,
    enrolment.grade,
    enrolment.school.login,
    subject,
    stage,
    score,
    max,
    Math.round((10000 * score) / max) / 100,
    status,
    null,
    appeal ? 'да' : 'нет',
  ]),
]
