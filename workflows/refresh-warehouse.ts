import { continueAsNew, isCancellation, proxySinks } from '@temporalio/workflow'
import type { JournalSinks, ScheduledEnd } from './journal.ts'
import type { RefreshInput, RefreshResult } from './messages.ts'
import { refresh } from './plan.ts'
import { openRun, referenceOf } from './run.ts'

const { journal } = proxySinks<JournalSinks>()

/** The whole path, from archived files to a published generation with its editions and site. */
export async function refreshWarehouse(input: RefreshInput): Promise<RefreshResult> {
  const { steps, hooks } = openRun()
  const { schedule } = input
  const note = (end: Omit<ScheduledEnd, 'schedule'>): void => {
    if (schedule !== undefined) journal.ended({ schedule, ...end })
  }
  const outcome = await refresh(steps, input, hooks).catch((error: unknown) => {
    const isCancelled = isCancellation(error)
    note({
      status: isCancelled ? 'cancelled' : 'failed',
      load: null,
      error: isCancelled ? null : hooks.nameOf(error),
      reference: isCancelled ? null : referenceOf(error),
    })
    throw error
  })
  if ('rest' in outcome)
    return continueAsNew<typeof refreshWarehouse>({
      ...outcome.rest,
      ...(schedule === undefined ? {} : { schedule }),
    })
  const { status, load } = outcome.result
  note({ status, load, error: null, reference: null })
  return outcome.result
}
