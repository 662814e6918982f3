/** A worker over a real home, to be killed: told to stall, its build says so and never begins. */
import { appendFileSync } from 'node:fs'
import { openHome } from '../../warehouse/home.ts'
import { warehouseSteps } from '../../workflows/activities/steps.ts'
import { startWorker } from '../../workflows/worker.ts'
import { sourcesCatalog } from '../support/small-warehouse.ts'
import { testBundle } from '../support/temporal.ts'

const [address = '', taskQueue = '', homePath = '', journal = '', stall = ''] =
  process.argv.slice(2)
const real = warehouseSteps({ home: await openHome(homePath), catalog: await sourcesCatalog() })

const worker = await startWorker({
  target: { address, namespace: 'default', connectionOptions: { address }, because: 'test' },
  taskQueue,
  workflowBundle: await testBundle(),
  steps: (context) => {
    const steps = real(context)
    return {
      ...steps,
      build: async () => {
        appendFileSync(journal, `${stall}\n`)
        if (stall === 'stalls') await new Promise(() => undefined)
        return steps.build()
      },
    }
  },
  onError: (error) => process.stderr.write(`${String(error)}\n`),
})
await worker.done
