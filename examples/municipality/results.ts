import { cutsOf, egeFederal, federalShares, type Cuts } from './federal.ts'
import { Random } from './random.ts'
import {
  egeBaseScale,
  markOf,
  ogeScale,
  taskMaxima,
  vprScale,
  vprTests,
  type ScaleRow,
  type SubjectCode,
  type VprTest,
} from './scales.ts'
import type { School } from './schools.ts'
import type { Enrolment, Talent, World } from './world.ts'

export interface VprResult {
  readonly enrolment: Enrolment
  readonly variant: 1 | 2
  readonly tasks: readonly number[]
  readonly primary: number
  readonly mark: number
  /** Null where the school gave no mark. */
  readonly journal: number | null
}

export interface VprCell {
  readonly year: number
  readonly subject: SubjectCode
  readonly grade: number
  readonly scale: ScaleRow
  readonly results: VprResult[]
  /** Where the level is printed beside the subject: «Математика (базовый уровень)». */
  readonly printed?: string
}

export interface ExamResult {
  readonly enrolment: Enrolment
  readonly subject: SubjectCode
  readonly period: 'main' | 'reserve' | 'september'
  readonly short: readonly number[]
  readonly long: readonly { readonly score: number; readonly max: number }[]
  readonly primary: number
  /** Mark for ОГЭ and base maths, test score for other ЕГЭ. */
  readonly final: number
}

const talentOf: Readonly<Record<SubjectCode, Talent>> = {
  russian: 'language',
  maths: 'maths',
  maths_advanced: 'maths',
  maths_profile: 'maths',
  maths_base: 'maths',
  physics: 'maths',
  informatics: 'maths',
  world: 'nature',
  biology: 'nature',
  geography: 'nature',
  history: 'society',
  social: 'society',
}

/** Standing of a pupil on a test, in standard deviations of the country. */
const standing = (enrolment: Enrolment, subject: SubjectCode, random: Random): number =>
  enrolment.level +
  0.95 *
    (Math.sqrt(0.6) * enrolment.pupil.ability +
      Math.sqrt(0.22) * enrolment.pupil.talent[talentOf[subject]] +
      Math.sqrt(0.18) * random.normal())

/**
 * A smooth rising map from standing to primary score that passes the mark boundaries exactly where
 * the country's shares put them (monotone cubic, Fritsch–Carlson).
 */
export const scoreMap = (scale: ScaleRow, cuts: Cuts): ((standing: number) => number) => {
  const xs = [Math.min(cuts[0] - 1.3, -3.1), ...cuts, Math.max(cuts[2] + 1.1, 2.7)]
  const ys = [0, scale.from3 - 0.5, scale.from4 - 0.5, scale.from5 - 0.5, scale.max]
  const width = xs.slice(1).map((x, i) => x - (xs[i] ?? 0))
  const slope = ys.slice(1).map((y, i) => (y - (ys[i] ?? 0)) / (width[i] ?? 1))
  const tangent = ys.map((_, i) => {
    const before = slope[i - 1]
    const after = slope[i]
    if (before === undefined || after === undefined) return before ?? after ?? 0
    const w1 = 2 * (width[i] ?? 1) + (width[i - 1] ?? 1)
    const w2 = (width[i] ?? 1) + 2 * (width[i - 1] ?? 1)
    return (w1 + w2) / (w1 / before + w2 / after)
  })
  return (at) => {
    let i = 0
    while (i < 3 && at >= (xs[i + 1] ?? 0)) i += 1
    const [x0 = 0, h = 1, y0 = 0, y1 = 0, m0 = 0, m1 = 0] = [
      xs[i],
      width[i],
      ys[i],
      ys[i + 1],
      tangent[i],
      tangent[i + 1],
    ]
    const t = Math.max(0, Math.min(1, (at - x0) / h))
    const t2 = t * t
    const t3 = t2 * t
    const y =
      (2 * t3 - 3 * t2 + 1) * y0 +
      (t3 - 2 * t2 + t) * h * m0 +
      (-2 * t3 + 3 * t2) * y1 +
      (t3 - t2) * h * m1
    return Math.max(0, Math.min(scale.max, Math.floor(y + 0.5)))
  }
}

/** Spread a primary score over tasks: easy ones come first and are solved more often. */
const spreadOverTasks = (score: number, maxima: readonly number[], random: Random): number[] => {
  const total = maxima.reduce((sum, max) => sum + max, 0)
  const ability = Math.log((score + 0.5) / (total - score + 0.5))
  let sum = 0
  const tasks = maxima.map((max, i) => {
    const share = 1 / (1 + Math.exp(-(ability + 1 - (2 * (i + 0.5)) / maxima.length)))
    let got = 0
    for (let point = 0; point < max; point += 1) if (random.uniform() < share) got += 1
    sum += got
    return got
  })
  while (sum !== score) {
    const i = random.integer(0, maxima.length - 1)
    const had = tasks[i] ?? 0
    if (sum < score && had < (maxima[i] ?? 0)) {
      tasks[i] = had + 1
      sum += 1
    } else if (sum > score && had > 0) {
      tasks[i] = had - 1
      sum -= 1
    }
  }
  return tasks
}

/** Subjects and boundaries at which a planted school lifts scores, in every grade and year. */
export const boundaryPlant = (
  school: School,
): { readonly subject: SubjectCode; readonly mark: 4 | 5 } | undefined =>
  school.plant !== 'boundary'
    ? undefined
    : school.group === 'city_favourable'
      ? { subject: 'russian', mark: 4 }
      : { subject: 'maths', mark: 4 }

const lifted = (score: number, boundary: number, random: Random): number => {
  const short = boundary - score
  if (short < 1 || short > 2 || !random.chance(0.85)) return score
  return random.chance(0.8) ? boundary : boundary + 1
}

const journalMark = (mark: number, generous: boolean, random: Random): number | null => {
  const draw = random.uniform()
  if (random.chance(0.015)) return null
  if (generous) return Math.min(5, mark + (draw < 0.08 ? 2 : draw < 0.62 ? 1 : 0))
  const up = mark === 2 ? 0.3 : 0.22
  return draw < up
    ? Math.min(5, mark + 1)
    : draw > 0.91
      ? Math.max(mark === 2 ? 2 : 3, mark - 1)
      : mark
}

const enrolled = (world: World, year: number): readonly Enrolment[] =>
  world.enrolments.get(year) ?? []

/** What pupils write in a subject, grade and year; now and then one is absent. */
export const vprCell = (
  seed: number,
  year: number,
  { subject, grade }: VprTest,
  pupils: readonly Enrolment[],
): VprCell => {
  const random = new Random(seed, 'vpr', year, subject, grade)
  const scale = vprScale(subject, grade, year)
  const score = scoreMap(scale, cutsOf(federalShares('vpr', subject, grade, year)))
  const maxima = taskMaxima(scale)
  const results: VprResult[] = []
  for (const enrolment of pupils) {
    if (enrolment.grade !== grade) continue
    let primary = score(standing(enrolment, subject, random))
    const plant = boundaryPlant(enrolment.school)
    if (plant?.subject === subject) {
      primary = lifted(primary, plant.mark === 4 ? scale.from4 : scale.from5, random)
    }
    const tasks = spreadOverTasks(primary, maxima, random)
    const mark = markOf(primary, scale)
    const journal = journalMark(mark, enrolment.school.plant === 'journal', random)
    const variant = random.chance(0.5) ? 1 : 2
    if (random.chance(0.045)) continue
    results.push({ enrolment, variant, tasks, primary, mark, journal })
  }
  return { year, subject, grade, scale, results }
}

/** Every ВПР of the world, one cell for each subject, grade and year. */
export const vprCells = (world: World): VprCell[] =>
  world.years.flatMap((year) => {
    const everyone = enrolled(world, year)
    return vprTests(year).map((test) => vprCell(world.seed, year, test, everyone))
  })

const examOf = (
  enrolment: Enrolment,
  subject: SubjectCode,
  period: ExamResult['period'],
  primary: number,
  max: number,
  final: number,
  random: Random,
): ExamResult => {
  const longMaxima = max >= 45 ? [3, 3, 3, 4, 5] : max >= 30 ? [2, 2, 3, 4] : [2, 3]
  const longSum = longMaxima.reduce((sum, m) => sum + m, 0)
  const shortMaxima = Array.from({ length: max - longSum }, () => 1)
  const tasks = spreadOverTasks(primary, [...shortMaxima, ...longMaxima], random)
  return {
    enrolment,
    subject,
    period,
    short: tasks.slice(0, shortMaxima.length),
    long: tasks.slice(shortMaxima.length).map((score, i) => ({ score, max: longMaxima[i] ?? 0 })),
    primary,
    final,
  }
}

/** ОГЭ of a year: Russian, maths and two by choice; reserve days and September among the attempts. */
export const ogeResults = (world: World, year: number): ExamResult[] => {
  const random = new Random(world.seed, 'oge', year)
  const maps = new Map<SubjectCode, (standing: number) => number>()
  const results: ExamResult[] = []
  const sit = (
    enrolment: Enrolment,
    subject: SubjectCode,
    period: ExamResult['period'],
    gain: number,
  ) => {
    const scale = ogeScale(subject, year)
    let score = maps.get(subject)
    if (!score)
      maps.set(subject, (score = scoreMap(scale, cutsOf(federalShares('oge', subject, 9, year)))))
    const primary = score(standing(enrolment, subject, random) + gain)
    const mark = markOf(primary, scale)
    results.push(examOf(enrolment, subject, period, primary, scale.max, mark, random))
    return mark
  }
  for (const enrolment of enrolled(world, year)) {
    if (enrolment.grade !== 9) continue
    const choice = random.shuffle([
      'social',
      'social',
      'geography',
      'biology',
      'informatics',
    ] as const)
    const pair = [...new Set(choice)].slice(0, 2)
    for (const subject of ['russian', 'maths', ...pair] as const) {
      const period = random.chance(0.012) ? 'reserve' : 'main'
      const mark = sit(enrolment, subject, period, 0)
      if (mark === 2 && (subject === 'russian' || subject === 'maths'))
        sit(enrolment, subject, 'september', 0.5)
    }
  }
  return results
}

const egeMinimum: Readonly<
  Partial<Record<SubjectCode, readonly [test: number, primary: number, max: number]>>
> = {
  russian: [24, 10, 50],
  maths_profile: [27, 5, 32],
  physics: [36, 8, 45],
  biology: [36, 12, 57],
  history: [32, 9, 42],
  social: [42, 20, 58],
  informatics: [40, 6, 29],
}

/** Primary score → test score; invented, straight on both sides of the minimum. */
const testScore = (primary: number, subject: SubjectCode): number => {
  const [test, low, max] = egeMinimum[subject] ?? [36, 10, 50]
  return primary <= low
    ? Math.round((test * primary) / low)
    : Math.round(test + ((100 - test) * (primary - low)) / (max - low))
}

/** ЕГЭ of a year: Russian, base or profile maths, one or two by choice. */
export const egeResults = (world: World, year: number): ExamResult[] => {
  const random = new Random(world.seed, 'ege', year)
  const base = egeBaseScale(year)
  const baseMap = scoreMap(base, cutsOf(federalShares('ege', 'maths_base', 11, year)))
  const results: ExamResult[] = []
  for (const enrolment of enrolled(world, year)) {
    if (enrolment.grade !== 11) continue
    // Those who stay for grade 11 stand above their cohort; the country's mean is that of stayers.
    const stand = (subject: SubjectCode) => (standing(enrolment, subject, random) - 0.62) / 0.85
    const exact = random.chance(0.5 + 0.12 * enrolment.pupil.talent.maths)
    const chosen: SubjectCode[] = exact
      ? ['maths_profile', random.chance(0.5) ? 'physics' : 'informatics']
      : ['maths_base', ...(random.chance(0.5) ? (['social'] as const) : [])]
    if (!exact) chosen.push(random.chance(0.55) ? 'biology' : 'history')
    for (const subject of ['russian', ...chosen] as const) {
      const at = stand(subject)
      if (subject === 'maths_base') {
        const primary = baseMap(at)
        results.push(
          examOf(enrolment, subject, 'main', primary, base.max, markOf(primary, base), random),
        )
        continue
      }
      const { mean, sd } = egeFederal(subject, year)
      const wanted = Math.max(0, Math.min(100, mean + sd * at))
      const max = egeMinimum[subject]?.[2] ?? 50
      let primary = 0
      while (primary < max && testScore(primary + 1, subject) <= wanted) primary += 1
      results.push(
        examOf(enrolment, subject, 'main', primary, max, testScore(primary, subject), random),
      )
    }
  }
  return results
}
