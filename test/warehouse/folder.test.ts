import { existsSync, statSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { UsageError } from '../../warehouse/errors.ts'
import { makeFolder } from '../../warehouse/folder.ts'

let root = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'mera-folder-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

describe('makeFolder(path)', () => {
  it('makes a folder and those above it, and leaves one that is there', async () => {
    const path = join(root, 'a', 'b', 'c')
    await makeFolder(path)
    await makeFolder(path)
    expect(statSync(path).isDirectory()).toBe(true)
  })
  it('refuses where a file stands, at its end or above', async () => {
    const file = join(root, 'file')
    await writeFile(file, '')
    for (const path of [file, join(file, 'a'), join(file, 'a', 'b')])
      await expect(makeFolder(path)).rejects.toBeInstanceOf(UsageError)
  })
  it('ends at once where the system has no place for folders', async () => {
    const path = existsSync('/proc/self') ? '/proc/mera/home' : join(root, '\u0000')
    await expect(makeFolder(path)).rejects.toThrow()
  })
})
