import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Home } from './home.ts'

const TRIES = 40
const PAUSE = 25
/** Nobody asks one question for so long, ms. */
const DAY = 86_400_000

/**
 * A copy of a DuckDB file as it was at one moment, while another process may write to it; undefined where the file is not there, cannot be read
 * or is written to all the time. What is on the disk at any moment can be recovered, as after a crash, and any beginning of a log is a moment.
 */
export const snapshotOf = async (
  home: Pick<Home, 'temporary'>,
  file: string,
): Promise<string | undefined> => {
  const copy = join(home.temporary, `${randomUUID()}.duckdb`)
  try {
    for (let i = 0; i < TRIES; i++) {
      if (i > 0) await sleep(PAUSE)
      const found = await momentOf(file)
      if (found === undefined) continue
      await forgetOld(home.temporary)
      const { bytes, log } = found
      await writeFile(copy, bytes, { mode: 0o600 })
      if (log !== undefined) await writeFile(`${copy}.wal`, log, { mode: 0o600 })
      return copy
    }
  } catch {
    await forgetSnapshot(copy)
  }
  return undefined
}

export const forgetSnapshot = async (copy: string): Promise<void> => {
  for (const end of ['', '.wal', '.wal.checkpoint', '.wal.recovery'])
    await rm(`${copy}${end}`, { force: true })
}

/** What processes left that were ended before they could remove it. */
const forgetOld = async (folder: string): Promise<void> => {
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }))
    if (mtimeMs < Date.now() - DAY) await rm(path, { force: true })
  }
}

interface Moment {
  readonly bytes: Buffer
  readonly log: Buffer | undefined
}
/**
 * The file and its log as they were together, where the file did not change while the log was read: the log only grows until a checkpoint has
 * changed the file. Its bytes tell, not its time, which some systems count in hundredths of a second.
 */
const momentOf = async (file: string): Promise<Moment | undefined> => {
  // Where DuckDB puts what is committed during a checkpoint.
  if (['checkpoint', 'recovery'].some((part) => existsSync(`${file}.wal.${part}`))) return undefined
  const bytes = await readFile(file)
  const log = await readFile(`${file}.wal`).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  })
  return bytes.equals(await readFile(file)) ? { bytes, log } : undefined
}
