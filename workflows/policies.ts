import type { ActivityOptions } from '@temporalio/workflow'

/** Errors that a second try cannot cure, by class name: a wrong file, a wrong declaration, a wrong setting. */
export const FINAL_ERRORS = [
  'CheckFailed',
  'ContractError',
  'FileUnreadable',
  'HomeLocked',
  'HomeInvalid',
  'MissingParameter',
  'SecretInvalid',
  'SettingsInvalid',
  'StateError',
  'UsageError',
] as const

/** For how long a step waits for a home that another process works on, ms: a full load of years takes less, and people are told meanwhile. */
export const HOME_PATIENCE = 600_000

/** Any other error is tried so many times in all. */
export const TRIES = 3

/** Enough attempts for workers that are lost for half an hour. */
const retry: NonNullable<ActivityOptions['retry']> = {
  initialInterval: '1 second',
  backoffCoefficient: 2,
  maximumInterval: '1 minute',
  maximumAttempts: 35,
  nonRetryableErrorTypes: [...FINAL_ERRORS],
}

/** A batch of files: a worker may die while it parses, the files stay in the archive. One great file holds the thread that tells of life. */
export const parsing: ActivityOptions = {
  startToCloseTimeout: '2 hours',
  heartbeatTimeout: '1 minute',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry,
}

/** Writers of the warehouse: one at a time. */
export const writing: ActivityOptions = {
  startToCloseTimeout: '6 hours',
  heartbeatTimeout: '15 seconds',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry,
}

/** Words to people: the run must not wait for a webhook all night. */
export const telling: ActivityOptions = {
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '30 minutes',
  retry: { ...retry, maximumAttempts: TRIES },
}
