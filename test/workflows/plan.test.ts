import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Progress, RefreshInput, RefreshStatus } from '../../workflows/messages.ts'
import {
  addLoads,
  backfill,
  chunks,
  decisionOn,
  distinct,
  FILES_PER_RECORD,
  inParallel,
  load,
  loadFiles,
  NOTHING,
  PARSING_AT_ONCE,
  refresh,
} from '../../workflows/plan.ts'
import type { Hooks, Steps } from '../../workflows/plan.ts'
import { built, failing, fakeSteps, hash, summary } from '../support/fake-steps.ts'

const BATCH = 8

const hooks = (over: Partial<Hooks> = {}): Hooks => ({
  workflow: 'refresh',
  isPart: false,
  progress: () => undefined,
  approval: () => Promise.resolve('publish'),
  protect: (work) => work(),
  nameOf: (error) => (error instanceof Error ? error.constructor.name : 'Error'),
  isCancellation: () => false,
  isLong: () => false,
  batch: BATCH,
  ...over,
})

class HeaderDrift extends Error {}
const fails = (): Promise<never> => Promise.reject(new HeaderDrift('лист «Иванов»'))
const names = (calls: readonly string[]): string[] => calls.map((call) => call.split(' ')[0] ?? '')
const files = (count: number): string[] => Array.from({ length: count }, (_, i) => hash(i))

describe('refresh(steps, input, hooks)', () => {
  interface Case {
    readonly title: string
    readonly input: RefreshInput
    readonly steps?: Partial<Steps>
    readonly hooks?: Partial<Hooks>
    readonly calls: readonly string[]
    readonly status: RefreshStatus
    readonly published: string | null
  }
  const approval = {
    publishingPolicy: () => Promise.resolve({ requireApproval: true, waitHours: 72 }),
  }
  const cases: readonly Case[] = [
    {
      title: 'loads, builds and publishes',
      input: { files: [hash(2), hash(1), hash(2)] },
      calls: ['pending', 'parse', 'record', 'build', 'publishingPolicy', 'publish'],
      status: 'published',
      published: 'g2',
    },
    {
      title: 'renders where it is asked to',
      input: { render: true },
      calls: ['pending', 'build', 'publishingPolicy', 'publish', 'render'],
      status: 'published',
      published: 'g2',
    },
    {
      title: 'takes the inbox where it is asked to',
      input: { collect: true },
      steps: { collect: () => Promise.resolve([hash(7)]) },
      calls: ['collect', 'pending', 'parse', 'record', 'build', 'publishingPolicy', 'publish'],
      status: 'published',
      published: 'g2',
    },
    {
      title: 'asks for no approval and publishes nothing where nothing changed',
      input: {},
      steps: { build: () => Promise.resolve({ ...built, published: true }), ...approval },
      calls: ['pending', 'build'],
      status: 'unchanged',
      published: 'g2',
    },
    {
      title: 'publishes nothing where a check fails, and tells',
      input: {},
      steps: { build: () => Promise.resolve(failing) },
      calls: ['pending', 'build', 'notify'],
      status: 'checks-failed',
      published: null,
    },
    {
      title: 'removes a first generation that has nothing to show, and asks nobody',
      input: { files: [hash(1)], render: true },
      steps: { build: () => Promise.resolve({ ...built, hasNothingToShow: true }), ...approval },
      calls: ['pending', 'parse', 'record', 'build', 'discard'],
      status: 'nothing-to-show',
      published: null,
    },
    {
      title: 'publishes once it is approved',
      input: {},
      steps: approval,
      calls: ['pending', 'build', 'publishingPolicy', 'notify', 'publish'],
      status: 'published',
      published: 'g2',
    },
    {
      title: 'removes what was rejected',
      input: {},
      steps: approval,
      hooks: { approval: () => Promise.resolve('reject') },
      calls: ['pending', 'build', 'publishingPolicy', 'notify', 'discard'],
      status: 'rejected',
      published: null,
    },
    {
      title: 'removes what nobody approved in time, and tells',
      input: {},
      steps: approval,
      hooks: { approval: () => Promise.resolve('expired') },
      calls: ['pending', 'build', 'publishingPolicy', 'notify', 'discard', 'notify'],
      status: 'expired',
      published: null,
    },
    ...(['removed', 'overtaken', 'rolled-back'] as const).map((missed): Case => ({
      title: `ends without an error where its generation was ${missed} while it waited`,
      input: { render: true },
      steps: { ...approval, publish: () => Promise.resolve({ missed, current: 'g3' }) },
      calls: ['pending', 'build', 'publishingPolicy', 'notify', 'publish'],
      status: 'overtaken',
      published: null,
    })),
    {
      title: 'expires into nothing where another run published its generation',
      input: {},
      steps: { ...approval, discard: () => Promise.resolve({ fate: 'published' }) },
      hooks: { approval: () => Promise.resolve('expired') },
      calls: ['pending', 'build', 'publishingPolicy', 'notify', 'discard'],
      status: 'unchanged',
      published: 'g2',
    },
    {
      title: 'leaves the generation where nobody can wait for approval',
      input: {},
      steps: approval,
      hooks: { approval: () => Promise.resolve('deferred') },
      calls: ['pending', 'build', 'publishingPolicy', 'notify'],
      status: 'waiting',
      published: null,
    },
  ]
  test.each(cases)('$title', async ({ input, steps, hooks: over, calls, status, published }) => {
    const fake = fakeSteps(steps)
    const outcome = await refresh(fake.steps, input, hooks(over))
    expect(names(fake.calls)).toEqual(calls)
    expect(outcome).toMatchObject({ result: { status } })
    expect('result' in outcome && (outcome.result.published?.generation ?? null)).toBe(published)
  })

  test('parses every file once, in the order of hashes', async () => {
    const fake = fakeSteps()
    await refresh(fake.steps, { files: [hash(2), hash(1), hash(2)] }, hooks())
    expect(fake.calls.slice(0, 3)).toEqual([
      `pending {"files":["${hash(1)}","${hash(2)}"],"only":false}`,
      `parse {"files":["${hash(1)}","${hash(2)}"]}`,
      `record {"files":["${hash(1)}","${hash(2)}"]}`,
    ])
  })

  const stages: readonly (readonly [keyof Steps, string, boolean])[] = [
    ['pending', 'plan', false],
    ['parse', 'parse', false],
    ['record', 'record', false],
    ['build', 'build', false],
    ['publishingPolicy', 'build', true],
    ['publish', 'publish', true],
  ]
  test.each(stages)(
    'a failure of %s is told with its stage and class, without its text',
    async (step, stage, hasGeneration) => {
      const fake = fakeSteps({ [step]: fails })
      await expect(refresh(fake.steps, { files: files(1) }, hooks())).rejects.toThrow(HeaderDrift)
      const generation = hasGeneration ? ',"generation":"g2"' : ''
      const told = `notify {"kind":"failed","workflow":"refresh","stage":"${stage}","error":"HeaderDrift"${generation}}`
      expect(fake.calls.at(-1)).toBe(told)
      expect(fake.calls.includes('discard {"generation":"g2","contentHash":"c2"}')).toBe(
        hasGeneration,
      )
    },
  )

  test('cancellation removes the generation that waited, and tells nobody', async () => {
    const fake = fakeSteps(approval)
    const over = { approval: fails, isCancellation: () => true }
    await expect(refresh(fake.steps, {}, hooks(over))).rejects.toThrow(HeaderDrift)
    expect(names(fake.calls)).toEqual(['pending', 'build', 'publishingPolicy', 'notify', 'discard'])
  })

  test('cancellation leaves a generation that stood before the run: another may wait for it', async () => {
    const fake = fakeSteps({
      ...approval,
      build: () => Promise.resolve({ ...built, built: [], unchanged: 98 }),
    })
    const over = { approval: fails, isCancellation: () => true }
    await expect(refresh(fake.steps, {}, hooks(over))).rejects.toThrow(HeaderDrift)
    expect(names(fake.calls)).toEqual(['pending', 'build', 'publishingPolicy', 'notify'])
  })

  test('cleans up under protection', async () => {
    const order: string[] = []
    const fake = fakeSteps({ publish: fails })
    const protect: Hooks['protect'] = async (work) => {
      const before = fake.calls.length
      const result = await work()
      order.push(...names(fake.calls.slice(before)))
      return result
    }
    await expect(refresh(fake.steps, {}, hooks({ protect }))).rejects.toThrow(HeaderDrift)
    expect(order).toEqual(['discard', 'notify'])
  })

  test('a failing clean-up does not hide the error that caused it', async () => {
    const broken = (): Promise<never> => Promise.reject(new RangeError('disk'))
    const fake = fakeSteps({ publish: fails, discard: broken, notify: broken })
    await expect(refresh(fake.steps, {}, hooks())).rejects.toThrow(HeaderDrift)
    expect(names(fake.calls).slice(-2)).toEqual(['discard', 'notify'])
  })

  test('goes on in a new run with what is left and what was noted', async () => {
    const fake = fakeSteps()
    const input = { files: files(FILES_PER_RECORD + 3), render: true }
    const outcome = await refresh(fake.steps, input, hooks({ isLong: () => true }))
    expect(outcome).toEqual({
      rest: {
        files: input.files.slice(FILES_PER_RECORD),
        isPlanned: true,
        noted: input.files.slice(0, FILES_PER_RECORD),
        before: NOTHING,
        render: true,
      },
    })
    expect(names(fake.calls)).not.toContain('build')
    if (!('rest' in outcome)) throw new Error('no rest')
    const end = await refresh(fake.steps, outcome.rest, hooks({ isLong: () => true }))
    expect(end).toMatchObject({ result: { load: summary(FILES_PER_RECORD + 3), pages: 5 } })
  })

  test('says where it is', async () => {
    const seen: Progress[] = []
    const input = { files: files(BATCH + 1), render: true }
    await refresh(fakeSteps().steps, input, hooks({ progress: (progress) => seen.push(progress) }))
    expect(seen).toEqual([
      { stage: 'plan', done: 0, total: 0 },
      { stage: 'parse', done: 0, total: 9 },
      { stage: 'parse', done: 8, total: 9 },
      { stage: 'parse', done: 9, total: 9 },
      { stage: 'record', done: 0, total: 9 },
      { stage: 'build', done: 0, total: 0 },
      { stage: 'publish', done: 0, total: 0, generation: 'g2', contentHash: 'c2' },
      { stage: 'render', done: 0, total: 0, generation: 'g2', contentHash: 'c2' },
      { stage: 'done', done: 0, total: 0, generation: 'g2', contentHash: 'c2' },
    ])
  })
})

describe('load(steps, input, hooks)', () => {
  test('parses and records every file exactly once, in batches, few at a time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(600), { maxLength: 600 }), async (numbers) => {
        let now = 0
        let most = 0
        const parsed: string[] = []
        const recorded: string[] = []
        const { steps } = fakeSteps({
          parse: async (input) => {
            now += 1
            most = Math.max(most, now)
            await Promise.resolve()
            parsed.push(...input.files)
            now -= 1
          },
          record: (input) => {
            for (const file of input.files) expect(parsed).toContain(file)
            recorded.push(...input.files)
            return Promise.resolve(summary(input.files.length))
          },
        })
        const outcome = await load(steps, { files: numbers.map(hash) }, hooks())
        const unique = distinct(numbers.map(hash))
        expect([...parsed].sort()).toEqual(unique)
        expect(recorded).toEqual(unique)
        expect(most).toBeLessThanOrEqual(PARSING_AT_ONCE)
        expect(outcome).toEqual({ result: summary(unique.length) })
      }),
      { numRuns: 25, seed: 20260901 },
    )
  })

  test('parses what is pending, which may be less than was given or more', async () => {
    const pending = { files: [hash(9), hash(1)], unchanged: 1 }
    const fake = fakeSteps({ pending: () => Promise.resolve(pending) })
    const outcome = await load(fake.steps, { files: [hash(1), hash(2)] }, hooks())
    expect(outcome).toEqual({ result: { ...summary(2), unchanged: 1 } })
    expect(fake.calls.slice(1)).toEqual([
      `parse {"files":["${hash(1)}","${hash(9)}"]}`,
      `record {"files":["${hash(1)}","${hash(9)}"]}`,
    ])
  })

  test('sums all files once the last of them are noted, and adds what was summed before', async () => {
    const fake = fakeSteps()
    const all = files(2 * FILES_PER_RECORD + 1)
    const before = { ...NOTHING, read: 5, loaded: 5 }
    const outcome = await load(fake.steps, { files: all, isPlanned: true, before }, hooks())
    expect(outcome).toEqual({ result: addLoads(before, summary(all.length)) })
    const noted = fake.calls.filter((call) => call.startsWith('record'))
    expect(noted.map((call) => call.includes('earlier'))).toEqual([false, false, true])
  })

  test('does nothing with no files', async () => {
    const fake = fakeSteps()
    expect(await load(fake.steps, { files: [] }, hooks())).toEqual({ result: NOTHING })
    expect(names(fake.calls)).toEqual(['pending'])
  })
})

describe('loadFiles(steps, input, hooks)', () => {
  test('a part of a larger run leaves the telling to it', async () => {
    const alone = fakeSteps({ record: fails })
    await expect(loadFiles(alone.steps, { files: files(1) }, hooks())).rejects.toThrow(HeaderDrift)
    expect(names(alone.calls)).toEqual(['pending', 'parse', 'record', 'notify'])
    const part = fakeSteps({ record: fails })
    const isPart = hooks({ isPart: true })
    await expect(loadFiles(part.steps, { files: files(1) }, isPart)).rejects.toThrow(HeaderDrift)
    expect(names(part.calls)).toEqual(['pending', 'parse', 'record'])
  })
})

describe('backfill(steps, input, hooks, loadYear)', () => {
  const yearly = {
    archived: ({ schoolYear }: { schoolYear: number }) =>
      Promise.resolve(schoolYear === 2024 ? [] : [hash(schoolYear)]),
  }

  test('loads the years that have files, oldest first, and publishes once', async () => {
    const fake = fakeSteps(yearly)
    const years: number[] = []
    const outcome = await backfill(fake.steps, { from: 2023, to: 2025 }, hooks(), (input) => {
      years.push(input.schoolYear)
      return Promise.resolve(summary(input.files.length))
    })
    expect(years).toEqual([2023, 2025])
    expect(names(fake.calls)).toEqual([
      'archived',
      'archived',
      'archived',
      'build',
      'publishingPolicy',
      'publish',
    ])
    expect(outcome).toMatchObject({ result: { status: 'published', load: summary(2) } })
  })

  test('goes on with the next year in a new run, and sums over runs', async () => {
    const fake = fakeSteps(yearly)
    const loadYear = (): Promise<typeof NOTHING> => Promise.resolve(summary(1))
    const long = hooks({ isLong: () => true })
    const first = await backfill(fake.steps, { from: 2023, to: 2024, render: true }, long, loadYear)
    expect(first).toEqual({ rest: { from: 2024, to: 2024, render: true, before: summary(1) } })
    if (!('rest' in first)) throw new Error('no rest')
    const second = await backfill(fake.steps, first.rest, long, loadYear)
    expect(second).toMatchObject({ result: { load: summary(1), pages: 5 } })
  })
})

describe('inParallel(items, width, work)', () => {
  test('starts nothing more after a failure, and waits for what runs', async () => {
    const started: number[] = []
    let finished = 0
    const work = async (n: number): Promise<void> => {
      started.push(n)
      if (n === 1) throw new HeaderDrift('')
      await new Promise((resolve) => setTimeout(resolve, 5))
      finished += 1
    }
    await expect(inParallel([0, 1, 2, 3, 4, 5], 2, work)).rejects.toThrow(HeaderDrift)
    expect(started).toEqual([0, 1])
    expect(finished).toBe(1)
  })
})

describe('chunks(items, size)', () => {
  test('loses nothing and keeps the order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), fc.integer({ min: 1, max: 9 }), (items, size) => {
        const parts = chunks(items, size)
        expect(parts.flat()).toEqual(items)
        for (const part of parts.slice(0, -1)) expect(part).toHaveLength(size)
      }),
      { seed: 20260901 },
    )
  })
})

describe('addLoads(a, b)', () => {
  test('keeps read = loaded + quarantined', () => {
    const sum = addLoads(summary(2), summary(5))
    expect(sum).toEqual(summary(7))
    expect(sum.read).toBe(sum.loaded + sum.quarantined)
  })
})

describe('decisionOn(approvals, generation)', () => {
  test('hears only what is said of this generation, and the first word of it', () => {
    const said = [
      { generation: 'g1', decision: 'publish' },
      { generation: 'g2', decision: 'reject' },
      { generation: 'g2', decision: 'publish' },
    ] as const
    expect(decisionOn(said, 'g2')).toBe('reject')
    expect(decisionOn(said, 'g3')).toBeUndefined()
  })
})
