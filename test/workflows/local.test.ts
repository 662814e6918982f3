import { describe, expect, test } from 'vitest'
import { localEngine } from '../../workflows/local.ts'
import type { Progress } from '../../workflows/messages.ts'
import { built, fakeSteps, hash, summary } from '../support/fake-steps.ts'

describe('localEngine(options)', () => {
  test('runs the plan in process and says where it is', async () => {
    const { steps } = fakeSteps()
    const seen: Progress[] = []
    const engine = localEngine({ steps, onProgress: (progress) => seen.push(progress) })
    expect(await engine.load({ files: [hash(1)] })).toEqual(summary(1))
    expect(await engine.refresh({ files: [hash(1)] })).toMatchObject({ status: 'published' })
    expect(seen.at(-1)).toMatchObject({ stage: 'done', generation: 'g2' })
  })

  test('loads a backfill’s years here', async () => {
    const fake = fakeSteps({ archived: ({ schoolYear }) => Promise.resolve([hash(schoolYear)]) })
    const result = await localEngine({ steps: fake.steps }).backfill({ from: 2024, to: 2025 })
    expect(result.load).toEqual(summary(2))
    expect(fake.calls.filter((call) => call.startsWith('build'))).toHaveLength(1)
  })

  test('does not wait for an approval: what was built stays', async () => {
    const fake = fakeSteps({
      publishingPolicy: () => Promise.resolve({ requireApproval: true, waitHours: 72 }),
    })
    expect(await localEngine({ steps: fake.steps }).refresh({})).toMatchObject({
      status: 'waiting',
    })
    expect(fake.calls.some((call) => call.startsWith('discard'))).toBe(false)
  })

  test('stops between stages when it is told to, and removes what it had built', async () => {
    const control = new AbortController()
    const fake = fakeSteps({
      publishingPolicy: () => {
        control.abort()
        return Promise.resolve({ requireApproval: false, waitHours: 72 })
      },
    })
    const engine = localEngine({ steps: fake.steps, signal: control.signal })
    await expect(engine.refresh({})).rejects.toThrow(/abort/)
    expect(fake.calls.slice(1)).toEqual([
      'build',
      'publishingPolicy',
      `discard {"generation":"${built.generation}","contentHash":"${built.contentHash}"}`,
    ])
  })

  test('that is told to stop while it publishes says that it published', async () => {
    const control = new AbortController()
    const fake = fakeSteps({
      publish: ({ generation, contentHash }) => {
        control.abort()
        return Promise.resolve({ generation, contentHash })
      },
    })
    const engine = localEngine({ steps: fake.steps, signal: control.signal })
    expect(await engine.refresh({})).toMatchObject({ status: 'published' })
  })
})
