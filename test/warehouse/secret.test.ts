import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { keyFile, openSecret, pseudonym, pseudonymsOf, secretOf } from '../../warehouse/secret.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mera-key-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))
const home = (): { id: string; path: string } => ({ id: 'h1', path: join(folder, 'home') })
const environment = (): NodeJS.ProcessEnv => ({ MERA_KEY_FILE: join(folder, 'keys', 'office.key') })

describe('openSecret(home, expected, environment)', () => {
  it('makes a key once, readable by its owner only, and opens the same after', async () => {
    const first = await openSecret(home(), undefined, environment())
    const again = await openSecret(home(), first.fingerprint, environment())
    expect(again.key.equals(first.key)).toBe(true)
    if (process.platform !== 'win32')
      expect((await stat(keyFile(home(), environment()))).mode & 0o077).toBe(0)
  })

  it('keeps the key outside home', async () => {
    const inside = { MERA_KEY_FILE: join(folder, 'home', 'office.key') }
    await expect(openSecret(home(), undefined, inside)).rejects.toMatchObject({
      code: 'key-inside-home',
    })
    expect(keyFile({ id: 'h1' }, {})).toMatch(/mera[\\/]h1\.key$/)
  })

  it('refuses a missing, changed or damaged key of a home that has pseudonyms', async () => {
    await expect(openSecret(home(), 'f'.repeat(16), environment())).rejects.toMatchObject({
      code: 'key-missing',
    })
    expect(existsSync(keyFile(home(), environment()))).toBe(false)
    await openSecret(home(), undefined, environment())
    await expect(openSecret(home(), 'f'.repeat(16), environment())).rejects.toMatchObject({
      code: 'key-changed',
    })
    await mkdir(join(folder, 'keys'), { recursive: true })
    await writeFile(keyFile(home(), environment()), 'short')
    await expect(openSecret(home(), undefined, environment())).rejects.toMatchObject({
      code: 'key-damaged',
    })
  })
})

describe('pseudonym(secret, system, values)', () => {
  const secret = secretOf(Buffer.alloc(32, 7))
  const of = (...values: string[]): string => pseudonym(secret, 'document', values)

  it('is the same for one person however the cells are written', () => {
    expect(of('45 06', '123-456')).toBe(of('4506', '123456'))
    expect(of('Алёна  ИВАНОВА')).toBe(of('Алена', 'Иванова'))
    expect(of('4506123456')).toMatch(/^[\da-f]{32}$/)
  })

  it('differs between people, systems and keys', () => {
    expect(of('1')).not.toBe(of('2'))
    expect(of('1')).not.toBe(pseudonym(secret, 'staff', ['1']))
    expect(of('1')).not.toBe(pseudonym(secretOf(Buffer.alloc(32, 8)), 'document', ['1']))
  })

  it('tells nothing of the key by its fingerprint', () => {
    expect(secret.fingerprint).toMatch(/^[\da-f]{16}$/)
    expect(secret.key.toString('hex')).not.toContain(secret.fingerprint)
  })
})

describe('pseudonymsOf(secret)', () => {
  it('gives the first time and again what pseudonym gives', () => {
    const secret = secretOf(Buffer.alloc(32, 7))
    const of = pseudonymsOf(secret)
    const people = [['1'], ['2'], ['1', '2'], ['12'], ['1']]
    for (const system of ['document', 'staff', 'document'])
      for (const values of people)
        expect(of(system, values)).toBe(pseudonym(secret, system, values))
  })
})
