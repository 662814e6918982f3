import { rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { PassThrough } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
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

test('mera worker says when a server that somebody keeps falls silent and when it answers again', async () => {
  const place = await scratch()
  const stop = new AbortController()
  let keeper = await listening(0)
  try {
    const { port } = keeper.address() as AddressInfo
    server.address = `127.0.0.1:${String(port)}`
    start.mockResolvedValue({
      done: new Promise(() => undefined),
      stop: () => Promise.resolve(),
    })
    const [out, err] = [new PassThrough(), new PassThrough()]
    const said: string[] = []
    err.setEncoding('utf8').on('data', (line: string) => {
      said.push(line)
      if (line.startsWith('Остановить')) keeper.close()
      if (line.includes('ждёт его'))
        void listening(port).then((again) => {
          keeper = again
        })
      if (line.includes('снова')) stop.abort()
    })
    const code = await run(['worker', '--home', (await place.home('home')).path], {
      out: out as unknown as NodeJS.WriteStream,
      err: err as unknown as NodeJS.WriteStream,
      env: { ...process.env, TEMPORAL_ADDRESS: server.address },
      signal: stop.signal,
    })
    expect([code, said.slice(-2)]).toEqual([
      0,
      [
        expect.stringContaining(`Сервер Temporal ${server.address} не отвечает`),
        'Сервер Temporal снова отвечает\n',
      ],
    ])
  } finally {
    keeper.close()
    await place.remove()
  }
})

const listening = async (port: number): Promise<Server> => {
  const keeper = createServer((socket) => socket.on('error', () => undefined))
  await new Promise<void>((done) => keeper.listen(port, '127.0.0.1', done))
  return keeper
}
