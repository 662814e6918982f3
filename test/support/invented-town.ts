import type { Cell } from '../../reports/structure.ts'

export type Row = Record<string, Cell>

/** A small seeded generator (mulberry32): the same edition every time. */
export const generator = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

export interface School {
  readonly key: string
  readonly name: string
  readonly pupils: number
  readonly rural: boolean
  readonly type: string
  readonly cluster: number
  readonly level: number
  readonly drift: number
}

export const indicators = [
  ['pass_rate', 'Успеваемость', 'higher', 'Доля участников с отметкой 3 и выше.', 0.91],
  ['quality_rate', 'Качество обученности', 'higher', 'Доля участников с отметкой 4 или 5.', 0.52],
  ['mark2_share', 'Доля «двоек»', 'lower', 'Доля участников с отметкой 2.', 0.09],
  [
    'journal_lowered_share',
    'Доля понизивших отметку',
    'lower',
    'Доля участников, чья отметка за ВПР ниже отметки в журнале.',
    0.24,
  ],
] as const

export const procedures = [
  ['vpr', 'ВПР', 'russian', 'Русский язык', 'all'],
  ['vpr', 'ВПР', 'mathematics', 'Математика', 'all'],
  ['vpr', 'ВПР', 'mathematics', 'Математика', '8'],
  ['oge', 'ОГЭ', 'russian', 'Русский язык', 'all'],
] as const

export const years = [2023, 2024, 2025, 2026]
export const yearLabel = (year: number): string => `${String(year - 1)}/${String(year).slice(2)}`
export const clusterNames = ['Крупные городские', 'Средние городские', 'Малые сельские']

export const makeSchools = (random: () => number, count: number): School[] =>
  Array.from({ length: count }, (_, at) => {
    const rural = at % 3 === 2
    const pupils = rural ? Math.round(40 + random() * 190) : Math.round(250 + random() * 950)
    const special = at === 0 ? 'лицей' : at === 1 ? 'гимназия' : ''
    return {
      key: `s${String(at + 1).padStart(3, '0')}`,
      name: special
        ? `${special === 'лицей' ? 'Лицей' : 'Гимназия'} № ${String(at + 1)}`
        : `Школа № ${String(at + 1)}`,
      pupils,
      rural,
      type: special || (pupils < 120 ? 'основная школа' : 'средняя школа'),
      cluster: rural ? 2 : pupils > 700 ? 0 : 1,
      level: (random() - 0.5) * 0.5 + (special ? 0.08 : 0),
      drift: at === 6 || at === 11 ? 0.12 : at === 8 || at === 19 ? -0.12 : 0,
    }
  })
