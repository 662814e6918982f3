import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  suppressedNumbers,
  type Member,
  type Shown,
} from '../../../../transforms/marts/suppression/sums.ts'
import { solvable } from '../../methods/education/attack.ts'

const rule = { limitedFrom: 5, sensitiveFrom: 10 }
const number = (n: number | null, more: Partial<Shown> = {}): Shown => ({
  indicator: 'pass_rate',
  is_sensitive: false,
  level: 'school',
  unit_key: 'a',
  procedure: 'oge',
  subject: 'russian',
  grade: '9',
  school_year: 2026,
  numerator: n,
  denominator: n,
  n,
  counts_schools: false,
  ...more,
})
const memberOf =
  (level: string, unit_key: string) =>
  (school_key: string): Member => ({ school_year: 2026, level, unit_key, school_key })
const member = memberOf('municipality', 'm')
const found = (numbers: readonly Shown[], members: readonly Member[] = []): readonly string[] =>
  suppressedNumbers(numbers, members, rule)
    .map(
      ({ number: { indicator, unit_key, subject, grade }, reason }) =>
        `${indicator} ${unit_key} ${subject} ${grade}: ${reason}`,
    )
    .sort()

describe('suppressedNumbers', () => {
  it('hides a grade beside a small one, and leaves the subject', () => {
    expect(
      found([
        number(43, { grade: 'all' }),
        number(3, { grade: '4' }),
        number(12, { grade: '5' }),
        number(28, { grade: '6' }),
      ]),
    ).toEqual(['pass_rate a russian 4: small', 'pass_rate a russian 5: complement'])
  })

  it('hides a subject with its only grade', () => {
    const subject = (name: string, n: number) => [
      number(n, { subject: name, grade: 'all' }),
      number(n, { subject: name }),
    ]
    expect(
      found([
        number(50, { subject: 'all', grade: 'all' }),
        ...subject('biology', 2),
        ...subject('history', 14),
        ...subject('russian', 50),
      ]),
    ).toEqual([
      'pass_rate a biology 9: small',
      'pass_rate a biology all: small',
      'pass_rate a history 9: complement',
      'pass_rate a history all: complement',
    ])
  })

  it('hides a second school of the municipality, never a lone one', () => {
    expect(
      found(
        [
          number(63, { level: 'municipality', unit_key: 'm' }),
          number(4, { unit_key: 'a' }),
          number(40, { unit_key: 'b' }),
          number(19, { unit_key: 'c' }),
        ],
        ['a', 'b', 'c'].map(member),
      ),
    ).toEqual(['pass_rate a russian 9: small', 'pass_rate c russian 9: complement'])
  })

  it('hides indicators of the same people together, so that none gives away what another hides', () => {
    const hidden = found([
      ...['pass_rate', 'ridit_index'].flatMap((indicator) => [
        number(3, { indicator, subject: 'biology', grade: 'all' }),
        number(70, { indicator, subject: 'russian', grade: 'all' }),
      ]),
      number(12, { subject: 'history', grade: 'all' }),
      number(80, { subject: 'all', grade: 'all' }),
      number(72, { indicator: 'ridit_index', subject: 'all', grade: 'all' }),
    ])
    const of = (indicator: string) =>
      hidden.filter((line) => line.startsWith(indicator)).map((line) => line.replace(/^\S+ /, ''))
    expect(of('ridit_index')).toEqual(['a biology all: small', 'a russian all: complement'])
    expect(of('pass_rate')).toEqual(expect.arrayContaining(of('ridit_index')))
  })

  it('hides a sensitive share by the children with the trait, and another school beside it', () => {
    const share = (unit_key: string, numerator: number, denominator: number, level = 'school') =>
      number(denominator, {
        indicator: 'sen_share',
        is_sensitive: true,
        procedure: 'all',
        subject: 'all',
        grade: 'all',
        level,
        unit_key,
        numerator,
        denominator,
      })
    expect(
      found(
        [
          share('m', 61, 1200, 'municipality'),
          share('a', 7, 300),
          share('b', 14, 400),
          share('c', 40, 500),
        ],
        ['a', 'b', 'c'].map(member),
      ),
    ).toEqual(['sen_share a all all: sensitive', 'sen_share b all all: complement'])
    expect(found([share('z', 0, 300)])).toEqual([])
  })

  it('leaves numbers that came ready-made and speak of no counted people', () => {
    expect(found([number(null), number(30, { subject: 'all' })])).toEqual([])
  })

  it('counts a school without a cluster as a part of its municipality beside the clusters', () => {
    // m = k + l + a, a in no cluster: the municipality less its clusters is a.
    expect(
      found(
        [
          number(103, { level: 'municipality', unit_key: 'm' }),
          number(60, { level: 'cluster', unit_key: 'k' }),
          number(40, { level: 'cluster', unit_key: 'l' }),
          number(3, { unit_key: 'a' }),
          ...['b', 'c', 'd', 'e'].map((unit_key, i) =>
            number([31, 29, 22, 18][i] ?? 0, { unit_key }),
          ),
        ],
        [
          ...['a', 'b', 'c', 'd', 'e'].map(member),
          ...['b', 'c'].map(memberOf('cluster', 'k')),
          ...['d', 'e'].map(memberOf('cluster', 'l')),
        ],
      ),
    ).toEqual([
      'pass_rate a russian 9: small',
      'pass_rate e russian 9: complement',
      'pass_rate l russian 9: complement',
    ])
  })

  it('counts clusters across a border by the schools that have the number', () => {
    // k lies in both municipalities, but only its school in m has this number: then m = k + c.
    expect(
      found(
        [
          number(23, { level: 'municipality', unit_key: 'm' }),
          number(20, { level: 'cluster', unit_key: 'k' }),
          number(20, { unit_key: 'b' }),
          number(3, { unit_key: 'c' }),
        ],
        [
          ...['b', 'c'].map(member),
          memberOf('municipality', 'other')('z'),
          ...['b', 'z'].map(memberOf('cluster', 'k')),
        ],
      ),
    ).toEqual([
      'pass_rate b russian 9: complement',
      'pass_rate c russian 9: small',
      'pass_rate k russian 9: complement',
    ])
  })

  it('shows a mean of few schools, which are no people, but not the one that gives away a school', () => {
    const score = (unit_key: string, n: number, more: Partial<Shown> = {}) =>
      number(n, { indicator: 'delivered_score', unit_key, ...more })
    const ofSchools = { level: 'municipality', counts_schools: true }
    expect(
      found([score('m', 2, ofSchools), score('a', 40), score('b', 30)], ['a', 'b'].map(member)),
    ).toEqual([])
    expect(found([score('m', 1, ofSchools), score('a', 3)], [member('a')])).toEqual([
      'delivered_score a russian 9: small',
      'delivered_score m russian 9: complement',
    ])
    expect(found([score('m', 3, { level: 'municipality' })])).toEqual([
      'delivered_score m russian 9: small',
    ])
  })

  it('leaves no region of schools, grades and subjects from which a small number can be solved', () => {
    const base = fc.record({
      school: fc.integer({ min: 0, max: 11 }),
      subject: fc.constantFrom('a', 'b', 'c', 'd'),
      grade: fc.constantFrom('5', '6', '7'),
      n: fc.oneof(
        { weight: 1, arbitrary: fc.integer({ min: 1, max: 4 }) },
        { weight: 9, arbitrary: fc.integer({ min: 10, max: 70 }) },
      ),
    })
    const world = fc.record({
      works: fc.uniqueArray(base, {
        minLength: 20,
        maxLength: 80,
        selector: ({ school, subject, grade }) => `${String(school)} ${subject} ${grade}`,
      }),
      clusters: fc.array(fc.option(fc.integer({ min: 0, max: 2 }), { freq: 6 }), {
        minLength: 12,
        maxLength: 12,
      }),
    })
    fc.assert(
      fc.property(world, ({ works, clusters }) => {
        const schools = clusters.map((cluster, i) => ({
          key: `s${String(i)}`,
          cluster,
          town: i % 2,
        }))
        const members = schools.flatMap(({ key, cluster, town }) => [
          ...(cluster === null ? [] : [memberOf('cluster', `k${String(cluster)}`)(key)]),
          memberOf('municipality', `m${String(town)}`)(key),
          memberOf('region', 'r')(key),
        ])
        const numbers = published(works, members)
        expect(told(numbers, members)).toEqual([])
      }),
      { numRuns: 60, seed: 20260904 },
    )
  })
})

interface Work {
  readonly school: number
  readonly subject: string
  readonly grade: string
  readonly n: number
}
/** Every number that adds up from works: by school and unit, grade and all grades, subject and all subjects. */
const published = (works: readonly Work[], members: readonly Member[]): readonly Shown[] => {
  const totals = new Map<string, Shown>()
  for (const { school, subject, grade, n } of works) {
    const school_key = `s${String(school)}`
    const units = [
      { level: 'school', unit_key: school_key },
      ...members.filter((one) => one.school_key === school_key),
    ]
    for (const { level, unit_key } of units)
      for (const at of [
        { subject, grade },
        { subject, grade: 'all' },
        { subject: 'all', grade: 'all' },
      ]) {
        const key = [level, unit_key, at.subject, at.grade].join(' ')
        totals.set(key, number((totals.get(key)?.n ?? 0) + n, { level, unit_key, ...at }))
      }
  }
  return [...totals.values()]
}
/** Small numbers that the shown ones give: everything is a total of schools' works in a grade, which nobody sees. */
const told = (numbers: readonly Shown[], members: readonly Member[]): readonly string[] => {
  const keyOf = ({ level, unit_key, subject, grade }: Shown): string =>
    [level, unit_key, subject, grade].join(' ')
  const reasons = new Map(
    suppressedNumbers(numbers, members, rule).map((one) => [keyOf(one.number), one.reason]),
  )
  const base = numbers.filter(({ level, grade }) => level === 'school' && grade !== 'all')
  const places = new Map(base.map((row, i) => [keyOf(row), i]))
  const hidden = new Set<number>(base.flatMap((row, i) => (reasons.has(keyOf(row)) ? [i] : [])))
  const schoolsOf = (row: Shown): readonly string[] =>
    row.level === 'school'
      ? [row.unit_key]
      : members
          .filter(({ level, unit_key }) => level === row.level && unit_key === row.unit_key)
          .map(({ school_key }) => school_key)
  const partsOf = (row: Shown): readonly number[] => {
    const schools = schoolsOf(row)
    return base.flatMap((part) =>
      schools.includes(part.unit_key) &&
      (row.subject === 'all' || row.subject === part.subject) &&
      (row.grade === 'all' || row.grade === part.grade)
        ? [places.get(keyOf(part)) ?? 0]
        : [],
    )
  }
  const equations = numbers.map((row, i) => ({ whole: base.length + i, parts: partsOf(row), row }))
  for (const { whole, row } of equations) if (reasons.has(keyOf(row))) hidden.add(whole)
  const found = new Set(solvable(equations, (cell) => hidden.has(cell)))
  return equations
    .filter(({ whole, row }) => found.has(whole) && reasons.get(keyOf(row)) === 'small')
    .map(({ row }) => keyOf(row))
}
