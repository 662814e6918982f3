import { continueAsNew } from '@temporalio/workflow'
import type { LoadInput, LoadSummary } from './messages.ts'
import { loadFiles as plan } from './plan.ts'
import { openRun } from './run.ts'

/** Archived files → parsed → ledger; builds and publishes nothing. */
export async function loadFiles(input: LoadInput): Promise<LoadSummary> {
  const { steps, hooks } = openRun()
  const outcome = await plan(steps, input, hooks)
  if ('rest' in outcome) return continueAsNew<typeof loadFiles>(outcome.rest)
  return outcome.result
}
