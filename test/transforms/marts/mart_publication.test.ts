import { describe, expect, it } from 'vitest'
import { dimSchoolYear } from '../../../transforms/core/dim_school_year.ts'
import { fctSchoolContext } from '../../../transforms/core/fct_school_context.ts'
import { martPublication } from '../../../transforms/marts/mart_publication.ts'
import { riskRule } from '../../../transforms/parameters/risk_rule.ts'
import { given, withTables, type Given } from '../../support/tables.ts'

const year = given(dimSchoolYear, { school_year: 2026, label: '2025/26', is_last: true })
const noteOf = async (...rows: readonly Given[]): Promise<string | undefined> =>
  (await withTables([year, ...rows], (tables) => tables.read(martPublication)))[0]
    ?.small_number_note

describe('the note on small groups', () => {
  it('gives the numbers of the rules, and of children with a mark only where such are counted', async () => {
    const note = 'Малая группа — меньше 5 человек. По группам меньше 10 нет оценки и сравнения.'
    expect(await noteOf()).toBe(note)
    const counted = (measure: string): Given =>
      given(fctSchoolContext, { school_key: 'a', school_year: 2026, measure, value: 12 })
    expect(await noteOf(counted('pupils'))).toBe(note)
    expect(await noteOf(counted('sen_pupils'))).toContain('ОВЗ')
  })

  it('tells the least n of a zone apart where an office has changed it', async () => {
    const changed = given(riskRule, { name: 'minimum_n', value: 8, unit: 'pupils' })
    expect(await noteOf(changed)).toMatch(
      /меньше 10 нет сравнения с похожими школами, меньше 8 — зоны риска\.$/,
    )
  })

  it('stands before there is any school year', async () => {
    const rows = await withTables([given(dimSchoolYear)], (tables) => tables.read(martPublication))
    expect(rows).toMatchObject([{ last_year: null, last_year_label: '—' }])
    expect(rows[0]?.small_number_note).toContain('меньше 5 человек')
  })
})
