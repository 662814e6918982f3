import { grouped } from '../../contract/computation.ts'
import {
  gapOfTwo,
  journalInflation,
  journalSpread,
  type JournalCounts,
} from '../../methods/education/journal_marker.ts'
import { equivalentZ, severityOfP, severityOfZ } from '../../methods/education/severity.ts'
import { russianNumber, valueText } from '../../methods/education/wording.ts'
import {
  notesOf,
  severityScale,
  standing,
  type Draft,
  type MarkerRow,
  type MarkerRule,
} from './marker.ts'

export interface JournalRow {
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
/** A cell and what the others show; rates of the reference, 0–1. */
export interface JournalCell {
  readonly row: JournalRow
  readonly lowered: number
  /** `lowered` is that of the region’s row, else of the other schools. */
  readonly isRegional: boolean
  readonly gap2: number
}

const countsOf = ({ row }: JournalCell): JournalCounts => ({
  compared: row.compared,
  lowered: row.lowered,
  raised: row.raised,
  gap2: row.gap_2,
})
/** Cells of one test, each with how much the schools of that test differ in strictness by themselves. */
const withSpread = (
  cells: readonly JournalCell[],
  rule: MarkerRule,
): readonly (JournalCell & { readonly spread: number })[] => {
  const judged = cells.filter(({ row }) => row.compared >= rule.minimumN)
  const spread = journalSpread(
    judged.map((cell) => ({ counts: countsOf(cell), referenceShare: cell.lowered })),
  )
  return judged.map((cell) => ({ ...cell, spread }))
}

export const journalRows = (
  rows: readonly JournalRow[],
  rule: MarkerRule,
): readonly MarkerRow[] => {
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
          isRegional: region !== undefined,
          gap2: ratio(
            all.gap2 - (row.gap_2 ?? 0),
            all.told - (row.gap_2 === null ? 0 : row.compared),
          ),
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
        isRegional: own.every(({ isRegional }) => isRegional),
        gap2: weighted((cell) => cell.gap2),
      },
    ]
  })
  const testOf = ({ row }: JournalCell): string =>
    `${row.procedure} ${String(row.school_year)} ${row.subject} ${row.grade}`
  const drafts = [...grouped([...cells, ...pooled], testOf).values()]
    .flatMap((test) => withSpread(test, rule))
    .flatMap((cell) => draftsOf(cell, rule))
  return standing(drafts, rule.falseDiscovery)
}

const draftsOf = (
  cell: JournalCell & { readonly spread: number },
  rule: MarkerRule,
): readonly Draft[] => {
  const { row, lowered, isRegional, gap2, spread } = cell
  const size = `n = ${russianNumber(row.compared, 0)}`
  const counts = countsOf(cell)
  const inflation = journalInflation(counts, lowered, rule, spread)
  const inflated = notesOf(
    `внешняя отметка ниже журнальной у ${valueText(inflation.share, 'share', 1)} участников`,
    `${isRegional ? 'в регионе' : 'в других школах'} — у ${valueText(lowered, 'share', 1)}`,
    size,
  )
  const drafts: Draft[] = [
    {
      school_key: row.unit_key,
      procedure: row.procedure,
      subject: row.subject,
      grade: row.grade,
      school_year: row.school_year,
      marker: 'O1',
      value: inflation.share,
      p: inflation.p,
      z: inflation.z,
      holds: inflation.isFlagged,
      severity: severityOfZ(Math.max(0, inflation.z), severityScale),
      n: row.compared,
      note: inflated.note,
      own_note: inflated.own_note,
      is_against_schools: !isRegional,
    },
  ]
  const apart = gapOfTwo(counts, gap2, rule)
  if (apart === undefined) return drafts
  const gap = notesOf(
    `отметки расходятся на 2 и более у ${valueText(apart.share, 'share', 1)} участников`,
    `в других школах — у ${valueText(gap2, 'share', 1)}`,
    size,
  )
  drafts.push({
    school_key: row.unit_key,
    procedure: row.procedure,
    subject: row.subject,
    grade: row.grade,
    school_year: row.school_year,
    marker: 'O2',
    value: apart.share,
    p: apart.p,
    z: equivalentZ(apart.p),
    holds: apart.isFlagged,
    severity: severityOfP(apart.p, severityScale),
    n: row.compared,
    note: gap.note,
    own_note: gap.own_note,
    is_against_schools: true,
  })
  return drafts
}

/** Gaps are told of pupils’ rows only; delivered totals do not know them. */
const ratio = (part: number, whole: number): number => (whole > 0 ? part / whole : 0)
const total = (rows: readonly JournalRow[]) => ({
  compared: rows.reduce((sum, { compared }) => sum + compared, 0),
  lowered: rows.reduce((sum, { lowered }) => sum + lowered, 0),
  gap2: rows.reduce((sum, { gap_2 }) => sum + (gap_2 ?? 0), 0),
  told: rows.reduce((sum, { gap_2, compared }) => sum + (gap_2 === null ? 0 : compared), 0),
})
