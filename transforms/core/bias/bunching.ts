import { grouped } from '../../contract/computation.ts'
import {
  boundaryCounts,
  boundaryExpectations,
  bunching,
  smoothReference,
  type BoundaryCount,
  type Bunching,
} from '../../methods/education/boundary_bunching.ts'
import { equivalentZ, severityOfP } from '../../methods/education/severity.ts'
import { russianNumber, valueText } from '../../methods/education/wording.ts'
import {
  notesOf,
  severityScale,
  standing,
  type Draft,
  type MarkerRow,
  type MarkerRule,
} from './marker.ts'

export interface ScoreRow {
  readonly school_key: string
  readonly procedure: string
  readonly subject: string
  readonly grade: string
  readonly school_year: number
  readonly score: number
  readonly pupils: number
  readonly max_raw_score: number
  readonly from_3: number
  readonly from_4: number
  readonly from_5: number
}

export interface Histogram {
  readonly head: ScoreRow
  readonly n: number
  readonly counts: readonly BoundaryCount[]
}

export const bunchingRows = (rows: readonly ScoreRow[], rule: MarkerRule): readonly MarkerRow[] => {
  const histograms = [
    ...grouped(
      rows,
      ({ procedure, school_year, subject, grade }) =>
        `${procedure} ${String(school_year)} ${subject} ${grade}`,
    ).values(),
  ].flatMap((cell) => histogramsOf(cell, rule))
  const pooled = grouped(
    histograms,
    ({ head }) =>
      `${head.school_key} ${head.procedure} ${head.subject} ${String(head.school_year)}`,
  )
  const drafts: Draft[] = []
  // A school’s only grade of a subject is its subject too.
  const found = new Map<Histogram, Bunching | undefined>()
  const add = (own: readonly Histogram[], grade: string): void => {
    const [only] = own
    const n = own.reduce((sum, histogram) => sum + histogram.n, 0)
    if (only === undefined || n < rule.bunchingApproximateN) return
    const known = own.length === 1 && found.has(only)
    const judged = known
      ? found.get(only)
      : bunching(
          own.flatMap(({ counts }) => counts),
          rule,
        )
    if (own.length === 1) found.set(only, judged)
    if (judged !== undefined) drafts.push(draftOf(only.head, grade, n, judged, rule))
  }
  for (const histogram of histograms) add([histogram], histogram.head.grade)
  for (const own of pooled.values()) add(own, 'all')
  return standing(drafts, rule.falseDiscovery)
}

const draftOf = (
  head: ScoreRow,
  grade: string,
  n: number,
  found: Bunching,
  rule: MarkerRule,
): Draft => {
  const isApproximate = n < rule.bunchingMinimumN
  const { note, own_note } = notesOf(
    observedAt(found),
    expectedAt(found),
    `n = ${russianNumber(n, 0)}${isApproximate ? ', приблизительно' : ''}`,
  )
  return {
    school_key: head.school_key,
    procedure: head.procedure,
    subject: head.subject,
    grade,
    school_year: head.school_year,
    marker: 'O7',
    value: found.strength,
    p: found.p,
    z: equivalentZ(found.p),
    holds: found.isFlagged && !isApproximate,
    severity: severityOfP(found.p, severityScale),
    n,
    note,
    own_note,
    is_against_schools: true,
  }
}

/** Histograms of the schools of one test, each with what the other schools’ smoothed distribution expects at the boundaries. */
const histogramsOf = (cell: readonly ScoreRow[], rule: MarkerRule): readonly Histogram[] => {
  const [test] = cell
  if (test === undefined) return []
  const scale = { from3: test.from_3, from4: test.from_4, from5: test.from_5 }
  const size = Math.floor(test.max_raw_score) + 1
  const histogramOf = (own: readonly ScoreRow[]): Float64Array => {
    const counts = new Float64Array(size)
    for (const { score, pupils } of own) counts[score] = (counts[score] ?? 0) + pupils
    return counts
  }
  const all = histogramOf(cell)
  const works = all.reduce((sum, count) => sum + count, 0)
  const whole = smoothReference(all, scale, rule.degree)
  return [...grouped(cell, ({ school_key }) => school_key).values()].flatMap((own) => {
    const [head] = own
    const histogram = histogramOf(own)
    const n = histogram.reduce((sum, count) => sum + count, 0)
    if (head === undefined || n < rule.windowN) return []
    const reference =
      n < rule.negligibleShare * works
        ? whole
        : smoothReference(
            all.map((count, score) => count - (histogram[score] ?? 0)),
            scale,
            rule.degree,
          )
    const expected = boundaryExpectations(reference, histogram)
    return [{ head, n, counts: boundaryCounts(histogram, expected, rule.windowN) }]
  })
}

const observedAt = ({ boundaries: [first] }: Bunching): string =>
  first === undefined
    ? ''
    : `у границы отметки ${String(first.mark)} (работ в двух баллах от неё: ${russianNumber(first.window, 0)}) на ней и сразу выше ${valueText(first.above / first.window, 'share', 1)}`
const expectedAt = ({ boundaries: [first] }: Bunching): string =>
  first === undefined
    ? ''
    : `ожидалось ${valueText(first.share, 'share', 1)} (p ${first.p < 0.0001 ? '< 0,0001' : `= ${russianNumber(first.p, 4)}`})`
