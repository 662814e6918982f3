import { rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { PassThrough } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { run } from '../../cli/main.ts'
import { withLock } from '../../warehouse/lock.ts'
import { scratch } from '../support/home.ts'

const start = vi.hoisted(() => vi.fn<() => Promise<object>>())
const server = vi.hoisted(() => ({ address: 'localhost:1' }))
vi.mock('../../workflows/client.ts', () => ({
  connect: () => Promise.resolve({ close: () => Promise.resolve() }),
  waitingRuns: () => Promise.resolve([]),
}))
vi.mock('../../workflows/server.ts', () => ({
  findServer: () => Promise.resolve(server),
}))
vi.mock('../../workflows/worker.ts', () => ({
  bundleWorkflows: () => Promise.resolve({ code: '' }),
  startWorker: start,
}))

test('mera worker that is stopped says so at once and at its end, and lets its runs go on waiting for the home', async () => {
  const place = await scratch()
  try {
    const home = await place.home('home')
    const stop = new AbortController()
    const [out, err] = [new PassThrough(), new PassThrough()]
    let activity: Promise<unknown> | undefined
    let saidBeforeEnd = ''
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
          saidBeforeEnd = String(err.read())
          await rm(home.lock)
          await activity
        },
      }
    })
    const code = await run(['worker', '--home', home.path], {
      out: out as unknown as NodeJS.WriteStream,
      err: err as unknown as NodeJS.WriteStream,
      env: process.env,
      signal: stop.signal,
    })
    expect(code).toBe(0)
    expect(saidBeforeEnd).toMatch(/^Исполнитель останавливается…$/m)
    expect(String(err.read())).toBe('Исполнитель остановлен\n')
    expect(await activity).toBe('built')
  } finally {
    await place.remove()
  }
})

describe('mera worker whose server falls silent', () => {
  const mere = 'Остановить: Ctrl+C\n'
  const stop = ['Исполнитель останавливается…', 'Исполнитель остановлен']
  /** What it says after it began, where its server is heard or not as told; it is stopped after that, or where the server answers again. */
  const saidOf = async (
    heard: readonly boolean[],
    env: Readonly<Record<string, string>>,
  ): Promise<{ readonly code: number; readonly said: readonly string[] }> => {
    const place = await scratch()
    try {
      const stop = new AbortController()
      const answers = [...heard]
      start.mockResolvedValue({
        done: new Promise(() => undefined),
        stop: () => Promise.resolve(),
        isHeard: () => {
          const answer = answers.shift()
          if (answer === undefined) stop.abort()
          return Promise.resolve(answer ?? false)
        },
      })
      const [out, err] = [new PassThrough(), new PassThrough()]
      const code = await run(['worker', '--home', (await place.home('home')).path], {
        out: out as unknown as NodeJS.WriteStream,
        err: err as unknown as NodeJS.WriteStream,
        env: { ...process.env, ...env },
        signal: stop.signal,
      })
      const lines = String(err.read())
      return {
        code,
        said: lines
          .slice(lines.indexOf(mere) + mere.length)
          .split('\n')
          .slice(0, -1),
      }
    } finally {
      await place.remove()
    }
  }
  const silent = expect.stringMatching(
    /^Сервер Temporal localhost:1 не отвечает: исполнитель ждёт его/,
  ) as string

  test('says so once, and when it answers again', async () => {
    expect(
      await saidOf([true, false, false, false, true, true], { TEMPORAL_ADDRESS: 'localhost:1' }),
    ).toEqual({ code: 0, said: [silent, 'Сервер Temporal снова отвечает', ...stop] })
  })
  test('says nothing of one answer that was missed', async () => {
    expect(await saidOf([false, true, false], { TEMPORAL_ADDRESS: 'localhost:1' })).toEqual({
      code: 0,
      said: stop,
    })
  })
  test('waits for the dev server of its home as long as something listens there', async () => {
    const keeper = createServer((socket) => socket.on('error', () => undefined))
    await new Promise<void>((done) => keeper.listen(0, '127.0.0.1', done))
    const address = `127.0.0.1:${String((keeper.address() as AddressInfo).port)}`
    server.address = address
    try {
      expect(await saidOf([false, false, false], { TEMPORAL_ADDRESS: '' })).toEqual({
        code: 0,
        said: [expect.stringContaining(`Сервер Temporal ${address} не отвечает`), ...stop],
      })
    } finally {
      keeper.close()
      server.address = 'localhost:1'
    }
  })
})
