import { createServer, type Http2Server } from 'node:http2'
import { createServer as createSocket, type AddressInfo } from 'node:net'
import { WorkflowFailedError, WorkflowNotFoundError, type Client } from '@temporalio/client'
import { CancelledFailure, RetryState, defaultPayloadConverter } from '@temporalio/common'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { connect, hasWorker, told } from '../../workflows/client.ts'
import { follow, progressOf, type Followed, type FollowOptions } from '../../workflows/follow.ts'
import type { Target } from '../../workflows/config.ts'
import { ConnectionLost, RunLost, ServerUnavailable } from '../../workflows/errors.ts'
import { refusalOf, whyClosed, whyMute } from '../../workflows/reaching.ts'

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
  vi.unstubAllEnvs()
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

  test('who may work and not look at the namespace is let in, and told that no worker is', async () => {
    answer = { status: '7', message: 'no access' }
    const target = targetAt(portOf(server))
    const { client, denied, close } = await connect(target)
    const error: unknown = await told(target, () => hasWorker(client, 'queue')).catch(
      (reason: unknown) => reason,
    )
    await close()
    for (const each of [error, denied])
      expect(each).toMatchObject({
        code: 'server-unavailable',
        message: expect.stringContaining('нет прав на пространство имён «quality»') as string,
        hint: expect.stringContaining('api_key') as string,
      })
  })

  const closedPort = async (): Promise<number> => {
    const free = createSocket()
    await new Promise<void>((done) => free.listen(0, '127.0.0.1', done))
    const port = portOf(free)
    await new Promise((done) => free.close(done))
    return port
  }
  const proxies = [
    { title: 'no proxy', env: {} },
    { title: 'a proxy', env: { http_proxy: 'http://p:1' } },
    { title: 'a variable that gRPC does not read', env: { HTTPS_PROXY: 'http://p:1' } },
  ]
  test.each(proxies)(
    'with $title a port where nobody listens is refused at once',
    async ({ env }) => {
      for (const name of ['grpc_proxy', 'https_proxy', 'http_proxy']) vi.stubEnv(name, '')
      for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
      const error = await refusal(targetAt(await closedPort()))
      expect(error.message).toContain('не отвечает')
      expect(error.tried).toEqual([because, expect.stringContaining('ECONNREFUSED')])
    },
  )

  test('through a proxy nothing is claimed of the server', async () => {
    for (const name of ['grpc_proxy', 'https_proxy', 'no_proxy', 'no_grpc_proxy'])
      vi.stubEnv(name, '')
    const port = await closedPort()
    vi.stubEnv('http_proxy', `http://127.0.0.1:${String(port)}`)
    const address = '192.0.2.1:7233'
    const far = { ...targetAt(1), address, connectionOptions: { address } }
    const why = await whyMute(far)
    expect(why).toContain(`через прокси 127.0.0.1:${String(port)} (http_proxy)`)
    expect(why).not.toContain('соединение есть')
    expect(await whyClosed(far)).toBeUndefined()
    for (const name of ['no_proxy', 'no_grpc_proxy']) {
      vi.stubEnv(name, '192.0.2.7')
      expect(await whyMute(far)).toContain(`добавьте 192.0.2.1 к узлам в переменной ${name} `)
    }
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

describe('refusalOf(target, error)', () => {
  test('of a server that is unavailable it is not claimed that the connection holds', () => {
    const error = Object.assign(new Error('14'), { code: 14, details: 'No connection' })
    const { message = '', hint } = refusalOf(targetAt(1), error) ?? {}
    expect(message).toContain('сервер сейчас не обслуживает, или связь с ним прервалась')
    expect(message).not.toContain('связь есть')
    expect(hint).toContain('--engine local')
  })
})

describe('told(target, work)', () => {
  const failing = (code: number, details: string) => (): Promise<never> =>
    Promise.reject(
      new Error('Failed to list schedules', {
        cause: Object.assign(new Error(`${String(code)} said`), { code, details }),
      }),
    )
  test.each([
    [14, 'No connection', 'прервалась'],
    [4, 'Deadline exceeded', 'ответа не дождались'],
  ])(
    'a server that falls silent in the middle of the work (%i, %s) is no server that was never there',
    async (code, details, why) => {
      const error: unknown = await told(targetAt(1), failing(code, details)).catch(
        (reason: unknown) => reason,
      )
      expect(error).toBeInstanceOf(ConnectionLost)
      const { message, hint } = error as ConnectionLost
      expect(message).toContain('связь с сервером Temporal 127.0.0.1:1 прервалась')
      expect(message).toContain(why)
      expect(message).not.toContain('связь есть')
      expect(hint).toContain('mera status')
      expect(hint).not.toContain('--engine local')
    },
  )
  test('a refusal in the middle of the work is said in the words of connecting', async () => {
    await expect(told(targetAt(1), failing(16, 'expired'))).rejects.toThrow(
      'ключ или сертификат не приняты',
    )
  })
  test('what says nothing of the server stays what it is', async () => {
    const error = new Error('of the work')
    await expect(told(targetAt(1), () => Promise.reject(error))).rejects.toBe(error)
  })
})

describe('progressOf(client, workflowId)', () => {
  interface Known {
    readonly progress: object
    readonly raw: object
  }
  const clientOf = (runs: Readonly<Record<string, Known>>): Client =>
    ({
      workflow: {
        getHandle: (id: string) => ({
          query: () => Promise.resolve(runs[id]?.progress),
          describe: () => Promise.resolve({ raw: runs[id]?.raw }),
        }),
      },
    }) as unknown as Client
  const running = (...beats: readonly unknown[]): object => ({
    pendingActivities: beats.map((beat) => ({
      heartbeatDetails: { payloads: [defaultPayloadConverter.toPayload(beat)] },
    })),
  })

  test('counts what the running step counts, where the run itself counts nothing', async () => {
    const raw = running({ done: 3, total: 9 })
    const whole = { stage: 'build', done: 0, total: 0 }
    expect(await progressOf(clientOf({ run: { progress: whole, raw } }), 'run')).toEqual({
      stage: 'build',
      done: 3,
      total: 9,
    })
    const counted = { stage: 'parse', done: 64, total: 206 }
    expect(await progressOf(clientOf({ run: { progress: counted, raw } }), 'run')).toEqual(counted)
  })
  test('says that the step waits for another process, be it of a part of the run', async () => {
    const progress = { stage: 'parse', done: 1, total: 4 }
    const client = clientOf({
      run: { progress, raw: { pendingChildren: [{ workflowId: 'run/2024' }] } },
      'run/2024': { progress, raw: running({ done: 0, total: 0, isWaiting: true }) },
    })
    expect(await progressOf(client, 'run')).toEqual({ ...progress, isWaiting: true })
  })
  test('says so where any of the steps side by side does', async () => {
    const progress = { stage: 'parse', done: 1, total: 4 }
    const beat = { done: 0, total: 0 }
    const raw = running(beat, { ...beat, isWaiting: true }, beat)
    expect(await progressOf(clientOf({ run: { progress, raw } }), 'run')).toEqual({
      ...progress,
      isWaiting: true,
    })
  })
})

describe('follow(client, handle)', () => {
  const silence = (): Error =>
    new Error('no answer', { cause: Object.assign(new Error('4'), { code: 4, details: '' }) })
  const cancelledRun = (): Error =>
    new WorkflowFailedError('failed', new CancelledFailure('stopped'), RetryState.IN_PROGRESS)
  const never = (): Promise<never> => new Promise<never>(() => undefined)
  const HOUR = 3_600_000
  /** A client whose queries get this answer; a worker that answers nothing unless told otherwise. */
  const clientOf = (query: () => Promise<unknown> = () => Promise.reject(silence())): unknown => ({
    withDeadline: <T>(_: number, ask: () => Promise<T>): Promise<T> => ask(),
    workflow: { getHandle: () => ({ query }) },
  })
  const following = (
    handle: Partial<Followed<string>>,
    options: FollowOptions = {},
    client: unknown = clientOf(),
  ): Promise<string> =>
    follow(
      client as Client,
      {
        workflowId: 'run',
        result: never,
        cancel: () => Promise.resolve(),
        describe: never,
        ...handle,
      },
      { every: 1, ...options },
    )
  /** Leaves the question unanswered so many times. */
  const silentFor = (silences: number) => {
    let asked = 0
    return () => (asked++ < silences ? Promise.reject(silence()) : Promise.resolve('done'))
  }
  const fateOf = async (run: Promise<string>): Promise<unknown> => {
    const error: unknown = await run.catch((reason: unknown) => reason)
    if (!(error instanceof RunLost)) throw new Error(`not lost: ${String(error)}`)
    return error.fate
  }
  const mute = (): Promise<never> => Promise.reject(silence())

  describe('where the server answers and no worker does', () => {
    const denied = Object.assign(new Error('7'), { code: 7, details: '' })
    const heard = async (describe: () => Promise<unknown>): Promise<readonly unknown[]> => {
      const told: unknown[] = []
      let end = (_: string): void => undefined
      const result = new Promise<string>((resolve) => {
        end = resolve
      })
      let asked = 0
      const counted = (): Promise<unknown> => {
        if (++asked === 5) end('done')
        return describe()
      }
      const onSilence = (last: unknown): void => {
        told.push(last)
      }
      await following({ result: () => result, describe: counted }, { quiet: -1, onSilence })
      return told
    }
    test('says so once', async () => {
      expect(await heard(() => Promise.resolve())).toEqual([undefined])
    })
    test('says nothing of a worker where the server is silent too, or refuses to say', async () => {
      expect(await heard(mute)).toEqual([])
      expect(await heard(() => Promise.reject(denied))).toEqual([])
    })
  })

  describe('where the server falls silent', () => {
    /** Silent for so many questions after the first answer; the run ends some questions after it answers again. */
    const interrupted = async (
      silences: number,
      options: FollowOptions,
    ): Promise<{ readonly told: boolean[]; readonly end: unknown }> => {
      const told: boolean[] = []
      let asked = 0
      let end = (_: string): void => undefined
      const result = new Promise<string>((resolve) => {
        end = resolve
      })
      const answer = (): Promise<void> => {
        asked++
        if (asked > silences + 5) end('done')
        return asked > 1 && asked <= silences + 1 ? mute() : Promise.resolve()
      }
      const onServer = (answers: boolean): void => {
        told.push(answers)
      }
      const run = following({ result: () => result, describe: answer }, { onServer, ...options })
      return { told, end: await run.catch((reason: unknown) => reason) }
    }
    test('says so once, and once more when it answers again; the run ends as if nothing had happened', async () => {
      expect(await interrupted(10, { serverQuiet: 0 })).toEqual({
        told: [false, true],
        end: 'done',
      })
    })
    test('says so as soon as one round of questions went unanswered to its end', async () => {
      vi.useFakeTimers({ toFake: ['setInterval', 'setTimeout', 'performance'] })
      try {
        const told: boolean[] = []
        const unanswered = (): Promise<never> =>
          new Promise((_, reject) =>
            setTimeout(() => {
              reject(silence())
            }, 2_000),
          )
        const onServer = (answers: boolean): void => {
          told.push(answers)
        }
        void following({ describe: unanswered }, { onServer }, clientOf(unanswered))
        await vi.advanceTimersByTimeAsync(3_900)
        expect(told).toEqual([])
        await vi.advanceTimersByTimeAsync(200)
        expect(told).toEqual([false])
      } finally {
        vi.useRealTimers()
      }
    })
    test('says nothing of a silence that is short', async () => {
      expect(await interrupted(10, { serverQuiet: HOUR })).toEqual({ told: [], end: 'done' })
    })
    test('waits as long as it was told, and then says that the run is not lost, which it is, and where to see it', async () => {
      const { told, end } = await interrupted(Infinity, { serverQuiet: 0, serverPatience: 5 })
      expect(told).toEqual([false])
      expect(end).toMatchObject({ fate: 'unheard', workflowId: 'run' })
      const { message, hint } = end as RunLost
      expect(message).toContain('прогон не потерян')
      expect(message).toContain('(run)')
      expect(hint).toContain('mera status')
    })
    test('does not wait for a result that never says anything', async () => {
      const run = following(
        { result: never, describe: mute },
        { serverQuiet: 0, serverPatience: 0 },
      )
      expect(await fateOf(run)).toBe('unheard')
    })
    test('counts only a silence without a break', async () => {
      let asked = 0
      let end = (_: string): void => undefined
      const result = new Promise<string>((resolve) => {
        end = resolve
      })
      const describe = (): Promise<void> => {
        if (++asked === 40) end('done')
        return asked % 2 === 0 ? Promise.resolve() : mute()
      }
      const run = following(
        { result: () => result, describe },
        // Of two silences in a row the second has lasted longer than this.
        { serverQuiet: 0, serverPatience: Number.MIN_VALUE },
      )
      expect(await run).toBe('done')
    })
  })
  test('asks again for the result where a computer slept or a server was started anew', async () => {
    expect(await following({ result: silentFor(20), describe: () => Promise.resolve() })).toBe(
      'done',
    )
  })
  test('a run that the server no longer knows is said to be none of its runs', async () => {
    const gone = new WorkflowNotFoundError('workflow not found', 'run', undefined)
    const run = following({ result: () => Promise.reject(gone) })
    await expect(run).rejects.toMatchObject({ reason: 'forgotten', code: 'run-forgotten' })
    await expect(run).rejects.toThrow('прогон run на сервере больше не значится')
  })

  test('a cancel that the server did not hear is said again, until it has it', async () => {
    let asked = 0
    let end = (_: Error): void => undefined
    const cancel = (): Promise<void> => {
      if (++asked < 4) return Promise.reject(silence())
      end(cancelledRun())
      return Promise.resolve()
    }
    const result = (): Promise<never> => new Promise((_, reject) => (end = reject))
    const run = following({ result, cancel }, { signal: AbortSignal.abort(), patience: HOUR })
    await expect(run).rejects.toMatchObject({ reason: 'cancelled' })
    expect(asked).toBe(4)
  })
  test('where the server stays silent, following ends and says that the run was not cancelled', async () => {
    const cancel = (): Promise<never> => Promise.reject(silence())
    for (const each of [cancel, never])
      expect(
        await fateOf(following({ cancel: each }, { signal: AbortSignal.abort(), patience: 1 })),
      ).toBe('not-cancelled')
  })
  test('while the cancel is not heard, the result is not asked for', async () => {
    let asked = 0
    const result = (): Promise<never> => {
      asked++
      return Promise.reject(silence())
    }
    const cancel = (): Promise<never> => Promise.reject(silence())
    const run = following({ result, cancel }, { signal: AbortSignal.abort(), patience: 20 })
    expect(await fateOf(run)).toBe('not-cancelled')
    expect(asked).toBe(1)
  })
  test('where the server heard the cancel and then fell silent, no run is said to go on', async () => {
    const told: boolean[] = []
    const run = following(
      { result: never, cancel: () => Promise.resolve(), describe: mute },
      {
        signal: AbortSignal.abort(),
        serverQuiet: 0,
        serverPatience: 5,
        onServer: (answers) => told.push(answers),
      },
    )
    expect(await fateOf(run)).toBe('cancelling')
    expect(told).toEqual([])
  })
  test('a cancel that is refused is no cancel', async () => {
    const refused = Object.assign(new Error('7'), { code: 7, details: '' })
    const run = following(
      { cancel: () => Promise.reject(refused) },
      { signal: AbortSignal.abort() },
    )
    await expect(run).rejects.toBe(refused)
  })
  test('stopping does not wait for the next question, and ends at the first silence after the cancel', async () => {
    const control = new AbortController()
    let asked = 0
    const result = (): Promise<never> => {
      if (asked++ === 0)
        setImmediate(() => {
          control.abort()
        })
      return Promise.reject(silence())
    }
    expect(await fateOf(following({ result }, { signal: control.signal, every: HOUR }))).toBe(
      'cancelling',
    )
    expect(asked).toBe(2)
  })
})
