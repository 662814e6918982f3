import { describe, expect, it } from 'vitest'
import { SettingsInvalid, UsageError } from '../../warehouse/errors.ts'
import { overridesOf } from '../../warehouse/overrides.ts'
import type { Settings } from '../../warehouse/settings.ts'
import { catalog } from '../support/tables.ts'

const whole = await catalog()
const none = { parameters: {}, schoolAliases: [], expectedDeliveries: [], dropPersonal: [] }
const faultsOf = (settings: Partial<Settings>): readonly string[] => {
  try {
    overridesOf({ ...none, ...settings }, whole)
    return []
  } catch (error) {
    if (!(error instanceof SettingsInvalid)) throw error
    expect(error).toBeInstanceOf(UsageError)
    return error.fields.map(({ file, path, message }) => `${file} ${path}: ${message}`)
  }
}
const norm = {
  indicator: 'pass_rate',
  procedure: 'oge',
  subject: 'all',
  grade: 'all',
  from_year: 2026,
  value: 0.95,
  document: 'приказ № 12',
}

describe('overridesOf(settings, catalog)', () => {
  it('takes what the declarations know, with or without what may be absent', () => {
    expect(
      faultsOf({ parameters: { norm: [norm, { ...norm, to_year: 2027, tag: 'S' }] } }),
    ).toEqual([])
  })

  it('completes a row with what the shared row of its key says', () => {
    const [found] = overridesOf(
      { ...none, parameters: { risk_rule: [{ name: 'minimum_n', value: 8 }] } },
      whole,
    )
    expect(found?.rows[0]).toMatchObject({
      value: 8,
      unit: 'pupils',
      source: 'settings/parameters.json',
    })
  })

  it.each([
    ['a share above one', { norm: [{ ...norm, value: 95 }] }, /доля — число от 0 до 1, а стоит 95/],
    ['a word for a number', { norm: [{ ...norm, value: 'много' }] }, /value: ожидалось число/],
    ['a column that is not there', { norm: [{ ...norm, oops: 1 }] }, /нет столбца «oops»; есть: /],
    [
      'a day that the calendar does not have',
      { norm: [{ ...norm, valid_from: '2026-02-31' }] },
      /valid_from: ожидалось дата/,
    ],
    ['a missing column', { norm: [{ indicator: 'pass_rate' }] }, /не указан столбец «value»/],
    [
      'an unknown indicator',
      { norm: [{ ...norm, indicator: 'pass_raet' }] },
      /нет показателя «pass_raet»/,
    ],
    [
      'an unknown number',
      { risk_rule: [{ name: 'minimum_nn', value: 8 }] },
      /нет числа «minimum_nn»; есть: /,
    ],
    ['an unknown table', { norms: [] }, /нет таблицы параметров «norms»/],
  ] as const)('refuses %s', (_, parameters, message) => {
    expect(faultsOf({ parameters }).join('\n')).toMatch(message)
  })

  it('refuses an expected delivery of a form that does not exist', () => {
    expect(
      faultsOf({ expectedDeliveries: [{ source: 'nope', year: 2026, required: true }] }),
    ).toEqual([expect.stringMatching(/^expected-deliveries\.json \[0\]\.source: нет формы «nope»/)])
  })

  it('refuses to drop columns of people from a form that does not exist, and knows a form by name and id', () => {
    const [form] = whole.sources
    const known = [form?.name ?? '', form?.id ?? '']
    expect(faultsOf({ dropPersonal: [...known, 'nonsense'] })).toEqual([
      expect.stringMatching(/^privacy\.json dropPersonal\.\[2\]: нет формы «nonsense»; есть: /),
    ])
  })
})
