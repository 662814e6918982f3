import { expect, it } from 'vitest'
import { dimSchoolYear } from '../../../transforms/core/dim_school_year.ts'
import { martParameter } from '../../../transforms/marts/mart_parameter.ts'
import { riskRule } from '../../../transforms/parameters/risk_rule.ts'
import { given, withTables } from '../../support/tables.ts'

const rule = { name: 'minimum_n', unit: 'pupils', meaning: 'меньше — серая зона' }
const rows = withTables(
  [
    given(dimSchoolYear, { school_year: 2025 }, { school_year: 2026, is_last: true }),
    given(
      riskRule,
      { ...rule, value: 10, valid_to: '2025-08-31' },
      { ...rule, value: 8, valid_from: '2025-09-01', valid_to: '2026-08-31' },
      { ...rule, value: 7, valid_from: '2026-09-01', scope: '7701' },
    ),
  ],
  (tables) => tables.read(martParameter),
)

it('martParameter tells which number holds on the last day of the last school year', async () => {
  const ours = (await rows).filter(({ parameter_table }) => parameter_table === 'risk_rule')
  expect(Object.fromEntries(ours.map((row) => [row.value_text, row.is_in_force]))).toEqual({
    10: false,
    8: true,
    7: false,
  })
})

it('martParameter says in Russian what is counted and for whom', async () => {
  const all = await rows
  expect(
    all.filter(({ unit_label, scope_label }) => /[a-z]/.test(unit_label + scope_label)),
  ).toEqual([])
  expect(all.find(({ value_text }) => value_text === '7')).toMatchObject({
    unit_label: 'учеников',
    scope_label: '7701',
  })
})
