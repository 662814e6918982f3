import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { MeraError, UsageError } from './errors.ts'
import { saidBySystem } from './system.ts'

/**
 * Makes a folder and those above it, one at a time: Node's own recursive making never ends where the system answers that a parent does
 * not exist although it does, as under /proc.
 * @throws UsageError where a file stands in its place, MeraError where the system forbids it.
 */
export const makeFolder = async (path: string): Promise<void> => {
  const known = await stat(path).catch(() => undefined)
  if (known?.isDirectory() === true) return
  if (known !== undefined) throw occupied(path)
  if (dirname(path) !== path) await makeFolder(dirname(path))
  try {
    await mkdir(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return
    throw code === 'ENOENT' || code === 'ENOTDIR' || code === 'EINVAL' || code === 'ENAMETOOLONG'
      ? new UsageError({
          code: 'folder-impossible',
          message: `папку «${path}» сделать нельзя`,
          hint: 'укажите другую папку',
          file: path,
          cause: error,
        })
      : new MeraError({
          code: 'folder-denied',
          message: `система не даёт сделать папку «${path}»: ${saidBySystem(error) ?? String(error)}`,
          hint: 'проверьте права и свободное место или укажите другую папку',
          file: path,
          cause: error,
        })
  }
}

const occupied = (path: string): UsageError =>
  new UsageError({
    code: 'folder-occupied',
    message: `«${path}» — файл, а нужна папка`,
    hint: 'укажите папку',
    file: path,
  })
