import type { Columns } from '../transforms/contract/column.ts'
import type { ParameterRow } from '../transforms/contract/parameter.ts'

type Row = ParameterRow<Columns>

/** Of rows of one grain the narrower scope stands, then the later first day, then the one said last. */
export const isOver = (row: Row, other: Row): boolean => rank(row) >= rank(other)
const rank = ({ scope, valid_from }: Row): string =>
  `${scope === 'all' ? '0' : '1'} ${valid_from ?? ''}`

/** Whether a row is in force on a day, ISO. */
export const holdsOn = ({ valid_from, valid_to }: Row, day: string): boolean =>
  (valid_from === null || valid_from <= day) && (valid_to === null || valid_to >= day)

/**
 * Rows of one grain, cut so that each school year has the one that stands in it: what is in force on its last day, 31 August. Validity is
 * rewritten where another row stands over a part of it.
 */
export const standingByYear = (rows: readonly Row[]): readonly Row[] => {
  const ends = rows.flatMap(({ valid_from, valid_to }) => [
    ...(valid_from === null ? [] : [firstYear(valid_from)]),
    ...(valid_to === null ? [] : [lastYear(valid_to) + 1]),
  ])
  const starts = [-Infinity, ...[...new Set(ends)].sort((a, b) => a - b)]
  const found: { row: Row; from: number; to: number }[] = []
  starts.forEach((from, i) => {
    const to = (starts[i + 1] ?? Infinity) - 1
    const day = lastDay(Number.isFinite(from) ? from : Number.isFinite(to) ? to : 0)
    let best: Row | undefined
    for (const row of rows)
      if (holdsOn(row, day) && (best === undefined || isOver(row, best))) best = row
    const last = found.at(-1)
    if (best === undefined) return
    if (last?.row === best && last.to === from - 1) last.to = to
    else found.push({ row: best, from, to })
  })
  return found.map(({ row, from, to }) => ({
    ...row,
    valid_from:
      row.valid_from !== null && firstYear(row.valid_from) === from
        ? row.valid_from
        : Number.isFinite(from)
          ? `${String(from - 1)}-09-01`
          : null,
    valid_to:
      row.valid_to !== null && lastYear(row.valid_to) === to
        ? row.valid_to
        : Number.isFinite(to)
          ? lastDay(to)
          : null,
  }))
}

const lastDay = (year: number): string => `${String(year).padStart(4, '0')}-08-31`
/** The first school year whose last day is this day or later. */
const firstYear = (day: string): number => {
  const year = Number(day.slice(0, 4))
  return day.slice(5) > '08-31' ? year + 1 : year
}
/** The last school year whose last day is this day or earlier. */
const lastYear = (day: string): number => {
  const year = Number(day.slice(0, 4))
  return day.slice(5) < '08-31' ? year - 1 : year
}
