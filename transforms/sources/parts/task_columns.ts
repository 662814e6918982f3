import { wholeNumber, type Shape } from '../../contract/shape.ts'
import type { FormRow, RepeatedCell, RowRule } from '../../contract/source.ts'

const points = wholeNumber({ min: 0 })

/** A task's score; X, Latin or Cyrillic, means that the pupil did not attempt it. Canonical: digits or a Latin X. */
export const taskScore: Shape = {
  expected: 'целый балл за задание или X',
  wordless: true,
  parse: (cell) => (/^[xх]$/i.test(cell) ? 'X' : points.parse(cell)),
}

/** One column per task: «1 (2б)», «9.1 (1б)», «4К1 (3б)», «11.3 k1 (2б)». */
export const taskColumns = {
  header: /^\S.*\(\s*\d+\s*б\.?\s*\)$/i,
  shape: taskScore,
  doc: 'балл за задание; максимум стоит в заголовке, сложность — над ним',
} as const

const maxima = new Map<string, number>()
/** The maximum that a header prints; the same headers stand over every row. */
const greatest = ({ header }: RepeatedCell): number => {
  const known = maxima.get(header)
  if (known !== undefined) return known
  const maximum = Number(/\(\s*(\d+)\s*б/i.exec(header)?.[1] ?? Number.POSITIVE_INFINITY)
  if (maxima.size > 10_000) maxima.clear()
  maxima.set(header, maximum)
  return maximum
}
const scored = ({ value }: RepeatedCell): number =>
  value === null || value === 'X' ? 0 : Number(value)
const decimal = (value: number): string => String(value).replace('.', ',')

const absence = /^отсутств/i
/** The pupil did not come: the form says so in place of the variant. */
export const isAbsent = ({ fields }: FormRow): boolean => absence.test(fields['test_form'] ?? '')

/** One pupil, one score: half of a work that is written in two parts is none (DOMAIN §2.11). */
export const bothPartsWritten: RowRule = {
  code: 'one-part-only',
  at: 'second_form',
  broken: (row) => {
    const second = row.fields['second_form'] ?? null
    if (second === null || absence.test(second) === isAbsent(row)) return undefined
    return `работа из двух частей, а написана только ${isAbsent(row) ? 'вторая' : 'первая'}: балла за всю работу нет`
  },
}

const overMaximum = ({ repeated }: FormRow): RepeatedCell | undefined =>
  repeated.find((cell) => scored(cell) > greatest(cell))

export const taskWithinMaximum: RowRule = {
  code: 'task-over-maximum',
  at: overMaximum,
  broken: (row) => {
    const over = overMaximum(row)
    return over && `за задание «${over.header}» поставлено ${decimal(scored(over))}`
  },
}

/** A row whose tasks do not add up to its total is refused (DOMAIN §2.1.2). */
export const tasksAddUp = (total: string, name: string): RowRule => ({
  code: 'tasks-do-not-add-up',
  at: total,
  broken: (row) => {
    const printed = row.fields[total] ?? null
    if (printed === null || row.repeated.length === 0 || isAbsent(row)) return undefined
    if (taskWithinMaximum.broken(row) !== undefined) return undefined
    const sum = row.repeated.reduce((found, cell) => found + scored(cell), 0)
    return Math.abs(sum - Number(printed)) < 0.005
      ? undefined
      : `сумма баллов за задания ${decimal(sum)}, а ${name} ${decimal(Number(printed))}`
  },
})
