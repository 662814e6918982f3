import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Source } from '../transforms/contract/source.ts'
import { FileUnreadable, type Trouble } from './errors.ts'
import type { Home } from './home.ts'
import { parseFile, type ParseOptions, type ParseOutcome } from './parse-file.ts'

export interface ParseJob extends ParseOptions {
  readonly sha256: string
}
interface PoolOptions {
  readonly onProgress?: (done: number, total: number, path: string) => void
  readonly signal?: AbortSignal
  readonly workers?: number
}
/** What a worker is told at its start, and its answers. */
export interface WorkerTask {
  readonly home: Home
  readonly sources: readonly { readonly id: string; readonly url: string }[]
}
export type WorkerAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'parsed'; readonly outcome: ParseOutcome }
  | { readonly kind: 'failed'; readonly trouble: Trouble; readonly isExpected: boolean }

/** Fewer files than this are parsed before a worker would have started. */
const worthWorkers = 60

/** Parses files beside each other on the cores there are; outcomes come in the order of the jobs. */
export const parseAll = async (
  home: Home,
  sources: readonly Source[],
  jobs: readonly ParseJob[],
  options: PoolOptions = {},
): Promise<readonly ParseOutcome[]> => {
  const outcomes: ParseOutcome[] = []
  let next = 0
  let done = 0
  const finish = (index: number, outcome: ParseOutcome): void => {
    outcomes[index] = outcome
    options.onProgress?.(++done, jobs.length, jobs[index]?.path ?? '')
  }
  const count = Math.min(options.workers ?? availableParallelism(), Math.ceil(jobs.length / 30))
  const shared = jobs.length >= worthWorkers && sources.every(isImportable) ? count - 1 : 0
  const stopped = { is: false }
  const workers = Array.from({ length: shared }, () =>
    run(
      home,
      sources,
      () => (stopped.is || next >= jobs.length ? undefined : next++),
      jobs,
      finish,
    ),
  )
  try {
    while (next < jobs.length) {
      options.signal?.throwIfAborted()
      const index = next++
      const job = jobs[index]
      if (job !== undefined) finish(index, await parseFile(home, sources, job.sha256, job))
    }
    await Promise.all(workers)
  } catch (error) {
    stopped.is = true
    await Promise.allSettled(workers)
    throw error
  }
  return outcomes
}

const isImportable = ({ url }: Source): boolean =>
  url.startsWith('file:') && existsSync(fileURLToPath(url))

/** One worker that takes jobs until there are none. */
const run = (
  home: Home,
  sources: readonly Source[],
  take: () => number | undefined,
  jobs: readonly ParseJob[],
  finish: (index: number, outcome: ParseOutcome) => void,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const task: WorkerTask = { home, sources: sources.map(({ id, url }) => ({ id, url })) }
    const require = createRequire(import.meta.url)
    const loader = pathToFileURL(require.resolve('tsx/esm/api').replace(/\.cjs$/, '.mjs')).href
    const module = new URL('./parse-worker.ts', import.meta.url).href
    const worker = new Worker(
      `import(${JSON.stringify(loader)}).then(({ register }) => { register(); return import(${JSON.stringify(module)}) })`,
      { workerData: task, eval: true, execArgv: [] },
    )
    let current: number | undefined
    const end = (error?: Error): void => {
      void worker.terminate()
      if (error === undefined) resolve()
      else reject(error)
    }
    const give = (): void => {
      current = take()
      const job = current === undefined ? undefined : jobs[current]
      if (job === undefined) end()
      else worker.postMessage(job)
    }
    worker.on('message', (answer: WorkerAnswer) => {
      if (answer.kind === 'failed') {
        end(
          answer.isExpected
            ? new FileUnreadable(answer.trouble)
            : new Error(answer.trouble.message),
        )
        return
      }
      if (answer.kind === 'parsed' && current !== undefined) finish(current, answer.outcome)
      give()
    })
    worker.on('error', end)
  })
