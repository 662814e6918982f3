import type { Home } from '../warehouse/home.ts'
import { warehouseSteps } from './activities/steps.ts'
import type { World } from './activities/steps.ts'
import { connect } from './client.ts'
import type { Connected } from './client.ts'
import { readConfig } from './config.ts'
import type { Env, Target } from './config.ts'
import { taskQueueOf } from './engine.ts'
import { findServer, startDevServer } from './server.ts'
import { bundleWorkflows, startWorker } from './worker.ts'
import type { RunningWorker } from './worker.ts'

export interface Office extends Connected {
  readonly target: Target
  readonly taskQueue: string
}

/** A connection to the server that a home's runs are on, for schedules, approvals and status. Throws ServerUnavailable. */
export const openOffice = async (home: Home, env: Env = process.env): Promise<Office> => {
  const target = await findServer(home.path, env)
  return { ...(await connect(target)), target, taskQueue: taskQueueOf(home, env) }
}

export interface ServeOptions extends World {
  /** Start a dev server beside the worker, with its web UI, where no server is named. */
  readonly dev?: boolean
  readonly env?: Env
  readonly say?: (line: string) => void
  /** Told of every error in full, with the number that a failed run shows. */
  readonly onError: (error: unknown, reference: string) => void
}

export interface Serving extends RunningWorker {
  readonly target: Target
  readonly taskQueue: string
  /** Address of the dev server's web UI, where there is one. */
  readonly ui: string | undefined
}

/** A worker for a home, until it is stopped; it stops the dev server that it started. Throws ServerUnavailable. */
export const serve = async (options: ServeOptions): Promise<Serving> => {
  const { home, dev = false, env = process.env, say = () => undefined, onError } = options
  const config = readConfig(env)
  const own =
    dev && config.target === undefined
      ? await startDevServer({ home: home.path, ui: true, env, say })
      : undefined
  const target = own ?? (await findServer(home.path, env))
  if (own === undefined) say(`Сервер Temporal: ${target.because}`)
  const taskQueue = taskQueueOf(home, env)
  try {
    const worker = await startWorker({
      target,
      taskQueue,
      parseSlots: config.parseSlots,
      workflowBundle: await bundleWorkflows(config.cache),
      steps: warehouseSteps(options),
      onError,
    })
    const done = worker.done.finally(() => own?.stop())
    done.catch(() => undefined)
    return {
      target,
      taskQueue,
      ui: own?.ui,
      done,
      stop: async () => {
        await worker.stop()
        await done
      },
    }
  } catch (error) {
    await own?.stop()
    throw error
  }
}
