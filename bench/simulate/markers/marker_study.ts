import { benjaminiHochberg } from '../../../transforms/methods/statistics/multiple_testing.ts'
import { random } from '../../../transforms/methods/statistics/random.ts'
import { seedOf } from '../study.ts'
import {
  agreeing,
  apart,
  identical,
  inverted,
  lowered,
  missing,
  piledUp,
  type Detector,
  type Finding,
} from './detectors.ts'
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

export interface MarkerStudy {
  /** The section of docs/methods.md. */
  readonly key: string
  readonly marker: string
  readonly version: number
  readonly title: string
  readonly mechanism: Mechanism
  /** Spread of the teachers' own strictness between honest schools, in standard deviations of ability; 0.15 by default. */
  readonly strictness?: number
  readonly detect: Detector
  readonly regions: number
  /** What is done where power or the false share misses, in Russian. */
  readonly instead: string
}

export const MARKER_SIZES: readonly number[] = [25, 50, 100, 200]
export const TARGET = { power: 0.8, falseShare: 0.05 } as const

export const markerStudies: readonly MarkerStudy[] = [
  {
    key: 'marker_o1',
    marker: 'O1',
    version: 1,
    title: 'завышение отметок в журнале',
    mechanism: inflation,
    detect: lowered,
    regions: 200,
    instead:
      'В малых классах признак ставится редко: ряды складываются по параллелям предмета или за три года. Учителя строги по-разному и без умысла, поэтому часть отмеченных — честные школы с мягкой отметкой: признак говорит об отметках школы, а не о ВПР.',
  },
  {
    key: 'marker_o1_same',
    marker: 'O1',
    version: 1,
    title: 'завышение отметок в журнале, учителя везде одинаково строги',
    mechanism: inflation,
    strictness: 0,
    detect: lowered,
    regions: 200,
    instead:
      'Сам критерий долю ложных держит: лишние ложные предыдущей таблицы — от разной строгости учителей. В малых параллелях мощность мала, и ряды складываются по классам предмета.',
  },
  {
    key: 'marker_o2',
    marker: 'O2',
    version: 1,
    title: 'расхождение на две отметки и более',
    mechanism: inflation,
    detect: apart,
    regions: 200,
    instead:
      'Порог 5 % сам по себе отмечает честные школы случайно; признак стоит, только если его держит и поправка Бенджамини — Хохберга. Малые доли событий видны лишь в больших рядах, поэтому вес признака в ИНО 0,5 и первым читается O1.',
  },
  {
    key: 'marker_o1p',
    marker: 'O1p',
    version: 1,
    title: 'слишком хорошее согласие с журналом (O1′)',
    mechanism: journalCopy,
    detect: agreeing,
    regions: 200,
    instead:
      'В малых классах полное согласие бывает случайно и порог p < 0,01 его не отличает: признак считается от 20 работ и складывается по предметам.',
  },
  {
    key: 'marker_o7',
    marker: 'O7',
    version: 1,
    title: 'сгущение у границы отметки',
    mechanism: boundary,
    detect: piledUp,
    regions: 100,
    instead:
      'До 50 работ печатается «приблизительно» и признак не ставится; малые параллели складываются по классам предмета (строка «all»), а по муниципалитету считается O7m.',
  },
  {
    key: 'marker_o8',
    marker: 'O8',
    version: 1,
    title: 'лёгкие задания хуже, трудные лучше',
    mechanism: correction,
    detect: inverted,
    regions: 40,
    instead:
      'В рядах около 25 работ мощность чуть ниже цели: они складываются по классам. Признак требует E < 0 и H > 0 одновременно, поэтому видит вмешательство только в слабой школе; где исправлено всё подряд, его заменяют O3 (слишком высокое среднее) и O4 (не подтверждено ГИА).',
  },
  {
    key: 'marker_o10',
    marker: 'O10',
    version: 1,
    title: 'одинаковые работы',
    mechanism: copying,
    detect: identical,
    regions: 6,
    instead:
      'Считается от 15 работ одного варианта; меньше — признак не вычислим и в ИНО не входит. Списывание части заданий он не видит.',
  },
  {
    key: 'marker_o11',
    marker: 'O11',
    version: 1,
    title: 'не пришли слабые',
    mechanism: absence,
    detect: missing,
    regions: 200,
    instead:
      'Это правило, а не критерий: в малых школах один-два болеющих дают участие ниже 90 %. Поэтому вес признака 0,5, поправки на множественность у него нет, и список сверяется с причинами отсутствия.',
  },
]

/** Share of planted schools found, and of honest ones among those found (0 in a region without any), averaged over regions. */
export interface Quality {
  readonly power: number
  readonly falseShare: number
}
export interface MarkerCell {
  readonly size: number
  readonly rule: Quality
  /** The rule and Benjamini–Hochberg at 0.05 over the schools of the region; absent where the marker has no p. */
  readonly controlled: Quality | undefined
  /** Share of schools where the marker could be computed. */
  readonly computable: number
}

const flagsOf = (
  findings: readonly (Finding | undefined)[],
): { rule: boolean[]; controlled: boolean[] | undefined } => {
  const rule = findings.map((finding) => finding?.isFlagged === true)
  const tested = findings.flatMap((finding, i) =>
    finding?.p === undefined ? [] : [{ i, p: finding.p }],
  )
  if (tested.length === 0) return { rule, controlled: undefined }
  const { rejected } = benjaminiHochberg(
    tested.map(({ p }) => p),
    TARGET.falseShare,
  )
  const stands = new Set(tested.flatMap(({ i }, place) => (rejected[place] === true ? [i] : [])))
  return { rule, controlled: rule.map((isFlagged, i) => isFlagged && stands.has(i)) }
}

class Tally {
  #power = 0
  #falseShare = 0
  #regions = 0
  add(flags: readonly boolean[], planted: readonly boolean[]): void {
    const found = flags.filter(Boolean).length
    const right = flags.filter((flag, i) => flag && planted[i] === true).length
    this.#power += right / planted.filter(Boolean).length
    this.#falseShare += found === 0 ? 0 : (found - right) / found
    this.#regions++
  }
  quality(): Quality | undefined {
    return this.#regions === 0
      ? undefined
      : { power: this.#power / this.#regions, falseShare: this.#falseShare / this.#regions }
  }
}

export const runMarker = (study: MarkerStudy, scale = 1): MarkerCell[] =>
  MARKER_SIZES.map((size) => {
    const source = random(seedOf(`${study.key}/${study.mechanism.key}/${size}`))
    const rule = new Tally()
    const controlled = new Tally()
    let computed = 0
    let schools = 0
    for (let i = 0; i < Math.max(2, Math.round(study.regions * scale)); i++) {
      const region = makeRegion(size, study.mechanism, study.strictness ?? 0.15, source)
      const planted = region.map((school) => school.planted)
      const findings = study.detect(region)
      computed += findings.filter((finding) => finding !== undefined).length
      schools += region.length
      const flags = flagsOf(findings)
      rule.add(flags.rule, planted)
      if (flags.controlled !== undefined) controlled.add(flags.controlled, planted)
    }
    return {
      size,
      rule: rule.quality() ?? { power: 0, falseShare: 0 },
      controlled: controlled.quality(),
      computable: computed / schools,
    }
  })
