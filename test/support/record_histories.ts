/**
 * Writes test/fixtures/histories anew from runs on a real server: `npx tsx test/support/record_histories.ts`. Only for
 * workflows that were never released: a history of a released one stays as it is.
 */
import { writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Client } from '@temporalio/client'
import type { Steps } from '../../workflows/plan.ts'
import { ContractError } from '../../warehouse/errors.ts'
import {
  approve,
  connect,
  runningRuns,
  startBackfill,
  startLoad,
  startRefresh,
} from '../../workflows/client.ts'
import { startWorker } from '../../workflows/worker.ts'
import { failing, fakeSteps, hash } from './fake-steps.ts'
import { historiesFolder, historyToJson } from './histories.ts'
import { testBundle, testServer } from './temporal.ts'

const own = await testServer()
if (own === undefined) process.exit(1)
const { server, stop } = own
const { client, close } = await connect(server)
const workflowBundle = await testBundle()

const waiting = async (taskQueue: string): Promise<void> => {
  while (
    !(await runningRuns(client, taskQueue)).some(({ progress }) => progress?.stage === 'approval')
  )
    await new Promise((resolve) => setTimeout(resolve, 50))
}

/** Runs what `begin` starts to its end, with these steps, and keeps its history under this name. */
const keep = async (
  name: string,
  over: Partial<Steps>,
  begin: (client: Client, taskQueue: string) => Promise<{ readonly workflowId: string }>,
): Promise<void> => {
  const worker = await startWorker({
    target: server,
    taskQueue: name,
    workflowBundle,
    steps: () => fakeSteps(over).steps,
  })
  const handle = client.workflow.getHandle((await begin(client, name)).workflowId)
  await handle.result().catch(() => undefined)
  const text = historyToJson(await handle.fetchHistory())
  await worker.stop()
  const identities = new RegExp(`"[^"]*@${hostname()}[^"]*"`, 'g')
  await writeFile(
    join(historiesFolder, `${name}.json`),
    `${text.replace(identities, '"worker"').trim()}\n`,
  )
}

const files = Array.from({ length: 20 }, (_, i) => hash(i + 1))
const approval = {
  publishingPolicy: () => Promise.resolve({ requireApproval: true, waitHours: 72 }),
}

await keep(
  'refresh-published',
  { collect: () => Promise.resolve(files.slice(0, 9)) },
  (each, queue) => startRefresh(each, queue, { files, collect: true, render: true }),
)
await keep('refresh-approved', approval, async (each, queue) => {
  const handle = await startRefresh(each, queue, { files })
  await waiting(queue)
  await approve(each, queue, { decision: 'publish' })
  return handle
})
await keep('refresh-cancelled', approval, async (each, queue) => {
  const handle = await startRefresh(each, queue, {})
  await waiting(queue)
  await handle.cancel()
  return handle
})
await keep('refresh-checks-failed', { build: () => Promise.resolve(failing) }, (each, queue) =>
  startRefresh(each, queue, {}),
)
await keep(
  'refresh-failed',
  { publish: () => Promise.reject(new ContractError({ code: 'x', message: 'x' })) },
  (each, queue) => startRefresh(each, queue, { files }),
)
await keep('load-files-completed', {}, (each, queue) => startLoad(each, queue, { files }))
await keep(
  'backfill-published',
  { archived: ({ schoolYear }) => Promise.resolve(schoolYear === 2024 ? [] : files.slice(0, 3)) },
  (each, queue) => startBackfill(each, queue, { from: 2023, to: 2025, render: true }),
)

await close()
await stop()
process.exit(0)
