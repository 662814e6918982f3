export type Procedure = 'vpr' | 'oge' | 'ege'

/**
 * One row per procedure, subject, grade and school year: what turns a primary score into a mark.
 * `from3`…`from5` are the lowest primary scores of the marks; `known` tells scales printed in the
 * domain specification from those invented for the sample.
 */
export interface ScaleRow {
  readonly year: number
  readonly procedure: Procedure
  readonly subject: string
  readonly grade: number
  readonly max: number
  readonly from3: number
  readonly from4: number
  readonly from5: number
  readonly kim_version: string
  readonly known: boolean
}

interface Subject {
  readonly name: string
  /** Two letters that open the name of a sheet. */
  readonly letters: string
  /** Code in the protocols of the regional information system. */
  readonly oge?: string
  readonly ege?: string
}

export const subjects = {
  russian: { name: 'Русский язык', letters: 'РУ', oge: '01', ege: '01' },
  maths: { name: 'Математика', letters: 'МА', oge: '02' },
  world: { name: 'Окружающий мир', letters: 'ОМ' },
  history: { name: 'История', letters: 'ИС', oge: '07', ege: '07' },
  biology: { name: 'Биология', letters: 'БИ', oge: '06', ege: '06' },
  geography: { name: 'География', letters: 'ГГ', oge: '08' },
  informatics: { name: 'Информатика', letters: 'ИН', oge: '05', ege: '25' },
  social: { name: 'Обществознание', letters: 'ОБ', oge: '09', ege: '12' },
  physics: { name: 'Физика', letters: 'ФИ', oge: '03', ege: '03' },
  maths_advanced: { name: 'Математика (углублённый уровень)', letters: 'МА' },
  maths_profile: { name: 'Математика профильная', letters: 'МП', ege: '02' },
  maths_base: { name: 'Математика базовая', letters: 'МБ', ege: '22' },
} as const satisfies Record<string, Subject>

export type SubjectCode = keyof typeof subjects
export const subjectOf = (code: SubjectCode): Subject => subjects[code]

type Bounds = readonly [max: number, from3: number, from4: number, from5: number, known: boolean]

/** School year (its end) from which ВПР has another model of tasks. */
export const breakYear = 2025

const vprBefore: Readonly<Record<string, Bounds>> = {
  russian4: [38, 14, 24, 33, true],
  russian5: [45, 18, 29, 39, true],
  russian6: [51, 25, 35, 45, true],
  russian7: [47, 22, 32, 42, true],
  russian8: [51, 26, 32, 45, true],
  maths4: [20, 6, 10, 15, true],
  maths5: [20, 7, 11, 15, true],
  maths6: [16, 6, 10, 14, true],
  maths7: [19, 7, 12, 16, true],
  maths8: [25, 8, 15, 21, true],
  world4: [32, 8, 18, 27, true],
  history6: [20, 6, 11, 16, true],
  biology6: [28, 12, 18, 24, false],
}

const vprSince: Readonly<Record<string, Bounds>> = {
  russian4: [24, 10, 16, 21, true],
  russian5: [24, 9, 15, 20, false],
  russian6: [26, 10, 16, 22, false],
  russian7: [23, 9, 14, 19, false],
  russian8: [29, 11, 18, 24, false],
  maths4: [18, 6, 10, 14, false],
  maths5: [24, 8, 14, 19, false],
  maths6: [22, 8, 13, 18, false],
  maths7: [20, 7, 12, 16, false],
  maths8: [22, 8, 13, 18, false],
  maths_advanced7: [24, 8, 14, 19, false],
  world4: [26, 8, 15, 22, false],
  history6: [17, 5, 9, 14, false],
  biology6: [22, 9, 14, 19, false],
}

const oge: Readonly<Record<string, Bounds>> = {
  russian: [33, 15, 23, 29, true],
  maths: [31, 8, 15, 22, true],
  social: [37, 14, 24, 32, true],
  geography: [31, 12, 19, 26, true],
  biology: [48, 13, 26, 38, true],
  informatics: [19, 5, 11, 16, true],
}

const ogeSince: Readonly<Record<string, Bounds>> = {
  ...oge,
  russian: [37, 15, 26, 33, true],
  biology: [47, 13, 26, 38, false],
  informatics: [21, 5, 11, 17, false],
}

const row = (
  year: number,
  procedure: Procedure,
  subject: SubjectCode,
  grade: number,
  bounds: Bounds | undefined,
  version: string,
): ScaleRow => {
  if (!bounds) throw new RangeError(`no scale for ${procedure} ${subject} ${grade} ${year}`)
  const [max, from3, from4, from5, known] = bounds
  return { year, procedure, subject, grade, max, from3, from4, from5, kim_version: version, known }
}

export const vprScale = (subject: SubjectCode, grade: number, year: number): ScaleRow => {
  const table = year < breakYear ? vprBefore : vprSince
  const known = table[`${subject}${grade}`]
  const version = year >= breakYear ? '2025' : grade === 8 ? '2023' : '2020'
  return row(year, 'vpr', subject, grade, known, version)
}

export const ogeScale = (subject: SubjectCode, year: number): ScaleRow => {
  const table = year < 2025 ? oge : ogeSince
  const changed = year >= 2025 && ['russian', 'biology', 'informatics'].includes(subject)
  return row(year, 'oge', subject, 9, table[subject], changed ? '2025' : '2023')
}

/** Base maths is the one ЕГЭ exam with marks. */
export const egeBaseScale = (year: number): ScaleRow =>
  row(year, 'ege', 'maths_base', 11, [21, 7, 12, 17, true], '2023')

export interface VprTest {
  readonly subject: SubjectCode
  readonly grade: number
}

/** What is written in a year: Russian and maths in grades 4–8, one more in 4, one in turn in 6. */
export const vprTests = (year: number): readonly VprTest[] => [
  ...[4, 5, 6, 7, 8].flatMap((grade): VprTest[] => [
    { subject: 'russian', grade },
    { subject: 'maths', grade },
  ]),
  { subject: 'world', grade: 4 },
  { subject: year % 2 === 1 ? 'history' : 'biology', grade: 6 },
]

export const ogeSubjects = [
  'russian',
  'maths',
  'social',
  'geography',
  'biology',
  'informatics',
] as const
export const egeSubjects = [
  'russian',
  'maths_profile',
  'maths_base',
  'physics',
  'biology',
  'history',
  'social',
  'informatics',
] as const

/** Every scale of the sample's years, for a parameter file scoped `sample`. */
export const scaleRows = (from: number, to: number): ScaleRow[] => {
  const rows: ScaleRow[] = []
  for (let year = from; year <= to; year += 1) {
    for (const test of vprTests(year)) rows.push(vprScale(test.subject, test.grade, year))
    for (const subject of ogeSubjects) rows.push(ogeScale(subject, year))
    rows.push(egeBaseScale(year))
  }
  return rows
}

export const markOf = (score: number, scale: ScaleRow): number =>
  score >= scale.from5 ? 5 : score >= scale.from4 ? 4 : score >= scale.from3 ? 3 : 2

/** Maximum of each task, in order; they sum to the test's maximum. */
export const taskMaxima = (scale: ScaleRow): readonly number[] => {
  const count = Math.min(20, Math.max(8, Math.round(scale.max / 1.7)))
  const base = Math.floor(scale.max / count)
  const extra = scale.max - base * count
  return Array.from({ length: count }, (_, i) =>
    Math.floor(((i + 1) * extra) / count) > Math.floor((i * extra) / count) ? base + 1 : base,
  )
}

/** Names of tasks as printed: `1`, `2.1`, `2.2`, `3К1`…, always one for each maximum. */
export const taskCodes = (scale: ScaleRow): readonly string[] => {
  const count = taskMaxima(scale).length
  const codes: string[] = []
  let task = 1
  while (codes.length < count) {
    const left = count - codes.length
    if (scale.subject === 'russian' && task === 1 && left >= 3) codes.push('1К1', '1К2', '1К3')
    else if (task % 4 === 0 && left >= 2) codes.push(`${task}.1`, `${task}.2`)
    else codes.push(String(task))
    task += 1
  }
  return codes
}

/** Level of difficulty of each task: базовый for the first three quarters, then повышенный. */
export const taskLevels = (scale: ScaleRow): readonly ('Б' | 'П')[] => {
  const count = taskMaxima(scale).length
  return Array.from({ length: count }, (_, i) => (i < count * 0.72 ? 'Б' : 'П'))
}
