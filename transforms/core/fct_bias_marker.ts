import { sql } from 'kysely'
import { boolean, double, integer, nullable, text, type RowOf } from '../contract/column.ts'
import { defineComputation, grouped, rowsOf } from '../contract/computation.ts'
import { thresholds } from '../contract/parameter.ts'
import {
  boundaryCounts,
  boundaryExpectations,
  bunching,
  smoothReference,
  type BoundaryCount,
  type Bunching,
} from '../methods/education/boundary_bunching.ts'
import { gapOfTwo, journalInflation } from '../methods/education/journal_marker.ts'
import { equivalentZ, severityOfP, severityOfZ } from '../methods/education/severity.ts'
import { russianNumber, valueText } from '../methods/education/wording.ts'
import { Z_95, Z_998 } from '../methods/statistics/distributions.ts'
import { benjaminiHochberg } from '../methods/statistics/multiple_testing.ts'
import { objectivityRule } from '../parameters/objectivity_rule.ts'
import { smallNumberRule } from '../parameters/small_number_rule.ts'
import { dimSchool } from './dim_school.ts'
import { dimTestVersion } from './dim_test_version.ts'
import { fctJournalMark } from './fct_journal_mark.ts'
import { fctResult } from './fct_result.ts'

const severityScale = { from: Z_95, to: Z_998 }
/** A school that gives less of the others’ works than this need not be taken out of them. */
const negligible = 0.02

const columns = {
  school_key: text('School'),
  procedure: text('Procedure'),
  subject: text('Subject'),
  grade: text('Grade, or all: pooled over the grades of the subject'),
  school_year: integer('Year in which the school year ends'),
  marker: text('O1 journal inflation, O2 gaps of two marks, O7 bunching at a boundary'),
  value: double('O1, O2: share of pupils; O7: −log₁₀ of the smallest p'),
  p: nullable(
    double('One-sided p-value against the reference; O7: times the number of boundaries'),
  ),
  z: nullable(double('O1: of the sign test; else what p is equivalent to')),
  is_flagged: boolean(
    'The marker’s rule holds and it stands among all of the year’s tests (Benjamini–Hochberg)',
  ),
  severity: double('0–1; 0 where not flagged'),
  n: integer('Pupils compared; pooled: works'),
  note: text('Russian: what was seen and what was expected; a marker, never a violation'),
} as const
type Row = RowOf<typeof columns>

interface JournalRow {
  readonly level: string
  readonly unit_key: string
  readonly procedure: string
  readonly subject: string
  readonly grade: string
  readonly school_year: number
  readonly compared: number
  readonly lowered: number
  readonly raised: number
  readonly gap_2: number | null
}
interface ScoreRow {
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

/** A mark scale that no document declares is read off the works themselves: the lowest score of a mark above the highest of the one below. */
export const fctBiasMarker = defineComputation(import.meta.url, {
  doc: 'One row per school, procedure, subject, grade (and pooled over grades), school year and marker of non-objectivity that can be computed (DOMAIN 3.2).',
  grain: ['school_key', 'procedure', 'subject', 'grade', 'school_year', 'marker'],
  references: { school_key: dimSchool },
  columns,
  inputs: {
    rule: () => sql<{ name: string; value: number }>`
      select name, value from ${objectivityRule} order by name`,
    numbers: () => sql<{ name: string; value: number }>`
      select name, value from ${smallNumberRule} order by name`,
    journal: () => sql<JournalRow>`
      select level, unit_key, procedure, subject, grade, school_year, compared, lowered, raised, gap_2
      from ${fctJournalMark}
      where compared > 0 and level in ('region', 'school')
      order by procedure, school_year, subject, grade, level, unit_key`,
    scores: () => sql<ScoreRow>`
      with seen as (
        select procedure, subject, grade, school_year,
               case when max(raw_score) filter (where mark < 3) < min(raw_score) filter (where mark >= 3) then min(raw_score) filter (where mark >= 3) end as from_3,
               case when max(raw_score) filter (where mark < 4) < min(raw_score) filter (where mark >= 4) then min(raw_score) filter (where mark >= 4) end as from_4,
               case when max(raw_score) filter (where mark < 5) < min(raw_score) filter (where mark >= 5) then min(raw_score) filter (where mark >= 5) end as from_5
        from ${fctResult}
        where attempt = 'main' and raw_score is not null and mark is not null
        group by all
      ),
      test as (
        select t.procedure, t.subject, t.grade, t.school_year, t.max_raw_score::double as max_raw_score,
               coalesce(t.from_3, s.from_3::integer) as from_3, coalesce(t.from_4, s.from_4::integer) as from_4, coalesce(t.from_5, s.from_5::integer) as from_5
        from ${dimTestVersion} as t
        left join seen as s using (procedure, subject, grade, school_year)
      )
      select r.school_key, r.procedure, r.subject, r.grade, r.school_year, floor(r.raw_score)::integer as score,
             count(*)::integer as pupils, t.max_raw_score, t.from_3, t.from_4, t.from_5
      from ${fctResult} as r
      join test as t using (procedure, subject, grade, school_year)
      where r.attempt = 'main' and r.raw_score between 0 and t.max_raw_score
        and t.from_3 is not null and t.from_4 is not null and t.from_5 is not null
      group by all
      order by r.procedure, r.school_year, r.subject, r.grade, r.school_key, score`,
  },
  compute: (inputs) => {
    const of = thresholds(objectivityRule, rowsOf(inputs.rule))
    const number = thresholds(smallNumberRule, rowsOf(inputs.numbers))
    const rule: MarkerRule = {
      minimumN: number('low_from'),
      loweredShare: of('lowered_share'),
      gap2Share: of('gap2_share'),
      pOne: of('bunching_p'),
      pTwo: of('bunching_p_two'),
      bunchingMinimumN: of('bunching_minimum_n'),
      bunchingApproximateN: number('approximate_from'),
      windowN: of('bunching_window_n'),
      degree: of('smoothing_degree'),
    }
    return [
      ...journalRows(rowsOf(inputs.journal), rule),
      ...bunchingRows(rowsOf(inputs.scores), rule),
    ]
  },
})

interface MarkerRule {
  readonly minimumN: number
  readonly loweredShare: number
  readonly gap2Share: number
  readonly pOne: number
  readonly pTwo: number
  readonly bunchingMinimumN: number
  readonly bunchingApproximateN: number
  readonly windowN: number
  readonly degree: number
}
/** A row before it is known which of the year’s tests stand; p is that of the family. */
interface Draft extends Omit<Row, 'p' | 'is_flagged' | 'severity'> {
  readonly p: number
  readonly holds: boolean
  readonly severity: number
}

/**
 * Tests of one marker, procedure and year stand together: of those that the marker’s own rule flags, the ones that
 * Benjamini–Hochberg at `q` keeps. Cells and rows pooled over grades are families of their own.
 */
const standing = (drafts: readonly Draft[], q: number): readonly Row[] =>
  [
    ...grouped(
      drafts,
      ({ marker, procedure, school_year, grade }) =>
        `${marker} ${procedure} ${String(school_year)} ${grade === 'all' ? 'pooled' : 'cell'}`,
    ).values(),
  ].flatMap((family) => {
    const { rejected } = benjaminiHochberg(
      family.map(({ p }) => p),
      q,
    )
    return family.map(({ holds, severity, ...row }, i): Row => {
      const isFlagged = holds && rejected[i] === true
      return { ...row, is_flagged: isFlagged, severity: isFlagged ? severity : 0 }
    })
  })

/** A cell and what the others show; rates of the reference, 0–1. */
interface JournalCell {
  readonly row: JournalRow
  readonly lowered: number
  readonly gap2: number
}

const journalRows = (rows: readonly JournalRow[], rule: MarkerRule): readonly Row[] => {
  const cells = [
    ...grouped(
      rows,
      ({ procedure, school_year, subject, grade }) =>
        `${procedure} ${String(school_year)} ${subject} ${grade}`,
    ).values(),
  ].flatMap((cell): readonly JournalCell[] => {
    const schools = cell.filter(({ level }) => level === 'school')
    const regions = cell.filter(({ level }) => level === 'region')
    const region = regions.length === 1 ? regions[0] : undefined
    const all = total(schools)
    return schools.flatMap((row): readonly JournalCell[] => {
      const compared = all.compared - row.compared
      if (!(compared > 0)) return []
      return [
        {
          row,
          lowered:
            region === undefined
              ? (all.lowered - row.lowered) / compared
              : region.lowered / region.compared,
          gap2: (all.gap2 - (row.gap_2 ?? 0)) / compared,
        },
      ]
    })
  })
  const pooled = [
    ...grouped(
      cells,
      ({ row }) => `${row.unit_key} ${row.procedure} ${row.subject} ${String(row.school_year)}`,
    ).values(),
  ].flatMap((own): readonly JournalCell[] => {
    const [head] = own
    if (head === undefined) return []
    const compared = own.reduce((sum, { row }) => sum + row.compared, 0)
    const weighted = (rate: (cell: JournalCell) => number): number =>
      own.reduce((sum, cell) => sum + rate(cell) * cell.row.compared, 0) / compared
    return [
      {
        row: {
          ...head.row,
          grade: 'all',
          compared,
          lowered: own.reduce((sum, { row }) => sum + row.lowered, 0),
          raised: own.reduce((sum, { row }) => sum + row.raised, 0),
          gap_2: own.some(({ row }) => row.gap_2 === null)
            ? null
            : own.reduce((sum, { row }) => sum + (row.gap_2 ?? 0), 0),
        },
        lowered: weighted((cell) => cell.lowered),
        gap2: weighted((cell) => cell.gap2),
      },
    ]
  })
  const drafts = [...cells, ...pooled]
    .filter(({ row }) => row.compared >= rule.minimumN)
    .flatMap(({ row, lowered, gap2 }): readonly Draft[] => {
      const key = {
        school_key: row.unit_key,
        procedure: row.procedure,
        subject: row.subject,
        grade: row.grade,
        school_year: row.school_year,
        n: row.compared,
      }
      const counts = {
        compared: row.compared,
        lowered: row.lowered,
        raised: row.raised,
        gap2: row.gap_2,
      }
      const inflation = journalInflation(counts, lowered, rule)
      const apart = gapOfTwo(counts, gap2, rule)
      return [
        {
          ...key,
          marker: 'O1',
          value: inflation.share,
          p: inflation.p,
          z: inflation.z,
          holds: inflation.isFlagged,
          severity: severityOfZ(Math.max(0, inflation.z), severityScale),
          note: `внешняя отметка ниже журнальной у ${valueText(inflation.share, 'share', 1)} участников, в других школах — у ${valueText(lowered, 'share', 1)}; n = ${russianNumber(row.compared, 0)}`,
        },
        ...(apart === undefined
          ? []
          : [
              {
                ...key,
                marker: 'O2',
                value: apart.share,
                p: apart.p,
                z: equivalentZ(apart.p),
                holds: apart.isFlagged,
                severity: severityOfP(apart.p, severityScale),
                note: `отметки расходятся на 2 и более у ${valueText(apart.share, 'share', 1)} участников, в других школах — у ${valueText(gap2, 'share', 1)}; n = ${russianNumber(row.compared, 0)}`,
              },
            ]),
      ]
    })
  return standing(drafts, rule.pTwo)
}
const total = (rows: readonly JournalRow[]) => ({
  compared: rows.reduce((sum, { compared }) => sum + compared, 0),
  lowered: rows.reduce((sum, { lowered }) => sum + lowered, 0),
  gap2: rows.reduce((sum, { gap_2 }) => sum + (gap_2 ?? 0), 0),
})

interface Histogram {
  readonly head: ScoreRow
  readonly n: number
  readonly counts: readonly BoundaryCount[]
}

const bunchingRows = (rows: readonly ScoreRow[], rule: MarkerRule): readonly Row[] => {
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
  const drafts = [...histograms.map((histogram) => [histogram]), ...pooled.values()].flatMap(
    (own, i): readonly Draft[] => {
      const [only] = own
      const n = own.reduce((sum, histogram) => sum + histogram.n, 0)
      if (only === undefined || n < rule.bunchingApproximateN) return []
      const found = bunching(
        own.flatMap(({ counts }) => counts),
        rule,
      )
      if (found === undefined) return []
      const isApproximate = n < rule.bunchingMinimumN
      return [
        {
          school_key: only.head.school_key,
          procedure: only.head.procedure,
          subject: only.head.subject,
          grade: i < histograms.length ? only.head.grade : 'all',
          school_year: only.head.school_year,
          marker: 'O7',
          value: found.strength,
          p: found.p,
          z: equivalentZ(found.p),
          holds: found.isFlagged && !isApproximate,
          severity: severityOfP(found.p, severityScale),
          n,
          note: `${boundaryNote(found)}; n = ${russianNumber(n, 0)}${isApproximate ? ', приблизительно' : ''}`,
        },
      ]
    },
  )
  return standing(drafts, rule.pTwo)
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
      n < negligible * works
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

const boundaryNote = ({ boundaries }: Bunching): string => {
  const [first] = boundaries
  return first === undefined
    ? ''
    : `у границы отметки ${String(first.mark)} на ней и сразу выше ${valueText(first.above / first.window, 'share', 1)} работ, ожидалось ${valueText(first.share, 'share', 1)} (p ${first.p < 0.0001 ? '< 0,0001' : `= ${russianNumber(first.p, 4)}`})`
}
