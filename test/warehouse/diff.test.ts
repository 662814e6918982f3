import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { build } from '../../warehouse/build.ts'
import { generationsToCompare } from '../../warehouse/diff.ts'
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
  const pair = async (...given: readonly string[]): Promise<readonly string[] | undefined> =>
    generationsToCompare(home, given, await currentGeneration(home))

  it('compares what is published with what readers saw before it', async () => {
    await issue(1)
    expect(await pair()).toBeUndefined()
    await issue(2)
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

  it('shows what nobody has seen yet against what is published', async () => {
    await issue(1)
    await issue(2)
    await build(home, withRate(3))
    expect(await pair()).toEqual(['g00002', 'g00003'])
  })
})
