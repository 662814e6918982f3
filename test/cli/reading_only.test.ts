import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Home } from '../../warehouse/home.ts'
import { noteRun } from '../../warehouse/journal.ts'
import { scratch, type Scratch } from '../support/home.ts'
import { asReader } from '../support/reader.ts'
import { said } from '../support/said.ts'

let place: Scratch
let home: Home
beforeEach(async () => {
  place = await scratch()
  home = await place.home('home')
  // Where a profile of Temporal is looked for: the reader may not look into the owner's.
  vi.stubEnv('HOME', place.folder)
})
afterEach(() => {
  vi.unstubAllEnvs()
  return place.remove()
})

const noteOf = (command: string): Promise<void> =>
  noteRun(home, {
    ...{ run: command, command, engine: 'local', status: 'loaded', message: null },
    ...{ started_at: '2026-06-01T10:00:00Z', finished_at: '2026-06-01T10:00:01Z' },
    ...{ read: 0, loaded: 0, quarantined: 0, replaced: 0 },
  })

describe.skipIf(process.platform === 'win32')('a user who may only read the home', () => {
  test.each(['status', 'diff'])('is told by mera %s what its owner is told', async (command) => {
    await noteOf('load')
    const owner = await said([command, '--home', home.path])
    const reader = await asReader(home.path, () => said([command, '--home', home.path]))
    expect(owner.code).toBe(0)
    expect(reader).toEqual(owner)
    expect(await readdir(home.temporary)).toEqual([])
  })

  test('needs no folder that the home does not have, and no ledger', async () => {
    const owner = await said(['status', '--home', home.path])
    for (const folder of [home.temporary, home.inbox, home.archive])
      await rm(folder, { recursive: true })
    await rm(home.ledger, { force: true })
    expect(await asReader(home.path, () => said(['status', '--home', home.path]))).toEqual(owner)
  })

  test('is told of the home and the right, not of a file of the program, where a command writes', async () => {
    await said(['pin', '--remove', '--home', home.path])
    const { code, err } = await asReader(home.path, () => said(['pin', '--home', home.path]))
    expect(code).toBe(3)
    expect(err).toMatch(`Ошибка: нет права писать в хранилище «${home.path}»\n`)
  })

  test('is told which file may not be read', async () => {
    await noteOf('load')
    await said(['status', '--home', home.path])
    const status = () => said(['status', '--home', home.path])
    const { code, err } = await asReader(home.path, status, [home.ledger])
    expect(code).toBe(3)
    expect(err).toContain(`«${home.ledger}»: нет прав`)
  })

  test('is told to ask again, not to become a writer, where the ledger cannot be copied whole', async () => {
    await noteOf('load')
    const torn = await readFile(home.ledger)
    torn.fill(1, 12_288 + 1_000, 12_288 + 5_000)
    await writeFile(home.ledger, torn)
    const status = () => said(['status', '--home', home.path])
    const { code, err } = await asReader(home.path, status)
    expect(code).toBe(3)
    expect(err).toMatch(`Ошибка: журнал хранилища «${home.path}» сейчас не прочитать`)
    expect(err).toContain('повторите команду через минуту')
    expect(err).not.toContain('довольно права')
  })
})
