import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, describe, expect, test } from 'vitest'
import { run } from '../../cli/main.ts'
import { startDevServer } from '../../workflows/server.ts'
import { scratch } from '../support/home.ts'
import { ownServerOnly, testServer } from '../support/temporal.ts'

const own = await testServer()
await own?.stop()
const place = await scratch()
afterAll(() => place.remove())

describe.runIf(own !== undefined)('mera worker beside the dev server of another process', () => {
  for (const options of [['--dev'], []])
    test(`ends and says so when that server stops: ${['worker', ...options].join(' ')}`, async () => {
      const home = await place.home(`home${options.join('')}`)
      const env = ownServerOnly()
      const server = await startDevServer({ home: home.path, env })
      let said = ''
      let stopped: Promise<void> | undefined
      const [out, err] = [new PassThrough(), new PassThrough()]
      out.resume()
      err.setEncoding('utf8').on('data', (text: string) => {
        said += text
        if (said.includes('Остановить: Ctrl+C')) stopped ??= server.stop()
      })
      try {
        const code = await run(['worker', ...options, '--home', home.path], {
          out: out as unknown as NodeJS.WriteStream,
          err: err as unknown as NodeJS.WriteStream,
          env,
          // Left alone, a worker without a server never ends.
          signal: AbortSignal.timeout(60_000),
        })
        expect({ code, said }).toEqual({
          code: 3,
          said: expect.stringMatching(
            new RegExp(
              `сервер Temporal ${server.address}, .* остановлен: .*\n.*запустите mera worker --dev --home `,
            ),
          ) as string,
        })
      } finally {
        await (stopped ?? server.stop())
      }
    })

  test.runIf(process.platform !== 'win32')(
    'says that a server which listens and does not answer is silent, waits, and says when it answers again',
    async () => {
      const home = await place.home('hung')
      const env = ownServerOnly()
      const server = await startDevServer({ home: home.path, env })
      const record = await readFile(join(home.path, 'temporal', 'server.json'), 'utf8')
      const { pid } = JSON.parse(record) as { readonly pid: number }
      const stop = new AbortController()
      const signals: NodeJS.Signals[] = []
      const send = (signal: NodeJS.Signals): void => {
        if (signals.includes(signal)) return
        signals.push(signal)
        process.kill(pid, signal)
      }
      let said = ''
      const [out, err] = [new PassThrough(), new PassThrough()]
      out.resume()
      err.setEncoding('utf8').on('data', (text: string) => {
        said += text
        if (said.includes('Остановить: Ctrl+C')) send('SIGSTOP')
        if (said.includes(`Сервер Temporal ${server.address} не отвечает`)) send('SIGCONT')
        if (said.includes('Сервер Temporal снова отвечает')) stop.abort()
      })
      try {
        const code = await run(['worker', '--home', home.path], {
          out: out as unknown as NodeJS.WriteStream,
          err: err as unknown as NodeJS.WriteStream,
          env,
          signal: AbortSignal.any([stop.signal, AbortSignal.timeout(60_000)]),
        })
        expect([code, stop.signal.aborted]).toEqual([0, true])
      } finally {
        process.kill(pid, 'SIGCONT')
        await server.stop()
      }
    },
  )
})
