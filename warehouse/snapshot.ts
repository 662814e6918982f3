import { lstat, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Home } from './home.ts'
import { isForbidden } from './system.ts'

const TRIES = 40
const PAUSE = 25
/** Nobody asks one question for so long, ms. */
const DAY = 86_400_000
/** Where DuckDB puts what is committed during a checkpoint, and what it makes of both logs where one broke off. */
const duringCheckpoint = ['.wal.checkpoint', '.wal.recovery']
const parts = [...duringCheckpoint, '', '.wal']

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
      for (const [part, bytes] of found) await writeFile(`${copy}${part}`, bytes)
      return copy
    }
  } catch (error) {
    if (isForbidden(error)) {
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
  if (place === undefined) {
    await forgetOld(
      tmpdir(),
      ({ name, uid }) => /^mera-copy-\w{6}$/.test(name) && uid === process.geteuid?.(),
    )
    return mkdtemp(join(tmpdir(), 'mera-copy-'))
  }
  await forgetOld(temporary, () => true)
  return place
}

/** What processes left that were ended before they could remove it. */
const forgetOld = async (
  folder: string,
  isOurs: (found: { readonly name: string; readonly uid: number }) => boolean,
): Promise<void> => {
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const { mtimeMs, uid } = await lstat(path).catch(() => ({ mtimeMs: Infinity, uid: NaN }))
    if (mtimeMs < Date.now() - DAY && isOurs({ name, uid }))
      await rm(path, { recursive: true, force: true }).catch(() => undefined)
  }
}

/** A DuckDB file by its parts, what their names end in → what is in them. */
type Moment = ReadonlyMap<string, Buffer>

/**
 * The file and its log as they were together, where the file did not change while the log was read: the log only grows until a checkpoint has
 * changed the file. Where one is under way or broke off, none of the parts may change. Their bytes tell, not their times, which some systems
 * count in hundredths of a second.
 */
const momentOf = async (file: string): Promise<Moment | undefined> => {
  const found = await partsOf(file, parts)
  const hasCheckpoint = duringCheckpoint.some((part) => found.has(part))
  const watched = parts.filter((part) => hasCheckpoint || part !== '.wal')
  const again = await partsOf(file, watched)
  const isSame = (part: string): boolean => {
    const [before, now] = [found.get(part), again.get(part)]
    return before === undefined ? now === undefined : now?.equals(before) === true
  }
  return watched.every(isSame) ? found : undefined
}
const partsOf = async (file: string, names: readonly string[]): Promise<Moment> => {
  const found = new Map<string, Buffer>()
  for (const part of names) {
    const bytes = await bytesOf(`${file}${part}`)
    if (bytes !== undefined) found.set(part, bytes)
  }
  return found
}
const bytesOf = async (file: string): Promise<Buffer | undefined> => {
  try {
    return await readFile(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
