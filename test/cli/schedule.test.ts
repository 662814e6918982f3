import { describe, expect, it } from 'vitest'
import { lineOf } from '../../cli/schedule.ts'

const line = {
  id: 'yearly',
  yearly: { id: 'yearly', month: 9, day: 1, hour: 6 },
  timezone: 'Asia/Yekaterinburg',
  paused: false,
  next: ['2027-09-01T01:00:00.000Z'],
  last: [],
  lastAt: [],
}

describe('lineOf(schedule)', () => {
  it('says how often, in which time zone, whether it is on and when it runs next', () => {
    expect(lineOf(line)).toBe(
      'yearly: каждый год 1 сентября в 6:00 (Asia/Yekaterinburg), включено, следующий прогон 01.09.2027, 06:00, прогонов ещё не было',
    )
  })

  it('says that it is paused, and when it ran last, without ids of runs', () => {
    const text = lineOf({
      ...line,
      paused: true,
      last: ['mera-1/refresh/yearly-2026-09-01T01:00:00Z'],
      lastAt: ['2026-09-01T01:00:02.000Z'],
    })
    expect(text).toContain('приостановлено, последний — 01.09.2026, 06:00')
    expect(text).not.toContain('следующий')
    expect(text).not.toContain('refresh/')
  })

  it('says where the calendar was changed on the server', () => {
    expect(lineOf({ ...line, yearly: null, next: [] })).toContain(
      'по календарю, изменённому на сервере (Asia/Yekaterinburg), включено, следующий прогон не назначен',
    )
  })
})
