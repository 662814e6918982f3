import { rm, writeFile } from 'node:fs/promises'
import { PassThrough } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { run } from '../../cli/main.ts'
import { withLock } from '../../warehouse/lock.ts'
import { scratch } from '../support/home.ts'

const start = vi.hoisted(() => vi.fn<() => Promise<object>>())
vi.mock('../../workflows/client.ts', () => ({
  connect: () => Promise.resolve({ close: () => Promise.resolve() }),
  waitingRuns: () => Promise.resolve([]),
}))
vi.mock('../../workflows/server.ts', () => ({
  findServer: () => Promise.resolve({ address: 'localhost:1' }),
}))
vi.mock('../../workflows/worker.ts', () => ({
  bundleWorkflows: () => Promise.resolve({ code: '' }),
  startWorker: start,
}))

test('mera worker that is stopped lets its runs go on waiting for the home', async () => {
  const place = await scratch()
  try {
    const home = await place.home('home')
    const stop = new AbortController()
    let activity: Promise<unknown> | undefined
    start.mockImplementation(async () => {
      await writeFile(
        home.lock,
        JSON.stringify({ nonce: 'other', pid: 1, host: 'elsewhere', purpose: 'build' }),
      )
      activity = withLock(home, 'build', () => Promise.resolve('built')).catch(String)
      await sleep(300)
      stop.abort()
      return {
        done: new Promise(() => undefined),
        stop: async () => {
          await rm(home.lock)
          await activity
        },
      }
    })
    const [out, err] = [new PassThrough(), new PassThrough()]
    const code = await run(['worker', '--home', home.path], {
      out: out as unknown as NodeJS.WriteStream,
      err: err as unknown as NodeJS.WriteStream,
      env: process.env,
      signal: stop.signal,
    })
    expect([code, String(err.read())]).toEqual([0, expect.stringContaining('Остановить: Ctrl+C')])
    expect(await activity).toBe('built')
  } finally {
    await place.remove()
  }
})
