import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { workFolder } from './folders.ts'

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined

/** A lock without a number is being written, or was left by a process that was stopped meanwhile. */
const holderLives = (file: string): boolean => {
  try {
    const pid = Number(readFileSync(file, 'utf8'))
    if (pid > 0) return process.kill(pid, 0)
    return Date.now() - statSync(file).mtimeMs < 5_000
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

const take = (file: string): boolean => {
  mkdirSync(dirname(file), { recursive: true })
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
    if (!holderLives(file)) rmSync(file, { force: true })
    return false
  }
}

/**
 * Runs `work` alone: pages are rendered in one folder, so two renderings wait for each other, across processes too.
 * Throws where the lock cannot be written.
 */
export const withRenderLock = async <T>(
  work: () => Promise<T>,
  file = join(workFolder, 'render.lock'),
): Promise<T> => {
  while (!take(file)) await sleep(200)
  try {
    return await work()
  } finally {
    rmSync(file, { force: true })
  }
}
