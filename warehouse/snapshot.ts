import { randomUUID } from 'node:crypto'
import { copyFile, readdir, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Home } from './home.ts'

const TRIES = 40
const PAUSE = 25

/**
 * A copy of a DuckDB file as it was at one moment, while another process may write to it; undefined where the file is not there, cannot be read
 * or is written to all the time. What is on the disk at any moment can be recovered, as after a crash; it is the file and its log as long as
 * neither changed while both were copied, and no checkpoint was under way.
 */
export const snapshotOf = async (
  home: Pick<Home, 'temporary'>,
  file: string,
): Promise<string | undefined> => {
  const copy = join(home.temporary, `${randomUUID()}.duckdb`)
  for (let i = 0; i < TRIES; i++) {
    if (i > 0) await sleep(PAUSE)
    const before = await stateOf(file).catch(() => undefined)
    if (before === undefined) return undefined
    if (before.isBusy) continue
    try {
      await copyFile(file, copy)
      if (before.hasLog) await copyFile(`${file}.wal`, `${copy}.wal`)
      if ((await stateOf(file)).told === before.told) return copy
    } catch {
      // A log that was there a moment ago, or a file that its writer keeps to itself.
    }
    await forgetSnapshot(copy)
  }
  return undefined
}

export const forgetSnapshot = async (copy: string): Promise<void> => {
  for (const each of [copy, `${copy}.wal`]) await rm(each, { force: true })
}

interface State {
  /** Size and time of the file and of its log. */
  readonly told: string
  readonly hasLog: boolean
  /** Something else lies beside it: a checkpoint is being made. */
  readonly isBusy: boolean
}
const stateOf = async (file: string): Promise<State> => {
  const name = basename(file)
  const beside = (await readdir(dirname(file))).filter((each) => each.startsWith(`${name}.`))
  const hasLog = beside.includes(`${name}.wal`)
  const told = await Promise.all(
    [file, ...(hasLog ? [`${file}.wal`] : [])].map(async (path) => {
      const { size, mtimeNs } = await stat(path, { bigint: true })
      return `${String(size)} ${String(mtimeNs)}`
    }),
  )
  return { told: told.join('\n'), hasLog, isBusy: beside.length > Number(hasLog) }
}
