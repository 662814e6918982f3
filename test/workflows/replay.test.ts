import { DefaultLogger, Runtime, Worker } from '@temporalio/worker'
import { beforeAll, describe, expect, test } from 'vitest'
import { NOTHING } from '../../workflows/plan.ts'
import { built, hash, summary } from '../support/fake-steps.ts'
import { handMade, historyFromJson, payloadsOf, storedHistories } from '../support/histories.ts'
import type { Done, History } from '../support/histories.ts'
import { testBundle } from '../support/temporal.ts'

// Refused histories are what these tests are about: the core's warnings of them are no news.
Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: 'OFF', console: {} } },
})

let workflowBundle: Awaited<ReturnType<typeof testBundle>>
beforeAll(async () => {
  workflowBundle = await testBundle()
}, 60_000)

/** Under the id that the run had: ids of its children begin with it. */
const replay = (history: History): Promise<void> =>
  Worker.runReplayHistory(
    { workflowBundle },
    history,
    history.events[0]?.workflowExecutionStartedEventAttributes?.workflowId ?? '',
  )

const stored = storedHistories()

describe('stored histories of real runs', { timeout: 30_000 }, () => {
  test('there is one of every kind of end', () => {
    expect(stored.map(({ name }) => name)).toEqual([
      'backfill-published',
      'load-files-completed',
      'refresh-approved',
      'refresh-cancelled',
      'refresh-checks-failed',
      'refresh-failed',
      'refresh-published',
    ])
  })

  test.each(stored)('$name replays with the code of today', async ({ text }) => {
    await replay(historyFromJson(text))
  })

  test.each(stored)('$name holds no path, file name or word of Russian', ({ text }) => {
    for (const part of [text, ...payloadsOf(text)]) {
      expect(part).not.toMatch(/[а-яё]/i)
      expect(part).not.toMatch(/\.(xlsx|csv|ts|js|json|parquet|duckdb)\b/)
      expect(part).not.toMatch(/(^|["\s])(\/|[A-Z]:\\)[a-z]/)
    }
  })
})

describe('hand-made histories', { timeout: 30_000 }, () => {
  const steps: readonly Done[] = [
    {
      activity: 'pending',
      input: { files: [hash(1)], only: false },
      result: { files: [hash(1)], unchanged: 0 },
    },
    { activity: 'parse', input: { files: [hash(1)] }, result: null },
    { activity: 'record', input: { files: [hash(1)] }, result: summary(1) },
    { activity: 'build', result: built },
    { activity: 'publishingPolicy', result: { requireApproval: false, waitHours: 72 } },
    {
      activity: 'publish',
      input: { generation: 'g2' },
      result: { generation: 'g2', contentHash: 'c2' },
    },
  ]
  const refresh = (done: readonly Done[]): ReturnType<typeof handMade> =>
    handMade({
      workflow: 'refreshWarehouse',
      input: { files: [hash(1)] },
      done,
      end: { result: {} },
    })

  test('the order of the plan is accepted', async () => {
    await expect(replay(refresh(steps))).resolves.toBeUndefined()
  })

  test.each([
    ['a changed order', [0, 1, 2, 3, 5, 4]],
    ['a step left out', [0, 1, 2, 3, 5]],
    ['a step too many', [0, 1, 1, 2, 3, 4, 5]],
  ])('%s is refused', async (_, order) => {
    const done = order.flatMap((i) => steps[i] ?? [])
    await expect(replay(refresh(done))).rejects.toThrow()
  })

  test('a long history is continued in a new run', async () => {
    const year: readonly Done[] = [
      { activity: 'archived', input: { schoolYear: 2023 }, result: [] },
    ]
    const continued = (suggestedAfter: number): ReturnType<typeof handMade> =>
      handMade({
        workflow: 'backfill',
        input: { from: 2023, to: 2025 },
        done: year,
        suggestedAfter,
        end: { continuedWith: { from: 2024, to: 2025, render: false, before: NOTHING } },
      })
    await expect(replay(continued(1))).resolves.toBeUndefined()
    await expect(replay(continued(2))).rejects.toThrow()
  })
})
