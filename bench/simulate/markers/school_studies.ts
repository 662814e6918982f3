import {
  agreeing,
  apart,
  identical,
  inverted,
  lowered,
  missing,
  piledUp,
  type Detector,
} from './detectors.ts'
import type { MarkerStudy } from './marker_study.ts'
import {
  absence,
  boundary,
  copying,
  correction,
  inflation,
  journalCopy,
  makeRegion,
  type Mechanism,
} from './region.ts'
import { wideRegion } from './wide_region.ts'

/** Spread of the teachers' own strictness between honest schools, in standard deviations of ability. */
const STRICTNESS = 0.15

const inRegion = (
  mechanism: Mechanism,
  detect: Detector,
  strictness = STRICTNESS,
): Pick<MarkerStudy, 'mechanism' | 'setting' | 'draw'> => ({
  mechanism,
  setting: `строгость учителей ${strictness === 0 ? 'везде одна' : 'у школ разная'}`,
  draw: (n, source) => {
    const region = makeRegion(n, mechanism, strictness, source)
    return { planted: region.map(({ planted }) => planted), findings: detect(region) }
  },
})

export const schoolStudies: readonly MarkerStudy[] = [
  {
    key: 'marker_o1',
    marker: 'O1',
    title: 'завышение отметок в журнале',
    ...inRegion(inflation, lowered),
    regions: 200,
    instead:
      'С поправкой ложных почти нет, но там, где честные учителя строги по-разному, завышение тонет в этой разнице: мощность мала даже в больших школах. Первая строка остаётся списком «посмотреть»; вывод делают O2 и ряды, сложенные по классам предмета и за три года, а работу проверяют O4 и O12. Признак говорит об отметках школы, а не о ВПР.',
  },
  {
    key: 'marker_o1_same',
    marker: 'O1',
    title: 'завышение отметок в журнале, учителя везде одинаково строги',
    ...inRegion(inflation, lowered, 0),
    regions: 200,
    instead:
      'Где строгость одна, признак находит завышение с n = 100; в малых параллелях мощность мала, и ряды складываются по классам предмета.',
  },
  {
    key: 'marker_o2',
    marker: 'O2',
    title: 'расхождение на две отметки и более',
    ...inRegion(inflation, apart),
    regions: 200,
    instead:
      'Порог 5 % сам по себе отмечает честные школы случайно; признак стоит, только если его держит и поправка Бенджамини — Хохберга. Малые доли событий видны лишь в больших рядах, поэтому вес признака в ИНО 0,5 и первым читается O1.',
  },
  {
    key: 'marker_o1p',
    marker: 'O1p',
    title: 'слишком хорошее согласие с журналом (O1′)',
    ...inRegion(journalCopy, agreeing),
    regions: 200,
    instead:
      'В малых классах полное согласие бывает случайно и порог p < 0,01 его не отличает: признак считается от 20 работ и складывается по предметам.',
  },
  {
    key: 'marker_o7',
    marker: 'O7',
    title: 'сгущение у границы отметки',
    ...inRegion(boundary, piledUp),
    regions: 100,
    instead:
      'До 50 работ печатается «приблизительно» и признак не ставится; малые параллели складываются по классам предмета (строка «all»), а по муниципалитету считается O7m.',
  },
  {
    key: 'marker_o8',
    marker: 'O8',
    title: 'лёгкие задания хуже, трудные лучше',
    ...inRegion(correction, inverted),
    regions: 40,
    instead:
      'В рядах около 25 работ мощность чуть ниже цели: они складываются по классам. Признак требует E < 0 и H > 0 одновременно, поэтому видит вмешательство только в слабой школе; где исправлено всё подряд, его заменяют O3 (слишком высокое среднее) и O4 (не подтверждено ГИА).',
  },
  {
    key: 'marker_o10',
    marker: 'O10',
    title: 'одинаковые работы',
    ...inRegion(copying, identical),
    regions: 40,
    instead:
      'Считается от 15 работ одного варианта; меньше — признак не вычислим и в ИНО не входит. Списывание части заданий он не видит.',
  },
  {
    key: 'marker_o10_wide',
    marker: 'O10',
    title: 'одинаковые работы, короткий вариант и разная подготовка',
    mechanism: copying,
    setting:
      'вариант из 12 заданий по баллу, способности N(0,5; 1,5²) в логитах: четверть честных работ совпадает сама собой; все ученики пишут один вариант',
    draw: wideRegion,
    regions: 40,
    instead:
      'Где честные работы и без того часто совпадают, списывание правдоподобных работ от совпадений почти неотличимо: признак молчит, а не обвиняет. В короткой работе из заданий по баллу его отсутствие ни о чём не говорит; смотрят O4 и O12.',
  },
  {
    key: 'marker_o11',
    marker: 'O11',
    title: 'не пришли слабые',
    ...inRegion(absence, missing),
    regions: 200,
    instead:
      'Это правило, а не критерий: в малых школах один-два болеющих дают участие ниже 90 %. Поэтому вес признака 0,5, поправки на множественность у него нет, и список сверяется с причинами отсутствия.',
  },
]
