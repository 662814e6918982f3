import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openHome, writeAtomically } from '../../warehouse/home.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mera-home-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('openHome(path, options)', () => {
  it('makes a home once and opens the same after', async () => {
    const made = await openHome(join(folder, 'data'), { office: 'УО', timeZone: 'Asia/Irkutsk' })
    const again = await openHome(join(folder, 'data'), { office: 'другое' })
    expect(again).toEqual(made)
    expect([made.office, made.timeZone]).toEqual(['УО', 'Asia/Irkutsk'])
    for (const part of [made.settings, made.archive, made.parsed, made.generations])
      expect(existsSync(part)).toBe(true)
  })

  it('has no name and no time zone of its own where none is given', async () => {
    const { office, timeZone } = await openHome(join(folder, 'plain'))
    expect([office, timeZone]).toEqual(['', 'UTC'])
  })

  it('does not make one where it was told not to, nor among other people’s files', async () => {
    await expect(openHome(join(folder, 'none'), { create: false })).rejects.toMatchObject({
      code: 'home-missing',
    })
    await mkdir(join(folder, 'documents'))
    await writeFile(join(folder, 'documents', 'письмо.docx'), '')
    await expect(openHome(join(folder, 'documents'))).rejects.toMatchObject({
      code: 'home-foreign',
    })
  })

  it('refuses a home of a newer version and names bad fields', async () => {
    const home = join(folder, 'data')
    await openHome(home)
    await writeFile(join(home, 'home.json'), JSON.stringify({ formatVersion: 99 }))
    await expect(openHome(home)).rejects.toMatchObject({
      code: 'home-invalid',
      hint: 'обновите программу',
    })
    await writeFile(
      join(home, 'home.json'),
      JSON.stringify({ formatVersion: 1, id: 'x', office: 'y', timeZone: 'Луна' }),
    )
    await expect(openHome(home)).rejects.toThrow('timeZone')
  })
})

describe('the time zone of a home', () => {
  it('is named as servers know it, however it was written', async () => {
    const home = join(folder, 'zoned')
    for (const timeZone of ['europe/moscow', 'W-SU', 'Europe/Moscow']) {
      const written = { formatVersion: 1, id: 'x', office: '', timeZone }
      await mkdir(home, { recursive: true })
      await writeFile(join(home, 'home.json'), JSON.stringify(written))
      expect((await openHome(home)).timeZone).toBe('Europe/Moscow')
    }
  })
})

describe('writeAtomically(path, content)', () => {
  it('replaces the file and leaves nothing beside it', async () => {
    const file = join(folder, 'current')
    await writeAtomically(file, 'g00001')
    await writeAtomically(file, 'g00002')
    expect(await readFile(file, 'utf8')).toBe('g00002')
    expect(await readdir(folder)).toEqual(['current'])
  })
})
