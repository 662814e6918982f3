import type { ExamResult } from './results.ts'
import type { SubjectCode } from './scales.ts'
import type { Enrolment } from './world.ts'

export interface Contender {
  readonly enrolment: Enrolment
  readonly degree: 'I' | 'II'
  readonly scores: Readonly<Partial<Record<SubjectCode, number>>>
  readonly awarded: boolean
}

/** Leavers whose final marks allow a medal, with what they got in ЕГЭ; the second degree exists since 2024. */
export const contenders = (exams: readonly ExamResult[], year: number): Contender[] => {
  const people = new Map<
    number,
    { enrolment: Enrolment; scores: Partial<Record<SubjectCode, number>> }
  >()
  for (const exam of exams) {
    const { enrolment } = exam
    const diligence =
      enrolment.level + enrolment.pupil.ability + 0.3 * enrolment.pupil.talent.language
    if (diligence < 1.85 - (year >= 2024 ? 0.25 : 0)) continue
    const person = people.get(enrolment.pupil.id) ?? { enrolment, scores: {} }
    person.scores[exam.subject] = exam.final
    people.set(enrolment.pupil.id, person)
  }
  return [...people.values()].map(({ enrolment, scores }): Contender => {
    const degree = year >= 2024 && enrolment.pupil.ability + enrolment.level < 1.7 ? 'II' : 'I'
    const threshold = degree === 'I' ? 70 : 60
    const others = Object.entries(scores).filter(([subject]) => subject !== 'russian')
    const second = others.some(([subject, score]) =>
      subject === 'maths_base' ? score === 5 && others.length === 1 : score >= threshold,
    )
    return { enrolment, degree, scores, awarded: (scores.russian ?? 0) >= threshold && second }
  })
}
