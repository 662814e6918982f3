import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { build } from '../../warehouse/build.ts'
import { publish, rollback } from '../../warehouse/publish.ts'
import { scratch } from '../support/home.ts'
import { catalogOf, miniSteps, parameterStep, rate, rateRow, withStep } from '../support/mini.ts'
import { UsageError } from '../../warehouse/errors.ts'
import {
  approverOf,
  fateOf,
  fateText,
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

describe('fateOf(home, generation, contentHash)', () => {
  test('tells what became of a generation that waited, in words with a way on', async () => {
    const place = await scratch()
    try {
      const own = await place.home('home')
      const withRate = (value: number) =>
        catalogOf(withStep(miniSteps, parameterStep(rate, [rateRow('b', value)])))
      const { generation: first, contentHash } = await build(own, withRate(1))
      expect(await fateOf(own, first, contentHash)).toBeUndefined()
      expect(await fateOf(own, first, 'of another')).toBe('removed')
      expect(await fateOf(own, 'g00009')).toBe('removed')
      await publish(own, withRate(1), first)
      expect(await fateOf(own, first, contentHash)).toBe('published')
      const { generation: second } = await build(own, withRate(2))
      const { generation: third } = await build(own, withRate(3))
      await publish(own, withRate(3), third)
      expect(await fateOf(own, first)).toBe('overtaken')
      expect(await fateOf(own, second)).toBe('overtaken')
      await rollback(own)
      expect(await fateOf(own, third)).toBe('rolled-back')
    } finally {
      await place.remove()
    }
    for (const fate of ['published', 'removed', 'overtaken', 'rolled-back'] as const) {
      const { message, hint } = fateText('g00002', fate, 'g00003')
      expect(message).toContain('g00002')
      expect(hint).toMatch(/mera (?:status|refresh)/)
    }
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
