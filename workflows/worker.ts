import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import {
  bundleWorkflowCode,
  DefaultLogger,
  NativeConnection,
  Runtime,
  Worker,
} from '@temporalio/worker'
import type { LogLevel, LogMetadata } from '@temporalio/common'
import type { InjectedSinks, WorkflowBundle } from '@temporalio/worker'
import { createActivities } from './activities/index.ts'
import type { Deps } from './activities/index.ts'
import { DEFAULT_PARSE_SLOTS } from './config.ts'
import type { Target } from './config.ts'
import type { JournalSinks, ScheduledEnd } from './journal.ts'
import { parseQueue } from './messages.ts'
import { isPassing, silent } from './reaching.ts'

const folder = fileURLToPath(new URL('./', import.meta.url))

/** What the SDK warns of and we intend, or tell better ourselves. */
const INTENDED = new Set([
  'No workflows registered, not polling for workflow tasks',
  'Activity failed',
  'Workflow failed',
  // Whoever asked for progress asks again sooner than a busy worker answers.
  'Query not found when attempting to respond to it',
])
/** Of a server where nobody listens it would speak a dozen times in ten seconds; what a server refuses is kept. */
const isOfClosedServer = (meta: LogMetadata | undefined): boolean =>
  String(meta?.['error']).includes('tcp connect error')

/** Gets the SDK's own words, from warnings up, its native part's too. */
export type SdkListener = (level: LogLevel, message: string, meta?: LogMetadata) => void

const toStderr: SdkListener = (level, message) => {
  process.stderr.write(`temporal: ${level.toLowerCase()}: ${message}\n`)
}
let listener = toStderr
const logger = new DefaultLogger('WARN', ({ level, message, meta }) => {
  if (!INTENDED.has(message) && !isOfClosedServer(meta)) listener(level, message, meta)
})

let isInstalled = false

/** The SDK's runtime is one per process, and its logger is set before its first use. */
const installRuntime = (): void => {
  if (isInstalled) return
  isInstalled = true
  Runtime.install({
    logger,
    // Left alone, the native part writes to the standard output, which may be a command's result.
    telemetryOptions: { logging: { forward: {} } },
    // Whoever started the workers stops them: a cancelled run needs its worker to clean up after itself.
    shutdownSignals: [],
  })
}

/** Workflow code for the sandbox; with `cache`, made once per version of the code (a bundle takes seconds). */
export const bundleWorkflows = async (
  cache?: string,
): Promise<{ readonly code: string } | { readonly codePath: string }> => {
  const bundle = (): Promise<WorkflowBundle> =>
    bundleWorkflowCode({ workflowsPath: join(folder, 'index.ts'), logger })
  if (cache === undefined) return bundle()
  const hash = createHash('sha256').update(process.version)
  const { version } = createRequire(import.meta.url)('@temporalio/worker/package.json') as {
    version: string
  }
  hash.update(version)
  for (const name of (await readdir(folder)).filter((each) => each.endsWith('.ts')).sort())
    hash.update(name).update(await readFile(join(folder, name)))
  const codePath = join(cache, 'workflows', `${hash.digest('hex').slice(0, 16)}.js`)
  if (!existsSync(codePath)) {
    const { code } = await bundle()
    await mkdir(join(cache, 'workflows'), { recursive: true })
    await writeFile(`${codePath}.${process.pid}.part`, code)
    await rename(`${codePath}.${process.pid}.part`, codePath)
  }
  return { codePath }
}

export interface WorkerOptions extends Deps {
  readonly target: Target
  readonly taskQueue: string
  /** Batches of files parsed at a time. */
  readonly parseSlots?: number
  readonly workflowBundle: Awaited<ReturnType<typeof bundleWorkflows>>
  /** Told how a run ended that a schedule had started. */
  readonly onScheduledEnd?: (end: ScheduledEnd, run: ScheduledRun) => Promise<void>
  /** Gets what the SDK says of this process's workers, from now on; else the standard error does. */
  readonly onSdkLine?: SdkListener
}
export interface ScheduledRun {
  readonly runId: string
  readonly started: Date
}

export interface RunningWorker {
  /** Settles when the worker has stopped and noted the ends of runs: after `stop`, or with the error that ended it. */
  readonly done: Promise<void>
  readonly stop: () => Promise<void>
  /** Whether the server answers this worker within seconds, on the connection by which the worker gets its work. */
  readonly isHeard: () => Promise<boolean>
}

/** How long an answer is waited for, ms. */
const PATIENCE = 2_000

/** For how long the end of a run waits for its note, ms; one that takes longer is made beside it: the server gives a task up after ten seconds. */
const NOTE_PATIENCE = 3_000

const isHeard = async (connection: NativeConnection): Promise<boolean> => {
  const answered = new AbortController()
  try {
    return await Promise.race([
      connection
        .withDeadline(Date.now() + PATIENCE, () => connection.workflowService.getSystemInfo({}))
        .then(
          () => true,
          (error: unknown) => !isPassing(error),
        ),
      // The library tries again what nobody answered, past the deadline.
      sleep(PATIENCE, false, { signal: answered.signal }),
    ])
  } finally {
    answered.abort()
  }
}

/**
 * Two workers in one: workflows and writing activities, one at a time (DuckDB has one writer), and parsing beside them.
 * Throws ServerUnavailable.
 */
export const startWorker = async ({
  target,
  taskQueue,
  parseSlots = DEFAULT_PARSE_SLOTS,
  workflowBundle,
  onScheduledEnd,
  onSdkLine,
  ...deps
}: WorkerOptions): Promise<RunningWorker> => {
  if (onSdkLine !== undefined) listener = onSdkLine
  const noLongerHear = (): void => {
    if (listener === onSdkLine) listener = toStderr
  }
  installRuntime()
  const connection = await NativeConnection.connect(target.connectionOptions).catch(
    (error: unknown) => {
      throw silent(target, error instanceof Error ? error.message : String(error))
    },
  )
  const activities = createActivities(deps)
  /** Of ends of runs, those that are being made. */
  const notes = new Set<Promise<void>>()
  const sinks: InjectedSinks<JournalSinks> = {
    journal: {
      ended: {
        fn: async ({ runId, startTime }, end) => {
          const note = onScheduledEnd?.(end, { runId, started: startTime })
          if (note === undefined) return
          const made = (): void => {
            notes.delete(note)
          }
          notes.add(note)
          note.then(made, made)
          await Promise.race([note, sleep(NOTE_PATIENCE, undefined, { ref: false })])
        },
      },
    },
  }
  const shared = {
    connection,
    namespace: target.namespace,
    activities,
    shutdownGraceTime: '5 seconds',
    // Heartbeats carry progress out and cancellation in: people wait for both.
    maxHeartbeatThrottleInterval: '1 second',
    defaultHeartbeatThrottleInterval: '1 second',
  } as const
  try {
    const workers = await Promise.all([
      Worker.create({
        ...shared,
        taskQueue,
        workflowBundle,
        sinks,
        maxConcurrentActivityTaskExecutions: 1,
      }),
      Worker.create({
        ...shared,
        taskQueue: parseQueue(taskQueue),
        maxConcurrentActivityTaskExecutions: parseSlots,
      }),
    ])
    const stopAll = (): void => {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown()
    }
    const runs = workers.map((worker) =>
      worker.run().catch((error: unknown) => {
        stopAll()
        throw error
      }),
    )
    const done = Promise.allSettled(runs).then(async (ends) => {
      await connection.close()
      await Promise.allSettled(notes)
      for (const end of ends) if (end.status === 'rejected') throw end.reason
    })
    // Whoever awaits `done` or `stop` hears of it; until then it is not a crash of the process.
    done.catch(() => undefined)
    return {
      done,
      stop: async () => {
        stopAll()
        await done.finally(noLongerHear)
      },
      isHeard: () => isHeard(connection),
    }
  } catch (error) {
    await connection.close()
    throw error
  }
}
