import type { Contender } from '../medals.ts'
import { egeSubjects, subjectOf } from '../scales.ts'
import type { Row } from '../../../warehouse/workbook.ts'

/** Contenders for a medal with their ЕГЭ scores; base maths shows the mark. */
export const medalContenders = (people: readonly Contender[], year: number): Row[] => [
  [`Претенденты на медаль «За особые успехи в учении», ${year}`],
  [
    '№',
    'Код ОО',
    'Код участника',
    'Степень',
    ...egeSubjects.map((subject) => subjectOf(subject).name),
    'Медаль вручена',
  ],
  ...people.map(({ enrolment, degree, scores, awarded }, i): Row => [
    i + 1,
    enrolment.school.code,
    `98${String(1_000_000 + enrolment.pupil.id)}`,
    degree,
    ...egeSubjects.map((subject) => scores[subject] ?? null),
    awarded ? 'да' : 'нет',
  ]),
]
