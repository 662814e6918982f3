import { describe, expect, it } from 'vitest'
import { atMost, byTurns, median, reportLines, seconds } from '../../bench/measure.ts'

describe('measure', () => {
  it('takes the middle of an odd number and the mean of the two middle ones of an even number', () => {
    expect(median([3, 1, 2])).toBe(2)
    expect(median([4, 1, 2, 3])).toBe(2.5)
    expect(median([])).toBeNaN()
  })

  it('runs the works by turns', async () => {
    const order: string[] = []
    const medians = await byTurns(2, [() => order.push('a'), () => order.push('b')])
    expect(order).toEqual(['a', 'b', 'a', 'b'])
    expect(medians).toHaveLength(2)
  })

  it('prints a target as met or missed and fails neither', () => {
    const lines = reportLines([
      { name: 'быстро', result: seconds(900), target: atMost(900, 1000, '≤ 1 с') },
      {
        name: 'медленно',
        result: seconds(1100),
        target: atMost(1100, 1000, '≤ 1 с'),
        note: 'почему',
      },
    ])
    expect(lines).toEqual([
      '  быстро    0,90 с  ✓ цель ≤ 1 с',
      '  медленно  1,10 с  ✗ цель ≤ 1 с',
      '            почему',
    ])
  })
})
