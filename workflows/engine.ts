import type { Client } from '@temporalio/client'
import { DiskFull } from '../warehouse/errors.ts'
import type { Home } from '../warehouse/home.ts'
import { busyLine, spanOf } from '../warehouse/lock.ts'
import { warehouseSteps } from './activities/steps.ts'
import type { World } from './activities/steps.ts'
import { fateOf } from './approval.ts'
import {
  approve,
  connect,
  hasWorker,
  startBackfill,
  startLoad,
  startRefresh,
  told,
  waitingRuns,
} from './client.ts'
import { follow, type FollowOptions } from './follow.ts'
import { readConfig, readOwnConfig } from './config.ts'
import type { EngineName, Env } from './config.ts'
import { NoSuchRun, RunFailed } from './errors.ts'
import { localEngine } from './local.ts'
import type { LocalEngine } from './local.ts'
import type { Progress } from './messages.ts'
import { HOME_PATIENCE } from './policies.ts'
import { runningDevServer, startDevServer } from './server.ts'
import type { DevServer } from './server.ts'
import { bundleWorkflows, startWorker } from './worker.ts'
import { findFault, workerLog } from './worker-log.ts'

export interface EngineOptions extends World {
  readonly engine: EngineName
  readonly env?: Env
  /** A dev server that has to be started gets its web UI. */
  readonly ui?: boolean
  /** A dev server that was reached before; whoever did that stops it. */
  readonly server?: Omit<DevServer, 'stop'>
  /** Gets Russian lines about what is started, a dev server or a worker, and what went wrong beside a run. */
  readonly say?: (line: string) => void
  readonly onProgress?: (progress: Progress) => void
  /** Told once, where a worker of another process does not answer, with what was heard of the run last. */
  readonly onSilence?: (last: Progress | undefined) => void
  /** Told where the server falls silent in the middle of a run, and where it answers again. */
  readonly onServer?: (answers: boolean) => void
  /** Aborted: the run is cancelled and cleans up. */
  readonly signal?: AbortSignal
}

export interface Engine extends LocalEngine {
  readonly engine: EngineName
  /** Address of the dev server's web UI, where there is one. */
  readonly ui: string | undefined
  /** Stops what was started for it: the worker, the dev server. */
  readonly close: () => Promise<void>
}

/** Each home has a queue of its own, so that several offices may share one server. */
export const taskQueueOf = (home: Pick<Home, 'id'>, env: Env = process.env): string =>
  readOwnConfig(env).taskQueue ?? `mera-${home.id.slice(0, 8)}`

const inProcess = (options: EngineOptions): Engine => {
  const { onProgress, signal } = options
  let last: Progress | undefined
  const tell = (progress: Progress): void => {
    last = progress
    onProgress?.(progress)
  }
  const steps = warehouseSteps(options)({
    signal: signal ?? new AbortController().signal,
    onProgress: (done, total) => {
      if (last !== undefined) onProgress?.({ ...last, done, total })
    },
  })
  return {
    ...localEngine({ steps, onProgress: tell, ...(signal === undefined ? {} : { signal }) }),
    engine: 'local',
    ui: undefined,
    close: () => Promise.resolve(),
  }
}

const throughServer = async (options: EngineOptions): Promise<Engine> => {
  const { home, onProgress, signal, ui = false } = options
  const { env = process.env, say = () => undefined } = options
  const { target: named, cache, parseSlots } = readConfig(env)
  const reached = options.server
  const started =
    reached === undefined && named === undefined
      ? await startDevServer({ home: home.path, ui, env, say })
      : undefined
  const server = reached ?? started
  const target = server ?? named
  if (target === undefined) throw new Error('no server')
  const closing: (() => Promise<void>)[] = started === undefined ? [] : [started.stop]
  const close = async (): Promise<void> => {
    for (const each of closing.splice(0).reverse()) await each()
  }
  try {
    const taskQueue = taskQueueOf(home, env)
    const { client, denied, close: disconnect } = await connect(target)
    closing.push(disconnect)
    const errors = new Map<string, unknown>()
    const isElsewhere = await told(target, () => hasWorker(client, taskQueue))
    if (!isElsewhere) {
      if (denied !== undefined) throw denied
      say('Исполнитель Temporal: в этом же процессе')
      const { onSdkLine, onFault } = workerLog(home, say)
      const worker = await startWorker({
        onSdkLine,
        target,
        taskQueue,
        parseSlots,
        workflowBundle: await bundleWorkflows(cache),
        steps: warehouseSteps(options),
        onError: (error, reference) => {
          errors.set(reference, error)
          onFault(error, reference)
        },
      })
      closing.push(worker.stop)
      await tellDecided(home, client, taskQueue)
    }
    let isWaiting = false
    const heard = (progress: Progress): void => {
      const waits = progress.isWaiting === true
      // A worker of this process says it itself.
      if (isElsewhere && waits && !isWaiting)
        void busyLine(home).then((busy) => {
          if (busy !== undefined)
            say(`${busy}; прогон ждёт его, не дольше ${spanOf(HOME_PATIENCE)}`)
        })
      isWaiting = waits
      onProgress?.(progress)
    }
    const following: FollowOptions = {
      onProgress: heard,
      ...(signal === undefined ? {} : { signal }),
      ...(options.onServer === undefined ? {} : { onServer: options.onServer }),
      ...(isElsewhere && options.onSilence !== undefined ? { onSilence: options.onSilence } : {}),
    }
    /** The worker of this process has the error itself, not only its class; another one left its words in the home. */
    const whole = async (error: unknown): Promise<unknown> => {
      if (!(error instanceof RunFailed)) return error
      const { reference = '', errorType } = error
      if (errors.has(reference)) return errors.get(reference)
      // A full disk takes no words.
      const unsaid = errorType === DiskFull.name ? new DiskFull() : error
      return (await findFault(home, reference)) ?? unsaid
    }
    const result = async <T>(run: () => Promise<T>): Promise<T> => {
      try {
        return await told(target, run)
      } catch (error) {
        throw await whole(error)
      }
    }
    return {
      engine: 'temporal',
      ui: server?.ui,
      close,
      load: (input) =>
        result(async () => follow(client, await startLoad(client, taskQueue, input), following)),
      refresh: (input) =>
        result(async () => follow(client, await startRefresh(client, taskQueue, input), following)),
      backfill: (input) =>
        result(async () =>
          follow(client, await startBackfill(client, taskQueue, input), following),
        ),
    }
  } catch (error) {
    await close()
    throw error
  }
}

/**
 * Runs that wait for a word hear it where their generation was published, replaced or removed while no worker answered for them: they look what
 * became of it, and end. For who has just started a worker.
 */
export const tellDecided = async (home: Home, client: Client, taskQueue: string): Promise<void> => {
  const waiting = await waitingRuns(client, taskQueue)
  for (const { generation, contentHash } of waiting) {
    if ((await fateOf(home, generation, contentHash)) === undefined) continue
    await approve(client, taskQueue, { generation, decision: 'publish', waiting }).catch(
      (error: unknown) => {
        if (!(error instanceof NoSuchRun)) throw error
      },
    )
  }
}

/** The engine that was chosen, ready to work on an open home. Throws ServerUnavailable and ConfigError. */
export const openEngine = (options: EngineOptions): Promise<Engine> =>
  options.engine === 'local' ? Promise.resolve(inProcess(options)) : throughServer(options)

/** The dev server of a home and its web UI, where one runs: for `status`. */
export const devServerOf = (home: Pick<Home, 'path'>): ReturnType<typeof runningDevServer> =>
  runningDevServer(home.path)
