import { chmod, readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'

const NOBODY = 65_534

/** Takes the right to write from a folder and all in it, and lets everybody read; the folder above it can be entered. */
const forReading = async (path: string): Promise<void> => {
  const isFolder = (await stat(path)).isDirectory()
  if (isFolder) for (const name of await readdir(path)) await forReading(join(path, name))
  await chmod(path, isFolder ? 0o555 : 0o444)
}
const forWriting = async (path: string): Promise<void> => {
  const isFolder = (await stat(path)).isDirectory()
  await chmod(path, isFolder ? 0o755 : 0o644)
  if (isFolder) for (const name of await readdir(path)) await forWriting(join(path, name))
}

/** Does `work` as somebody who may read the folder but for some files, and write nothing in it; not on Windows, whose rights are others. */
export const asReader = async <T>(
  folder: string,
  work: () => Promise<T>,
  hidden: readonly string[] = [],
): Promise<T> => {
  await chmod(dirname(folder), 0o755)
  await forReading(folder)
  for (const file of hidden) await chmod(file, 0)
  // Nothing is forbidden to root.
  const isRoot = process.geteuid?.() === 0
  if (isRoot) process.seteuid?.(NOBODY)
  try {
    return await work()
  } finally {
    if (isRoot) process.seteuid?.(0)
    await forWriting(folder)
  }
}
