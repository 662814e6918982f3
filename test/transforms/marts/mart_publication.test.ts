import { describe, expect, it } from 'vitest'
import { dimSchoolYear } from '../../../transforms/core/dim_school_year.ts'
import { fctSchoolContext } from '../../../transforms/core/fct_school_context.ts'
import { martEstimate } from '../../../transforms/marts/mart_estimate.ts'
import { martIndicator } from '../../../transforms/marts/mart_indicator.ts'
import { martPublication } from '../../../transforms/marts/mart_publication.ts'
import { martRiskZone } from '../../../transforms/marts/mart_risk_zone.ts'
import { riskRule } from '../../../transforms/parameters/risk_rule.ts'
import { given, withTables, type Given } from '../../support/tables.ts'

const year = given(dimSchoolYear, { school_year: 2026, label: '2025/26', is_last: true })
const noteOf = async (...rows: readonly Given[]): Promise<string | undefined> =>
  (
    await withTables([year, given(martEstimate), given(martRiskZone), ...rows], (tables) =>
      tables.read(martPublication),
    )
  )[0]?.small_number_note

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

describe('what the zones lack', () => {
  const headline = given(martIndicator, {
    ...{ indicator: 'pass_rate', better: 'higher', is_headline: true },
  })
  const last = { school_year: 2026, grade: 'all' }
  const lackOf = async (
    estimates: readonly { readonly n: number | null; readonly se: number | null }[],
    zones: readonly { readonly zone: string; readonly is_suppressed?: boolean }[] = [],
    better = headline,
    more: readonly Given[] = [],
  ): Promise<string | undefined> => {
    const of = { indicator: 'pass_rate', ...last }
    const tables = [
      year,
      better,
      given(
        martEstimate,
        ...estimates.map((one, i) => ({
          ...{ ...of, level: 'school', unit_key: String(i), value: 0.5 },
          ...one,
        })),
      ),
      given(martRiskZone, ...zones.map((one, i) => ({ ...of, unit_key: String(i), ...one }))),
      ...more,
    ]
    return (await withTables(tables, (made) => made.read(martPublication)))[0]?.zones_lack
  }

  it('is nothing where one zone is assessed', async () => {
    const some = [
      { n: 84, se: 0.05 },
      { n: null, se: null },
    ]
    expect(await lackOf(some, [{ zone: 'green' }, { zone: 'grey' }])).toBe('')
  })

  it('is the first condition that the data of no school meet', async () => {
    expect(await lackOf([])).toMatch(/^за последний учебный год нет значений/)
    expect(await lackOf([{ n: null, se: null }])).toMatch(/^в файлах не сказано, сколько учеников/)
    expect(await lackOf([{ n: 9, se: 0.1 }], [{ zone: 'grey' }])).toBe(
      'за результатом каждой школы меньше 10 учеников',
    )
    const fewOrUntold = [
      { n: null, se: null },
      { n: 9, se: 0.1 },
    ]
    expect(await lackOf(fewOrUntold)).toMatch(/меньше 10 учеников или их число не передано$/)
    const untold = [
      { n: null, se: null },
      { n: 84, se: null },
    ]
    expect(await lackOf(untold)).toMatch(/^разброс результатов внутри школ не передан/)
    const untoldOfLarge = [
      { n: 84, se: null },
      { n: 5, se: 0.1 },
    ]
    expect(await lackOf(untoldOfLarge)).toMatch(
      /^у школ, где учеников довольно, разброс .* не пере/,
    )
    const alike = Array.from({ length: 30 }, () => ({ n: 84, se: 0 }))
    expect(await lackOf(alike)).toMatch(/^разброс результатов внутри школ везде нулевой/)
    expect(await lackOf([{ n: 84, se: 0.1 }], [{ zone: 'grey' }])).toMatch(/^школ с данными/)
    expect(await lackOf([{ n: 84, se: 0.1 }], [{ zone: 'green', is_suppressed: true }])).toMatch(
      /^значения, о которых можно судить, скрыты/,
    )
  })

  it('is said where no least n is in force', async () => {
    const later = given(riskRule, { name: 'minimum_n', value: 8, valid_from: '2030-09-01' })
    expect(await lackOf([{ n: 84, se: 0.1 }], [], headline, [later])).toMatch(/^не задано, при/)
  })

  it('is not asked of an indicator that zones are not made of', async () => {
    const described = given(martIndicator, {
      ...{ indicator: 'pass_rate', better: 'neither', is_headline: true },
    })
    expect(await lackOf([{ n: 84, se: 0.1 }], [], described)).toMatch(/нет значений основных/)
  })
})
