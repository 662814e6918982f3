import { createHash, randomUUID } from 'node:crypto'
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FileUnreadable } from './errors.ts'
import type { Home } from './home.ts'

export const sha256Of = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex')

/** Bytes below which a file is read and written at once, which takes half the time; a greater one leaves the thread free meanwhile. */
const AT_ONCE = 1_000_000

export const readWhole = async (file: string): Promise<Buffer> =>
  statSync(file).size < AT_ONCE ? readFileSync(file) : await readFile(file)
const writeWhole = async (file: string, bytes: Buffer): Promise<void> => {
  if (bytes.length < AT_ONCE) writeFileSync(file, bytes)
  else await writeFile(file, bytes)
}

/** Keeps a file under its hash; one that is there and whole is left as it is. */
export const archive = async (home: Home, sha256: string, bytes: Buffer): Promise<void> => {
  const place = join(home.archive, sha256)
  const present = statSync(place, { throwIfNoEntry: false })
  if (present?.size === bytes.length && sha256Of(await readWhole(place)) === sha256) return
  const draft = join(home.temporary, randomUUID())
  try {
    await writeWhole(draft, bytes)
    renameSync(draft, place)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}

/** Reads a file of the archive. @throws FileUnreadable when it is no longer what was received. */
export const readArchived = (home: Home, sha256: string): Buffer => {
  const file = join(home.archive, sha256)
  const bytes = existsSync(file) ? readFileSync(file) : undefined
  if (bytes !== undefined && sha256Of(bytes) === sha256) return bytes
  throw new FileUnreadable({
    code: 'archive-damaged',
    message: `файл архива ${sha256.slice(0, 16)} ${bytes === undefined ? 'пропал' : 'изменён'}`,
    hint: 'загрузите исходный файл ещё раз или верните архив из резервной копии',
    file,
  })
}
