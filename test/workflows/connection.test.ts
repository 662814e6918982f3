import { createServer, type Http2Server } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openConnection } from '../../workflows/connection.ts'

/** Answers the question with which a client connects, and that it is unavailable to every other. */
let server: Http2Server
let address = ''
let asked = 0
let agent = ''
let isReachable = true
const uncaught: unknown[] = []
const note = (error: unknown): void => {
  uncaught.push(error)
}
beforeEach(async () => {
  asked = 0
  isReachable = true
  uncaught.length = 0
  server = createServer()
  server.on('stream', (stream, headers) => {
    agent = String(headers['user-agent'])
    const isGreeting = isReachable && String(headers[':path']).endsWith('/GetSystemInfo')
    const head = { ':status': 200, 'content-type': 'application/grpc' }
    if (!isGreeting) {
      asked++
      stream.respond({ ...head, 'grpc-status': '14' }, { endStream: true })
      return
    }
    stream.respond(head, { waitForTrailers: true })
    stream.on('wantTrailers', () => {
      stream.sendTrailers({ 'grpc-status': '0' })
    })
    stream.end(Buffer.alloc(5))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  address = `127.0.0.1:${String((server.address() as AddressInfo).port)}`
  process.on('uncaughtException', note)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  process.off('uncaughtException', note)
  await new Promise((done) => server.close(done))
})

describe('openConnection(options)', () => {
  test('asks again what was not answered, until it is closed; after that nothing is asked and nothing thrown', async () => {
    const { connection, close } = await openConnection({ address })
    void connection.workflowService.getClusterInfo({}).catch(() => undefined)
    while (asked < 2) await sleep(10)
    await close()
    const before = asked
    await sleep(1_500)
    expect(asked).toBe(before)
    expect(uncaught).toEqual([])
  })
  test('no proxy is asked for this machine', async () => {
    for (const name of ['grpc_proxy', 'no_proxy', 'no_grpc_proxy']) vi.stubEnv(name, '')
    vi.stubEnv('http_proxy', 'http://127.0.0.1:1')
    const { close } = await openConnection({ address, connectTimeout: 2_000 })
    await close()
  })
  test('what else is said of the channel to this machine is kept', async () => {
    const channelArgs = { 'grpc.primary_user_agent': 'quality-office' }
    const { close } = await openConnection({ address, channelArgs })
    await close()
    expect(agent).toMatch(/^quality-office /)
  })
  test('what is asked of a closed connection fails at once', async () => {
    const { connection, close } = await openConnection({ address })
    await close()
    await expect(connection.workflowService.getClusterInfo({})).rejects.toThrow()
  })
  test('a connection that cannot be made leaves nothing behind', async () => {
    isReachable = false
    await expect(openConnection({ address, connectTimeout: 300 })).rejects.toThrow()
    const before = asked
    await sleep(1_000)
    expect(asked).toBe(before)
    expect(uncaught).toEqual([])
  })
})
