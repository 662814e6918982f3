import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { findBinary } from '../../workflows/binary.ts'
import { connect } from '../../workflows/client.ts'
import { readOwnConfig } from '../../workflows/config.ts'
import { NoServer } from '../../workflows/errors.ts'
import { findServer, runningDevServer, startDevServer } from '../../workflows/server.ts'
import { ensureSchedules, listSchedules } from '../../workflows/schedules.ts'
import { ownServerOnly, testServer } from '../support/temporal.ts'

const env = ownServerOnly()
const folders: string[] = []
const newHome = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'mera-server-'))
  folders.push(folder)
  return folder
}
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
})

const own = await testServer()
await own?.stop()

describe.runIf(own !== undefined)('startDevServer(options)', { timeout: 60_000 }, () => {
  test('keeps state in home over a restart, and says where the program comes from', async () => {
    const home = await newHome()
    const said: string[] = []
    const first = await startDevServer({ home, env, say: (line) => said.push(line) })
    expect(said.at(-1)).toMatch(/^Сервер Temporal: /)
    const before = await connect(first)
    await ensureSchedules(before.client, { taskQueue: 'office', timezone: 'Europe/Moscow' })
    await before.close()
    await first.stop()
    expect(await runningDevServer(home)).toBeUndefined()

    const second = await startDevServer({ home, env })
    const after = await connect(second)
    const schedules = await listSchedules(after.client, 'office')
    expect(schedules.map(({ id }) => id)).toEqual(['yearly'])
    await after.close()
    await second.stop()
  })

  test('one that serves a home is found and used again, and not stopped by who only used it', async () => {
    const home = await newHome()
    const first = await startDevServer({ home, ui: true, env })
    const again = await startDevServer({ home, env })
    expect(again.address).toBe(first.address)
    await again.stop()
    const found = await findServer(home, env)
    expect(found.address).toBe(first.address)
    expect((await fetch(first.ui ?? '')).status).toBe(200)
    await first.stop()
    await expect(findServer(home, env)).rejects.toThrow(NoServer)
  })

  test('one whose process was killed is taken over, said to be so, and stopped at the end', async () => {
    const home = await newHome()
    const child = spawn(
      process.execPath,
      [
        '--import',
        'tsx',
        '--input-type=module',
        '--eval',
        `import { startDevServer } from ${JSON.stringify(new URL('../../workflows/server.ts', import.meta.url).href)}
         await startDevServer({ home: ${JSON.stringify(home)} })
         process.stdout.write('ready')
         setInterval(() => undefined, 1000)`,
      ],
      { env, stdio: ['ignore', 'pipe', 'inherit'] },
    )
    await new Promise((resolve) => child.stdout.once('data', resolve))
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
    const left = await runningDevServer(home)
    expect(left).toBeDefined()
    await left?.stop()

    const said: string[] = []
    const next = await startDevServer({ home, env, say: (line) => said.push(line) })
    expect(next.address).toBe(left?.address)
    expect(said).toEqual([
      expect.stringMatching(/остался от прерванного процесса .*остановится вместе с этим/),
    ])
    const second = await startDevServer({ home, env })
    await second.stop()
    expect(await runningDevServer(home)).toBeDefined()
    await next.stop()
    expect(await runningDevServer(home)).toBeUndefined()
    expect(existsSync(join(home, 'temporal', 'server.json'))).toBe(false)
  })

  test('a record of a server of another home is not believed', async () => {
    const home = await newHome()
    const other = await newHome()
    const server = await startDevServer({ home, env })
    await mkdir(join(other, 'temporal'))
    const record = { address: server.address, ui: null, clusterId: 'another' }
    await writeFile(join(other, 'temporal', 'server.json'), JSON.stringify(record))
    expect(await runningDevServer(other)).toBeUndefined()
    await server.stop()
    expect(existsSync(join(home, 'temporal', 'server.json'))).toBe(false)
  })
})

describe.runIf(own !== undefined && process.platform !== 'win32')(
  'startDevServer(options) where ports are taken meanwhile',
  { timeout: 60_000 },
  () => {
    /** A program that fails its first turns as one whose port was taken, and is the server in the next. */
    const unlucky = async (turns: number): Promise<{ home: string; env: NodeJS.ProcessEnv }> => {
      const home = await newHome()
      const { path } = await findBinary({ config: readOwnConfig(env), env })
      const program = join(home, 'temporal.sh')
      const script = `#!/bin/sh
echo turn >> '${home}/turns'
if [ $(wc -l < '${home}/turns') -le ${String(turns)} ]; then
  echo 'listen tcp 127.0.0.1:42669: bind: address already in use' >&2
  exit 1
fi
exec '${path}' "$@"
`
      await writeFile(program, script, { mode: 0o755 })
      return { home, env: { ...env, MERA_TEMPORAL_CLI: program } }
    }

    test('tries others', async () => {
      const tried = await unlucky(2)
      const server = await startDevServer(tried)
      expect((await runningDevServer(tried.home))?.address).toBe(server.address)
      await server.stop()
    })

    test('says so when none is left to try', async () => {
      const tried = await unlucky(99)
      await expect(startDevServer(tried)).rejects.toThrow(/bind: address already in use/)
      expect(await readFile(join(tried.home, 'turns'), 'utf8')).toBe('turn\n'.repeat(5))
    })
  },
)

describe('startDevServer(options) without a working program', () => {
  test('says what the program answered', async () => {
    const home = await newHome()
    const program = join(home, 'temporal.sh')
    await writeFile(program, '#!/bin/sh\necho port is taken >&2\nexit 1\n', { mode: 0o755 })
    const failed = startDevServer({ home, env: { ...env, MERA_TEMPORAL_CLI: program } })
    await expect(failed).rejects.toThrow(/port is taken/)
  })
})
