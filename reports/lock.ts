import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { whoWaits } from '../warehouse/lock.ts'
import { isRunning } from '../warehouse/system.ts'
import { workFolder } from './folders.ts'
import { interrupted } from './tool.ts'

const holderOf = (file: string): number => {
  try {
    return Number(readFileSync(file, 'utf8'))
  } catch {
    return 0
  }
}

/** A lock without a number is being written, or was left by a process that was stopped meanwhile. */
const holderLives = (file: string): boolean => {
  const pid = holderOf(file)
  if (pid > 0) return isRunning(pid)
  const written = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
  return Date.now() - written < 5_000
}

const take = (file: string): boolean => {
  mkdirSync(dirname(file), { recursive: true })
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    if (!holderLives(file)) rmSync(file, { force: true })
    return false
  }
}

/**
 * Runs `work` alone: pages are rendered in one folder, so two renderings wait for each other, across processes too; who waits for
 * another process is told of it once. Throws where the lock cannot be written, and a SiteError where the user stops the waiting.
 */
export const withRenderLock = async <T>(
  work: () => Promise<T>,
  file = join(workFolder, 'render.lock'),
): Promise<T> => {
  const who = whoWaits()
  let isTold = false
  while (!take(file)) {
    const holder = holderOf(file)
    if (!isTold && holder > 0 && holder !== process.pid) {
      isTold = true
      who?.onWait(`Сайт: страницы сейчас собирает другой процесс (${String(holder)}); жду его`)
    }
    await sleep(200, undefined, who && { signal: who.signal }).catch(() => {
      throw interrupted()
    })
  }
  if (isTold) who?.onHad?.()
  try {
    return await work()
  } finally {
    rmSync(file, { force: true })
  }
}
