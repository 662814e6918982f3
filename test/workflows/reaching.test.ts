import { createServer, type Http2Server } from 'node:http2'
import { createServer as createSocket, type AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { connect, follow, told } from '../../workflows/client.ts'
import type { Target } from '../../workflows/config.ts'
import { ServerUnavailable } from '../../workflows/errors.ts'

const because = 'адрес задан в TEMPORAL_ADDRESS'
const targetAt = (port: number, options: Partial<Target['connectionOptions']> = {}): Target => {
  const address = `127.0.0.1:${String(port)}`
  return {
    address,
    namespace: 'quality',
    connectionOptions: { address, ...options },
    because,
  }
}

/** Answers the greeting, and every other question with this status. */
let server: Http2Server
let answer: { readonly status: string; readonly message: string }
const portOf = (each: { address: () => unknown }): number => (each.address() as AddressInfo).port

beforeEach(async () => {
  server = createServer()
  server.on('stream', (stream, headers) => {
    const head = { ':status': 200, 'content-type': 'application/grpc' }
    if (!String(headers[':path']).endsWith('/GetSystemInfo')) {
      stream.respond(
        { ...head, 'grpc-status': answer.status, 'grpc-message': answer.message },
        { endStream: true },
      )
      return
    }
    stream.respond(head, { waitForTrailers: true })
    stream.on('wantTrailers', () => {
      stream.sendTrailers({ 'grpc-status': '0' })
    })
    stream.end(Buffer.alloc(5))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
})
afterEach(async () => {
  await new Promise((done) => server.close(done))
})

const refusal = async (target: Target): Promise<ServerUnavailable> => {
  const error: unknown = await connect(target).then(
    async ({ close }) => {
      await close()
      return undefined
    },
    (reason: unknown) => reason,
  )
  if (!(error instanceof ServerUnavailable)) throw new Error(`not refused: ${String(error)}`)
  return error
}

describe('connect(target)', () => {
  test.each([
    [
      '5',
      'Namespace quality is not found.',
      'нет пространства имён «quality»',
      'TEMPORAL_NAMESPACE',
    ],
    ['16', 'Request unauthorized.', 'ключ или сертификат не приняты', 'TEMPORAL_API_KEY'],
    ['7', 'no access', 'нет прав на пространство имён «quality»', 'api_key'],
    ['12', 'unknown service', 'там отвечает не Temporal', 'проверьте адрес'],
  ])(
    'says in Russian what a server that answers %s (%s) refuses, and where it was named',
    async (status, message, what, advice) => {
      answer = { status, message }
      const error = await refusal(targetAt(portOf(server)))
      expect(error.message).toContain(what)
      expect(error.tried).toContain(because)
      expect(error.hint).toContain(advice)
    },
  )

  test('a port where nobody listens is refused at once, with the reason', async () => {
    const free = createSocket()
    await new Promise<void>((done) => free.listen(0, '127.0.0.1', done))
    const port = portOf(free)
    await new Promise((done) => free.close(done))
    const error = await refusal(targetAt(port))
    expect(error.message).toContain('не отвечает')
    expect(error.tried).toEqual([because, expect.stringContaining('ECONNREFUSED')])
  })

  test('a key for a server without TLS is said to be the reason', async () => {
    const error = await refusal(targetAt(portOf(server), { apiKey: 'wrong' }))
    expect(error.message).toContain('TLS включён')
    expect(error.message).toContain('сервер не говорит по TLS')
    expect(error.message).toContain('TEMPORAL_TLS=false')
  })

  test('another program on the port is said to be one', async () => {
    const other = createSocket((socket) => {
      socket.on('error', () => undefined)
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
      socket.destroySoon()
    })
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done))
    const error = await refusal(targetAt(portOf(other)))
    other.close()
    expect(error.message).toContain('отвечает не Temporal')
  })
})

describe('told(target, work)', () => {
  test('what a server answers in the middle of the work is said in the same words', async () => {
    const work = (): Promise<never> =>
      Promise.reject(
        new Error('Failed to list schedules', {
          cause: Object.assign(new Error('14 UNAVAILABLE'), { code: 14, details: 'No connection' }),
        }),
      )
    await expect(told(targetAt(1), work)).rejects.toThrow('сервер сейчас не обслуживает')
  })
  test('what says nothing of the server stays what it is', async () => {
    const error = new Error('of the work')
    await expect(told(targetAt(1), () => Promise.reject(error))).rejects.toBe(error)
  })
})

describe('follow(client, handle)', () => {
  const silence = (): Error =>
    new Error('no answer', { cause: Object.assign(new Error('4'), { code: 4, details: '' }) })
  /** Leaves the question unanswered so many times; the client is asked nothing where nobody looks at the progress. */
  const following = (silences: number): Promise<string> => {
    let asked = 0
    const handle = {
      workflowId: 'run',
      result: () => (asked++ < silences ? Promise.reject(silence()) : Promise.resolve('done')),
      cancel: () => Promise.resolve(),
    }
    return follow(undefined as never, handle, { every: 1 })
  }
  test('asks again for the result where a computer slept or a server was started anew', async () => {
    expect(await following(3)).toBe('done')
  })
  test('does not ask for ever', async () => {
    await expect(following(100)).rejects.toThrow('no answer')
  })
})
