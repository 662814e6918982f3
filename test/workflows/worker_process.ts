/** A worker in a process of its own, to be killed: its build never ends in the process called `first`. */
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { startWorker } from '../../workflows/worker.ts'
import { fakeSteps, built, summary } from '../support/fake-steps.ts'
import { testBundle } from '../support/temporal.ts'

const [address = '', taskQueue = '', folder = '', name = ''] = process.argv.slice(2)
const say = (what: string): void => appendFileSync(join(folder, 'journal'), `${name} ${what}\n`)

const { steps } = fakeSteps({
  parse: () => {
    say('parse')
    return Promise.resolve()
  },
  record: ({ files }) => {
    say('record')
    return Promise.resolve(summary(files.length))
  },
  build: async () => {
    say('build begins')
    if (name === 'first') await new Promise(() => undefined)
    say('build ends')
    return built
  },
  publish: ({ generation }) => {
    say('publish')
    return Promise.resolve({ generation, contentHash: built.contentHash })
  },
})

const worker = await startWorker({
  target: { address, namespace: 'default', connectionOptions: { address }, because: 'test' },
  taskQueue,
  workflowBundle: await testBundle(),
  steps: () => steps,
})
await worker.done
