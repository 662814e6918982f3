import { createHash } from 'node:crypto'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  ApplicationFailure,
  CancelledFailure,
  ActivityFailure,
  ChildWorkflowFailure,
  TerminatedFailure,
  TimeoutFailure,
  defaultPayloadConverter,
} from '@temporalio/common'
import { Client, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client'
import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client'
import type { Target } from './config.ts'
import { openConnection } from './connection.ts'
import { NoSuchRun, RunFailed, RunLost } from './errors.ts'
import type { ServerUnavailable } from './errors.ts'
import { APPROVE, PROGRESS } from './messages.ts'
import type {
  Approval,
  BackfillInput,
  LoadInput,
  LoadSummary,
  Progress,
  RefreshInput,
  RefreshResult,
} from './messages.ts'
import { distinct } from './plan.ts'
import {
  interruptionOf,
  isDenied,
  isPassing,
  PATIENCE,
  refusalOf,
  silent,
  whyClosed,
  whyMute,
} from './reaching.ts'

export interface Connected {
  readonly client: Client
  /** Why no worker can be started here: it must look at the namespace, and we may not; a client need not. */
  readonly denied: ServerUnavailable | undefined
  readonly close: () => Promise<void>
}

/**
 * A connection to a server that answers and, as far as it tells, knows the namespace and lets us in. Throws ServerUnavailable within
 * seconds. Who may only work and not look at the namespace is let through: the first question of the work tells the rest.
 */
export const connect = async (target: Target): Promise<Connected> => {
  const closed = await whyClosed(target)
  if (closed !== undefined) throw silent(target, closed)
  const { connection, close } = await openConnection({
    ...target.connectionOptions,
    connectTimeout: PATIENCE,
  }).catch(async (error: unknown) => {
    throw refusalOf(target, error) ?? silent(target, await whyMute(target))
  })
  const { namespace } = target
  let denied: ServerUnavailable | undefined
  try {
    await connection.withDeadline(Date.now() + PATIENCE, () =>
      connection.workflowService.describeNamespace({ namespace }),
    )
  } catch (error) {
    const refusal = refusalOf(target, error)
    if (isDenied(error)) denied = refusal
    else if (refusal !== undefined) {
      await close()
      throw refusal
    }
  }
  return { client: new Client({ connection, namespace }), denied, close }
}

/** What the server answered in the middle of the work, or that it no longer answers, in Russian. */
export const told = async <T>(target: Target, work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    throw interruptionOf(target, error) ?? error
  }
}

/** Files by their content, so that the same files are the same run. */
export const filesId = (files: readonly string[]): string =>
  files.length === 0
    ? 'archive'
    : createHash('sha256').update(distinct(files).join('\n')).digest('hex').slice(0, 12)

type Run<Input, Result> = WorkflowHandleWithFirstExecutionRunId<(input: Input) => Promise<Result>>

/** The id is the work itself: who asks for what is running already joins it. */
const start = <Input, Result>(
  client: Client,
  workflowType: string,
  taskQueue: string,
  id: string,
  input: Input,
): Promise<Run<Input, Result>> =>
  client.workflow.start<(input: Input) => Promise<Result>>(workflowType, {
    taskQueue,
    workflowId: `${taskQueue}/${id}`,
    workflowIdConflictPolicy: 'USE_EXISTING',
    args: [input],
  })

export const startRefresh = (
  client: Client,
  taskQueue: string,
  input: RefreshInput,
): Promise<Run<RefreshInput, RefreshResult>> =>
  start(client, 'refreshWarehouse', taskQueue, `refresh/${filesId(input.files ?? [])}`, input)

export const startLoad = (
  client: Client,
  taskQueue: string,
  input: LoadInput,
): Promise<Run<LoadInput, LoadSummary>> =>
  start(client, 'loadFiles', taskQueue, `load/${filesId(input.files)}`, input)

export const startBackfill = (
  client: Client,
  taskQueue: string,
  input: BackfillInput,
): Promise<Run<BackfillInput, RefreshResult>> =>
  start(client, 'backfill', taskQueue, `backfill/${input.from}-${input.to}`, input)

const referenceIn = (details: unknown): string | undefined => {
  const first: unknown = Array.isArray(details) ? details[0] : undefined
  return typeof first === 'string' ? first : undefined
}

const failureOf = (workflowId: string, error: WorkflowFailedError): RunFailed => {
  let cause: unknown = error.cause
  while (cause instanceof ActivityFailure || cause instanceof ChildWorkflowFailure)
    cause = cause.cause
  if (cause instanceof CancelledFailure) return new RunFailed(workflowId, 'cancelled')
  if (cause instanceof TerminatedFailure) return new RunFailed(workflowId, 'terminated')
  if (cause instanceof TimeoutFailure) return new RunFailed(workflowId, 'timed-out')
  if (cause instanceof ApplicationFailure)
    return new RunFailed(workflowId, 'failed', cause.type ?? undefined, referenceIn(cause.details))
  return new RunFailed(workflowId, 'failed')
}

/** Where a run is: its own answer to the `progress` query, else what its running activity last said. Throws where the server is silent. */
export const progressOf = async (
  client: Client,
  workflowId: string,
): Promise<Progress | undefined> => {
  const handle = client.workflow.getHandle(workflowId)
  const progress = await handle.query<Progress>(PROGRESS).catch((error: unknown) => {
    if (isPassing(error)) throw error
    return undefined
  })
  if (progress === undefined || progress.total > 0) return progress
  const { raw } = await handle.describe()
  const payload = raw.pendingActivities?.[0]?.heartbeatDetails?.payloads?.[0]
  if (payload === undefined) return progress
  const { done, total } =
    defaultPayloadConverter.fromPayload<Pick<Progress, 'done' | 'total'>>(payload)
  return { ...progress, done, total }
}

/** How often in a row a server may leave the question for a result unanswered; the library has asked for seconds each time. */
const SILENCES = 5

export interface FollowOptions {
  readonly onProgress?: (progress: Progress) => void
  /** Milliseconds between two questions. */
  readonly every?: number
  /** When it is aborted, the run is cancelled. */
  readonly signal?: AbortSignal
  /** Milliseconds for which a cancel is repeated to a server that is silent. */
  readonly patience?: number
}

/** What following needs of a handle. */
export interface Followed<Result> {
  readonly workflowId: string
  result(): Promise<Result>
  cancel(): Promise<unknown>
}

/** Repeats the cancel until the server has it. Throws RunLost where it stays silent, and its refusal where it refuses. */
const cancelled = async (
  handle: Followed<unknown>,
  { every, patience }: { readonly every: number; readonly patience: number },
): Promise<void> => {
  const end = new AbortController()
  const { signal } = end
  const repeat = async (): Promise<void> => {
    for (;;)
      try {
        await handle.cancel()
        return
      } catch (error) {
        // It has ended by itself.
        if (error instanceof WorkflowNotFoundError) return
        if (!isPassing(error)) throw error
        await sleep(every, undefined, { signal })
      }
  }
  const late = async (): Promise<never> => {
    await sleep(patience, undefined, { signal })
    throw new RunLost(handle.workflowId, 'not-cancelled')
  }
  try {
    await Promise.race([repeat(), late()])
  } finally {
    end.abort()
  }
}

/** A run's result; RunFailed where it has none, RunLost where the server no longer says. */
export const follow = async <Result>(
  client: Client,
  handle: Followed<Result>,
  { onProgress, every = 250, signal, patience = 10_000 }: FollowOptions = {},
): Promise<Result> => {
  const { workflowId } = handle
  const stop: { cancelling?: Promise<void>; isTold: boolean } = { isTold: false }
  let giveUp = (_: unknown): void => undefined
  const given = new Promise<never>((_, reject) => {
    giveUp = reject
  })
  given.catch(() => undefined)
  const cancel = (): void => {
    stop.cancelling = cancelled(handle, { every, patience }).then(() => {
      stop.isTold = true
    })
    stop.cancelling.catch(giveUp)
  }
  if (signal?.aborted) cancel()
  signal?.addEventListener('abort', cancel, { once: true })
  let silences = 0
  let asking = false
  let last = ''
  const ask = async (): Promise<void> => {
    if (asking) return
    asking = true
    try {
      const progress = await progressOf(client, workflowId)
      silences = 0
      const text = JSON.stringify(progress)
      if (progress !== undefined && text !== last) onProgress?.(progress)
      last = text
    } catch {
      // A question without an answer is asked again; the result is awaited beside it.
    } finally {
      asking = false
    }
  }
  const timer = onProgress === undefined ? undefined : setInterval(() => void ask(), every)
  try {
    for (;;)
      try {
        return await Promise.race([handle.result(), given])
      } catch (error) {
        if (error instanceof WorkflowFailedError) throw failureOf(workflowId, error)
        if (!isPassing(error)) throw error
        if (stop.isTold) throw new RunLost(workflowId, 'cancelling')
        if (stop.cancelling === undefined) {
          // The run goes on without us: a computer that slept, or a server that was started anew, answers again.
          if (++silences > SILENCES) throw new RunLost(workflowId, 'unheard')
          await sleep(every, undefined, { signal }).catch(() => undefined)
        }
        await stop.cancelling
      }
  } finally {
    clearInterval(timer)
    signal?.removeEventListener('abort', cancel)
  }
}

export interface RunLine {
  readonly workflowId: string
  readonly type: string
  /** ISO instant. */
  readonly started: string
  /** Absent where no worker answers. */
  readonly progress: Progress | undefined
}

/** An office's runs that are not finished, oldest first. Answers within seconds even where no worker runs. */
export const runningRuns = async (
  client: Client,
  taskQueue: string,
): Promise<readonly RunLine[]> => {
  const found: Omit<RunLine, 'progress'>[] = []
  const query = `TaskQueue = '${taskQueue}' and ExecutionStatus = 'Running'`
  for await (const { workflowId, type, startTime } of client.workflow.list({ query }))
    found.push({ workflowId, type, started: startTime.toISOString() })
  found.sort((a, b) => (a.started < b.started ? -1 : 1))
  return Promise.all(
    found.map(async (run) => ({
      ...run,
      progress: await client
        .withDeadline(Date.now() + 2_000, () => progressOf(client, run.workflowId))
        .catch(() => undefined),
    })),
  )
}

export interface ApproveOptions {
  /** Which generation; where there is one waiting run, it need not be named. */
  readonly generation?: string
  readonly decision: Approval['decision']
  /** Done when the generation is known and before the run hears of it: to note who decided. */
  readonly before?: (generation: string) => Promise<void>
}

/** Sends the decision to the run that waits for it. Throws NoSuchRun where none waits, or several and none was named. */
export const approve = async (
  client: Client,
  taskQueue: string,
  { generation, decision, before }: ApproveOptions,
): Promise<{ readonly workflowId: string; readonly generation: string }> => {
  const waiting = (await runningRuns(client, taskQueue)).flatMap(({ workflowId, progress }) =>
    progress?.stage === 'approval' && progress.generation !== undefined
      ? [{ workflowId, generation: progress.generation }]
      : [],
  )
  const meant = waiting.filter((run) => generation === undefined || run.generation === generation)
  const [run, ...others] = meant
  if (run === undefined)
    throw new NoSuchRun(
      generation === undefined
        ? 'ни один прогон не ждёт подтверждения'
        : `поколение ${generation} не ждёт подтверждения`,
      waiting.length > 0
        ? `ждут: ${waiting.map((each) => each.generation).join(', ')}`
        : 'что сейчас идёт, покажет mera status; подтверждать может понадобиться при запущенном mera worker',
    )
  if (others.length > 0)
    throw new NoSuchRun(
      'подтверждения ждут несколько поколений',
      `назовите один: ${meant.map((each) => each.generation).join(', ')}`,
    )
  await before?.(run.generation)
  const approval: Approval = { generation: run.generation, decision }
  await client.workflow.getHandle(run.workflowId).signal<[Approval]>(APPROVE, approval)
  return run
}

/** Asks a run to stop; it cleans up by itself. Throws NoSuchRun. */
export const cancelRun = async (client: Client, workflowId: string): Promise<void> => {
  try {
    await client.workflow.getHandle(workflowId).cancel()
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error
    throw new NoSuchRun(
      `прогона ${workflowId} нет или он закончился`,
      'что сейчас идёт, покажет mera status',
    )
  }
}

/** Pollers are remembered for minutes after they are gone; of this machine's we know better. */
const isAlive = (identity: string): boolean => {
  const [, pid, host] = /^(\d+)@(.+)$/.exec(identity) ?? []
  if (host !== hostname()) return true
  if (Number(pid) === process.pid) return false
  try {
    process.kill(Number(pid), 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** True where another process takes work from this queue: else a run would wait for ever. */
export const hasWorker = async (client: Client, taskQueue: string): Promise<boolean> => {
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name: taskQueue },
  })
  const recent = Date.now() - 90_000
  return pollers.some(
    ({ lastAccessTime, identity }) =>
      Number(lastAccessTime?.seconds ?? 0) * 1000 > recent && isAlive(identity ?? ''),
  )
}
