import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isRunning, saidOfPath } from '../warehouse/system.ts'
import { findBinary } from './binary.ts'
import { readConfig, readOwnConfig } from './config.ts'
import { openConnection } from './connection.ts'
import type { Env, Target } from './config.ts'
import { NoServer, ServerUnavailable } from './errors.ts'

export interface DevServerOptions {
  /** State is kept in `<home>/temporal`. */
  readonly home: string
  /** With the web UI. */
  readonly ui?: boolean
  readonly env?: Env
  /** Gets one Russian line about where the server comes from. */
  readonly say?: (line: string) => void
  readonly download?: boolean
}

export interface DevServer extends Target {
  /** Address of the web UI, where there is one. */
  readonly ui: string | undefined
  /** Stops the server, unless somebody else had started it. */
  readonly stop: () => Promise<void>
}

/** What is known of a server that serves a home, in `<home>/temporal/server.json`. */
interface ServerRecord {
  readonly address: string
  readonly ui: string | null
  readonly clusterId: string
  /** Process of the server; null in records of before. */
  readonly pid: number | null
  /** Process that started it and will stop it. */
  readonly owner: number | null
}

const NAMESPACE = 'default'
const STARTING = 30_000
const STOPPING = 5_000
/** Ports are free when they are chosen, and others choose too. */
const ATTEMPTS = 5
const TAKEN = /address already in use|Only one usage of each socket address/
/** How long one answers that does not say that it has started, as programs of other versions may, ms. */
const SILENT = 5_000

const recordFile = (home: string): string => join(home, 'temporal', 'server.json')

/** Any ports that nobody listens on now; all held at once, so that they differ. */
const freePorts = async (count: number): Promise<number[]> => {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve, reject) => {
          const server = createServer()
          server.once('error', reject)
          server.listen(0, '127.0.0.1', () => {
            resolve(server)
          })
        }),
    ),
  )
  return Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          const address = server.address()
          server.close(() => {
            if (address === null || typeof address === 'string') reject(new Error('no port'))
            else resolve(address.port)
          })
        }),
    ),
  )
}

/** The cluster's own id, or undefined where nobody answers: it tells one home's server from another on the same port. */
const clusterAt = async (address: string, patience: number): Promise<string | undefined> => {
  try {
    const { connection, close } = await openConnection({ address, connectTimeout: patience })
    try {
      return (await connection.workflowService.getClusterInfo({})).clusterId
    } finally {
      await close()
    }
  } catch {
    return undefined
  }
}

const target = (address: string, because: string): Target => ({
  address,
  namespace: NAMESPACE,
  connectionOptions: { address },
  because,
})

const readRecord = async (home: string): Promise<ServerRecord | undefined> => {
  try {
    const { address, ui, clusterId, pid, owner } = JSON.parse(
      await readFile(recordFile(home), 'utf8'),
    ) as Partial<ServerRecord>
    if (typeof address !== 'string' || typeof clusterId !== 'string') return undefined
    return { address, ui: ui ?? null, clusterId, pid: pid ?? null, owner: owner ?? null }
  } catch {
    return undefined
  }
}

const writeRecord = async (home: string, record: ServerRecord): Promise<void> => {
  await writeFile(`${recordFile(home)}.part`, JSON.stringify(record))
  await rename(`${recordFile(home)}.part`, recordFile(home))
}
const answers = async ({ address, clusterId }: ServerRecord): Promise<boolean> =>
  (await clusterAt(address, 1_000)) === clusterId

/** The dev server that serves this home now, if one does. */
export const runningDevServer = async (home: string): Promise<DevServer | undefined> => {
  const record = await readRecord(home)
  return record !== undefined && (await answers(record)) ? used(record) : undefined
}
const used = (record: ServerRecord): DevServer => ({
  ...target(record.address, `работает для этого хранилища (${record.address})`),
  ui: record.ui ?? undefined,
  stop: () => Promise.resolve(),
})

/** Whoever had started it was killed and could not stop it: it is this process’s now, and ends with it. */
const adopted = async (
  home: string,
  record: ServerRecord & { readonly pid: number },
): Promise<DevServer> => {
  const { address, pid } = record
  await writeRecord(home, { ...record, owner: process.pid })
  return {
    ...target(
      address,
      `остался от прерванного процесса (${address}, PID ${String(pid)}): работает дальше и остановится вместе с этим`,
    ),
    ui: record.ui ?? undefined,
    stop: async () => {
      // Another process that began beside this one may have taken it over after it.
      if ((await readRecord(home))?.owner !== process.pid) return
      // Only while it answers is the process of this number known to be the server.
      if (await answers(record)) await stopProcess(pid)
      await rm(recordFile(home), { force: true })
    },
  }
}
const stopProcess = async (pid: number): Promise<void> => {
  const deadline = Date.now() + STOPPING
  let signal: NodeJS.Signals = 'SIGTERM'
  try {
    process.kill(pid, signal)
    while (isRunning(pid)) {
      await sleep(50)
      if (signal === 'SIGTERM' && Date.now() > deadline) process.kill(pid, (signal = 'SIGKILL'))
      if (Date.now() > deadline + STOPPING) return
    }
  } catch {
    // It is gone already.
  }
}

const stopChild = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise<void>((resolve) =>
    child.once('exit', () => {
      resolve()
    }),
  )
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOPPING)
  await gone
  clearTimeout(timer)
}

/**
 * A development server whose state survives in home. One that serves this home already is used as it is; one whose process was killed is
 * taken over and stopped at the end. Throws
 * ServerUnavailable.
 */
export const startDevServer = async ({
  home,
  ui = false,
  env = process.env,
  say = () => undefined,
  download = true,
}: DevServerOptions): Promise<DevServer> => {
  const known = await readRecord(home)
  if (known !== undefined && (await answers(known))) {
    const { pid, owner } = known
    const isOrphan = pid !== null && owner !== null && !isRunning(owner)
    const earlier = isOrphan ? await adopted(home, { ...known, pid }) : used(known)
    say(`Сервер Temporal: ${earlier.because}`)
    return earlier
  }
  const { path, because } = await findBinary({ config: readOwnConfig(env), env, say, download })
  say(`Сервер Temporal: ${because}`)
  await mkdir(join(home, 'temporal'), { recursive: true })
  for (let attempt = 1; ; attempt += 1) {
    const begun = await begin(path, home, ui, env)
    if (begun.clusterId !== undefined) {
      const { address, uiAddress, clusterId, pid, stop } = begun
      const record = { address, ui: uiAddress ?? null, clusterId, pid, owner: process.pid }
      await writeRecord(home, record)
      return { ...target(address, because), ui: uiAddress, stop }
    }
    if (attempt === ATTEMPTS || !TAKEN.test(begun.log)) {
      const last = begun.log.trim().split('\n').slice(-3).join('; ')
      throw new ServerUnavailable('сервер Temporal не запустился', [`${path}: ${last || 'молчит'}`])
    }
  }
}

type Begun =
  | { readonly clusterId: undefined; readonly log: string }
  | {
      readonly clusterId: string
      readonly address: string
      readonly uiAddress: string | undefined
      readonly pid: number | null
      readonly stop: () => Promise<void>
    }

/** One attempt: the server has started wholly, or what it said when it did not. */
const begin = async (path: string, home: string, ui: boolean, env: Env): Promise<Begun> => {
  const folder = join(home, 'temporal')
  const [port = 0, uiPort = 0] = await freePorts(2)
  const address = `127.0.0.1:${port}`
  const logFile = join(folder, 'server.log')
  const log = await open(logFile, 'w')
  const child = spawn(
    path,
    [
      ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port)],
      ...['--namespace', NAMESPACE, '--db-filename', join(folder, 'state.db')],
      ...['--log-level', 'error'],
      ...(ui ? ['--ui-port', String(uiPort), '--ui-disable-news-fetch'] : ['--headless']),
    ],
    {
      // A file, not a pipe: a server that outlives its process would die of the first line that nobody reads.
      stdio: ['ignore', log.fd, log.fd],
      // A group of its own: Ctrl+C in a terminal must reach the workers first, and they the server.
      detached: process.platform !== 'win32',
      windowsHide: true,
      env: { ...env },
    },
  )
  let refused = ''
  child.once('error', (error) => (refused = saidOfPath(error) ?? error.message))
  const killAtExit = (): void => {
    child.kill('SIGKILL')
  }
  process.once('exit', killAtExit)
  await log.close()
  const stop = async (): Promise<void> => {
    process.removeListener('exit', killAtExit)
    if (child.pid !== undefined) await stopChild(child)
    await rm(recordFile(home), { force: true })
  }
  const isGone = (): boolean =>
    child.pid === undefined || child.exitCode !== null || child.signalCode !== null

  const deadline = Date.now() + STARTING
  let answered: number | undefined
  while (!isGone() && Date.now() < deadline) {
    const clusterId = await clusterAt(address, 500)
    if (clusterId !== undefined) {
      answered ??= Date.now()
      // It answers before all its parts have their ports, and one without a port takes the rest with it; who answers may even be another
      // server on the same port. It names its address when it has started.
      const hasStarted = /^(Temporal )?Server: /m.test(await readFile(logFile, 'utf8'))
      if (!isGone() && (hasStarted || Date.now() > answered + SILENT)) {
        child.unref()
        const uiAddress = ui ? `http://127.0.0.1:${uiPort}` : undefined
        return { clusterId, address, uiAddress, pid: child.pid ?? null, stop }
      }
    }
    await sleep(50)
  }
  await stop()
  return { clusterId: undefined, log: `${await readFile(logFile, 'utf8')}${refused}` }
}

/**
 * The server that this home's runs are on: TEMPORAL_ADDRESS or a profile, else the dev server that serves the home now.
 * Throws NoServer where there is neither.
 */
export const findServer = async (home: string, env: Env = process.env): Promise<Target> => {
  const { target: named } = readConfig(env)
  if (named !== undefined) return named
  const running = await runningDevServer(home)
  if (running !== undefined) return running
  throw new NoServer()
}
