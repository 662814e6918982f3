import { binomialTail } from '../statistics/distributions.ts'
import { mean, requireAnswer, requireFinite } from '../statistics/sums.ts'
import { StatisticsError } from '../statistics/errors.ts'
import { atLeast, isAbove, isBelow } from './threshold.ts'

/** Exam of a contender: a test score 0–100. */
export interface MedalExam {
  readonly subject: string
  readonly score: number
  /** Lowest score by order of Rosobrnadzor, and the regional mean. */
  readonly minimum: number
  readonly regionalMean: number
}
export interface MedalContender {
  readonly degree: 1 | 2
  readonly russian: MedalExam
  /** Other subjects with a test score. */
  readonly others: readonly MedalExam[]
  /** Mark of base mathematics, where it was taken; it counts only without another scored subject. */
  readonly baseMark: number | null
}
export interface MedalThreshold {
  readonly russianFrom: number
  readonly secondFrom: number
  readonly baseMarkFrom: number
}
export type MedalThresholds = Readonly<Record<1 | 2, MedalThreshold>>

/** The contender’s exams confirm the medal of the degree (DOMAIN 3.3). */
export const isConfirmed = (contender: MedalContender, thresholds: MedalThresholds): boolean => {
  const { russianFrom, secondFrom, baseMarkFrom } = thresholds[contender.degree]
  const second = bestOther(contender)
  return (
    atLeast(contender.russian.score, russianFrom) &&
    (second === null
      ? contender.baseMark !== null && contender.baseMark >= baseMarkFrom
      : atLeast(second, secondFrom))
  )
}
const bestOther = ({ others }: MedalContender): number | null =>
  others.length === 0 ? null : Math.max(...others.map(({ score }) => score))

export interface MedalIndices {
  readonly contenders: number
  /** INM₁: missed the threshold of the degree; INM₂: any scored subject below it; INM₄: any below the minimum or the regional mean. 0–1. */
  readonly nonconfirmed: number
  readonly strict: number
  readonly critical: number
  /** INM₃: mean of max(0, T − min(Russian, best second)), in points. */
  readonly depth: number
}
/**
 * Non-confirmation indices of medal contenders (DOMAIN 3.3), counted before the medal is granted.
 *
 * @returns null without contenders: «не применимо», not 0
 * @throws StatisticsError for a score, minimum, mean or mark that is not finite
 */
export const medalIndices = (
  contenders: readonly MedalContender[],
  thresholds: MedalThresholds,
): MedalIndices | null => {
  if (contenders.length === 0) return null
  for (const { russian, others, baseMark } of contenders)
    requireFinite('medalIndices', [
      ...[russian, ...others].flatMap(({ score, minimum, regionalMean }) => [
        score,
        minimum,
        regionalMean,
      ]),
      baseMark ?? 0,
    ])
  const share = (holds: (contender: MedalContender) => boolean): number =>
    contenders.filter(holds).length / contenders.length
  const scored = ({ russian, others }: MedalContender): readonly MedalExam[] => [russian, ...others]
  return {
    contenders: contenders.length,
    nonconfirmed: share((contender) => !isConfirmed(contender, thresholds)),
    strict: share((contender) => {
      const { russianFrom, secondFrom } = thresholds[contender.degree]
      return (
        isBelow(contender.russian.score, russianFrom) ||
        contender.others.some(({ score }) => isBelow(score, secondFrom))
      )
    }),
    critical: share((contender) =>
      scored(contender).some(
        ({ score, minimum, regionalMean }) => score < minimum || isBelow(score, regionalMean),
      ),
    ),
    depth: mean(
      contenders.map((contender) => {
        const { russianFrom, secondFrom } = thresholds[contender.degree]
        const second = bestOther(contender)
        return Math.max(
          0,
          russianFrom - contender.russian.score,
          second === null ? 0 : secondFrom - second,
        )
      }),
    ),
  }
}

/**
 * A school’s pool of three years against the municipality: exact one-sided chance of as many non-confirmed contenders at the rate of the
 * other schools. No contenders: null.
 *
 * @throws StatisticsError for a rate outside 0–1, contenders that are not a whole number, or more non-confirmed ones than contenders
 */
export const medalZone = (
  pool: { readonly nonconfirmed: number; readonly contenders: number },
  municipalRate: number,
  p: number,
): { readonly p: number; readonly isAbove: boolean } | null => {
  const { nonconfirmed, contenders } = pool
  if (!(nonconfirmed >= 0 && nonconfirmed <= contenders))
    throw new StatisticsError(
      'medalZone',
      `${String(nonconfirmed)} non-confirmed of ${String(contenders)}`,
      'pass 0 ≤ non-confirmed ≤ contenders',
    )
  if (contenders === 0) return null
  const chance = binomialTail(nonconfirmed, contenders, municipalRate)
  return { p: chance, isAbove: chance < p }
}

/**
 * Breadth check: contenders per graduate over the share of graduates with two subjects at the threshold; above `inflatedAbove` (1.5) the
 * final marks are generous. Null where no graduate reaches it.
 *
 * @throws StatisticsError for no graduates, or contenders or strong ones that are not among them
 */
export const medalBreadth = (
  input: { readonly graduates: number; readonly contenders: number; readonly strong: number },
  inflatedAbove: number,
): { readonly ratio: number | null; readonly isInflated: boolean } => {
  const { graduates, contenders, strong } = input
  requireFinite('medalBreadth', [graduates, contenders, strong, inflatedAbove])
  if (
    !(graduates > 0 && contenders >= 0 && strong >= 0) ||
    Math.max(contenders, strong) > graduates
  )
    throw new StatisticsError(
      'medalBreadth',
      'more contenders than graduates',
      'pass parts of the graduates',
    )
  const ratio = strong === 0 ? null : contenders / strong
  requireAnswer('medalBreadth', [ratio ?? 0])
  return { ratio, isInflated: ratio === null ? contenders > 0 : isAbove(ratio, inflatedAbove) }
}

/** Early warning in grades 9–11: a measure in Russian or mathematics below its limit (ВПР 4, ОГЭ 5, mock ЕГЭ 70). */
export const hasEarlyRisk = (
  results: readonly {
    readonly procedure: string
    readonly subject: string
    readonly value: number
  }[],
  limits: ReadonlyMap<string, number>,
  subjects: ReadonlySet<string>,
): boolean =>
  results.some(({ procedure, subject, value }) => {
    const limit = limits.get(procedure)
    return limit !== undefined && subjects.has(subject) && value < limit
  })
