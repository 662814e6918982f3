import { insteadText } from './instead.ts'
import { decimal, markdownTable, percent, whole } from './russian.ts'
import { DRAWS, SEED, type CoverageCell, type CoverageRow, type CoverageStudy } from './study.ts'

/** The band in which a 95 % interval is said to hold what it promises. */
export const BAND = { lo: 0.94, hi: 0.96 } as const
const SHOWN_UNANSWERED = 0.005

/** How a cell stands to the band: below it the interval promises too much, above it too little. */
export const verdictOf = (coverage: number | undefined): 'none' | 'short' | 'right' | 'wide' =>
  coverage === undefined
    ? 'none'
    : coverage < BAND.lo
      ? 'short'
      : coverage > BAND.hi
        ? 'wide'
        : 'right'

const MARKS = { none: '', short: ' ▼', right: '', wide: ' ▲' } as const

const cellText = ({ coverage, unanswered }: CoverageCell): string => {
  if (coverage === undefined) return '—'
  const without = unanswered >= SHOWN_UNANSWERED ? `; без ответа ${percent(unanswered, 0)}` : ''
  return `${percent(coverage)}${MARKS[verdictOf(coverage)]}${without}`
}

const rangeOf = (values: readonly number[]): string => {
  const least = Math.round(Math.min(...values))
  const most = Math.round(Math.max(...values))
  return least === most ? whole(most) : `${whole(least)}–${whole(most)}`
}

/** The largest error of a coverage, in percentage points, where data sets are few. */
const errorOf = (cells: readonly CoverageCell[]): string => {
  const few = cells.filter((cell) => cell.draws < DRAWS)
  if (few.length === 0) return ''
  const points = Math.ceil(1000 * Math.max(...few.map(({ error }) => error))) / 10
  return ` (где их меньше ${whole(DRAWS)}, покрытие известно до ±${decimal(points, 1)} п. п.)`
}

/** «выборок в клетке: 10 000», or how many data sets gave how many intervals, where one gives several. */
const countsOf = (rows: readonly CoverageRow[]): string => {
  const cells = rows.flatMap((row) => row.cells).filter(({ coverage }) => coverage !== undefined)
  const draws = rangeOf(cells.map((cell) => cell.draws))
  const intervals = rangeOf(cells.map((cell) => cell.intervals / (1 - cell.unanswered || 1)))
  return draws === intervals
    ? `независимых выборок в клетке: ${draws}${errorOf(cells)}`
    : `независимых наборов данных в клетке: ${draws}, интервалов в них: ${intervals}${errorOf(cells)}`
}

/** The coverage of one method as Markdown: table, what the marks mean, what misses and what is used instead. */
export const coverageTable = (
  study: CoverageStudy,
  rows: readonly CoverageRow[],
  version: string,
): string => {
  const own = rows.filter(({ isComparison }) => !isComparison)
  const verdicts = own.flatMap(({ cells }) => cells.map(({ coverage }) => verdictOf(coverage)))
  const short = verdicts.filter((verdict) => verdict === 'short').length
  const wide = verdicts.filter((verdict) => verdict === 'wide').length
  const judged = verdicts.filter((verdict) => verdict !== 'none').length
  const worst = Math.min(...own.flatMap(({ cells }) => cells.map(({ coverage }) => coverage ?? 1)))
  const table = markdownTable([
    [`Покрытие 95 % интервала; n — ${study.counts}`, ...study.sizes.map((size) => `n = ${size}`)],
    ...rows.map(({ label, cells }) => [label, ...cells.map(cellText)]),
  ])
  const verdict =
    short + wide === 0
      ? 'Покрытие во всех случаях внутри 94–96 %.'
      : `**Вне 94–96 %: ${short + wide} из ${judged}** (▼ накрывает реже — ${short}, худшее ${percent(worst)}; ▲ чаще — ${wide}). ${insteadText(study)}`
  return [
    table,
    '',
    `Версия метода \`${version}\`; ${countsOf(rows)}; начальное число ${SEED}.`,
    '',
    verdict,
  ].join('\n')
}
