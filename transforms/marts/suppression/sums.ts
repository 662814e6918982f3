import { grouped } from '../../contract/computation.ts'
import { suppress, type Cell, type Sum } from '../../methods/education/suppression.ts'

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
  readonly n: number
  /** Came ready-made and speaks of no counted people. */
  readonly is_delivered: boolean
}
/** A unit of several schools and one of its schools in a year. */
export interface Member {
  readonly school_year: number
  readonly level: string
  readonly unit_key: string
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
 * Numbers hidden because few people stand behind them, and those that would give them away through a sum: grades in a subject, subjects in a
 * procedure, schools in a cluster, municipality and region, clusters and municipalities in what they add up to. Indicators of the same
 * people (equal place, equal n) are hidden together, so that none gives away what another hides.
 */
export const suppressedNumbers = (
  numbers: readonly Shown[],
  members: readonly Member[],
  rule: Rule,
): readonly Suppressed[] => {
  const schoolsOf = grouped(members, ({ school_year, level, unit_key }) =>
    key(school_year, level, unit_key),
  )
  return [...grouped(numbers, ({ school_year }) => school_year).values()].flatMap((ofYear) =>
    suppressedOfYear(ofYear, schoolsOf, rule),
  )
}

const key = (...parts: readonly (string | number)[]): string => parts.join('\u0000')
const isSmall = (row: Shown, rule: Rule): boolean => !row.is_delivered && row.n < rule.limitedFrom
const isSensitive = (row: Shown, { sensitiveFrom }: Rule): boolean => {
  if (!row.is_sensitive || row.numerator === null || row.denominator === null) return false
  const isFew = (count: number): boolean => count > 0 && count < sensitiveFrom
  return isFew(row.numerator) || isFew(row.denominator - row.numerator)
}

const suppressedOfYear = (
  numbers: readonly Shown[],
  schoolsOf: ReadonlyMap<string, readonly Member[]>,
  rule: Rule,
): readonly Suppressed[] => {
  const cells: Cell[] = []
  const places = new Map<string, number>()
  const placeOf = numbers.map((row) => {
    const people = row.is_sensitive || row.procedure === 'all' ? row.indicator : String(row.n)
    const name = key(people, row.level, row.unit_key, row.procedure, row.subject, row.grade)
    const known = places.get(name)
    if (known !== undefined) return known
    places.set(name, cells.length)
    cells.push({
      size: row.is_sensitive ? (row.numerator ?? 0) : row.n,
      isSmall: isSmall(row, rule) || isSensitive(row, rule),
    })
    return cells.length - 1
  })
  const sums = new Map<string, Sum>()
  for (const rows of grouped(
    numbers.flatMap((row, i) => (row.is_delivered ? [] : [{ ...row, place: placeOf[i] ?? 0 }])),
    ({ indicator }) => indicator,
  ).values()) {
    const least = rows[0]?.is_sensitive === true ? rule.sensitiveFrom : rule.limitedFrom
    for (const { whole, parts } of sumsOf(rows, schoolsOf))
      sums.set(key(whole, ...parts), { whole, parts, least })
  }
  const found = suppress(cells, [...sums.values()])
  return numbers.flatMap((number, i): readonly Suppressed[] => {
    const verdict = found[placeOf[i] ?? 0]
    if (verdict === undefined || verdict === 'shown') return []
    return [
      {
        number,
        reason:
          verdict === 'complement' ? 'complement' : isSmall(number, rule) ? 'small' : 'sensitive',
      },
    ]
  })
}

type Placed = Shown & { readonly place: number }

/** Wholes with their parts among the numbers of one indicator and year. */
const sumsOf = (
  rows: readonly Placed[],
  schoolsOf: ReadonlyMap<string, readonly Member[]>,
): Omit<Sum, 'least'>[] => {
  const sums: Omit<Sum, 'least'>[] = []
  for (const dimension of ['grade', 'subject', 'procedure'] as const)
    for (const line of grouped(rows, (row) =>
      key(
        row.level,
        row.unit_key,
        ...(['grade', 'subject', 'procedure'] as const).map((each) =>
          each === dimension ? '' : row[each],
        ),
      ),
    ).values()) {
      const whole = line.find((row) => row[dimension] === 'all')
      const parts = line.filter((row) => row !== whole)
      if (whole !== undefined && parts.length > 0)
        sums.push({ whole: whole.place, parts: parts.map(({ place }) => place) })
    }
  for (const cell of grouped(rows, (row) => key(row.procedure, row.subject, row.grade)).values()) {
    const schools = new Map(
      cell.filter(({ level }) => level === 'school').map((row) => [row.unit_key, row]),
    )
    const levels = ['cluster', 'municipality'].map((level) => {
      const units = cell.filter((row) => row.level === level)
      return {
        level,
        people: units.reduce((all, { n }) => all + n, 0),
        parts: units.map(({ place }) => place),
      }
    })
    for (const whole of cell) {
      if (whole.level === 'school') continue
      const parts = (
        schoolsOf.get(key(whole.school_year, whole.level, whole.unit_key)) ?? []
      ).flatMap(({ school_key }) => schools.get(school_key)?.place ?? [])
      if (parts.length > 0) sums.push({ whole: whole.place, parts })
      for (const { level, people, parts: units } of levels)
        if (level !== whole.level && units.length > 0 && people === whole.n)
          sums.push({ whole: whole.place, parts: units })
    }
  }
  return sums
}
