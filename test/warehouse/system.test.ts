import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isRunning, saidBySystem, saidOfPath } from '../../warehouse/system.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mera-system-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  )

describe('saidBySystem(error), saidOfPath(error)', () => {
  it('say in Russian what the system answered, and of which path', async () => {
    const none = join(folder, 'none')
    const error = await failure(readFile(none))
    expect(saidBySystem(error)).toBe('такого файла или папки нет')
    expect(saidOfPath(error)).toBe(`«${none}»: такого файла или папки нет`)
  })
  it('say it without a path where the system names none', async () => {
    const error = await failure(readFile(folder))
    expect(saidOfPath(error)).toBe('это папка, а нужен файл')
  })
  it('say nothing of other errors, whatever their code', () => {
    expect(saidBySystem(Object.assign(new Error('x'), { code: 'home-missing' }))).toBeUndefined()
    expect(saidOfPath(new TypeError('x'))).toBeUndefined()
    expect(saidOfPath('x')).toBeUndefined()
  })
})

describe('isRunning(pid)', () => {
  it('knows a process that runs from one that has ended', () => {
    const { pid } = spawnSync(process.execPath, ['--version'])
    expect([process.pid, process.ppid, pid].map(isRunning)).toEqual([true, true, false])
  })
})
