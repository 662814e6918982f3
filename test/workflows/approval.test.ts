import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { UsageError } from '../../warehouse/errors.ts'
import {
  approverOf,
  forgetApproval,
  noteApproval,
  refuseStranger,
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
