import { insteadText } from '../instead.ts'
import { versionOf } from '../method_version.ts'
import { markdownTable, percent } from '../russian.ts'
import { SEED } from '../study.ts'
import {
  MARKER_SIZES,
  TARGET,
  type MarkerCell,
  type MarkerStudy,
  type Quality,
} from './marker_study.ts'
import { PLANTED, SCHOOLS } from './region.ts'

export const meetsTarget = ({ power, falseShare }: Quality): boolean =>
  power >= TARGET.power && falseShare <= TARGET.falseShare

const qualityText = (quality: Quality | undefined, computable: number): string => {
  if (computable === 0 || quality === undefined) return '—'
  const { power, falseShare } = quality
  const weak = power < TARGET.power ? ' ▼' : ''
  const loose = falseShare > TARGET.falseShare ? ' ▲' : ''
  return `${percent(power, 0)}${weak} / ${percent(falseShare)}${loose}`
}

/** Power and false discoveries of one marker as Markdown, with what misses and what is done instead. */
export const markerTable = (
  study: MarkerStudy,
  cells: readonly MarkerCell[],
  regions: number,
): string => {
  const hasTest = cells.some(({ controlled }) => controlled !== undefined)
  const used = cells.map((cell) => ({ ...cell, quality: cell.controlled ?? cell.rule }))
  const missed = used.filter(({ quality, computable }) => computable === 0 || !meetsTarget(quality))
  const table = markdownTable([
    [
      'Найдено подстроенных школ / честных среди отмеченных',
      ...MARKER_SIZES.map((size) => `n = ${size}`),
    ],
    ['правило признака', ...cells.map(({ rule, computable }) => qualityText(rule, computable))],
    ...(hasTest
      ? [
          [
            'правило и поправка на множественность, q = 0,05',
            ...cells.map(({ controlled, computable }) => qualityText(controlled, computable)),
          ],
        ]
      : []),
    ['признак вычислим', ...cells.map(({ computable }) => percent(computable, 0))],
  ])
  return [
    table,
    '',
    `Механизм: ${study.mechanism.name}; ${study.setting}. Версия \`${versionOf(study.marker)}\`; областей ${regions}, в каждой школ ${SCHOOLS}, из них с механизмом ${PLANTED}; n — учеников в параллели школы; начальное число ${SEED}.`,
    '',
    missed.length === 0
      ? 'Мощность не ниже 80 %, ложных среди отмеченных не больше 5 % при всех n.'
      : `**Не достигнуто (мощность ≥ 80 % при доле ложных ≤ 5 %): n = ${missed.map(({ size }) => size).join(', ')}** (▼ мощность ниже, ▲ ложных больше). ${insteadText(study)}`,
  ].join('\n')
}
