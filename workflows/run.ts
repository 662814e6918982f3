import {
  CancellationScope,
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  condition,
  defineQuery,
  defineSignal,
  isCancellation,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow'
import type { Activities } from './activities/index.ts'
import { APPROVE, PROGRESS, parseQueue } from './messages.ts'
import type { Approval, Progress } from './messages.ts'
import { decisionOn, FILES_PER_RECORD, PARSING_AT_ONCE } from './plan.ts'
import type { Hooks, Steps } from './plan.ts'
import { parsing, telling, writing } from './policies.ts'

const progressQuery = defineQuery<Progress>(PROGRESS)
const approveSignal = defineSignal<[Approval]>(APPROVE)

const nameOf = (error: unknown): string => {
  if (error instanceof ActivityFailure || error instanceof ChildWorkflowFailure)
    return nameOf(error.cause)
  if (error instanceof ApplicationFailure) return error.type ?? 'Error'
  return error instanceof Error ? error.name : 'Error'
}

/** Under which the worker knows the error behind a failure. */
export const referenceOf = (error: unknown): string | null => {
  if (error instanceof ActivityFailure || error instanceof ChildWorkflowFailure)
    return referenceOf(error.cause)
  const [first] = error instanceof ApplicationFailure ? (error.details ?? []) : []
  return typeof first === 'string' ? first : null
}

/** Files in one activity: its threads start once for all of them, and there is work for as many workers as may parse at once. */
export const BATCH = FILES_PER_RECORD / PARSING_AT_ONCE

/** The steps as activities on this run's queues, and the hooks of a run that answers queries and waits for signals. */
export const openRun = (): { readonly steps: Steps; readonly hooks: Hooks } => {
  const { workflowId, taskQueue, parent } = workflowInfo()
  const { parse } = proxyActivities<Pick<Activities, 'parse'>>({
    ...parsing,
    taskQueue: parseQueue(taskQueue),
  })
  const { notify } = proxyActivities<Pick<Activities, 'notify'>>(telling)
  const steps: Steps = {
    ...pick(proxyActivities<Omit<Activities, 'parse' | 'notify'>>(writing)),
    parse,
    notify,
  }

  let progress: Progress = { stage: 'collect', done: 0, total: 0 }
  const approvals: Approval[] = []
  setHandler(progressQuery, () => progress)
  setHandler(approveSignal, (approval) => {
    approvals.push(approval)
  })
  const hooks: Hooks = {
    workflow: workflowId,
    isPart: parent !== undefined,
    batch: BATCH,
    progress: (now) => {
      progress = now
    },
    approval: async (generation, waitHours) => {
      await condition(() => decisionOn(approvals, generation) !== undefined, `${waitHours} hours`)
      return decisionOn(approvals, generation) ?? 'expired'
    },
    protect: (work) => CancellationScope.nonCancellable(work),
    nameOf,
    isCancellation,
    isLong: () => workflowInfo().continueAsNewSuggested,
  }
  return { steps, hooks }
}

/** `proxyActivities` answers any name, so the object that is spread must have the names. */
const pick = (
  activities: Omit<Activities, 'parse' | 'notify'>,
): Omit<Activities, 'parse' | 'notify'> => ({
  collect: activities.collect,
  archived: activities.archived,
  pending: activities.pending,
  record: activities.record,
  build: activities.build,
  publishingPolicy: activities.publishingPolicy,
  publish: activities.publish,
  render: activities.render,
  discard: activities.discard,
})
