import { Random } from './random.ts'
import { isOpen, type School } from './schools.ts'
import type { World } from './world.ts'

export interface Employee {
  /** Табельный код: stands in place of a name. */
  readonly code: string
  readonly school: School
  readonly post: string
  readonly subject: string | null
  readonly sex: 'м' | 'ж'
  readonly birthYear: number
  readonly education: string
  readonly profile: string
  /** Calendar years in which work, teaching, and work here began. */
  readonly workSince: number
  readonly teachingSince: number
  readonly hereSince: number
  readonly rate: number
  readonly hours: number
  readonly category: string
  readonly categoryDate: string | null
  readonly categoryEnd: string | null
  readonly course: { readonly topic: string; readonly hours: number; readonly date: string } | null
  readonly diagnosis: string | null
  readonly partTime: boolean
}

const teaching = [
  'Русский язык',
  'Математика',
  'Начальные классы',
  'Начальные классы',
  'Начальные классы',
  'История',
  'Физика',
  'Биология',
  'Английский язык',
  'География',
  'Информатика',
  'Физическая культура',
  'Химия',
  'Технология',
]
const specialists = [
  'педагог-психолог',
  'учитель-логопед',
  'социальный педагог',
  'учитель-дефектолог',
]
const topics = [
  'Обновлённый ФГОС',
  'Функциональная грамотность',
  'Работа с детьми с ОВЗ',
  'Оценивание',
  'Цифровые ресурсы',
]

/** Share of teachers by category: highest, first, соответствие; the rest have none. */
const categories: Readonly<Record<School['group'], readonly [number, number, number]>> = {
  city_favourable: [0.46, 0.28, 0.14],
  city_ordinary: [0.3, 0.32, 0.2],
  village_large: [0.2, 0.36, 0.26],
  village_remote: [0.1, 0.32, 0.36],
  adverse: [0.12, 0.26, 0.34],
}

const date = (year: number, random: Random): string =>
  `${String(random.integer(1, 28)).padStart(2, '0')}.${String(random.integer(1, 9)).padStart(2, '0')}.${year}`

/** Who takes courses takes one every fourth year: the register prints the latest. */
const retrained = (employee: Employee, year: number): Employee => {
  const { course } = employee
  if (course === null) return employee
  const first = Number(course.date.slice(-4))
  const latest = first + 4 * Math.max(0, Math.floor((year - first) / 4))
  return { ...employee, course: { ...course, date: `${course.date.slice(0, -4)}${latest}` } }
}

/** A category that ran out is granted again, since 2023 without an end. */
const confirmed = (employee: Employee, autumn: number): Employee => {
  const end = employee.categoryEnd
  if (end === null || Number(end.slice(-4)) >= autumn) return employee
  const granted = Number(end.slice(-4))
  return {
    ...employee,
    categoryDate: `15.11.${granted}`,
    categoryEnd: granted < 2023 ? `15.11.${granted + 5}` : null,
  }
}

/** The register of teaching staff on 1 October that begins each school year. People persist between years. */
export const makeStaff = (world: World): ReadonlyMap<number, readonly Employee[]> => {
  let issued = 0
  const hire = (school: School, place: number, year: number, newcomer: boolean): Employee => {
    const random = new Random(world.seed, 'staff', school.index, place, year)
    issued += 1
    const since = newcomer ? year : year - Math.floor(36 * random.uniform() ** 1.25)
    const workSince = since - (random.chance(0.2) ? random.integer(1, 5) : 0)
    const experience = year - since
    const specialist = place > 0 && place % 15 === 14
    const draw = random.uniform()
    const [high, first, fit] = categories[school.group]
    const category =
      experience < 3
        ? draw < 0.3
          ? 'соответствие занимаемой должности'
          : 'нет'
        : draw < high
          ? 'высшая'
          : draw < high + first
            ? 'первая'
            : draw < high + first + fit
              ? 'соответствие занимаемой должности'
              : 'нет'
    const granted = year - random.integer(0, 4)
    const graded = category === 'высшая' || category === 'первая'
    const rate = random.pick([1, 1, 1, 1, 1.25, 1.5, 0.5])
    const trained = random.chance(0.78)
    return {
      code: `Т${String(issued).padStart(6, '0')}`,
      school,
      post:
        place === 0
          ? 'директор'
          : specialist
            ? (specialists[(place / 15) & 3] ?? 'педагог-психолог')
            : 'учитель',
      subject: place === 0 || specialist ? null : (teaching[(place - 1) % teaching.length] ?? null),
      sex: random.chance(0.86) ? 'ж' : 'м',
      birthYear: workSince - random.integer(21, 25),
      education: random.chance(0.87) ? 'высшее' : 'среднее профессиональное',
      profile: random.chance(0.93) ? 'педагогическое' : 'непедагогическое',
      workSince,
      teachingSince: since,
      hereSince: since + Math.floor(experience * random.uniform() * 0.6),
      rate,
      hours: Math.round(18 * rate),
      category,
      categoryDate: graded ? date(granted, random) : null,
      categoryEnd: graded && granted < 2023 ? `31.12.${granted + 5}` : null,
      course: trained
        ? {
            topic: random.pick(topics),
            hours: random.pick([16, 18, 36, 72, 108]),
            date: date(year - random.integer(0, 3), random),
          }
        : null,
      diagnosis: random.chance(0.6)
        ? random.pick(['низкий', 'базовый', 'базовый', 'повышенный', 'высокий'])
        : null,
      partTime: random.chance(0.05),
    }
  }
  const people = new Map<number, Employee[]>()
  const years = new Map<number, readonly Employee[]>()
  for (const year of world.years) {
    const size = new Map<number, number>()
    for (const e of world.enrolments.get(year) ?? [])
      size.set(e.school.index, (size.get(e.school.index) ?? 0) + 1)
    const all: Employee[] = []
    for (const school of world.schools) {
      if (!isOpen(school, year)) continue
      const random = new Random(world.seed, 'turnover', school.index, year)
      const wanted = Math.max(
        4,
        Math.round((size.get(school.index) ?? 0) / school.context.pupilsPerTeacher) + 1,
      )
      const had = people.get(school.index)
      const staff: Employee[] = []
      for (let place = 0; place < wanted; place += 1) {
        const before = had?.[place]
        staff.push(
          before && !random.chance(0.06)
            ? before
            : hire(school, place, year - 1, had !== undefined && random.chance(0.6)),
        )
      }
      people.set(school.index, staff)
      all.push(...staff.map((employee) => retrained(confirmed(employee, year - 1), year - 1)))
    }
    years.set(year, all)
  }
  return years
}
