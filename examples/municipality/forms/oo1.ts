import type { School } from '../schools.ts'
import type { Employee } from '../staff.ts'
import type { Row, Sheet } from '../../../warehouse/workbook.ts'
import type { Enrolment } from '../world.ts'

export interface GradeCount {
  readonly grade: number
  readonly pupils: number
  readonly classes: number
  readonly secondShift: number
  readonly sen: number
  readonly disabled: number
  readonly nonNative: number
}

export interface Census {
  readonly school: School
  readonly year: number
  readonly grades: readonly GradeCount[]
  readonly staff: readonly Employee[]
  readonly vacancies: number
}

/** Counts of a school on 20 September; shares of the context are carried over grades without a remainder lost. */
export const takeCensus = (
  school: School,
  year: number,
  enrolments: readonly Enrolment[],
  staff: readonly Employee[],
): Census => {
  const carried = { secondShift: 0, sen: 0.5, disabled: 0.5, nonNative: 0.5 }
  const take = (key: keyof typeof carried, expected: number): number => {
    carried[key] += expected
    const whole = Math.floor(carried[key])
    carried[key] -= whole
    return whole
  }
  const grades: GradeCount[] = []
  for (let grade = 1; grade <= school.lastGrade; grade += 1) {
    const here = enrolments.filter((enrolment) => enrolment.grade === grade)
    const pupils = here.length
    const shifted = [2, 3, 6, 7, 8].includes(grade) ? 2 : 0
    grades.push({
      grade,
      pupils,
      classes: pupils === 0 ? 0 : Math.max(...here.map((enrolment) => enrolment.classNumber)),
      secondShift: Math.min(
        pupils,
        take('secondShift', pupils * school.context.secondShift * shifted),
      ),
      sen: take('sen', pupils * school.context.sen),
      disabled: take('disabled', pupils * school.context.disabled),
      nonNative: take('nonNative', pupils * school.context.nonNative),
    })
  }
  const scarce = school.group === 'adverse' ? 0.09 : school.group === 'village_remote' ? 0.06 : 0.02
  return { school, year, grades, staff, vacancies: Math.round(staff.length * scarce * 4) / 4 }
}

const numbered = (columns: number): Row => Array.from({ length: columns }, (_, i) => i + 1)
const line = (index: number): string => String(index + 1).padStart(2, '0')

/**
 * An extract of ОО-1. Section 1, columns 3–8: pupils, class sets, second shift, ОВЗ, disabled,
 * Russian not native. Section 2, columns 3–8: persons, of them higher education, highest category,
 * first category, teaching for less than 3 years, vacant posts. Section 3, column 3: persons by years
 * of teaching. Section 4, column 3: persons by age.
 */
export const oo1 = (census: Census): Sheet => {
  const { school, year, grades, staff } = census
  const autumn = year - 1
  const sum = (key: keyof GradeCount): number =>
    grades.reduce((total, grade) => total + grade[key], 0)
  const keys = ['pupils', 'classes', 'secondShift', 'sen', 'disabled', 'nonNative'] as const
  const posts: readonly (readonly [string, (employee: Employee) => boolean])[] = [
    ['Руководитель', (e) => e.post === 'директор'],
    ['Учителя', (e) => e.post === 'учитель'],
    ['Педагоги-психологи', (e) => e.post === 'педагог-психолог'],
    ['Учителя-логопеды', (e) => e.post === 'учитель-логопед'],
    ['Учителя-дефектологи', (e) => e.post === 'учитель-дефектолог'],
    ['Социальные педагоги', (e) => e.post === 'социальный педагог'],
    ['Всего', () => true],
  ]
  const experience = (e: Employee): number => autumn - e.teachingSince
  const bands: readonly (readonly [string, number, number])[] = [
    ['до 3 лет', 0, 3],
    ['от 3 до 5 лет', 3, 5],
    ['от 5 до 10 лет', 5, 10],
    ['от 10 до 20 лет', 10, 20],
    ['20 лет и более', 20, 100],
  ]
  const ages: readonly (readonly [string, number, number])[] = [
    ['моложе 25 лет', 0, 25],
    ['25–34 года', 25, 35],
    ['35–54 года', 35, 55],
    ['55 лет и старше', 55, 120],
  ]
  const rows: Row[] = [
    ['Форма № ОО-1'],
    [`на 20 сентября ${autumn} года`],
    ['Код ОО', school.code],
    [],
    ['Раздел 1. Сведения об обучающихся по классам'],
    numbered(8),
    ...grades.map((grade, i): Row => [
      `${grade.grade} класс`,
      line(i),
      ...keys.map((key) => grade[key]),
    ]),
    ['Всего', line(11), ...keys.map(sum)],
    [],
    ['Раздел 2. Сведения о педагогических работниках по должностям'],
    numbered(8),
    ...posts.map(([name, holds], i): Row => {
      const group = staff.filter(holds)
      const count = (test: (employee: Employee) => boolean): number => group.filter(test).length
      return [
        name,
        line(i),
        group.length,
        count((e) => e.education === 'высшее'),
        count((e) => e.category === 'высшая'),
        count((e) => e.category === 'первая'),
        count((e) => experience(e) < 3),
        name === 'Учителя' || name === 'Всего' ? census.vacancies : 0,
      ]
    }),
    [],
    ['Раздел 3. Сведения о педагогическом стаже'],
    numbered(3),
    ...bands.map(([name, from, to], i): Row => [
      name,
      line(i),
      staff.filter((e) => experience(e) >= from && experience(e) < to).length,
    ]),
    [],
    ['Раздел 4. Сведения о возрасте педагогических работников'],
    numbered(3),
    ...ages.map(([name, from, to], i): Row => [
      name,
      line(i),
      staff.filter((e) => autumn - e.birthYear >= from && autumn - e.birthYear < to).length,
    ]),
  ]
  return { name: 'ОО-1', rows }
}
