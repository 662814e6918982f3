/** What makes results of two years directly comparable (DOMAIN 3.0.3). */
export interface TestIdentity {
  readonly procedure: string
  readonly subject: string
  /** Basic or advanced, or all. */
  readonly level: string
  /** Grade whose programme is tested; an autumn work may be written a grade later. */
  readonly programmeGrade: string
  /** Grows whenever maximum, set of tasks or mark scale changes. */
  readonly version: number
  readonly season: string
}

/** Equal keys: shares and means compare directly; different keys: only ridits, z or ordered probit against a reference do. */
export const comparabilityKey = (test: TestIdentity): string =>
  [
    test.procedure,
    test.subject,
    test.level,
    test.programmeGrade,
    `v${String(test.version)}`,
    test.season,
  ]
    .map((part) => part.replace(/[\\|]/g, (mark) => `\\${mark}`))
    .join('|')

/** A declared break: results from `year` on do not compare with earlier ones. `all` in subject or grade means every one. */
export interface TestBreak {
  readonly procedure: string
  readonly subject: string
  readonly grade: string
  readonly year: number
  readonly note: string
}
/** Greatest primary score of a test in a year: a change is a break even where nobody declared one. */
export interface TestMaximum {
  readonly procedure: string
  readonly subject: string
  readonly grade: string
  readonly year: number
  readonly maximum: number | null
}
export interface BreakYear {
  readonly year: number
  readonly note: string
}

/**
 * Years at which the absolute series of a cell is cut, ascending. A cell pooled over subjects or grades (`all`) is cut by a declared
 * break of any of its members; an undeclared change of the maximum cuts its own cell only.
 */
export const breakYears = (
  cell: { readonly procedure: string; readonly subject: string; readonly grade: string },
  breaks: readonly TestBreak[],
  maxima: readonly TestMaximum[],
): readonly BreakYear[] => {
  const meets = (one: string, other: string): boolean =>
    one === other || one === 'all' || other === 'all'
  const notes = new Map<number, Set<string>>()
  const add = (year: number, note: string): void => {
    const known = notes.get(year)
    if (known === undefined) notes.set(year, new Set([note]))
    else known.add(note)
  }
  for (const { procedure, subject, grade, year, note } of breaks)
    if (procedure === cell.procedure && meets(subject, cell.subject) && meets(grade, cell.grade))
      add(year, note)
  const known = maxima
    .filter(
      ({ procedure, subject, grade, maximum }) =>
        procedure === cell.procedure &&
        subject === cell.subject &&
        grade === cell.grade &&
        maximum !== null,
    )
    .sort((a, b) => a.year - b.year)
  known.forEach((test, i) => {
    const before = known[i - 1]
    if (before !== undefined && before.maximum !== test.maximum && !notes.has(test.year))
      add(
        test.year,
        `в ${String(test.year)} году изменился максимальный балл: ${shown(before.maximum)} → ${shown(test.maximum)}`,
      )
  })
  return [...notes]
    .sort(([a], [b]) => a - b)
    .map(([year, texts]) => ({ year, note: [...texts].sort().join('; ') }))
}

/** The years up to `last` that compare with it: from the latest break not after `last`. */
export const comparableFrom = (breaks: readonly BreakYear[], last: number): number =>
  breaks.reduce((from, { year }) => (year <= last && year > from ? year : from), -Infinity)

/** Series cut at the breaks into runs of comparable years. */
export const comparableRuns = <P extends { readonly year: number }>(
  series: readonly P[],
  breaks: readonly BreakYear[],
): readonly (readonly P[])[] => {
  const runs = new Map<number, P[]>()
  for (const point of series) {
    const run = breaks.filter(({ year }) => year <= point.year).length
    const known = runs.get(run)
    if (known === undefined) runs.set(run, [point])
    else known.push(point)
  }
  return [...runs.values()]
}

const shown = (value: number | null): string =>
  value === null ? '—' : String(value).replace('.', ',')
