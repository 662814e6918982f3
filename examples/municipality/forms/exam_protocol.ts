import type { ExamResult } from '../results.ts'
import { subjectOf, type SubjectCode } from '../scales.ts'
import type { School } from '../schools.ts'
import type { Row, Sheet } from '../../../warehouse/workbook.ts'

const letters = ['А', 'Б', 'В', 'Г', 'Д', 'Е', 'Ж', 'З', 'И', 'К']

type Exam = 'oge' | 'ege'

const subjectNames: Readonly<Partial<Record<SubjectCode, string>>> = {
  maths_profile: 'Математика профильная',
  maths_base: 'Математика базовая',
}

const order = [
  'russian',
  'maths',
  'maths_profile',
  'maths_base',
  'physics',
  'biology',
  'history',
  'geography',
  'social',
  'informatics',
] as const

/** Day of an exam, `YYYY.MM.DD`. */
export const examDate = (
  subject: SubjectCode,
  period: ExamResult['period'],
  year: number,
): string => {
  const place = (order as readonly SubjectCode[]).indexOf(subject)
  const [month, day] =
    period === 'september'
      ? ['09', 3 + place]
      : period === 'reserve'
        ? ['06', 20 + (place % 5)]
        : ['06', 1 + place]
  return `${year}.${month}.${String(day).padStart(2, '0')}`
}

export const shortMask = (scores: readonly number[]): string =>
  scores.map((score) => (score === 0 ? '-' : score === 1 ? '+' : String(score))).join('')
export const longMask = (tasks: ExamResult['long']): string =>
  tasks.map(({ score, max }) => `${score}(${max})`).join('')

const ogeHeader = [
  '№',
  'Код ОО',
  'Класс',
  'Код ППЭ',
  'Аудитория',
  'Код участника',
  'Фамилия',
  'Имя',
  'Отчество',
  'Серия',
  'Номер',
  'Задания с кратким ответом',
  'Задания с развёрнутым ответом',
  'Первичный балл',
  'Оценка',
]
const egeHeader = [
  '№',
  'Код ППЭ',
  'Код ОО',
  'Класс',
  'Код ООП',
  'Профиль',
  'Фамилия',
  'Имя',
  'Отчество',
  'Вариант',
  'Код участника',
  '№ бланка',
  'Ответы в краткой форме',
  'Ответы в развернутой форме',
  'Первичный балл',
  'Итоговый балл',
]

/** Code of a participant in the regional system: lasting, unlike that of ФИС ОКО. */
export const participantCode = (result: ExamResult): string =>
  `98${String(1_000_000 + result.enrolment.pupil.id)}`

const station = (school: School): string => String(401 + (school.index % 9))

/** A compact protocol: for each exam a line `NN - Предмет YYYY.MM.DD`, a header, a row a participant. */
export const examProtocol = (exam: Exam, results: readonly ExamResult[], year: number): Sheet => {
  const blocks = new Map<string, ExamResult[]>()
  for (const result of results) {
    const subject = subjectOf(result.subject)
    const name = subjectNames[result.subject] ?? subject.name
    const code = (exam === 'oge' ? subject.oge : subject.ege) ?? '00'
    const title = `${code} - ${name} ${examDate(result.subject, result.period, year)}`
    const block = blocks.get(title)
    if (block) block.push(result)
    else blocks.set(title, [result])
  }
  const rows: Row[] = []
  for (const [title, block] of [...blocks].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (rows.length > 0) rows.push([])
    rows.push([title], exam === 'oge' ? ogeHeader : egeHeader)
    block.forEach((result, i) => {
      const { pupil, school, grade, classNumber } = result.enrolment
      const { surname, name, patronymic } = pupil.person
      const code = participantCode(result)
      const schoolClass = `${grade}${letters[classNumber - 1] ?? classNumber}`
      rows.push(
        exam === 'oge'
          ? [
              i + 1,
              Number(school.code),
              schoolClass,
              station(school),
              String(1 + (i % 14)).padStart(4, '0'),
              code,
              surname,
              name,
              patronymic,
              pupil.documentSeries,
              pupil.documentNumber,
              shortMask(result.short),
              longMask(result.long),
              result.primary,
              result.final,
            ]
          : [
              i + 1,
              station(school),
              Number(school.code),
              schoolClass,
              '11',
              'универсальный',
              surname,
              name,
              patronymic,
              String(301 + (i % 7)),
              code,
              `98${year}${String(100000 + i)}`,
              shortMask(result.short),
              longMask(result.long),
              result.primary,
              result.final,
            ],
      )
    })
  }
  return { name: exam === 'oge' ? 'ОГЭ' : 'ЕГЭ', rows }
}
