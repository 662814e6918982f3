import { setTimeout as sleep } from 'node:timers/promises'
import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  ChildWorkflowFailure,
  TerminatedFailure,
  TimeoutFailure,
  defaultPayloadConverter,
} from '@temporalio/common'
import { WorkflowFailedError, WorkflowNotFoundError, type Client } from '@temporalio/client'
import { RunFailed, RunLost } from './errors.ts'
import { PROGRESS, type Beat, type Progress } from './messages.ts'
import { isPassing } from './reaching.ts'

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
  if (progress === undefined) return undefined
  const beat = await beatOf(client, workflowId)
  if (beat === undefined) return progress
  const { done, total, isWaiting = false } = beat
  return {
    ...progress,
    ...(progress.total > 0 ? {} : { done, total }),
    ...(isWaiting ? { isWaiting } : {}),
  }
}

/** What the step that runs now said last, of a run or of the part of it that goes on. Of steps side by side only one may say that they wait. */
const beatOf = async (client: Client, workflowId: string): Promise<Beat | undefined> => {
  const { raw } = await client.workflow.getHandle(workflowId).describe()
  const part = raw.pendingChildren?.[0]?.workflowId
  if (part) return beatOf(client, part)
  const beats = (raw.pendingActivities ?? []).flatMap(({ heartbeatDetails }) =>
    (heartbeatDetails?.payloads ?? [])
      .slice(0, 1)
      .map((payload) => defaultPayloadConverter.fromPayload<Beat>(payload)),
  )
  const [first] = beats
  return first && { ...first, isWaiting: beats.some(({ isWaiting }) => isWaiting) }
}

/** How long a silent server is waited for once that was said, ms: the run is noted there and goes on when it answers. */
export const SERVER_PATIENCE = 120_000

export interface FollowOptions {
  readonly onProgress?: (progress: Progress) => void
  /** Told once, where the server answers and no worker does, with what was heard last. */
  readonly onSilence?: (last: Progress | undefined) => void
  /** Told where the server itself falls silent, and where it answers again. */
  readonly onServer?: (answers: boolean) => void
  /** Milliseconds without a word from a worker that make a silence. */
  readonly quiet?: number
  /** Milliseconds without a word from the server that make a silence. */
  readonly serverQuiet?: number
  /** Milliseconds for which a silent server is waited for once that was told. */
  readonly serverPatience?: number
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
  describe(): Promise<unknown>
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

/** A question that waits for a worker must not keep the next from being asked. */
const promptly = <T>(client: Pick<Client, 'withDeadline'>, ask: () => Promise<T>): Promise<T> =>
  client.withDeadline(Date.now() + 2_000, ask)

/**
 * A run's result; RunFailed where it has none, RunLost where the server no longer says. A question for the result that waits does not show
 * whether it was heard, so a short one is asked beside it, again and again.
 */
export const follow = async <Result>(
  client: Client,
  handle: Followed<Result>,
  {
    onProgress,
    onSilence,
    onServer,
    quiet = 6_000,
    // Two questions take as long, see `promptly`.
    serverQuiet = 4_000,
    serverPatience = SERVER_PATIENCE,
    every = 250,
    signal,
    patience = 10_000,
  }: FollowOptions = {},
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

  let latest: Progress | undefined
  const whoAnswers = async (): Promise<'worker' | 'server' | 'refusal' | 'nobody'> => {
    try {
      const progress = await promptly(client, () => progressOf(client, workflowId))
      if (progress === undefined) return 'server'
      if (JSON.stringify(progress) !== JSON.stringify(latest)) onProgress?.(progress)
      latest = progress
      return 'worker'
    } catch {
      return promptly(client, () => handle.describe()).then(
        () => 'server',
        (error: unknown) => (isPassing(error) ? 'nobody' : 'refusal'),
      )
    }
  }
  // Not by the time of day, which is set anew now and then.
  const now = (): number => performance.now()
  let heard = now()
  let isSilenceTold = false
  let silence: { readonly since: number; toldAt?: number } | undefined
  const ask = async (): Promise<void> => {
    const asked = now()
    const who = await whoAnswers()
    if (who === 'nobody') {
      const at = now()
      silence ??= { since: asked }
      if (silence.toldAt === undefined && at - silence.since >= serverQuiet) {
        silence.toldAt = at
        // A cancel waits less, and says itself what it came to.
        if (stop.cancelling === undefined) onServer?.(false)
      }
      if (silence.toldAt !== undefined && at - silence.toldAt >= serverPatience)
        giveUp(new RunLost(workflowId, stop.isTold ? 'cancelling' : 'unheard'))
      return
    }
    if (silence !== undefined) {
      if (silence.toldAt !== undefined && stop.cancelling === undefined) onServer?.(true)
      silence = undefined
      // A worker has to find the server again too.
      heard = now()
    }
    if (who === 'worker') heard = now()
    else if (who === 'server' && !isSilenceTold && now() - heard > quiet) {
      isSilenceTold = true
      onSilence?.(latest)
    }
  }
  let asking = false
  const timer = setInterval(() => {
    if (asking) return
    asking = true
    void ask().finally(() => {
      asking = false
    })
  }, every)
  try {
    for (;;)
      try {
        return await Promise.race([handle.result(), given])
      } catch (error) {
        if (error instanceof WorkflowFailedError) throw failureOf(workflowId, error)
        if (error instanceof WorkflowNotFoundError) throw new RunFailed(workflowId, 'forgotten')
        if (!isPassing(error)) throw error
        if (stop.isTold) throw new RunLost(workflowId, 'cancelling')
        // The run goes on without us: a computer that slept, or a server that was started anew, answers again.
        if (stop.cancelling === undefined)
          await sleep(every, undefined, { signal }).catch(() => undefined)
        await stop.cancelling
      }
  } finally {
    clearInterval(timer)
    signal?.removeEventListener('abort', cancel)
  }
}
