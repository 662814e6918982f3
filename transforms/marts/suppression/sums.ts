import { grouped } from '../../contract/computation.ts'
import { suppress, type Cell, type Sum } from '../../methods/education/suppression.ts'
import { placesOf, wholeLines, type Dimension } from './place.ts'
import { membershipOf, unitSums, type Unit } from './unit.ts'

/** A number of an indicator with the people behind it. */
export interface Shown {
  readonly indicator: string
  readonly is_sensitive: boolean
  readonly level: string
  readonly unit_key: string
  readonly procedure: string
  readonly subject: string
  readonly grade: string
  readonly school_year: number
  readonly numerator: number | null
  readonly denominator: number | null
  /** None of a ready-made number that speaks of no counted people. */
  readonly n: number | null
  /** n counts schools, which are public: few of them are nobody's secret. */
  readonly counts_schools: boolean
}
/** A unit of several schools and one of its schools in a year. */
export interface Member extends Unit {
  readonly school_year: number
  readonly school_key: string
}
interface Rule {
  readonly limitedFrom: number
  readonly sensitiveFrom: number
}
export interface Suppressed {
  readonly number: Shown
  readonly reason: 'small' | 'sensitive' | 'complement'
}

/**
 * Numbers hidden because few people stand behind them, and those that would give them away through sums: grades in a subject, subjects in a
 * procedure, schools in a cluster, municipality and region, and these in each other (with the schools that stand in no unit between).
 * Indicators of the same people (equal place, equal n) are hidden together, so that none gives away what another hides.
 */
export const suppressedNumbers = (
  numbers: readonly Shown[],
  members: readonly Member[],
  rule: Rule,
): readonly Suppressed[] => {
  const membersOf = grouped(members, ({ school_year }) => school_year)
  return [...grouped(numbers, ({ school_year }) => school_year)].flatMap(([year, ofYear]) =>
    suppressedOfYear(ofYear, membersOf.get(year) ?? [], rule),
  )
}

const isSmall = (row: Shown, rule: Rule): boolean =>
  row.n !== null && !row.counts_schools && row.n < rule.limitedFrom
const isSensitive = (row: Shown, { sensitiveFrom }: Rule): boolean => {
  if (!row.is_sensitive || row.numerator === null || row.denominator === null) return false
  const isFew = (count: number): boolean => count > 0 && count < sensitiveFrom
  return isFew(row.numerator) || isFew(row.denominator - row.numerator)
}
/** Whose number it is, where others at its place may be of the same people. */
const peopleOf = (row: Shown): string | number =>
  row.is_sensitive || row.counts_schools || row.procedure === 'all'
    ? row.indicator
    : (row.n ?? row.indicator)

const suppressedOfYear = (
  numbers: readonly Shown[],
  members: readonly Member[],
  rule: Rule,
): readonly Suppressed[] => {
  const places = placesOf(numbers)
  const cells: Cell[] = []
  const cellAt = new Map<string | number, Map<number, number>>()
  const cellOf = new Int32Array(numbers.length)
  numbers.forEach((row, i) => {
    const people = peopleOf(row)
    let known = cellAt.get(people)
    if (known === undefined) {
      known = new Map<number, number>()
      cellAt.set(people, known)
    }
    const place = places.codeOf(i)
    const cell = known.get(place) ?? cells.length
    cellOf[i] = cell
    if (cell < cells.length) return
    known.set(place, cell)
    cells.push({
      size: row.is_sensitive ? (row.numerator ?? 0) : (row.n ?? 0),
      isSmall: isSmall(row, rule) || isSensitive(row, rule),
    })
  })
  const membership = membershipOf(members)
  const sums = new Sums()
  for (const rows of grouped([...numbers.keys()], (i) => numbers[i]?.indicator).values()) {
    const counted = rows.filter((i) => numbers[i]?.n !== null)
    const least = numbers[rows[0] ?? 0]?.is_sensitive ? rule.sensitiveFrom : rule.limitedFrom
    const add = (whole: number, parts: readonly number[]): void => {
      sums.add({ whole: cellOf[whole] ?? 0, parts: parts.map((i) => cellOf[i] ?? 0), least })
    }
    for (const dimension of dimensions)
      for (const { whole, parts } of wholeLines(numbers, counted, places, dimension))
        add(whole, parts)
    for (const cell of grouped(counted, places.lineOf('unit')).values())
      for (const { whole, parts } of unitSums(numbers, cell, membership)) add(whole, parts)
  }
  const found = suppress(cells, sums.all)
  const suppressed: Suppressed[] = []
  numbers.forEach((number, i) => {
    const verdict = found[cellOf[i] ?? 0]
    if (verdict === undefined || verdict === 'shown') return
    const own = isSmall(number, rule) ? 'small' : 'sensitive'
    suppressed.push({ number, reason: verdict === 'complement' ? 'complement' : own })
  })
  return suppressed
}
const dimensions: readonly Dimension[] = ['grade', 'subject', 'procedure']

/** Each sum once: indicators of the same people have the same. */
class Sums {
  readonly all: Sum[] = []
  private readonly byHash = new Map<number, Sum[]>()
  add(sum: Sum): void {
    let hash = Math.imul(sum.least ^ sum.whole, 16_777_619)
    for (const cell of sum.parts) hash = Math.imul(hash ^ cell, 16_777_619)
    const alike = this.byHash.get(hash)
    if (alike === undefined) this.byHash.set(hash, [sum])
    else if (alike.some((other) => isEqual(other, sum))) return
    else alike.push(sum)
    this.all.push(sum)
  }
}
const isEqual = (a: Sum, b: Sum): boolean =>
  a.whole === b.whole &&
  a.least === b.least &&
  a.parts.length === b.parts.length &&
  a.parts.every((cell, i) => cell === b.parts[i])
