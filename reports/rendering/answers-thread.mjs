// The thread that asks DuckDB for `answers.mjs`.
import { createHash } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { DuckDBInstance } from '@duckdb/node-api'

const { edition, former, signal, port } = workerData

const quoted = (text) => `'${text.replaceAll("'", "''")}'`

/** As DuckDB in the browser is set by Evidence, on one thread: an answer's rows come in one order. */
const connect = async () => {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  await connection.run(`attach ${quoted(edition)} as edition (read_only)`)
  await connection.run('set ieee_floating_point_ops = false')
  await connection.run('set old_implicit_casting = true')
  await connection.run('use edition')
  return connection
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

const opening = connect()

const answerTo = async (question) => {
  try {
    const reader = await (await opening).runAndReadAll(question)
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

port.on('message', async (question) => {
  port.postMessage(await answerTo(question))
  Atomics.store(signal, 0, 1)
  Atomics.notify(signal, 0)
})

const changed = new Set()
for (const [question, hash] of Object.entries(former))
  if ((await answerTo(question)).hash !== hash) changed.add(question)
parentPort.postMessage(changed)
