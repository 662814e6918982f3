import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { build } from '../../warehouse/build.ts'
import { changes, generationsToCompare } from '../../warehouse/diff.ts'
import { Database } from '../../warehouse/database.ts'
import { currentGeneration } from '../../warehouse/generation.ts'
import type { Home } from '../../warehouse/home.ts'
import { publish, rollback } from '../../warehouse/publish.ts'
import { scratch, type Scratch } from '../support/home.ts'
import { catalogOf, miniSteps, parameterStep, rate, rateRow, withStep } from '../support/mini.ts'

const withRate = (value: number) =>
  catalogOf(withStep(miniSteps, parameterStep(rate, [rateRow('b', value)])))

let place: Scratch
let home: Home
beforeEach(async () => {
  place = await scratch()
  home = await place.home('home')
})
afterEach(() => place.remove())

const issue = async (value: number): Promise<void> => {
  const { generation } = await build(home, withRate(value))
  await publish(home, withRate(value), generation)
}

describe('generationsToCompare(home, given, current)', () => {
  const pair = async (
    ...given: readonly string[]
  ): Promise<readonly [string | undefined, string | undefined]> =>
    generationsToCompare(home, given, await currentGeneration(home))

  it('compares what is published with what readers saw before it', async () => {
    expect(await pair()).toEqual([undefined, undefined])
    await issue(1)
    expect(await pair()).toEqual([undefined, 'g00001'])
    await issue(2)
    expect(await pair('g00001')).toEqual([undefined, 'g00001'])
    await rollback(home)
    await issue(3)
    expect(await pair()).toEqual(['g00001', 'g00003'])
    expect(await pair('g00002')).toEqual(['g00001', 'g00002'])
  })

  it('after a rollback compares with what stood before, not with what was taken back', async () => {
    await issue(1)
    await issue(2)
    await issue(3)
    await rollback(home)
    expect(await pair()).toEqual(['g00001', 'g00002'])
  })

  it('after a rollback to the first publication shows what was taken back', async () => {
    await issue(1)
    await issue(2)
    await rollback(home)
    expect(await pair()).toEqual(['g00002', 'g00001'])
  })

  it('shows what nobody has seen yet against what is published', async () => {
    await issue(1)
    await issue(2)
    await build(home, withRate(3))
    expect(await pair()).toEqual(['g00002', 'g00003'])
  })
})

describe('changes', () => {
  const changed = async (before: string, after: string): Promise<readonly unknown[]> => {
    const database = await Database.open(':memory:')
    try {
      for (const [alias, value] of [
        ['a', before],
        ['b', after],
      ] as const) {
        await database.run(`attach ':memory:' as ${alias}`)
        await database.run(`create schema ${alias}.marts`)
        await database.run(
          `create table ${alias}.marts.mart_indicator_value as
           select 'pass_rate' as indicator, 'school' as level, 'a' as unit_key, 'vpr' as procedure, 'russian' as subject, '4' as grade,
                  2026 as school_year, '' as unit_name, '' as indicator_title, '' as procedure_name, '' as subject_name, '' as grade_name,
                  ${value}::double as value, 10 as n, 0.4::double as lo, 0.6::double as hi, 'green' as zone, '' as value_text, '' as zone_label`,
        )
      }
      return (await database.rows<{ kind: string }>(`select kind from (${changes})`)).map(
        ({ kind }) => kind,
      )
    } finally {
      database.close()
    }
  }

  it('are no sums in another order, but every other difference', async () => {
    expect(await changed('0.504', '0.504 + 1e-13')).toEqual([])
    expect(await changed('512345.504', '512345.504 + 1e-7')).toEqual([])
    expect(await changed('0.504', '0.504 + 1e-7')).toEqual(['changed'])
    expect(await changed('0.504', 'null')).toEqual(['changed'])
    expect(await changed('null', 'null')).toEqual([])
  })
})
