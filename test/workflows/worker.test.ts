import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { InjectedSinks } from '@temporalio/worker'
import type { JournalSinks, ScheduledEnd } from '../../workflows/journal.ts'
import { startWorker } from '../../workflows/worker.ts'
import { fakeSteps } from '../support/fake-steps.ts'

const sdk = vi.hoisted(() => ({
  created: [] as { readonly sinks?: unknown }[],
  closed: (): void => undefined,
}))
// Nobody's patience takes time here.
vi.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }))
vi.mock('@temporalio/worker', () => ({
  DefaultLogger: Object,
  Runtime: { install: () => undefined },
  NativeConnection: {
    connect: () =>
      Promise.resolve({
        close: () => {
          sdk.closed()
          return Promise.resolve()
        },
      }),
  },
  Worker: {
    create: (options: object) => {
      sdk.created.push(options)
      let shutdown = (): void => undefined
      const run = new Promise<void>((resolve) => {
        shutdown = resolve
      })
      return Promise.resolve({ getState: () => 'RUNNING', run: () => run, shutdown })
    },
  },
}))

const end: ScheduledEnd = {
  schedule: 'yearly',
  status: 'unchanged',
  load: null,
  error: null,
  reference: null,
}

describe('startWorker(options) where a schedule’s run ends', () => {
  beforeEach(() => {
    sdk.created.length = 0
  })

  test.each(['resolve', 'reject'] as const)(
    'a note that takes long holds up no run, and the worker does not stop before it (%s)',
    async (how) => {
      const order: string[] = []
      let settle = (): void => undefined
      const note = new Promise<void>((resolve, reject) => {
        settle = how === 'resolve' ? resolve : reject
      })
      const worker = await startWorker({
        target: { address: '', namespace: '', connectionOptions: {} } as never,
        taskQueue: 'test',
        workflowBundle: { code: '' },
        steps: () => fakeSteps().steps,
        onScheduledEnd: () => note,
      })
      sdk.closed = () => {
        // After whatever follows at once.
        setImmediate(() => {
          order.push('noted')
          settle()
        })
      }
      const [sinks] = sdk.created.flatMap(({ sinks }) =>
        sinks === undefined ? [] : [sinks as InjectedSinks<JournalSinks>],
      )
      await sinks?.journal.ended.fn({ runId: 'r1', startTime: new Date() } as never, end)
      order.push('run ended')
      await worker.stop()
      order.push('stopped')
      expect(order).toEqual(['run ended', 'noted', 'stopped'])
    },
  )
})
