import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { median } from './measure.ts'

const ROUNDS = 3
const MS = 300

/** Counts in a thread of its own how often it can fill and read a table of texts within `MS`. */
const work = `
  const { parentPort } = require('node:worker_threads')
  const turn = () => {
    const table = new Map()
    for (let i = 0; i < 2000; i++) table.set('key ' + ((i * 7919) % 2000), i)
    let sum = 0
    for (const [key, value] of table) sum += key.length + value
    return sum
  }
  parentPort.once('message', () => {
    let turns = 0
    for (const end = performance.now() + ${MS}; performance.now() < end; turns++) turn()
    parentPort.postMessage(turns)
  })
  parentPort.postMessage('ready')
`

const turnsOf = async (threads: number): Promise<number> => {
  const workers = await Promise.all(
    Array.from(
      { length: threads },
      () =>
        new Promise<Worker>((ready, fail) => {
          const worker = new Worker(work, { eval: true })
          worker.once('message', () => {
            ready(worker)
          })
          worker.once('error', fail)
        }),
    ),
  )
  const counts = await Promise.all(
    workers.map(
      (worker) =>
        new Promise<number>((done, fail) => {
          worker.once('message', done)
          worker.once('error', fail)
          worker.postMessage('go')
        }),
    ),
  )
  await Promise.all(workers.map((worker) => worker.terminate()))
  return counts.reduce((all, count) => all + count, 0)
}

/**
 * How many times the work of one core all cores of this machine do together: two that share what one has do less than twice. Times of works
 * that run beside each other are to be read with it.
 */
export const coresTogether = async (): Promise<number> => {
  const ratios: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const alone = await turnsOf(1)
    ratios.push((await turnsOf(availableParallelism())) / alone)
  }
  return median(ratios)
}
