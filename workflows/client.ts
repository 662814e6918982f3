import { createHash } from 'node:crypto'
import { hostname } from 'node:os'
import { Client, WorkflowNotFoundError } from '@temporalio/client'
import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client'
import { isRunning } from '../warehouse/system.ts'
import type { Target } from './config.ts'
import { openConnection } from './connection.ts'
import { NoSuchRun } from './errors.ts'
import type { ServerUnavailable } from './errors.ts'
import { progressOf } from './follow.ts'
import { APPROVE } from './messages.ts'
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
    address: target.address,
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

export interface RunLine {
  readonly workflowId: string
  readonly type: string
  /** ISO instant. */
  readonly started: string
  /** Absent where no worker answers. */
  readonly progress: Progress | undefined
}

/** An office's runs that are not finished, oldest first. Each is waited for `patience` ms: where no worker runs, none tells its progress. */
export const runningRuns = async (
  client: Client,
  taskQueue: string,
  patience = 2_000,
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
        .withDeadline(Date.now() + patience, () => progressOf(client, run.workflowId))
        .catch(() => undefined),
    })),
  )
}

/** A run that waits for a word on a generation. */
export interface WaitingRun {
  readonly workflowId: string
  readonly generation: string
  /** Absent where its worker is of before. */
  readonly contentHash: string | undefined
}
// A run of a worker that is gone answers through the next one only when the server has given the first up, after 10 s; missed here, it waits for days.
const patienceForWord = 20_000
export const waitingRuns = async (
  client: Client,
  taskQueue: string,
): Promise<readonly WaitingRun[]> =>
  (await runningRuns(client, taskQueue, patienceForWord)).flatMap(({ workflowId, progress }) =>
    progress?.stage === 'approval' && progress.generation !== undefined
      ? [{ workflowId, generation: progress.generation, contentHash: progress.contentHash }]
      : [],
  )

export interface ApproveOptions {
  /** Which generation; where one is waited for, it need not be named. */
  readonly generation?: string
  readonly decision: Approval['decision']
  /** The runs that wait, where they have just been asked for. */
  readonly waiting?: readonly WaitingRun[]
  /** Done when the generation is known and before the runs hear of it: to note who decided. */
  readonly before?: (generation: string) => Promise<void>
}

/** Sends the decision to every run that waits for the generation. Throws NoSuchRun where none waits, or for several and none was named. */
export const approve = async (
  client: Client,
  taskQueue: string,
  { generation, decision, before, waiting: known }: ApproveOptions,
): Promise<{ readonly workflowId: string; readonly generation: string }> => {
  const waiting = known ?? (await waitingRuns(client, taskQueue))
  const meant = waiting.filter((run) => generation === undefined || run.generation === generation)
  const [run] = meant
  const nobody = (): NoSuchRun =>
    new NoSuchRun(
      generation === undefined
        ? 'ни один прогон не ждёт разрешения'
        : `поколение ${generation} не ждёт разрешения`,
      waiting.length > 0
        ? `ждут: ${namesOf(waiting)}`
        : 'что сейчас идёт, покажет mera status; разрешение передаёт запущенный mera worker',
    )
  if (run === undefined) throw nobody()
  if (meant.some((each) => each.generation !== run.generation))
    throw new NoSuchRun('разрешения ждут несколько поколений', `назовите одно: ${namesOf(meant)}`)
  await before?.(run.generation)
  const approval: Approval = { generation: run.generation, decision }
  const heard = await Promise.all(
    meant.map(({ workflowId }) =>
      client.workflow
        .getHandle(workflowId)
        .signal<[Approval]>(APPROVE, approval)
        .then(
          () => true,
          (error: unknown) => {
            // It has ended since.
            if (error instanceof WorkflowNotFoundError) return false
            throw error
          },
        ),
    ),
  )
  if (!heard.includes(true)) throw nobody()
  return { workflowId: run.workflowId, generation: run.generation }
}
const namesOf = (runs: readonly WaitingRun[]): string =>
  [...new Set(runs.map(({ generation }) => generation))].join(', ')

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
  return Number(pid) !== process.pid && isRunning(Number(pid))
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
