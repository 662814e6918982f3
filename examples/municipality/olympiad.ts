import { Random } from './random.ts'
import type { Enrolment, Talent, World } from './world.ts'

export interface OlympiadResult {
  readonly enrolment: Enrolment
  readonly subject: string
  readonly score: number
  readonly max: number
  readonly status: 'победитель' | 'призёр' | 'участник'
  readonly appeal: boolean
}

export interface Olympiad {
  readonly school: readonly OlympiadResult[]
  readonly municipal: readonly OlympiadResult[]
}

const fields: readonly (readonly [subject: string, talent: Talent])[] = [
  ['Русский язык', 'language'],
  ['Математика', 'maths'],
  ['История', 'society'],
  ['Обществознание', 'society'],
  ['Биология', 'nature'],
  ['Информатика', 'maths'],
]

/** School and municipal stages of the olympiad in a school year; the second takes the best of the first. */
export const olympiadResults = (world: World, year: number): Olympiad => {
  const random = new Random(world.seed, 'olympiad', year)
  const school: OlympiadResult[] = []
  const municipal: OlympiadResult[] = []
  for (const [subject, talent] of fields) {
    for (const enrolment of world.enrolments.get(year) ?? []) {
      if (enrolment.grade < 5) continue
      const able =
        enrolment.level + 0.7 * enrolment.pupil.ability + 0.6 * enrolment.pupil.talent[talent]
      if (!random.chance(Math.max(0.01, 0.05 + 0.07 * able))) continue
      const percent = Math.max(2, Math.min(98, 36 + 19 * able + 9 * random.normal()))
      school.push({
        enrolment,
        subject,
        score: Math.round(percent),
        max: 100,
        status: percent >= 80 ? 'победитель' : percent >= 62 ? 'призёр' : 'участник',
        appeal: false,
      })
      if (enrolment.grade < 7 || percent < 58) continue
      const next = Math.max(1, Math.min(98, percent - 22 + 9 * random.normal()))
      municipal.push({
        enrolment,
        subject,
        score: Math.round(next * 0.8),
        max: 80,
        status: next >= 62 ? 'победитель' : next >= 48 ? 'призёр' : 'участник',
        appeal: random.chance(0.04),
      })
    }
  }
  return { school, municipal }
}
