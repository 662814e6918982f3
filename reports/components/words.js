// Sentences of the pages that depend on what an edition holds.
import { yearsText } from './format.js'

const present = (value) => value !== null && value !== undefined && value !== ''

/** What the findings of the overview rest on: those of zones and trends, of objectivity and of quality each on their own. */
export const groundsOf = (kinds, whole) =>
  [
    (kinds?.zones || kinds?.trends) &&
      `Выводы о ${[kinds.zones && 'зонах риска', kinds.trends && 'динамике'].filter(Boolean).join(' и ')} проверены на случайность${
        whole
          ? ': у каждого есть число участников и доверительный интервал.'
          : '; число участников и доверительный интервал стоят там, где они есть в данных.'
      }`,
    kinds?.objectivity &&
      'Признаки необъективности держатся каждый на своём критерии с поправкой на число проверок: рядом сказано, что наблюдалось и при каком n, а интервала у них нет.',
    kinds?.quality && 'Замечания о качестве данных — счёт строк, а не оценка.',
  ]
    .filter(Boolean)
    .join(' ')

/** What the picture beside the numbers of an area shows: intervals where some are drawn, the line of comparison where there is one. */
export const pictureOf = (rows) => {
  const has = (column) => rows.some((row) => present(row[column]))
  const region = has('region_text')
  const country = has('country_text')
  return [
    has('lo')
      ? 'Точка и отрезок: значение и его 95-процентный доверительный интервал.'
      : 'Точка: значение; доверительного интервала в данных нет.',
    region && country
      ? 'Пунктир: регион, а где его нет — Россия; нет и её — не проведён.'
      : region || country
        ? `Пунктир: ${region ? 'регион' : 'Россия'}; где таких данных нет, не проведён.`
        : '',
  ]
    .filter(Boolean)
    .join(' ')
}

/** What the small pictures of years show; `low` is the number of pupils below which a point is hollow. */
export const historyLegend = (rows, low) =>
  [
    rows.some((row) => present(row.lo))
      ? `Точка и отрезок: значение и 95-процентный интервал${rows.some((row) => !present(row.lo) && row.tier !== 'limited') ? '; без отрезка: интервала в данных нет' : ''}`
      : 'Точка: значение; интервала в данных нет',
    rows.some((row) => row.tier === 'limited') && `пустая точка: меньше ${low ?? '…'} участников`,
    rows.some((row) => present(row.comparable_from)) &&
      'пунктир: смена работ, через которую линия не ведётся',
  ]
    .filter(Boolean)
    .join('; ') + '.'

/** The title of the page of trends: as many years as the rule compares. */
export const trendTitle = (years) => (years > 0 ? `Динамика за ${yearsText(years)}` : 'Динамика')
