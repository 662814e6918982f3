import { describe, expect, it } from 'vitest'
import { dimSchoolYear } from '../../../transforms/core/dim_school_year.ts'
import { martRiskSummary } from '../../../transforms/marts/mart_risk_summary.ts'
import { martRiskZone } from '../../../transforms/marts/mart_risk_zone.ts'
import { given, withTables } from '../../support/tables.ts'
import { zone } from './town.ts'

const of = (subject: string, more: Parameters<typeof zone>[1] = {}) =>
  zone('a', { subject, subject_name: subject.toUpperCase(), ...more })
const oge = { procedure: 'oge', procedure_name: 'ОГЭ' }
const read = (...zones: readonly ReturnType<typeof zone>[]) =>
  withTables(
    [given(dimSchoolYear, { school_year: 2026, label: '2025/26' }), given(martRiskZone, ...zones)],
    async (tables) =>
      (await tables.read(martRiskSummary)).map((row) => [
        row.unit_key,
        row.indicator,
        `${row.procedure} ${row.subject}`,
        row.zone,
        row.also,
      ]),
  )

describe('martRiskSummary', () => {
  it('counts works once that stand in the zone of all subjects and of their own, and names what the row covers', async () => {
    expect(
      await read(
        zone('a', { z: -4 }),
        of('химия', { z: -5 }),
        of('физика', { z: -9 }),
        of('музыка', { zone: 'yellow', z: -9 }),
        of('право', { zone: 'green', z: -1 }),
      ),
    ).toEqual([['a', 'pass_rate', 'vpr all', 'red', 'в том числе: физика, химия, музыка']])
  })

  it('takes the worst zone first, and says where all subjects together stand beside', async () => {
    expect(await read(of('химия'), zone('a', { zone: 'yellow' }), of('физика', { z: -2 }))).toEqual(
      [['a', 'pass_rate', 'vpr химия', 'red', 'все предметы (физика)']],
    )
  })

  it('keeps to one row of an indicator over procedures, and shortens long lists', async () => {
    expect(
      await read(
        zone('a', { z: -9 }),
        zone('a', oge),
        ...['а', 'б', 'в', 'г', 'д'].map((subject, i) => of(subject, { ...oge, z: i - 9 })),
        of('химия', { procedure: 'ege', procedure_name: 'ЕГЭ' }),
      ),
    ).toEqual([
      [...['a', 'pass_rate', 'vpr all', 'red'], 'ЕГЭ: химия; ОГЭ: все предметы (а, б, в и ещё 2)'],
    ])
  })

  it('takes other indicators and schools apart, and leaves out what is hidden, of one grade, former or not headline', async () => {
    expect(
      await read(
        zone('a', { zone: 'green' }),
        of('химия', { is_suppressed: true }),
        of('химия', { grade: '4' }),
        of('химия', { school_year: 2025 }),
        zone('a', { indicator: 'ridit_index' }),
        zone('a', { indicator: 'mean_mark' }),
        zone('b'),
      ),
    ).toEqual([
      ['a', 'pass_rate', 'vpr all', 'green', ''],
      ['a', 'ridit_index', 'vpr all', 'red', ''],
      ['b', 'pass_rate', 'vpr all', 'red', ''],
    ])
  })
})
