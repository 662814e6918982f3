import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defaultPayloadConverter } from '@temporalio/common'
import proto from '@temporalio/proto'

const { History } = proto.temporal.api.history.v1
export type History = proto.temporal.api.history.v1.History

export const historiesFolder = fileURLToPath(new URL('../fixtures/histories/', import.meta.url))

/** Stored histories of real runs, by name. */
export const storedHistories = (): readonly { readonly name: string; readonly text: string }[] =>
  readdirSync(historiesFolder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => ({
      name: file.replace('.json', ''),
      text: readFileSync(join(historiesFolder, file), 'utf8'),
    }))

/** A history in JSON and back: bytes as base64, enums by name, times as seconds and nanoseconds. */
export const historyToJson = (history: proto.temporal.api.history.v1.IHistory): string =>
  JSON.stringify(
    History.toObject(History.fromObject(history), { enums: String, bytes: String, longs: String }),
    null,
    1,
  )
export const historyFromJson = (text: string): History =>
  History.fromObject(JSON.parse(text) as object)

interface EncodedPayload {
  readonly metadata: Readonly<Record<string, string>>
  readonly data: string
}

const payload = (value: unknown): EncodedPayload => {
  const { metadata, data } = defaultPayloadConverter.toPayload(value)
  return {
    metadata: Object.fromEntries(
      Object.entries(metadata ?? {}).map(([key, bytes]) => [
        key,
        Buffer.from(bytes).toString('base64'),
      ]),
    ),
    data: Buffer.from(data ?? []).toString('base64'),
  }
}

/** Everything that a history's payloads say, decoded: what stands in it although no eye sees it. */
export const payloadsOf = (text: string): readonly string[] =>
  [...text.matchAll(/"data":\s*"([^"]+)"/g)].map(([, data = '']) =>
    Buffer.from(data, 'base64').toString('utf8'),
  )

export interface Done {
  readonly activity: string
  readonly input?: unknown
  readonly result: unknown
}

export interface HandMade {
  readonly workflow: string
  readonly input: unknown
  /** Activities one after another, each completed at once. */
  readonly done: readonly Done[]
  /** The server suggested a new run from the task after this many activities on. */
  readonly suggestedAfter?: number
  readonly end: { readonly result: unknown } | { readonly continuedWith: unknown }
}

const QUEUE = { name: 'q' }

/** A history as a server would have written it, of activities that came one after another. */
export const handMade = ({
  workflow,
  input,
  done,
  suggestedAfter = Infinity,
  end,
}: HandMade): History => {
  const events: Record<string, unknown>[] = []
  const push = (type: string, attributes: string, values: Record<string, unknown>): string => {
    const eventId = String(events.length + 1)
    events.push({
      eventId,
      eventTime: { seconds: 1_700_000_000 + events.length },
      eventType: `EVENT_TYPE_${type}`,
      [`${attributes}EventAttributes`]: values,
    })
    return eventId
  }
  const task = (suggestContinueAsNew: boolean): string => {
    const scheduledEventId = push('WORKFLOW_TASK_SCHEDULED', 'workflowTaskScheduled', {
      taskQueue: QUEUE,
      startToCloseTimeout: { seconds: 10 },
      attempt: 1,
    })
    const startedEventId = push('WORKFLOW_TASK_STARTED', 'workflowTaskStarted', {
      scheduledEventId,
      identity: 'worker',
      requestId: scheduledEventId,
      suggestContinueAsNew,
    })
    return push('WORKFLOW_TASK_COMPLETED', 'workflowTaskCompleted', {
      scheduledEventId,
      startedEventId,
      identity: 'worker',
      sdkMetadata: { coreUsedFlags: [1, 2, 3] },
    })
  }
  push('WORKFLOW_EXECUTION_STARTED', 'workflowExecutionStarted', {
    workflowType: { name: workflow },
    taskQueue: QUEUE,
    input: { payloads: [payload(input)] },
    workflowTaskTimeout: { seconds: 10 },
    originalExecutionRunId: 'run-1',
    firstExecutionRunId: 'run-1',
    attempt: 1,
    workflowId: 'hand-made',
  })
  let decided = task(suggestedAfter <= 0)
  for (const [i, { activity, input: argument, result }] of done.entries()) {
    const scheduledEventId = push('ACTIVITY_TASK_SCHEDULED', 'activityTaskScheduled', {
      activityId: String(i + 1),
      activityType: { name: activity },
      taskQueue: QUEUE,
      ...(argument === undefined ? {} : { input: { payloads: [payload(argument)] } }),
      startToCloseTimeout: { seconds: 60 },
      workflowTaskCompletedEventId: decided,
    })
    const startedEventId = push('ACTIVITY_TASK_STARTED', 'activityTaskStarted', {
      scheduledEventId,
      identity: 'worker',
      requestId: scheduledEventId,
      attempt: 1,
    })
    push('ACTIVITY_TASK_COMPLETED', 'activityTaskCompleted', {
      result: { payloads: [payload(result)] },
      scheduledEventId,
      startedEventId,
      identity: 'worker',
    })
    decided = task(i + 1 >= suggestedAfter)
  }
  if ('result' in end)
    push('WORKFLOW_EXECUTION_COMPLETED', 'workflowExecutionCompleted', {
      result: { payloads: [payload(end.result)] },
      workflowTaskCompletedEventId: decided,
    })
  else
    push('WORKFLOW_EXECUTION_CONTINUED_AS_NEW', 'workflowExecutionContinuedAsNew', {
      newExecutionRunId: 'run-2',
      workflowType: { name: workflow },
      taskQueue: QUEUE,
      input: { payloads: [payload(end.continuedWith)] },
      workflowTaskCompletedEventId: decided,
    })
  return History.fromObject({ events })
}
