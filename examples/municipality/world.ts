import { normalQuantile } from './normal.ts'
import { makePerson, type Person } from './people.ts'
import { Random } from './random.ts'
import { drift, isOpen, makeSchools, type School } from './schools.ts'

/** Subjects that share a talent: what a pupil is better or worse at than in general. */
export const talents = ['language', 'maths', 'nature', 'society'] as const
export type Talent = (typeof talents)[number]

export interface Pupil {
  readonly id: number
  readonly person: Person
  readonly documentSeries: string
  readonly documentNumber: string
  /** General ability within school, standard normal. */
  readonly ability: number
  readonly talent: Readonly<Record<Talent, number>>
}

export interface Enrolment {
  readonly pupil: Pupil
  readonly school: School
  readonly grade: number
  /** Number of the class in the parallel, from 1. */
  readonly classNumber: number
  /** Participant code in ФИС ОКО, issued anew every year; unique within the year. */
  readonly code: number
  /** Mean of the pupil's cohort in its school in this year, in standard deviations of the country. */
  readonly level: number
}

export interface World {
  readonly seed: number
  readonly first: number
  readonly last: number
  readonly schools: readonly School[]
  readonly years: readonly number[]
  /** By year, sorted by school, grade, code. */
  readonly enrolments: ReadonlyMap<number, readonly Enrolment[]>
}

interface Cohort {
  /** Where the cohort began: merged schools keep their pupils' history. */
  readonly noise: number
  readonly origin: School
  pupils: Pupil[]
}

const stayersAfterGrade9 = 0.42

/** Pupils of every school and year: they move up a grade a year, leave after 9 or 11, follow a merger. `change` must keep who and how many they are. */
export const makeWorld = (
  seed: number,
  schoolCount: number,
  first: number,
  last: number,
  change: (schools: readonly School[]) => readonly School[] = (schools) => schools,
): World => {
  const schools = change(makeSchools(seed, schoolCount, first))
  const byCode = new Map(schools.map((school) => [school.code, school]))
  const years = Array.from({ length: last - first + 1 }, (_, i) => first + i)
  let nextId = 1

  const newCohort = (school: School, entered: number): Cohort => {
    const random = new Random(seed, 'cohort', school.index, entered)
    const size = Math.max(1, random.round(school.gradeSize * (1 + 0.03 * random.normal())))
    const places = random.shuffle(Array.from({ length: size }, (_, i) => i))
    return {
      noise: random.normal() * 0.04,
      origin: school,
      // Stratified: the ability of a cohort varies far less than that of a random draw.
      pupils: places.map((place): Pupil => {
        const id = nextId
        nextId += 1
        return {
          id,
          person: makePerson(random),
          documentSeries: `98${random.integer(10, 25)}`,
          documentNumber: String(100000 + ((id * 7919) % 899999)),
          ability: normalQuantile((place + 0.15 + 0.7 * random.uniform()) / size),
          talent: {
            language: random.normal(),
            maths: random.normal(),
            nature: random.normal(),
            society: random.normal(),
          },
        }
      }),
    }
  }

  const stay = (school: School, cohort: Cohort, entered: number): void => {
    const random = new Random(seed, 'grade 10', school.index, entered)
    const wish = cohort.pupils.map((pupil) => ({
      pupil,
      score: pupil.ability + 0.7 * random.normal(),
    }))
    const places = school.lastGrade === 9 ? 0 : random.round(school.gradeSize * stayersAfterGrade9)
    wish.sort((a, b) => b.score - a.score || a.pupil.id - b.pupil.id)
    const chosen = new Set(wish.slice(0, places).map((w) => w.pupil.id))
    cohort.pupils = cohort.pupils.filter((pupil) => chosen.has(pupil.id))
  }

  // cohorts.get(school index)?.get(year of entry into grade 1)
  const cohorts = new Map<number, Map<number, Cohort[]>>()
  for (const school of schools) {
    const mine = new Map<number, Cohort[]>()
    for (let entered = first - 10; entered <= last; entered += 1) {
      if (!isOpen(school, entered)) continue
      const cohort = newCohort(school, entered)
      if (first - entered + 1 > 9) stay(school, cohort, entered)
      mine.set(entered, [cohort])
    }
    cohorts.set(school.index, mine)
  }

  const enrolments = new Map<number, Enrolment[]>()
  for (const year of years) {
    for (const school of schools) {
      const mine = cohorts.get(school.index)
      if (!mine) continue
      if (school.merged?.from === year) {
        const heir = byCode.get(school.merged.successor)
        const theirs = heir && cohorts.get(heir.index)
        for (const [entered, list] of mine) {
          if (year - entered + 1 <= 9) theirs?.get(entered)?.push(...list)
        }
        mine.clear()
      }
      if (year > first) {
        for (const cohort of mine.get(year - 9) ?? []) stay(school, cohort, year - 9)
      }
    }
    const list: Enrolment[] = []
    const inGrade = new Map<
      number,
      { school: School; pupil: Pupil; classNumber: number; level: number }[]
    >()
    for (const school of schools) {
      if (!isOpen(school, year)) continue
      const wave = new Random(seed, 'year', school.index, year).normal() * 0.015
      for (let grade = 1; grade <= school.lastGrade; grade += 1) {
        const here = cohorts.get(school.index)?.get(year - grade + 1) ?? []
        const pupils = here.flatMap((cohort) => cohort.pupils.map((pupil) => ({ pupil, cohort })))
        const classes = Math.max(1, Math.ceil(pupils.length / 27))
        const seats = inGrade.get(grade) ?? []
        pupils.forEach(({ pupil, cohort }, i) => {
          const level =
            school.context.effect + school.effect + drift(school, year, last) + cohort.noise + wave
          seats.push({ school, pupil, classNumber: (i % classes) + 1, level })
        })
        inGrade.set(grade, seats)
      }
    }
    for (const [grade, seats] of inGrade) {
      const random = new Random(seed, 'codes', year, grade)
      const width = seats.length >= 9999 ? 100000 : 10000
      const numbers = random.shuffle(Array.from({ length: width - 1 }, (_, i) => i + 1))
      seats.forEach((seat, i) =>
        list.push({ ...seat, grade, code: grade * width + (numbers[i] ?? 0) }),
      )
    }
    list.sort((a, b) => a.school.index - b.school.index || a.grade - b.grade || a.code - b.code)
    enrolments.set(year, list)
  }
  return { seed, first, last, schools, years, enrolments }
}
