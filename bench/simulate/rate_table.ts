import { insteadText } from './instead.ts'
import type { Aim, RateCell, RateRow, RateStudy } from './rate_study.ts'
import { markdownTable, percent, whole } from './russian.ts'
import { SEED } from './study.ts'

/** Three standard errors of 10,000 draws of a rate of 5 %: a rate nearer to its aim is not told from it. */
const SLACK = 0.0066

export const meetsAim = (rate: number, aim: Aim): boolean =>
  aim === 'comparison' || ('most' in aim ? rate <= aim.most + SLACK : rate >= aim.least - SLACK)

const cellText = ({ rate }: RateCell, aim: Aim): string => {
  if (rate === undefined) return '—'
  const mark = meetsAim(rate, aim) || aim === 'comparison' ? '' : 'most' in aim ? ' ▲' : ' ▼'
  return `${percent(rate)}${mark}`
}

const aimText = (aim: Aim): string =>
  aim === 'comparison'
    ? '—'
    : 'most' in aim
      ? `не больше ${percent(aim.most, 0)}`
      : `не меньше ${percent(aim.least, 0)}`

/** The rates of one method as Markdown, with what misses its aim and what is used instead. */
export const rateTable = (study: RateStudy, rows: readonly RateRow[], version: string): string => {
  const judged = rows.flatMap(({ aim, cells }) =>
    aim === 'comparison'
      ? []
      : cells.flatMap(({ rate }) => (rate === undefined ? [] : [meetsAim(rate, aim)])),
  )
  const missed = judged.filter((isMet) => !isMet).length
  const draws = [...new Set(rows.flatMap(({ cells }) => cells.map((cell) => cell.draws)))].sort(
    (a, b) => a - b,
  )
  return [
    markdownTable([
      [
        `Доля; n — ${study.counts}`,
        'должно быть',
        ...study.sizes.map((size) => `n = ${whole(size)}`),
      ],
      ...rows.map(({ label, aim, cells }) => [
        label,
        aimText(aim),
        ...cells.map((cell) => cellText(cell, aim)),
      ]),
    ]),
    '',
    `Версия метода \`${version}\`; независимых наборов данных в клетке: ${draws.map(whole).join('–')}; начальное число ${SEED}.`,
    '',
    missed === 0
      ? 'Все доли там, где должны быть.'
      : `**Не достигнуто: ${missed} из ${judged.length}** (▲ больше должного, ▼ меньше). ${insteadText(study)}`,
  ].join('\n')
}
