import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { withRenderLock } from '../../reports/lock.ts'
import { tellingWaits } from '../../warehouse/lock.ts'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mera-lock-'))
  file = join(folder, 'work', 'render.lock')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const holder = (): Promise<string> => readFile(file, 'utf8')

describe('withRenderLock(work, file)', () => {
  test('holds the lock while it works, and leaves none when the work fails', async () => {
    expect(await withRenderLock(holder, file)).toBe(String(process.pid))
    const failing = withRenderLock(() => Promise.reject(new Error('no')), file)
    await expect(failing).rejects.toThrow('no')
    expect(existsSync(file)).toBe(false)
  })
  test('lets one work after the other', async () => {
    const order: string[] = []
    const work = (name: string) => async (): Promise<void> => {
      order.push(`${name} begins`)
      await new Promise(setImmediate)
      order.push(`${name} ends`)
    }
    await Promise.all([withRenderLock(work('a'), file), withRenderLock(work('b'), file)])
    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends'])
  })
  test.each(['999999999', ''])('takes the lock of a process that is gone («%s»)', async (left) => {
    await withRenderLock(() => Promise.resolve(), file)
    await writeFile(file, left)
    await utimes(file, 0, 0)
    expect(await withRenderLock(holder, file)).toBe(String(process.pid))
  })
  test('tells once which other process it waits for, and when it waits no longer', async () => {
    await withRenderLock(() => Promise.resolve(), file)
    await writeFile(file, String(process.ppid))
    const told: string[] = []
    const onWait = (line: string): void => {
      told.push(line)
      setTimeout(() => void rm(file), 500)
    }
    const onHad = (): void => {
      told.push('has it')
    }
    const { signal } = new AbortController()
    const work = (): Promise<string> => {
      told.push('works')
      return holder()
    }
    expect(await tellingWaits({ onWait, onHad, signal }, () => withRenderLock(work, file))).toBe(
      String(process.pid),
    )
    expect(told).toEqual([
      expect.stringContaining(`другой процесс (${String(process.ppid)}); жду`),
      'has it',
      'works',
    ])
  })
  test('waits no longer where the user stops, and leaves the lock to its holder', async () => {
    await withRenderLock(() => Promise.resolve(), file)
    await writeFile(file, String(process.ppid))
    const stop = new AbortController()
    const onWait = (): void => {
      stop.abort()
    }
    await expect(
      tellingWaits({ onWait, signal: stop.signal }, () => withRenderLock(holder, file)),
    ).rejects.toMatchObject({ code: 'interrupted' })
    expect(await holder()).toBe(String(process.ppid))
  })
  test('says what keeps it from a lock, and does not wait for ever', async () => {
    await writeFile(join(folder, 'work'), '')
    await expect(withRenderLock(holder, file)).rejects.toMatchObject({ syscall: 'mkdir' })
  })
})
