import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { workFolder } from './folders.ts'

const lockFile = join(workFolder, 'render.lock')

const holderLives = (): boolean => {
  try {
    process.kill(Number(readFileSync(lockFile, 'utf8')), 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

const take = (): boolean => {
  mkdirSync(dirname(lockFile), { recursive: true })
  try {
    writeFileSync(lockFile, String(process.pid), { flag: 'wx' })
    return true
  } catch {
    if (!holderLives()) rmSync(lockFile, { force: true })
    return false
  }
}

/** Runs `work` alone: pages are rendered in one folder, so two renderings wait for each other, across processes too. */
export const withRenderLock = async <T>(work: () => Promise<T>): Promise<T> => {
  while (!take()) await sleep(200)
  try {
    return await work()
  } finally {
    rmSync(lockFile, { force: true })
  }
}
