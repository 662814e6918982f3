import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  approve,
  cancelRun,
  connect,
  runningRuns,
  startBackfill,
  startLoad,
  startRefresh,
} from '../../workflows/client.ts'
import { follow } from '../../workflows/follow.ts'
import type { Connected } from '../../workflows/client.ts'
import { NoSuchRun, RunFailed } from '../../workflows/errors.ts'
import { localEngine } from '../../workflows/local.ts'
import type { Progress } from '../../workflows/messages.ts'
import {
  ensureSchedules,
  listSchedules,
  scheduleId,
  triggerSchedule,
} from '../../workflows/schedules.ts'
import type { ScheduledEnd } from '../../workflows/journal.ts'
import { startWorker } from '../../workflows/worker.ts'
import { built, fakeSteps, hash, summary } from '../support/fake-steps.ts'
import type { FakeSteps } from '../support/fake-steps.ts'
import { historyToJson, payloadsOf } from '../support/histories.ts'
import { testBundle, testServer } from '../support/temporal.ts'

const own = await testServer()

const until = async <T>(ask: () => Promise<T | undefined>): Promise<T> => {
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

describe.runIf(own !== undefined)('workflows on a real server', { timeout: 60_000 }, () => {
  if (own === undefined) return
  const { server } = own
  let connected: Connected
  let workflowBundle: Awaited<ReturnType<typeof testBundle>>
  let queues = 0

  beforeAll(async () => {
    workflowBundle = await testBundle()
    connected = await connect(server)
  }, 60_000)
  afterAll(async () => {
    await connected.close()
    await own.stop()
  })

  /** A queue of its own per test, with a worker that runs these steps while `work` goes on. */
  const withWorker = async (
    fake: FakeSteps,
    work: (taskQueue: string, errors: string[]) => Promise<void>,
    onScheduledEnd: (end: ScheduledEnd) => Promise<void> = () => Promise.resolve(),
  ): Promise<void> => {
    queues += 1
    const taskQueue = `test-${queues}`
    const errors: string[] = []
    const worker = await startWorker({
      target: server,
      taskQueue,
      workflowBundle,
      steps: () => fake.steps,
      onError: (error, reference) => errors.push(`${reference} ${String(error)}`),
      onScheduledEnd,
    })
    try {
      await work(taskQueue, errors)
    } finally {
      await worker.stop()
    }
  }

  test('a refresh gives what the same plan gives in process', async () => {
    const input = { files: [hash(1), hash(2)], collect: true, render: true }
    const inProcess = fakeSteps({ collect: () => Promise.resolve([hash(3)]) })
    const expected = await localEngine({ steps: inProcess.steps }).refresh(input)
    const fake = fakeSteps({ collect: () => Promise.resolve([hash(3)]) })
    await withWorker(fake, async (taskQueue) => {
      const { client } = connected
      const handle = await startRefresh(client, taskQueue, input)
      expect(await follow(client, handle)).toEqual(expected)
      expect(fake.calls).toEqual(inProcess.calls)
      expect(await handle.query<Progress>('progress')).toMatchObject({ stage: 'done' })
    })
  })

  test('progress is heard while a run goes on, from the run and from its activity', async () => {
    let release: () => void = () => undefined
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const fake = fakeSteps()
    queues += 1
    const taskQueue = `test-${queues}`
    const worker = await startWorker({
      target: server,
      taskQueue,
      workflowBundle,
      steps: ({ onProgress }) => ({
        ...fake.steps,
        build: async () => {
          onProgress(3, 7)
          await held
          return built
        },
      }),
    })
    const seen: Progress[] = []
    const { client } = connected
    const handle = await startRefresh(client, taskQueue, { files: [hash(1)] })
    const onProgress = (progress: Progress): void => {
      seen.push(progress)
      if (progress.stage === 'build' && progress.done === 3) release()
    }
    await follow(client, handle, { onProgress, every: 50 })
    expect(seen).toContainEqual({ stage: 'build', done: 3, total: 7 })
    await worker.stop()
  })

  test('publishes after the approval by signal, not before', async () => {
    const fake = fakeSteps({
      publishingPolicy: () => Promise.resolve({ requireApproval: true, waitHours: 72 }),
    })
    await withWorker(fake, async (taskQueue) => {
      const { client } = connected
      await expect(approve(client, taskQueue, { decision: 'publish' })).rejects.toThrow(NoSuchRun)
      const handle = await startRefresh(client, taskQueue, {})
      await until(async () =>
        (await runningRuns(client, taskQueue)).find(
          ({ progress }) => progress?.stage === 'approval',
        ),
      )
      expect(fake.calls).not.toContain('publish {"generation":"g2","contentHash":"c2"}')
      const wrong = { generation: 'g1', decision: 'publish' } as const
      await expect(approve(client, taskQueue, wrong)).rejects.toThrow(NoSuchRun)
      expect(await approve(client, taskQueue, { decision: 'publish' })).toEqual({
        workflowId: handle.workflowId,
        generation: 'g2',
      })
      expect(await follow(client, handle)).toMatchObject({ status: 'published' })
      expect(fake.calls.filter((call) => call.startsWith('notify'))).toEqual([
        `notify {"kind":"approval-needed","workflow":"${handle.workflowId}","stage":"approval","generation":"g2"}`,
      ])
    })
  })

  test('cancellation removes what was built and publishes nothing', async () => {
    const fake = fakeSteps({
      publishingPolicy: () => Promise.resolve({ requireApproval: true, waitHours: 72 }),
    })
    await withWorker(fake, async (taskQueue) => {
      const { client } = connected
      const handle = await startRefresh(client, taskQueue, {})
      await until(async () =>
        (await runningRuns(client, taskQueue)).find(
          ({ progress }) => progress?.stage === 'approval',
        ),
      )
      await cancelRun(client, handle.workflowId)
      await expect(follow(client, handle)).rejects.toMatchObject({ reason: 'cancelled' })
      expect(fake.calls.at(-1)).toBe('discard {"generation":"g2","contentHash":"c2"}')
      expect(fake.calls.some((call) => call.startsWith('publish '))).toBe(false)
      await expect(cancelRun(client, 'nothing')).rejects.toThrow(NoSuchRun)
    })
  })

  test('who follows a run and is interrupted cancels it', async () => {
    const fake = fakeSteps({
      publishingPolicy: () => Promise.resolve({ requireApproval: true, waitHours: 72 }),
    })
    await withWorker(fake, async (taskQueue) => {
      const { client } = connected
      const control = new AbortController()
      const handle = await startRefresh(client, taskQueue, {})
      const onProgress = ({ stage }: Progress): void => {
        if (stage === 'approval') control.abort()
      }
      const followed = follow(client, handle, { onProgress, every: 50, signal: control.signal })
      await expect(followed).rejects.toMatchObject({ reason: 'cancelled' })
    })
  })

  test('a build that is cancelled hears of it, and the run waits for it', async () => {
    queues += 1
    const taskQueue = `test-${queues}`
    const fake = fakeSteps()
    const order: string[] = []
    const worker = await startWorker({
      target: server,
      taskQueue,
      workflowBundle,
      steps: ({ signal }) => ({
        ...fake.steps,
        build: () =>
          new Promise((_, reject) => {
            order.push('started')
            signal.addEventListener('abort', () => {
              order.push('stopped')
              reject(new Error('aborted'))
            })
          }),
      }),
    })
    const { client } = connected
    const handle = await startRefresh(client, taskQueue, {})
    await until(() => Promise.resolve(order.length > 0 ? true : undefined))
    await handle.cancel()
    await expect(follow(client, handle)).rejects.toMatchObject({ reason: 'cancelled' })
    expect(order).toEqual(['started', 'stopped'])
    expect(fake.calls).toEqual(['pending {"files":[],"only":false}'])
    await worker.stop()
  })

  test('a failure is told, and its text stays out of the history', async () => {
    class ContractError extends Error {}
    const fake = fakeSteps({
      record: () => Promise.reject(new ContractError('Иванов.xlsx, лист «5а», /srv/данные')),
    })
    await withWorker(fake, async (taskQueue, errors) => {
      const { client } = connected
      const handle = await startRefresh(client, taskQueue, { files: [hash(1)] })
      const failure: unknown = await follow(client, handle).catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(RunFailed)
      expect(failure).toMatchObject({ reason: 'failed', errorType: 'ContractError' })
      expect(fake.calls.at(-1)).toBe(
        `notify {"kind":"failed","workflow":"${handle.workflowId}","stage":"record","error":"ContractError"}`,
      )
      expect(fake.calls.filter((call) => call.startsWith('record'))).toHaveLength(1)
      const text = historyToJson(await handle.fetchHistory())
      const decoded = payloadsOf(text)
      expect(decoded.join()).toContain(hash(1))
      for (const secret of ['Иванов', 'xlsx', '/srv', 'node_modules', '.ts'])
        for (const part of [text, ...decoded]) expect(part).not.toContain(secret)
      expect(errors).toHaveLength(1)
      const [reference = ''] = (errors[0] ?? '').split(' ')
      expect((failure as RunFailed).message).toContain(reference)
      expect(errors[0]).toContain('Иванов.xlsx')
    })
  })

  test('a fault that passes is tried again', async () => {
    let tries = 0
    const fake = fakeSteps({
      record: ({ files }) => {
        tries += 1
        return tries < 2
          ? Promise.reject(new Error('busy'))
          : Promise.resolve(summary(files.length))
      },
    })
    await withWorker(fake, async (taskQueue) => {
      const { client } = connected
      const handle = await startLoad(client, taskQueue, { files: [hash(1)] })
      expect(await follow(client, handle)).toEqual(summary(1))
      expect(tries).toBe(2)
    })
  })

  test('who asks for what is running joins it', async () => {
    const fake = fakeSteps({
      publishingPolicy: () => Promise.resolve({ requireApproval: true, waitHours: 72 }),
    })
    await withWorker(fake, async (taskQueue) => {
      const { client } = connected
      const first = await startRefresh(client, taskQueue, { files: [hash(2), hash(1)] })
      const second = await startRefresh(client, taskQueue, { files: [hash(1), hash(2)] })
      expect(second.workflowId).toBe(first.workflowId)
      expect(second.firstExecutionRunId).toBe(first.firstExecutionRunId)
      await first.cancel()
      await expect(follow(client, second)).rejects.toMatchObject({ reason: 'cancelled' })
    })
  })

  test('a backfill loads each year in a run of its own and publishes once', async () => {
    const fake = fakeSteps({
      archived: ({ schoolYear }) => Promise.resolve(schoolYear === 2024 ? [] : [hash(schoolYear)]),
    })
    await withWorker(fake, async (taskQueue) => {
      const { client } = connected
      const handle = await startBackfill(client, taskQueue, { from: 2023, to: 2025 })
      expect(await follow(client, handle)).toMatchObject({ status: 'published', load: summary(2) })
      expect(fake.calls.filter((call) => call.startsWith('record'))).toEqual([
        `record {"files":["${hash(2023)}"]}`,
        `record {"files":["${hash(2025)}"]}`,
      ])
      expect(fake.calls.filter((call) => call.startsWith('build'))).toHaveLength(1)
      const child = client.workflow.getHandle(`${handle.workflowId}/2025`)
      expect(await child.result()).toEqual(summary(1))
    })
  })

  test('a run that a schedule started ends once, though the note of its end has to wait for the home', async () => {
    const fake = fakeSteps()
    let ends = 0
    let isFree = (): void => undefined
    const free = new Promise<void>((resolve) => {
      isFree = resolve
    })
    await withWorker(
      fake,
      async (taskQueue) => {
        const { client } = connected
        const input = { files: [hash(1)], schedule: 'yearly' }
        const run = await startRefresh(client, taskQueue, input)
        expect(await run.result()).toMatchObject({ status: 'published' })
        expect(ends).toBe(1)
        isFree()
      },
      () => {
        ends += 1
        return free
      },
    )
  })

  test('schedules are ensured: twice is once, in the office’s time, and a run can be triggered', async () => {
    const fake = fakeSteps({ collect: () => Promise.resolve([hash(1)]) })
    const ends: ScheduledEnd[] = []
    await withWorker(
      fake,
      async (taskQueue) => {
        const { client } = connected
        const office = { taskQueue, timezone: 'Asia/Yekaterinburg' }
        await ensureSchedules(client, { ...office, timezone: 'Europe/Moscow' })
        await client.schedule.getHandle(scheduleId(taskQueue, 'yearly')).pause()
        const ensured = await ensureSchedules(client, office)
        expect(ensured).toHaveLength(1)
        const [yearly] = ensured
        expect(yearly).toMatchObject({ id: 'yearly', timezone: 'Asia/Yekaterinburg', paused: true })
        expect(yearly?.next.length).toBeGreaterThan(1)
        for (const next of yearly?.next ?? []) expect(next).toMatch(/-09-01T01:00:00\.000Z$/)
        const described = await client.schedule
          .getHandle(scheduleId(taskQueue, 'yearly'))
          .describe()
        expect(described.policies).toMatchObject({
          overlap: 'SKIP',
          catchupWindow: 30 * 86_400_000,
        })
        expect(described.action).toMatchObject({ workflowType: 'refreshWarehouse', taskQueue })

        await triggerSchedule(client, taskQueue, 'yearly')
        const last = await until(async () => (await listSchedules(client, taskQueue))[0]?.last[0])
        expect(last).toContain(`${taskQueue}/refresh/yearly`)
        expect(await client.workflow.getHandle(last).result()).toMatchObject({
          status: 'published',
        })
        expect(fake.calls[0]).toBe('collect')
        const [end] = await until(() => Promise.resolve(ends.length > 0 ? ends : undefined))
        expect(end).toMatchObject({ schedule: 'yearly', status: 'published', error: null })
        const unknown: unknown = await triggerSchedule(client, taskQueue, 'monthly').catch(
          (error: unknown) => error,
        )
        expect(unknown).toBeInstanceOf(NoSuchRun)
        expect((unknown as NoSuchRun).hint).toContain('есть: yearly')

        const june = { id: 'june', month: 6, day: 20, hour: 5 }
        await ensureSchedules(client, { ...office, schedules: [june] })
        const left = await until(async () => {
          const lines = await listSchedules(client, taskQueue)
          return lines.length === 1 ? lines : undefined
        })
        expect(left.map(({ id }) => id)).toEqual(['june'])
        expect(left[0]?.yearly).toEqual(june)
      },
      (end) => {
        ends.push(end)
        return Promise.resolve()
      },
    )
  })
})
