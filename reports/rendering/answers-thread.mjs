// The thread that asks DuckDB for `answers.mjs`.
import { createHash } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { DuckDBInstance } from '@duckdb/node-api'

const { edition, former, signal, port } = workerData

const quoted = (text) => `'${text.replaceAll("'", "''")}'`

/** As DuckDB in the browser is set by Evidence; a question on one thread, so that the rows of an answer come in one order. */
const connect = async () => {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const all = await Promise.all(Array.from({ length: 4 }, () => instance.connect()))
  await all[0].run(`attach ${quoted(edition)} as edition (read_only)`)
  await all[0].run('set global ieee_floating_point_ops = false')
  await all[0].run('set global old_implicit_casting = true')
  for (const connection of all) await connection.run('use edition')
  return all
}

/** What the browser's DuckDB would give: whole numbers as numbers. */
const plainValue = (value) =>
  typeof value === 'bigint'
    ? Number(value)
    : Array.isArray(value)
      ? value.map(plainValue)
      : (value ?? null)

/** Numbers that JSON does not tell apart. */
const exact = (_key, value) =>
  typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))
    ? { number: Object.is(value, -0) ? '-0' : String(value) }
    : value

const connections = connect()

const answerTo = async (question, connection) => {
  try {
    const reader = await connection.runAndReadAll(question)
    const names = reader.columnNames()
    const columns = reader.columnTypes().map((type, at) => [names[at], String(type)])
    const rows = reader
      .getRowsJS()
      .map((row) => Object.fromEntries(row.map((value, at) => [names[at], plainValue(value)])))
    const hash = createHash('sha256')
      .update(JSON.stringify([columns, rows], exact))
      .digest('base64url')
    return { columns, rows, hash }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}

/** Answers that lie ready: a page of which one has changed asks for all of its own. */
const ready = new Map()

port.on('message', async (question) => {
  port.postMessage(ready.get(question) ?? (await answerTo(question, (await connections)[0])))
  ready.delete(question)
  Atomics.store(signal, 0, 1)
  Atomics.notify(signal, 0)
})

const changed = new Set()
const queue = Object.entries(former).values()
const compare = async (connection) => {
  for (const [question, hash] of queue) {
    const answer = await answerTo(question, connection)
    ready.set(question, answer)
    if (answer.hash !== hash) changed.add(question)
  }
}
await Promise.all((await connections).map(compare))
parentPort.postMessage(changed)
