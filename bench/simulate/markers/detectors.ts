import {
  boundaryCounts,
  boundaryExpectations,
  bunching,
  smoothReference,
} from '../../../transforms/methods/education/boundary_bunching.ts'
import { easyHardInversion } from '../../../transforms/methods/education/easy_hard.ts'
import { identicalVectors } from '../../../transforms/methods/education/identical_vectors.ts'
import {
  gapOfTwo,
  journalInflation,
  journalSpread,
  tooGoodAgreement,
  type JournalCounts,
} from '../../../transforms/methods/education/journal_marker.ts'
import { absenceOfWeak } from '../../../transforms/methods/education/participation_marker.ts'
import type { Random } from '../../../transforms/methods/statistics/random.ts'
import type { Finding } from './marker_study.ts'
import { HIGHEST, MAXIMA, SCALE, markOf, type School } from './region.ts'
import {
  absenceRule,
  agreementRule,
  bunchingRule,
  easyHardRule,
  identicalRule,
  journalRule,
} from './rules.ts'

export type Detector = (region: readonly School[]) => readonly (Finding | undefined)[]

const present = (school: School) => school.pupils.filter(({ isPresent }) => isPresent)

const journalCounts = (school: School): JournalCounts => {
  const gaps = present(school).map(({ raw, journal }) => markOf(raw) - journal)
  return {
    compared: gaps.length,
    lowered: gaps.filter((gap) => gap < 0).length,
    raised: gaps.filter((gap) => gap > 0).length,
    gap2: gaps.filter((gap) => Math.abs(gap) >= 2).length,
  }
}

/** The counts of each school and the rate of all the others. */
const againstOthers = (region: readonly School[], rate: (counts: JournalCounts) => number) => {
  const counts = region.map(journalCounts)
  const events = counts.reduce((sum, each) => sum + rate(each), 0)
  const compared = counts.reduce((sum, each) => sum + each.compared, 0)
  return counts.map((each) => ({
    counts: each,
    referenceShare: (events - rate(each)) / (compared - each.compared),
  }))
}
const byJournal =
  (
    rate: (counts: JournalCounts) => number,
    judge: (counts: JournalCounts, reference: number) => Finding | undefined,
  ): Detector =>
  (region) =>
    againstOthers(region, rate).map(({ counts, referenceShare }) => judge(counts, referenceShare))

export const lowered: Detector = (region) => {
  const schools = againstOthers(region, ({ lowered: count }) => count)
  const spread = journalSpread(schools)
  return schools.map(({ counts, referenceShare }) =>
    journalInflation(counts, referenceShare, journalRule, spread),
  )
}
export const apart = byJournal(
  ({ gap2 }) => gap2 ?? 0,
  (counts, reference) => gapOfTwo(counts, reference, journalRule),
)
export const agreeing = byJournal(
  (counts) => counts.lowered + counts.raised,
  (counts, reference) => tooGoodAgreement(counts, reference, agreementRule),
)

/** Works by primary score, 0 … HIGHEST. */
export const histogramOf = (scores: readonly number[]): Float64Array => {
  const counts = new Float64Array(HIGHEST + 1)
  for (const score of scores) counts[score] = (counts[score] ?? 0) + 1
  return counts
}

/** O7 of each school, by its works, against all the others. */
export const bunchedAmong = (works: readonly Float64Array[]): readonly (Finding | undefined)[] => {
  const all = new Float64Array(HIGHEST + 1)
  for (const own of works) own.forEach((count, score) => (all[score] = (all[score] ?? 0) + count))
  return works.map((own) => {
    if (own.reduce((sum, count) => sum + count, 0) < bunchingRule.minimumN) return undefined
    const others = all.map((count, score) => count - (own[score] ?? 0))
    const reference = smoothReference(others, SCALE, bunchingRule.degree)
    const counts = boundaryCounts(
      own,
      boundaryExpectations(reference, own),
      bunchingRule.minimumWindow,
    )
    return bunching(counts, bunchingRule)
  })
}

export const piledUp: Detector = (region) =>
  bunchedAmong(region.map((school) => histogramOf(present(school).map(({ raw }) => raw))))

const completion = (schools: readonly School[]): number[] => {
  const pupils = schools.flatMap(present)
  return MAXIMA.map(
    (most, task) =>
      pupils.reduce((sum, { tasks }) => sum + (tasks[task] ?? 0), 0) / (pupils.length * most),
  )
}

export const inverted: Detector = (region) => {
  const reference = completion(region)
  return region.map((school, i) => {
    const own = completion([school])
    const tasks = own.map((value, task) => ({ school: value, reference: reference[task] ?? 0 }))
    return (
      easyHardInversion(tasks, present(school).length, { ...easyHardRule, seed: 8000 + i }) ??
      undefined
    )
  })
}

/** Works of one form: half of the pupils. */
export const identical: Detector = (region) =>
  region.map((school, i) => {
    const vectors = present(school)
      .filter((_, place) => place % 2 === 0)
      .map(({ tasks }) => tasks)
    return (
      identicalVectors(vectors, MAXIMA, {
        ...identicalRule,
        seed: 10_000 + i,
      }) ?? undefined
    )
  })

export const missing: Detector = (region) =>
  region.map((school) => {
    const here = present(school)
    const away = school.pupils.filter(({ isPresent }) => !isPresent)
    const meanOf = (pupils: readonly { journal: number }[]): number =>
      pupils.reduce((sum, { journal }) => sum + journal, 0) / pupils.length
    return absenceOfWeak(
      {
        enrolled: school.pupils.length,
        participants: [here.length],
        journal:
          away.length === 0 || here.length === 0
            ? null
            : { absent: meanOf(away), present: meanOf(here) },
      },
      absenceRule,
    )
  })

/** A checker gives a point too many or too few in one work of five. */
export const checked = (score: number, source: Random): number => {
  const chance = source.uniform()
  return Math.max(0, Math.min(HIGHEST, score + (chance < 0.1 ? -1 : chance < 0.2 ? 1 : 0)))
}
