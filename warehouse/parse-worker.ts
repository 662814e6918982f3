import { parentPort } from 'node:worker_threads'
import { Source } from '../transforms/contract/source.ts'
import { MeraError } from './errors.ts'
import type { Home } from './home.ts'
import { parseFile } from './parse-file.ts'
import type { WorkerAnswer, WorkerQuestion, WorkerTask } from './parse-pool.ts'

const port = parentPort
if (port === null) throw new Error('parse-worker.ts runs as a worker only')

const sourceOf = async ({ id, url }: WorkerTask['sources'][number]): Promise<Source> => {
  const module = (await import(url)) as Record<string, unknown>
  const found = Object.values(module).find(
    (value): value is Source => value instanceof Source && value.id === id,
  )
  if (found === undefined) throw new Error(`${url} exports no ${id}`)
  return found
}
let begun: Promise<{ readonly home: Home; readonly sources: readonly Source[] }> | undefined

const answerTo = async (question: WorkerQuestion): Promise<WorkerAnswer> => {
  if (question.kind === 'begin') {
    const { home, sources } = question.task
    begun = Promise.all(sources.map(sourceOf)).then((found) => ({ home, sources: found }))
    await begun
    return { kind: 'ready' }
  }
  if (begun === undefined) throw new Error('asked to parse before it was told what')
  const { home, sources } = await begun
  const { index, job } = question
  return { kind: 'parsed', index, outcome: await parseFile(home, sources, job.sha256, job) }
}

const failure = (error: unknown): WorkerAnswer => {
  const message = error instanceof Error ? error.message : String(error)
  const {
    code = 'failed',
    hint,
    file,
  }: Partial<MeraError> = error instanceof MeraError ? error : {}
  return {
    kind: 'failed',
    trouble: { code, message, hint, file },
    isExpected: error instanceof MeraError,
  }
}

port.on('message', (question: WorkerQuestion) => {
  void answerTo(question)
    .catch(failure)
    .then((answer) => {
      port.postMessage(answer)
    })
})
