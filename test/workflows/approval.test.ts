import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { build } from '../../warehouse/build.ts'
import { publish } from '../../warehouse/publish.ts'
import { scratch } from '../support/home.ts'
import { catalogOf, miniSteps, parameterStep, rate, rateRow, withStep } from '../support/mini.ts'
import { UsageError } from '../../warehouse/errors.ts'
import {
  approverOf,
  forgetApproval,
  noteApproval,
  refuseStranger,
  waitingGeneration,
} from '../../workflows/approval.ts'

const home = { path: '' }
beforeAll(async () => {
  home.path = await mkdtemp(join(tmpdir(), 'mera-approval-'))
})
afterAll(() => rm(home.path, { recursive: true, force: true }))

describe('noteApproval(home, generation, by)', () => {
  test('is remembered until the generation is gone', async () => {
    expect(await approverOf(home, 'g00002')).toBeUndefined()
    await noteApproval(home, 'g00002', 'methodist')
    expect(await approverOf(home, 'g00002')).toBe('methodist')
    expect(await approverOf(home, 'g00003')).toBeUndefined()
    await forgetApproval(home, 'g00002')
    expect(await approverOf(home, 'g00002')).toBeUndefined()
    await expect(forgetApproval(home, 'g00002')).resolves.toBeUndefined()
  })
})

describe('refuseStranger(approvals, by)', () => {
  test('lets everybody in where nobody is named, else only who is named', () => {
    expect(() => {
      refuseStranger({ approvers: [] }, 'anybody')
    }).not.toThrow()
    expect(() => {
      refuseStranger({ approvers: ['head'] }, 'head')
    }).not.toThrow()
    expect(() => {
      refuseStranger({ approvers: ['head'] }, 'methodist')
    }).toThrow(UsageError)
  })
})

describe('waitingGeneration(home, approvals)', () => {
  test('is the one built last that nobody has seen, where the office asks for a word', async () => {
    const place = await scratch()
    try {
      const own = await place.home('home')
      const withRate = (value: number) =>
        catalogOf(withStep(miniSteps, parameterStep(rate, [rateRow('b', value)])))
      const waits = (beforePublishing = true) => waitingGeneration(own, { beforePublishing })
      expect(await waits()).toBeUndefined()
      await build(own, withRate(1))
      expect(await waits()).toBe('g00001')
      expect(await waits(false)).toBeUndefined()
      await publish(own, withRate(1), 'g00001')
      expect(await waits()).toBeUndefined()
      await build(own, withRate(2))
      expect(await waits()).toBe('g00002')
    } finally {
      await place.remove()
    }
  })
})
