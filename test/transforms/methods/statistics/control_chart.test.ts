import { describe, expect, it } from 'vitest'
import { pChart } from '../../../../transforms/methods/statistics/control_chart.ts'
import { StatisticsError } from '../../../../transforms/methods/statistics/errors.ts'

const counts = (successes: readonly number[], n: number) =>
  successes.map((x) => ({ successes: x, n }))

describe('pChart', () => {
  it('has the centre and the limits of the textbook formula', () => {
    const chart = pChart(counts([40, 42, 38, 41, 39, 40, 43, 37], 100))
    if (chart.kind !== 'chart') throw new Error('a chart expected')
    expect(chart.centre).toBe(0.4)
    const half = 3 * Math.sqrt(0.24 / 100)
    expect(chart.points[0]?.limits.hi).toBeCloseTo(0.4 + half, 12)
    expect(chart.points[0]?.limits.lo).toBeCloseTo(0.4 - half, 12)
    expect(chart.points.every(({ position }) => position === 'inside')).toBe(true)
  })

  it('shows the moment that is out of control', () => {
    const chart = pChart(counts([40, 42, 38, 41, 80, 40, 43, 37], 100))
    if (chart.kind !== 'chart') throw new Error('a chart expected')
    expect(chart.points.map(({ position }) => position)).toEqual([
      'inside',
      'inside',
      'inside',
      'inside',
      'above',
      'inside',
      'inside',
      'inside',
    ])
  })

  it('has the limits and the signals of Montgomery’s cans of orange juice (table 7.1: 0.2313, 0.0524, 0.4102)', () => {
    const cans = [
      12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12,
      7, 13, 9, 6,
    ]
    const chart = pChart(counts(cans, 50))
    if (chart.kind !== 'chart') throw new Error('a chart expected')
    expect(chart.centre).toBeCloseTo(0.2313, 4)
    expect(chart.points[0]?.limits.lo).toBeCloseTo(0.0524, 3)
    expect(chart.points[0]?.limits.hi).toBeCloseTo(0.4102, 4)
    const outside = chart.points.flatMap(({ position }, i) =>
      position === 'inside' ? [] : [i + 1],
    )
    expect(outside).toEqual([15, 23])
  })

  it('is exact for small groups', () => {
    const chart = pChart(counts([1, 2, 0, 1, 2, 1, 0, 1], 12))
    if (chart.kind !== 'chart') throw new Error('a chart expected')
    expect(chart.points.every(({ limits }) => limits.method === 'binomial')).toBe(true)
  })

  it('counts the longest run on one side', () => {
    const chart = pChart(counts([30, 31, 32, 33, 47, 48, 49, 40, 50], 100))
    expect(chart).toMatchObject({ kind: 'chart', longestRun: 4 })
    const even = pChart(counts([5, 5, 5, 5, 5, 5, 5, 5], 10))
    expect(even).toMatchObject({ kind: 'chart', longestRun: 0 })
  })

  it('is not drawn of seven points', () => {
    expect(pChart(counts([1, 2, 3, 1, 2, 3, 1], 20))).toEqual({
      kind: 'too short',
      points: 7,
      least: 8,
    })
    expect(pChart([])).toEqual({ kind: 'too short', points: 0, least: 8 })
    expect(pChart(counts([1, 2, 3], 20), { least: 3 }).kind).toBe('chart')
  })

  it('refuses counts without a share', () => {
    expect(() => pChart([{ successes: 3, n: 2 }])).toThrow(StatisticsError)
    expect(() => pChart([{ successes: 0, n: 0 }])).toThrow(StatisticsError)
  })
})
