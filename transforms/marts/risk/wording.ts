import type { Zone, ZoneRule } from '../../methods/education/risk_zone.ts'
import { russianNumber, sizeText, type ValueUnit } from '../../methods/education/wording.ts'
import type { Judged } from './judge.ts'

export const zoneLabels: Readonly<Record<Zone, string>> = {
  red: 'красная зона',
  yellow: 'жёлтая зона',
  watch: 'под наблюдением',
  green: 'в пределах ожидаемого',
  grey: 'мало данных',
}
const ruleLabels: Readonly<Record<ZoneRule, string>> = {
  norm: 'утверждённая норма',
  funnel: 'среднее по муниципалитету, воронка',
  exact: 'среднее по муниципалитету, точные пределы',
  leave_one_out: 'среднее по остальным школам муниципалитета',
  none: 'вывода нет',
}

export const labelOf = ({ judgement, target }: Judged): string =>
  judgement.rule === 'none' || judgement.rule === 'norm'
    ? ruleLabels[judgement.rule]
    : target === 'region'
      ? 'среднее по региону: школ муниципалитета мало'
      : target === 'country'
        ? 'среднее по стране: школ муниципалитета мало'
        : ruleLabels[judgement.rule]

const targetNames = {
  norm: ['нормы', 'на уровне нормы'],
  municipality: ['среднего по муниципалитету', 'на уровне среднего по муниципалитету'],
  others: ['среднего по остальным школам', 'на уровне среднего по остальным школам'],
  region: ['среднего по региону', 'на уровне среднего по региону'],
  country: ['среднего по стране', 'на уровне среднего по стране'],
} as const

export const reasonOf = (
  { value, judgement, target, document }: Judged,
  shown: {
    readonly unit: ValueUnit
    readonly decimals: number
    readonly isRepeated: boolean
    readonly isWatched: boolean
    readonly minimumN: number
  },
): string => {
  const { unit, decimals } = shown
  if (judgement.reason === 'few pupils' && value.n !== null)
    return `n = ${russianNumber(value.n, 0)}: меньше ${russianNumber(shown.minimumN, 0)}, вывод не делается`
  if (judgement.reason === 'no interval' || judgement.target === null)
    return judgement.reason === 'few peers'
      ? 'слишком мало школ с данными, сравнить не с чем'
      : 'интервал не вычислим, вывод не делается'
  const gap = value.value - judgement.target
  const [name, level] = targetNames[target]
  const size = sizeText(gap, unit, decimals)
  const place = /[1-9]/.test(size) ? `${gap < 0 ? 'ниже' : 'выше'} ${name} на ${size}` : level
  const repeated = shown.isRepeated ? '; второй год подряд за границей' : ''
  const watched = shown.isWatched ? '; снижение за последние годы' : ''
  return `${place}${repeated}${watched}${document === '' ? '' : `; ${document}`}`
}
