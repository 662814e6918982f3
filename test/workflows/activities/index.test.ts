import { MockActivityEnvironment } from '@temporalio/testing'
import { DefaultLogger } from '@temporalio/worker'
import { ApplicationFailure, CancelledFailure } from '@temporalio/common'
import { rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ContractError, DiskFull, HomeLocked, MeraError } from '../../../warehouse/errors.ts'
import type { Home } from '../../../warehouse/home.ts'
import { withLock } from '../../../warehouse/lock.ts'
import { createActivities, withoutText } from '../../../workflows/activities/index.ts'
import type { Beat } from '../../../workflows/messages.ts'
import { TRIES } from '../../../workflows/policies.ts'
import { built, fakeSteps } from '../../support/fake-steps.ts'
import { scratch, type Scratch } from '../../support/home.ts'

const logger = new DefaultLogger('ERROR')

const drift = new ContractError({ code: 'contract-drift', message: 'лист «Иванов», /srv/данные' })
const busy = new HomeLocked(
  { code: 'home-locked', message: 'занято' },
  { pid: 1, host: 'a', purpose: 'build' },
)

describe('withoutText(error, reference, attempt)', () => {
  test('keeps the class and the reference, and loses text and stack', () => {
    const failure = withoutText(drift, 'ab12', 1)
    expect(failure).toMatchObject({ type: 'ContractError', message: 'ContractError (ab12)' })
    expect(`${failure.message}${failure.stack ?? ''}`).not.toMatch(/Иванов|srv|\.ts/)
  })

  test('a wrong declaration is final at once, as is a home that was waited for in vain, a fault after some tries', () => {
    expect(withoutText(drift, '', 1).nonRetryable).toBe(true)
    const fault = new MeraError({ code: 'x', message: 'x' })
    expect(withoutText(fault, '', TRIES - 1).nonRetryable).toBe(false)
    expect(withoutText(fault, '', TRIES).nonRetryable).toBe(true)
    expect(withoutText(busy, '', 1).nonRetryable).toBe(true)
    expect(withoutText('thrown text', '', 1).type).toBe('Error')
  })
})

describe('createActivities(deps)', () => {
  test('passes input and output through, and heartbeats counts', async () => {
    const { steps, calls } = fakeSteps()
    const beats: unknown[] = []
    const environment = new MockActivityEnvironment({}, { logger })
    environment.on('heartbeat', (details: unknown) => beats.push(details))
    const activities = createActivities({
      steps: ({ onProgress }) => ({
        ...steps,
        build: () => {
          onProgress(2, 5)
          return Promise.resolve(built)
        },
      }),
    })
    expect(await environment.run(() => activities.build())).toEqual(built)
    const publication = { generation: 'g2', contentHash: 'c2' }
    expect(await environment.run(() => activities.publish(publication))).toEqual(publication)
    expect(calls).toEqual(['publish {"generation":"g2","contentHash":"c2"}'])
    expect(beats).toEqual([
      { done: 0, total: 0 },
      { done: 2, total: 5 },
      { done: 0, total: 0 },
    ])
  })

  describe('while another process has the home', () => {
    let place: Scratch
    let home: Home
    beforeEach(async () => {
      place = await scratch()
      home = await place.home('home')
      await writeFile(
        home.lock,
        JSON.stringify({ nonce: 'other', pid: 1, host: 'elsewhere', purpose: 'build' }),
      )
    })
    afterEach(() => place.remove())
    const building = () =>
      createActivities({
        steps: () =>
          fakeSteps({ build: () => withLock(home, 'build', () => Promise.resolve(built)) }).steps,
      }).build()

    test('its heartbeats say that it waits, not for whom, and that it has the home', async () => {
      const environment = new MockActivityEnvironment({}, { logger })
      const beats: unknown[] = []
      environment.on('heartbeat', (details: unknown) => {
        if (beats.push(details) === 2) rmSync(home.lock)
      })
      expect(await environment.run(building)).toEqual(built)
      expect(beats).toEqual([
        { done: 0, total: 0 },
        { done: 0, total: 0, isWaiting: true },
        { done: 0, total: 0, isWaiting: false },
      ])
    })

    test('a cancelled run no longer waits', async () => {
      const environment = new MockActivityEnvironment({}, { logger })
      environment.on('heartbeat', (details: Beat) => {
        if (details.isWaiting === true) environment.cancel()
      })
      await expect(environment.run(building)).rejects.toThrow(CancelledFailure)
    })
  })

  test('tells its owner the whole error, and the server only its class', async () => {
    const told: unknown[] = []
    const activities = createActivities({
      steps: () => fakeSteps({ build: () => Promise.reject(drift) }).steps,
      onError: (error) => told.push(error),
    })
    const failure: unknown = await new MockActivityEnvironment({}, { logger })
      .run(() => activities.build())
      .catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(ApplicationFailure)
    expect(failure).toMatchObject({ type: 'ContractError', nonRetryable: true })
    expect(told).toEqual([drift])
  })

  test('names a full disk, which the server may know', async () => {
    const full = Object.assign(new Error('ENOSPC: write'), { code: 'ENOSPC', path: '/srv/Иванов' })
    const told: unknown[] = []
    const activities = createActivities({
      steps: () => fakeSteps({ build: () => Promise.reject(full) }).steps,
      onError: (error) => told.push(error),
    })
    const failure: unknown = await new MockActivityEnvironment({}, { logger })
      .run(() => activities.build())
      .catch((error: unknown) => error)
    expect(failure).toMatchObject({ type: 'DiskFull', nonRetryable: false })
    expect(JSON.stringify(failure)).not.toMatch(/[а-яё]/i)
    expect(told).toEqual([new DiskFull('/srv/Иванов')])
  })

  test('the end of what was cancelled is a cancellation, whatever it threw', async () => {
    const environment = new MockActivityEnvironment({}, { logger })
    const activities = createActivities({
      steps: ({ signal }) =>
        fakeSteps({
          build: () =>
            new Promise((_, reject) => {
              signal.addEventListener('abort', () => {
                reject(new Error('stopped'))
              })
            }),
        }).steps,
    })
    const run = environment.run(() => activities.build())
    environment.cancel()
    await expect(run).rejects.toThrow(CancelledFailure)
  })
})
