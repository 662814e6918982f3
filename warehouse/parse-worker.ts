import { parentPort, workerData } from 'node:worker_threads'
import { Source } from '../transforms/contract/source.ts'
import { MeraError } from './errors.ts'
import { parseFile } from './parse-file.ts'
import type { WorkerAnswer, WorkerQuestion, WorkerTask } from './parse-pool.ts'

const { home, sources: named } = workerData as WorkerTask
const port = parentPort
if (port === null) throw new Error('parse-worker.ts runs as a worker only')

const sources = await Promise.all(
  named.map(async ({ id, url }) => {
    const module = (await import(url)) as Record<string, unknown>
    const found = Object.values(module).find(
      (value): value is Source => value instanceof Source && value.id === id,
    )
    if (found === undefined) throw new Error(`${url} exports no ${id}`)
    return found
  }),
)
const answer = (message: WorkerAnswer): void => {
  port.postMessage(message)
}
port.on('message', ({ index, job }: WorkerQuestion) => {
  parseFile(home, sources, job.sha256, job).then(
    (outcome) => {
      answer({ kind: 'parsed', index, outcome })
    },
    (error: unknown) => {
      const message = error instanceof Error ? error.message : String(error)
      const {
        code = 'failed',
        hint,
        file,
      }: Partial<MeraError> = error instanceof MeraError ? error : {}
      answer({
        kind: 'failed',
        trouble: { code, message, hint, file },
        isExpected: error instanceof MeraError,
      })
    },
  )
})
answer({ kind: 'ready' })
