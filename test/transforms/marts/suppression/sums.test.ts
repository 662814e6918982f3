import { describe, expect, it } from 'vitest'
import {
  suppressedNumbers,
  type Member,
  type Shown,
} from '../../../../transforms/marts/suppression/sums.ts'

const rule = { limitedFrom: 5, sensitiveFrom: 10 }
const number = (n: number, more: Partial<Shown> = {}): Shown => ({
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
  is_delivered: false,
  ...more,
})
const member = (school_key: string): Member => ({
  school_year: 2026,
  level: 'municipality',
  unit_key: 'm',
  school_key,
})
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
    expect(found([number(0, { is_delivered: true }), number(30, { subject: 'all' })])).toEqual([])
  })
})
