import { describe, expect, test } from 'vitest'
import { briefly, deliveriesOf, runJson, whereQuarantine } from '../../cli/status.ts'

const came = (source: string, year: number, loaded: number) => ({
  source,
  year,
  files: 1,
  loaded,
  quarantined: 0,
})

describe('deliveriesOf(journal, expected, titles, today)', () => {
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
      '2026-07-15',
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
      isOverdue: false,
      files: 1,
      rows: 100,
    })
  })
  test('calls overdue what did not come by its day, else by the end of its school year', () => {
    const overdue = (today: string) =>
      deliveriesOf(
        { delivered: [came('oge', 2026, 100), came('ege', 2026, 0)] },
        [
          { source: 'oge', year: 2026, required: true, due: '2026-07-01' },
          { source: 'ege', year: 2026, required: true, due: '2026-07-01' },
          { source: 'due', year: 2026, required: true, due: '2026-07-01' },
          { source: 'late', year: 2026, required: true, due: '2026-10-01' },
          { source: 'year', year: 2026, required: true },
          { source: 'none', year: 2026, required: false },
        ],
        new Map(),
        today,
      )
        .filter(({ isOverdue }) => isOverdue)
        .map(({ source }) => source)
    expect(overdue('2026-07-01')).toEqual([])
    expect(overdue('2026-08-31')).toEqual(['due'])
    expect(overdue('2026-09-01')).toEqual(['due', 'year'])
    expect(overdue('2026-10-02')).toEqual(['due', 'late', 'year'])
  })
})

describe('briefly(message)', () => {
  test('cuts a list of names to its first three, says how many more there are and where', () => {
    const start =
      'ошибки в настройках: parameters.json, norms: нет таблицы параметров «norms»; есть: '
    const names = Array.from({ length: 15 }, (_, i) => `name_${String(i)}`)
    expect(briefly(`${start}${names.join(', ')}`)).toBe(
      `${start}name_0, name_1, name_2 и ещё 12 (полностью — с --json)`,
    )
    for (const few of [names.slice(0, 3), names.slice(0, 4)]) {
      const message = `${start}${few.join(', ')}`
      expect(briefly(message)).toBe(message)
    }
  })
  test('cuts the faults of settings to the first three, each with its file, and counts the others', () => {
    const faults = Array.from(
      { length: 8 },
      (_, i) => `approvals.json, field${String(i)}: нет такого поля; есть: a, b, c`,
    )
    expect(briefly(`ошибки в настройках: ${faults.join('; ')}`)).toBe(
      `ошибки в настройках: ${faults.slice(0, 3).join('; ')}; и ещё 5\u00a0ошибок (полностью — с --json)`,
    )
  })
  test('leaves other messages as they are', () => {
    const message = 'предыдущего опубликованного поколения нет; первое, второе, третье, четвёртое'
    expect(briefly(message)).toBe(message)
  })
})

describe('whereQuarantine(published, latest)', () => {
  const query = 'mera sql "from marts.mart_quarantine"'
  test('names the command that lists the rows of what is published', () => {
    expect(whereQuarantine('g00001', 'g00002')).toBe(`: ${query}`)
  })
  test('names the generation where nothing is published yet', () => {
    expect(whereQuarantine(undefined, 'g00002')).toBe(`: ${query} --generation g00002`)
  })
  test('says what to do first where nothing is built', () => {
    expect(whereQuarantine(undefined, undefined)).toBe(
      `; сами строки покажет ${query} после mera refresh`,
    )
  })
})

describe('runJson(run)', () => {
  const run = {
    ...{ run: 'r', command: 'refresh', engine: 'local', message: null },
    ...{ started_at: '2026-06-01T10:00:00Z', finished_at: '2026-06-01T10:00:01Z' },
  }
  test('has the counts of a run that told of them, noughts too', () => {
    const told = { ...run, status: 'loaded', read: 3, loaded: 3, quarantined: 0, replaced: 0 }
    expect(runJson(told)).toEqual(told)
  })
  test('has none of a run that was stopped', () => {
    const counts = { read: null, loaded: null, quarantined: null, replaced: null }
    expect(runJson({ ...run, status: 'cancelled', ...counts })).toEqual({
      ...run,
      status: 'cancelled',
    })
  })
})
