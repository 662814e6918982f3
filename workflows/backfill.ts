import { continueAsNew, executeChild, workflowInfo } from '@temporalio/workflow'
import { loadFiles } from './load-files.ts'
import type { BackfillInput, RefreshResult } from './messages.ts'
import { backfill as plan } from './plan.ts'
import { openRun } from './run.ts'

/** Reads archived years again, each in a child run, and publishes once at the end. */
export async function backfill(input: BackfillInput): Promise<RefreshResult> {
  const { steps, hooks } = openRun()
  const outcome = await plan(steps, input, hooks, ({ files, schoolYear }) =>
    executeChild(loadFiles, {
      workflowId: `${workflowInfo().workflowId}/${schoolYear}`,
      args: [{ files, only: true }],
    }),
  )
  if ('rest' in outcome) return continueAsNew<typeof backfill>(outcome.rest)
  return outcome.result
}
