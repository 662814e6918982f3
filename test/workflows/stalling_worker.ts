/** A worker over a real home, to be killed: told to stall, its build says so and never begins. */
import { appendFileSync } from 'node:fs'
import { openHome } from '../../warehouse/home.ts'
import { warehouseSteps } from '../../workflows/activities/steps.ts'
import { startWorker } from '../../workflows/worker.ts'
import { workerLog } from '../../workflows/worker-log.ts'
import { sourcesCatalog } from '../support/small-warehouse.ts'
import { testBundle } from '../support/temporal.ts'

const [address = '', taskQueue = '', homePath = '', journal = '', stall = ''] =
  process.argv.slice(2)
const home = await openHome(homePath)
const real = warehouseSteps({ home, catalog: await sourcesCatalog() })
const { onFault } = workerLog(home, () => undefined)

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
  onError: onFault,
})
await worker.done
