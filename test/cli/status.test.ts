import { describe, expect, test } from 'vitest'
import { deliveriesOf } from '../../cli/status.ts'

const came = (source: string, year: number, loaded: number) => ({
  source,
  year,
  files: 1,
  loaded,
  quarantined: 0,
})

describe('deliveriesOf(journal, expected, titles)', () => {
  test('tells what is not required, what did not come, what came empty and what came', () => {
    const deliveries = deliveriesOf(
      { delivered: [came('oge', 2026, 100), came('ege', 2026, 0), came('staff', 2025, 7)] },
      [
        { source: 'oge', year: 2026, required: true, due: '2026-07-01' },
        { source: 'ege', year: 2026, required: true },
        { source: 'vpr', year: 2026, required: true },
        { source: 'vpr', year: 2025, required: false },
      ],
      new Map([['oge', 'ОГЭ']]),
    )
    expect(deliveries.map(({ source, year, state }) => [source, year, state])).toEqual([
      ['ege', 2026, 'zero'],
      ['vpr', 2026, 'not_delivered'],
      ['oge', 2026, 'delivered'],
      ['staff', 2025, 'delivered'],
      ['vpr', 2025, 'not_required'],
    ])
    expect(deliveries[2]).toEqual({
      source: 'oge',
      title: 'ОГЭ',
      year: 2026,
      state: 'delivered',
      due: '2026-07-01',
      files: 1,
      rows: 100,
    })
  })
})
