import { random } from '../../transforms/methods/statistics/random.ts'
import { decimal, markdownTable } from './russian.ts'
import type { PredictionStudy } from './shrinkage.ts'
import { SEED, SIZES, seedOf } from './study.ts'

export interface PredictionRow {
  readonly label: string
  readonly cells: readonly {
    readonly size: number
    readonly raw: number
    readonly shrunk: number
  }[]
}

/** Root mean square errors of raw and shrunk values over regions. */
export const runPrediction = (study: PredictionStudy, scale = 1): PredictionRow => ({
  label: study.label,
  cells: SIZES.map((size) => {
    const source = random(seedOf(`${study.key}/${study.label}/${size}`))
    let raw = 0
    let shrunk = 0
    let of = 0
    for (let i = 0; i < Math.max(1, Math.round(study.draws * scale)); i++) {
      const part = study.draw(size, source)
      raw += part.raw
      shrunk += part.shrunk
      of += part.of
    }
    return { size, raw: Math.sqrt(raw / of), shrunk: Math.sqrt(shrunk / of) }
  }),
})

/** Errors of raw and shrunk values as Markdown; the share is what is left of the error. */
export const predictionTable = (rows: readonly PredictionRow[], version: string): string => {
  const gains = rows.flatMap(({ cells }) => cells.map(({ raw, shrunk }) => shrunk / raw))
  const worse = gains.filter((gain) => gain > 1).length
  const digits = (value: number): number => (value < 1 ? 3 : 2)
  const table = markdownTable([
    ['Ошибка вне выборки: сырая → сжатая (во сколько раз)', ...SIZES.map((size) => `n = ${size}`)],
    ...rows.map(({ label, cells }) => [
      label,
      ...cells.map(
        ({ raw, shrunk }) =>
          `${decimal(raw, digits(raw))} → ${decimal(shrunk, digits(shrunk))} (×${decimal(shrunk / raw, 2)})${shrunk > raw ? ' ▼' : ''}`,
      ),
    ]),
  ])
  return [
    table,
    '',
    `Версия метода \`${version}\`; корень из среднего квадрата отличия от истинного уровня, который в оценке не участвовал; начальное число ${SEED}.`,
    '',
    worse === 0
      ? 'Сжатая оценка ни в одном случае не хуже сырой.'
      : `**Сжатая оценка хуже сырой в ${worse} из ${gains.length} случаев (▼)**: там берётся сырая.`,
  ].join('\n')
}
