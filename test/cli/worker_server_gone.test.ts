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
})
