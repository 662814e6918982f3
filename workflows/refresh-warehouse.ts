import { continueAsNew } from '@temporalio/workflow'
import type { RefreshInput, RefreshResult } from './messages.ts'
import { refresh } from './plan.ts'
import { openRun } from './run.ts'

/** The whole path, from archived files to a published generation with its editions and site. */
export async function refreshWarehouse(input: RefreshInput): Promise<RefreshResult> {
  const { steps, hooks } = openRun()
  const outcome = await refresh(steps, input, hooks)
  if ('rest' in outcome) return continueAsNew<typeof refreshWarehouse>(outcome.rest)
  return outcome.result
}
