import { createHash } from 'node:crypto'
import { Context } from '@temporalio/activity'
import { ApplicationFailure, CancelledFailure } from '@temporalio/common'
import { asDiskFull } from '../../warehouse/errors.ts'
import { tellingWaits } from '../../warehouse/lock.ts'
import type { Beat } from '../messages.ts'
import type { Steps } from '../plan.ts'
import { FINAL_ERRORS, HOME_PATIENCE, TRIES } from '../policies.ts'

/** What an activity's work may tell and hear while it runs. */
export interface StepContext {
  /** Counts only: it goes into heartbeats, which the server keeps. */
  readonly onProgress: (done: number, total: number) => void
  readonly signal: AbortSignal
}

export interface Deps {
  readonly steps: (context: StepContext) => Steps
  /** Told of every error in full; what goes to the server is its class and a reference. */
  readonly onError?: (error: unknown, reference: string) => void
}

export type Activities = Steps

const HEARTBEAT_EVERY = 1_000

const className = (error: unknown): string =>
  error instanceof Error ? error.constructor.name : 'Error'

/**
 * An error as the server may keep it: its class, and a reference under which the home's worker log has its words. Messages
 * of ours name files, cells and settings, and stacks name folders: neither may stand in a history.
 */
export const withoutText = (error: unknown, reference: string, attempt = 1): ApplicationFailure => {
  const type = className(error)
  const failure = ApplicationFailure.create({
    type,
    message: `${type} (${reference})`,
    details: [reference],
    nonRetryable: FINAL_ERRORS.some((final) => final === type) || attempt >= TRIES,
  })
  failure.stack = `${type}: ${failure.message}`
  return failure
}

/** The steps as Temporal runs them: they heartbeat, hear cancellation, and their errors lose their text. */
export const createActivities = ({ steps, onError }: Deps): Activities => {
  const run = async <T>(work: (steps: Steps) => Promise<T>): Promise<T> => {
    const context = Context.current()
    let details: Beat = { done: 0, total: 0 }
    const tell = (now: Beat): void => {
      details = now
      context.heartbeat(details)
    }
    const beat = setInterval(() => {
      context.heartbeat(details)
    }, HEARTBEAT_EVERY)
    tell(details)
    const signal = context.cancellationSignal
    try {
      return await tellingWaits(
        {
          onWait: () => {
            tell({ ...details, isWaiting: true })
          },
          onHad: () => {
            tell({ ...details, isWaiting: false })
          },
          signal,
          patience: HOME_PATIENCE,
        },
        () =>
          work(
            steps({
              signal,
              onProgress: (done, total) => {
                tell({ done, total })
              },
            }),
          ),
      )
    } catch (thrown) {
      const error = asDiskFull(thrown)
      if (signal.aborted) throw new CancelledFailure('cancelled')
      const { activityType, activityId, attempt, workflowExecution } = context.info
      const reference = createHash('sha256')
        .update([workflowExecution?.runId, activityType, activityId, attempt].join('/'))
        .digest('hex')
        .slice(0, 8)
      onError?.(error, reference)
      throw withoutText(error, reference, attempt)
    } finally {
      clearInterval(beat)
    }
  }
  return {
    collect: () => run((each) => each.collect()),
    archived: (input) => run((each) => each.archived(input)),
    pending: (input) => run((each) => each.pending(input)),
    parse: (input) => run((each) => each.parse(input)),
    record: (input) => run((each) => each.record(input)),
    build: () => run((each) => each.build()),
    publishingPolicy: () => run((each) => each.publishingPolicy()),
    publish: (input) => run((each) => each.publish(input)),
    render: (input) => run((each) => each.render(input)),
    discard: (input) => run((each) => each.discard(input)),
    notify: (notice) => run((each) => each.notify(notice)),
  }
}
