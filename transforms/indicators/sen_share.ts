import { defineIndicator } from '../contract/indicator.ts'
import { contextShare } from './estimate/context.ts'
import { ofObservations } from './estimate/of_observations.ts'

export const senShare = defineIndicator(
  import.meta.url,
  {
    catalogue: 'IND-CTX-02',
    title: 'Доля обучающихся с ОВЗ',
    definition: 'Обучающиеся с ОВЗ среди всех обучающихся школы на 20 сентября.',
    formula: 'с ОВЗ / обучающиеся',
    unit: 'share',
    decimals: 1,
    better: 'neither',
    section: 'context',
    direction: 'ctx',
    source: 'ОО-1',
    interval: 'интервал Уилсона, 95 %',
    isSensitive: true,
    version: 1,
  },
  () =>
    ofObservations({
      kind: 'count',
      version: 'sen_share@1',
      observations: contextShare('sen_pupils', 'pupils'),
    }),
)
