import { defineIndicator } from '../contract/indicator.ts'
import { contextShare } from './estimate/context.ts'
import { ofObservations } from './estimate/of_observations.ts'

export const secondShiftShare = defineIndicator(
  import.meta.url,
  {
    catalogue: 'IND-CTX-05',
    title: 'Доля обучающихся во вторую смену',
    definition: 'Обучающиеся во вторую смену среди всех обучающихся школы на 20 сентября.',
    formula: 'вторая смена / обучающиеся',
    unit: 'share',
    decimals: 1,
    better: 'lower',
    section: 'context',
    direction: 'ctx',
    source: 'ОО-1',
    interval: 'интервал Уилсона, 95 %',
    version: 1,
  },
  () =>
    ofObservations({
      kind: 'count',
      version: 'second_shift_share@1',
      observations: contextShare('second_shift_pupils', 'pupils'),
    }),
)
