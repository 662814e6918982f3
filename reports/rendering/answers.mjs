// What the pages ask of an edition while they are rendered. A page is rendered without waiting (Svelte renders at once), DuckDB answers
// only asynchronously: so a thread asks it, and the page sleeps until the answer is there.
import { MessageChannel, Worker, receiveMessageOnPort } from 'node:worker_threads'

/**
 * @typedef {{ columns: [name: string, type: string][], rows: Record<string, unknown>[], hash: string }} Answer
 */

const numeric = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$|DOUBLE|FLOAT|DECIMAL)/
const evidenceType = (type) =>
  numeric.test(type)
    ? 'number'
    : /^(DATE|TIMESTAMP)/.test(type)
      ? 'date'
      : type === 'BOOLEAN'
        ? 'boolean'
        : 'string'

/** Evidence's own components look for the types of the columns here. */
const nameTypes = ({ columns, rows }) =>
  Object.defineProperty(rows, '_evidenceColumnTypes', {
    value: columns.map(([name, type]) => ({
      name,
      evidenceType: evidenceType(type),
      typeFidelity: 'precise',
    })),
  })

/** Milliseconds that a page waits for an answer. */
const patience = 300_000

/**
 * Evidence names the same question anew every time it is put; the name says nothing.
 *
 * @param {string} sql
 */
const plain = (sql) =>
  sql
    .replace(/^----.*\n/, '')
    .replace(/ AS "inputQuery-[^"]*"\s*$/, ' AS question')
    .trim()

/**
 * Opens an edition for asking.
 *
 * @param {string} edition path of its DuckDB file
 * @param {Record<string, string>} former hash of the answer that each question had in a former edition
 * @returns {{ ask(sql: string): Answer, changed: Promise<ReadonlySet<string>>, whileAsking<T>(work: () => Promise<T>): Promise<{ result: T, asked: Record<string, string> }> }}
 *   `changed` holds the questions of `former` that have another answer now; `whileAsking` gives the questions that were put meanwhile
 */
export const openAnswers = (edition, former) => {
  const signal = new Int32Array(new SharedArrayBuffer(4))
  const { port1: here, port2: there } = new MessageChannel()
  const worker = new Worker(new URL('answers-thread.mjs', import.meta.url), {
    workerData: { edition, former, signal, port: there },
    transferList: [there],
  })
  /** @type {Map<string, Answer | { error: string }>} */
  const known = new Map()
  /** @type {Record<string, string>} */
  let asked = {}

  /** @param {string} question @returns {Answer | { error: string }} */
  const put = (question) => {
    Atomics.store(signal, 0, 0)
    here.postMessage(question)
    // A sleeper may also be woken by the end of the answer before.
    while (Atomics.load(signal, 0) === 0)
      if (Atomics.wait(signal, 0, 0, patience) === 'timed-out')
        throw new Error(`No answer for ${patience / 60_000} minutes: ${question}`)
    const answer = receiveMessageOnPort(here).message
    if ('rows' in answer) nameTypes(answer)
    return answer
  }

  return {
    changed: new Promise((done, fail) => {
      worker.once('message', done)
      worker.once('error', fail)
    }),
    ask: (sql) => {
      const question = plain(sql)
      let answer = known.get(question)
      if (answer === undefined) known.set(question, (answer = put(question)))
      if ('error' in answer) throw new Error(answer.error)
      asked[question] = answer.hash
      return answer
    },
    whileAsking: async (work) => {
      asked = {}
      const result = await work()
      return { result, asked }
    },
  }
}
