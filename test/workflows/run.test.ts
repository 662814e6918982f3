import { ApplicationFailure } from '@temporalio/common'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { Approval, Progress } from '../../workflows/messages.ts'
import { FILES_PER_RECORD, NOTHING } from '../../workflows/plan.ts'
import { fakeSteps, hash, summary } from '../support/fake-steps.ts'

/** What the sandbox would be: set by each test, read by the mock. */
const sandbox = {
  steps: fakeSteps().steps,
  options: [] as Record<string, unknown>[],
  handlers: new Map<string, (...args: never[]) => unknown>(),
  isLong: false,
  children: [] as unknown[],
  ended: [] as unknown[],
  waited: [] as unknown[],
}

vi.mock('@temporalio/workflow', async () => ({
  ActivityFailure: class extends Error {},
  ApplicationFailure: (await import('@temporalio/common')).ApplicationFailure,
  ChildWorkflowFailure: class extends Error {},
  CancellationScope: { nonCancellable: (work: () => unknown) => work() },
  isCancellation: () => false,
  defineQuery: (name: string) => name,
  defineSignal: (name: string) => name,
  setHandler: (name: string, handler: () => unknown) => sandbox.handlers.set(name, handler),
  condition: async (holds: () => boolean, timeout: unknown) => {
    sandbox.waited.push(timeout)
    await Promise.resolve()
    return holds()
  },
  workflowInfo: () => ({
    workflowId: 'office/refresh/archive',
    taskQueue: 'office',
    continueAsNewSuggested: sandbox.isLong,
  }),
  proxyActivities: (options: Record<string, unknown>) => {
    sandbox.options.push(options)
    return sandbox.steps
  },
  proxySinks: () => ({ journal: { ended: (end: unknown) => sandbox.ended.push(end) } }),
  continueAsNew: (input: unknown) =>
    Promise.reject(new Error(`continued ${JSON.stringify(input)}`)),
  executeChild: (workflow: { name: string }, options: object) => {
    sandbox.children.push({ workflow: workflow.name, ...options })
    return Promise.resolve(summary(1))
  },
}))

const { backfill, loadFiles, refreshWarehouse } = await import('../../workflows/index.ts')

beforeEach(() => {
  sandbox.steps = fakeSteps().steps
  sandbox.options = []
  sandbox.handlers.clear()
  sandbox.isLong = false
  sandbox.children = []
  sandbox.ended = []
  sandbox.waited = []
})

const query = (): unknown => sandbox.handlers.get('progress')?.()
const signal = (approval: Approval): unknown => sandbox.handlers.get('approve')?.(approval as never)

describe('refreshWarehouse(input)', () => {
  test('parses on the queue beside its own and writes on its own, each with a heartbeat', async () => {
    await refreshWarehouse({ files: [hash(1)] })
    const [parsing, telling, writing] = sandbox.options
    expect(parsing).toMatchObject({ taskQueue: 'office-parse', heartbeatTimeout: '1 minute' })
    expect(telling).not.toHaveProperty('taskQueue')
    expect(writing).toMatchObject({ heartbeatTimeout: '15 seconds' })
    expect(writing).not.toHaveProperty('taskQueue')
  })

  test('answers where it is, from the first moment', async () => {
    const run = refreshWarehouse({})
    expect(query()).toEqual({ stage: 'plan', done: 0, total: 0 } satisfies Progress)
    await run
    expect(query()).toEqual({
      stage: 'done',
      done: 0,
      total: 0,
      generation: 'g2',
      contentHash: 'c2',
    })
  })

  test.each([
    ['publish', 'published'],
    ['reject', 'rejected'],
  ] as const)('a signal to %s that came early counts', async (decision, status) => {
    sandbox.steps = fakeSteps({
      publishingPolicy: () => {
        signal({ generation: 'g1', decision: 'reject' })
        signal({ generation: 'g2', decision })
        return Promise.resolve({ requireApproval: true, waitHours: 48 })
      },
    }).steps
    expect(await refreshWarehouse({})).toMatchObject({ status })
    expect(sandbox.waited).toEqual(['48 hours'])
  })

  test('an approval that never comes expires', async () => {
    const fake = fakeSteps({
      publishingPolicy: () => Promise.resolve({ requireApproval: true, waitHours: 1 }),
    })
    sandbox.steps = fake.steps
    expect(await refreshWarehouse({})).toMatchObject({ status: 'expired' })
    expect(fake.calls).toContain('discard {"generation":"g2","contentHash":"c2"}')
  })

  test('tells the worker how it ended where a schedule had started it', async () => {
    const { status, load } = await refreshWarehouse({ schedule: 'refresh-yearly' })
    expect(sandbox.ended).toEqual([
      { schedule: 'refresh-yearly', status, load, error: null, reference: null },
    ])
    const known = ApplicationFailure.create({ type: 'DiskFull', details: ['ab12'] })
    for (const error of [new RangeError('no room'), known]) {
      sandbox.steps = fakeSteps({ build: () => Promise.reject(error) }).steps
      await expect(refreshWarehouse({ schedule: 'refresh-yearly' })).rejects.toBe(error)
    }
    const failed = { schedule: 'refresh-yearly', status: 'failed', load: null }
    expect(sandbox.ended.slice(1)).toEqual([
      { ...failed, error: 'RangeError', reference: null },
      { ...failed, error: 'DiskFull', reference: 'ab12' },
    ])
    sandbox.steps = fakeSteps().steps
    await refreshWarehouse({})
    expect(sandbox.ended).toHaveLength(3)
  })

  test('goes on in a new run when its history is long', async () => {
    sandbox.isLong = true
    const files = Array.from({ length: FILES_PER_RECORD + 1 }, (_, i) => hash(i))
    await expect(refreshWarehouse({ files, render: true })).rejects.toThrow(
      `continued ${JSON.stringify({
        files: files.slice(-1),
        isPlanned: true,
        noted: files.slice(0, FILES_PER_RECORD),
        before: NOTHING,
        render: true,
      })}`,
    )
  })
})

describe('loadFiles(input)', () => {
  test('loads and builds nothing', async () => {
    const fake = fakeSteps()
    sandbox.steps = fake.steps
    expect(await loadFiles({ files: [hash(1)] })).toEqual(summary(1))
    expect(fake.calls.map((call) => call.split(' ')[0])).toEqual(['pending', 'parse', 'record'])
  })
})

describe('backfill(input)', () => {
  test('gives each year to a child named after it', async () => {
    sandbox.steps = fakeSteps({
      archived: ({ schoolYear }) => Promise.resolve([hash(schoolYear)]),
    }).steps
    const result = await backfill({ from: 2024, to: 2025 })
    expect(result.load).toEqual(summary(2))
    expect(sandbox.children).toEqual([
      {
        workflow: 'loadFiles',
        workflowId: 'office/refresh/archive/2024',
        args: [{ files: [hash(2024)], only: true }],
      },
      {
        workflow: 'loadFiles',
        workflowId: 'office/refresh/archive/2025',
        args: [{ files: [hash(2025)], only: true }],
      },
    ])
  })
})
