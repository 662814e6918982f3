import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Home } from './home.ts'

const TRIES = 40
const PAUSE = 25
/** Nobody asks one question for so long, ms. */
const DAY = 86_400_000

/**
 * Where a copy lies of a DuckDB file as it was at one moment, while another process may write to it: nothing, where there was no file. Undefined
 * where it cannot be had or is written to all the time. What is on the disk at any moment can be recovered, as after a crash, and any beginning
 * of a log is a moment. It takes no lock and writes nothing to a home that may only be read. Throws where the file may not be read.
 */
export const snapshotOf = async (
  home: Pick<Home, 'temporary'>,
  file: string,
): Promise<string | undefined> => {
  let copy: string | undefined
  try {
    copy = join(await placeIn(home.temporary), 'copy.duckdb')
    for (let i = 0; i < TRIES; i++) {
      if (i > 0) await sleep(PAUSE)
      const found = await momentOf(file)
      if (found === undefined) continue
      const { bytes, log } = found
      if (bytes !== undefined) await writeFile(copy, bytes)
      if (log !== undefined) await writeFile(`${copy}.wal`, log)
      return copy
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') {
      await forgetSnapshot(copy)
      throw error
    }
  }
  await forgetSnapshot(copy)
  return undefined
}

export const forgetSnapshot = async (copy: string | undefined): Promise<void> => {
  if (copy !== undefined) await rm(dirname(copy), { recursive: true, force: true })
}

/** A folder for one copy, into which nobody else looks: beside the file, or where the user may write. */
const placeIn = async (temporary: string): Promise<string> => {
  const place = await mkdtemp(join(temporary, 'copy-')).catch(() => undefined)
  if (place === undefined) return mkdtemp(join(tmpdir(), 'mera-'))
  await forgetOld(temporary)
  return place
}

/** What processes left that were ended before they could remove it. */
const forgetOld = async (folder: string): Promise<void> => {
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }))
    if (mtimeMs < Date.now() - DAY)
      await rm(path, { recursive: true, force: true }).catch(() => undefined)
  }
}

interface Moment {
  readonly bytes: Buffer | undefined
  readonly log: Buffer | undefined
}
/**
 * The file and its log as they were together, where the file did not change while the log was read: the log only grows until a checkpoint has
 * changed the file. Its bytes tell, not its time, which some systems count in hundredths of a second.
 */
const momentOf = async (file: string): Promise<Moment | undefined> => {
  // Where DuckDB puts what is committed during a checkpoint.
  if (['checkpoint', 'recovery'].some((part) => existsSync(`${file}.wal.${part}`))) return undefined
  const bytes = await bytesOf(file)
  const log = await bytesOf(`${file}.wal`)
  const again = await bytesOf(file)
  const isSame = bytes === undefined ? again === undefined : again?.equals(bytes) === true
  return isSame ? { bytes, log } : undefined
}
const bytesOf = async (file: string): Promise<Buffer | undefined> => {
  try {
    return await readFile(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
