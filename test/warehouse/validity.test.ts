import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { holdsOn, isOver, standingByYear } from '../../warehouse/validity.ts'
import { rateRow } from '../support/mini.ts'

const row = (value: number, valid_from: string | null, valid_to: string | null, scope = 'all') => ({
  ...rateRow('a', value),
  valid_from,
  valid_to,
  scope,
})
const told = (rows: readonly ReturnType<typeof row>[]) =>
  standingByYear(rows).map(({ value, valid_from, valid_to }) => [value, valid_from, valid_to])

describe('standingByYear(rows)', () => {
  it('leaves a row that always holds as it is', () => {
    expect(told([row(1, null, null)])).toEqual([[1, null, null]])
    expect(told([])).toEqual([])
  })

  it('ends a row where a later one begins', () => {
    expect(told([row(1, null, null), row(2, '2025-09-01', null)])).toEqual([
      [1, null, '2025-08-31'],
      [2, '2025-09-01', null],
    ])
  })

  it('lets a row return where the one over it ends', () => {
    expect(told([row(1, null, null), row(2, '2024-01-10', '2025-08-31', 'sample')])).toEqual([
      [1, null, '2023-08-31'],
      [2, '2024-01-10', '2025-08-31'],
      [1, '2025-09-01', null],
    ])
  })

  it('lets a shared row return where one of the office that was said after it ends', () => {
    expect(told([row(1, null, null), row(2, null, '2024-08-31')])).toEqual([
      [2, null, '2024-08-31'],
      [1, '2024-09-01', null],
    ])
  })

  it('gives a year to what holds on its last day', () => {
    expect(told([row(1, null, '2025-06-30'), row(2, '2025-07-01', null)])).toEqual([
      [1, null, '2025-06-30'],
      [2, '2025-07-01', null],
    ])
    expect(told([row(1, '2025-09-02', '2026-08-30')])).toEqual([])
  })

  it('has in each year the row that stands on its last day', () => {
    const day = fc
      .tuple(fc.integer({ min: 2020, max: 2026 }), fc.constantFrom('01-01', '08-31', '09-01'))
      .map(([year, rest]) => `${String(year)}-${rest}`)
    const rows = fc.array(
      fc
        .tuple(fc.option(day), fc.option(day), fc.constantFrom('all', 'sample'))
        .map(([from, to, scope]) => ({ from, to, scope })),
      { maxLength: 5 },
    )
    fc.assert(
      fc.property(rows, (drawn) => {
        const given = drawn.map(({ from, to, scope }, i) => row(i, from, to, scope))
        const found = standingByYear(given)
        for (let year = 2018; year <= 2028; year++) {
          const last = `${String(year)}-08-31`
          const best = given
            .filter((each) => holdsOn(each, last))
            .reduce<(typeof given)[number] | undefined>(
              (over, each) => (over === undefined || isOver(each, over) ? each : over),
              undefined,
            )
          const standing = found.filter((each) => holdsOn(each, last))
          expect(standing.map(({ value }) => value)).toEqual(best === undefined ? [] : [best.value])
        }
      }),
      { seed: 20261122 },
    )
  })
})
