import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { setImmediate } from 'node:timers/promises'
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
  /** Parsing threads; where absent, as many as there is work for. */
  readonly workers?: number
}
/** Whose files a worker parses, and by which forms. */
export interface WorkerTask {
  readonly home: Home
  readonly sources: readonly { readonly id: string; readonly url: string }[]
}
export type WorkerQuestion =
  | { readonly kind: 'begin'; readonly task: WorkerTask }
  | { readonly kind: 'parse'; readonly index: number; readonly job: ParseJob }
export type WorkerAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'parsed'; readonly index: number; readonly outcome: ParseOutcome }
  | { readonly kind: 'failed'; readonly trouble: Trouble; readonly isExpected: boolean }

/** Jobs that a worker has at hand, so that it never waits for this thread, which parses too. */
const ahead = 6
/** Files a thread, this one among them, from which another is worth its start: it loads and warms the forms and readers for 1–2 s. */
const filesForNew = 150
/** The same where a warm thread waits. */
const filesForWarm = 8
/** How long threads are kept for the next load, ms. */
const keptFor = 60_000

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
  const threads = options.workers ?? Math.min(availableParallelism(), threadsFor(jobs.length))
  const shared = sources.every(isImportable) ? Math.min(threads, jobs.length) - 1 : 0
  const failures: unknown[] = []
  const take = (): number | undefined =>
    failures.length > 0 || next >= jobs.length ? undefined : next++
  const workers = Array.from({ length: Math.max(shared, 0) }, () =>
    run(home, sources, take, jobs, finish).catch((error: unknown) => failures.push(error)),
  )
  try {
    for (let index = take(); index !== undefined; index = take()) {
      options.signal?.throwIfAborted()
      const job = jobs[index]
      if (job !== undefined) finish(index, await parseFile(home, sources, job.sha256, job))
      await setImmediate()
    }
  } catch (error) {
    failures.push(error)
  }
  await Promise.all(workers)
  if (failures.length > 0) throw failures[0]
  return outcomes
}

const isImportable = ({ url }: Source): boolean =>
  url.startsWith('file:') && existsSync(fileURLToPath(url))

/** Threads that wait for the next load, with what ends them: warm ones parse three times as fast. */
const waiting = new Map<Worker, NodeJS.Timeout>()

const threadsFor = (files: number): number =>
  Math.max(
    Math.floor(files / filesForNew),
    Math.min(Math.floor(files / filesForWarm), waiting.size + 1),
  )

const takeWorker = (): Worker => {
  const [known] = waiting.keys()
  if (known !== undefined) {
    stopWaiting(known)
    known.ref()
    return known.off('error', ignore)
  }
  const require = createRequire(import.meta.url)
  const loader = pathToFileURL(require.resolve('tsx/esm/api').replace(/\.cjs$/, '.mjs')).href
  const module = new URL('./parse-worker.ts', import.meta.url).href
  return new Worker(
    `import(${JSON.stringify(loader)}).then(({ register }) => { register(); return import(${JSON.stringify(module)}) })`,
    { eval: true, execArgv: [] },
  ).on('exit', function (this: Worker) {
    stopWaiting(this)
  })
}
const keepWorker = (worker: Worker): void => {
  worker.unref()
  worker.on('error', ignore)
  if (waiting.size + 1 >= availableParallelism()) {
    void worker.terminate()
    return
  }
  const end = setTimeout(() => {
    stopWaiting(worker)
    void worker.terminate()
  }, keptFor)
  waiting.set(worker, end.unref())
}
/** A thread that fails while it waits is gone, and another is started when it is needed. */
const ignore = (): void => undefined
const stopWaiting = (worker: Worker): void => {
  clearTimeout(waiting.get(worker))
  waiting.delete(worker)
}

/** One worker that takes jobs until there are none. */
const run = (
  home: Home,
  sources: readonly Source[],
  take: () => number | undefined,
  jobs: readonly ParseJob[],
  finish: (index: number, outcome: ParseOutcome) => void,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const worker = takeWorker()
    const ask = (question: WorkerQuestion): void => {
      worker.postMessage(question)
    }
    let asked = 0
    const fail = (error: Error): void => {
      leave()
      void worker.terminate()
      reject(error)
    }
    const miss = (code: number): void => {
      fail(new Error(`a parsing thread ended by itself with ${String(code)}`))
    }
    const leave = (): void => {
      worker.off('message', hear).off('error', fail).off('exit', miss)
    }
    const give = (): void => {
      for (; asked < ahead; asked++) {
        const index = take()
        if (index === undefined) break
        const job = jobs[index]
        if (job !== undefined) ask({ kind: 'parse', index, job })
      }
      if (asked > 0) return
      leave()
      keepWorker(worker)
      resolve()
    }
    const hear = (answer: WorkerAnswer): void => {
      if (answer.kind === 'failed') {
        fail(
          answer.isExpected
            ? new FileUnreadable(answer.trouble)
            : new Error(answer.trouble.message),
        )
        return
      }
      if (answer.kind === 'parsed') {
        asked--
        finish(answer.index, answer.outcome)
      }
      give()
    }
    worker.on('message', hear).on('error', fail).on('exit', miss)
    ask({ kind: 'begin', task: { home, sources: sources.map(({ id, url }) => ({ id, url })) } })
  })
