import { existsSync } from 'node:fs'
import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Database } from '../../warehouse/database.ts'
import type { Home } from '../../warehouse/home.ts'
import { readLedger, withLedger } from '../../warehouse/ledger.ts'
import { withLock } from '../../warehouse/lock.ts'
import { startChild } from '../support/child.ts'
import { scratch, type Scratch } from '../support/home.ts'

let place: Scratch
let home: Home
beforeEach(async () => {
  place = await scratch()
  home = await place.home('home')
})
afterEach(() => place.remove())

const note = (fingerprint: string): Promise<void> =>
  withLedger(home, 'test', (ledger) => ledger.insert('secret', [{ fingerprint }]))
const noted = (): Promise<readonly string[]> =>
  withLedger(home, 'test', async (ledger) => {
    const rows = await ledger.rows<{ fingerprint: string }>(
      'select fingerprint from secret order by fingerprint',
    )
    return rows.map(({ fingerprint }) => fingerprint)
  })

describe('withLedger(home, purpose, work)', () => {
  it('gives the same ledger to all that is done while the home is held, and a new one after that', async () => {
    const [one, two, three] = await withLock(home, 'test', async () => [
      ...(await Promise.all([
        withLedger(home, 'test', (ledger) => Promise.resolve(ledger)),
        withLedger(home, 'test', (ledger) => Promise.resolve(ledger)),
      ])),
      await withLedger(home, 'test', (ledger) =>
        withLedger(home, 'test', () => Promise.resolve(ledger)),
      ),
    ])
    expect(two).toBe(one)
    expect(three).toBe(one)
    expect(await withLedger(home, 'test', (ledger) => Promise.resolve(ledger))).not.toBe(one)
  })

  it('leaves the ledger closed and whole in one file once the home is given back, also after a failure', async () => {
    await note('a')
    await expect(
      withLock(home, 'test', async () => {
        await note('b')
        throw new Error('broke')
      }),
    ).rejects.toThrow('broke')
    expect(existsSync(`${home.ledger}.wal`)).toBe(false)
    const database = await Database.open(home.ledger, { readOnly: true })
    expect(await database.rows('select fingerprint from secret order by all')).toEqual([
      { fingerprint: 'a' },
      { fingerprint: 'b' },
    ])
    database.close()
  })

  it('takes back what was not committed when work ends in the middle of it', async () => {
    await note('a')
    await expect(
      withLedger(home, 'test', async (ledger) => {
        await ledger.database.run('begin')
        await ledger.insert('secret', [{ fingerprint: 'b' }])
        throw new Error('broke')
      }),
    ).rejects.toThrow('broke')
    expect(await noted()).toEqual(['a'])
  })

  it('works on two homes beside each other', async () => {
    const other = await place.home('other')
    await withLedger(home, 'test', async (ledger) => {
      await withLedger(other, 'test', (theirs) =>
        theirs.insert('secret', [{ fingerprint: 'theirs' }]),
      )
      await ledger.insert('secret', [{ fingerprint: 'ours' }])
    })
    expect(await noted()).toEqual(['ours'])
  })

  it('keeps what was committed when the process is ended, and nothing that was not', async () => {
    const child = await startChild('hold_ledger.ts', home.path)
    expect(await child.kill()).toBe('SIGKILL')
    expect(await noted()).toEqual(['committed'])
  })

  it('writes into a ledger of a version whose tables had fewer columns in another order', async () => {
    const database = await Database.open(home.ledger)
    await database.run(
      `create table problem (code varchar, sha256 varchar); insert into problem values ('old', 'a')`,
    )
    database.close()
    await withLedger(home, 'test', (ledger) =>
      ledger.insert('problem', [
        {
          sha256: 'b',
          sheet: 'Лист1',
          cell: 'A1',
          code: 'new',
          message: 'm',
          severity: 'warning',
        },
      ]),
    )
    expect(
      await withLedger(home, 'test', (ledger) =>
        ledger.rows('select sha256, code, sheet from problem order by sha256'),
      ),
    ).toEqual([
      { sha256: 'a', code: 'old', sheet: null },
      { sha256: 'b', code: 'new', sheet: 'Лист1' },
    ])
  })
})

const read = (): Promise<readonly string[]> =>
  readLedger(home, 'test', async (ledger) => {
    const rows = await ledger.rows<{ fingerprint: string }>(
      'select fingerprint from secret order by fingerprint',
    )
    return rows.map(({ fingerprint }) => fingerprint)
  })

describe('readLedger(home, purpose, work)', () => {
  it('waits for no process that writes, answers with what that committed, and leaves no copy', async () => {
    const child = await startChild('hold_ledger.ts', home.path)
    try {
      expect(await read()).toEqual(['committed'])
      expect(await readdir(home.temporary)).toEqual([])
    } finally {
      await child.kill()
    }
  })

  it('answers with what was written together or with none of it, and never with less than before', async () => {
    const child = await startChild('write_ledger.ts', home.path)
    try {
      let before = 0
      for (let i = 0; i < 100 || before <= 20; i++) {
        const [found] = await readLedger(home, 'test', (ledger) =>
          ledger.rows<Record<'secrets' | 'problems', number>>(
            `select (select count(*) from secret)::integer as secrets, (select count(*) from problem)::integer as problems`,
          ),
        )
        expect(found?.problems).toBe(found?.secrets)
        expect(found?.secrets).toBeGreaterThanOrEqual(before)
        before = found?.secrets ?? 0
      }
    } finally {
      await child.kill()
    }
  }, 60_000)

  it('answers inside work on the home with what that work wrote', async () => {
    await withLock(home, 'test', async () => {
      await note('a')
      expect(await read()).toEqual(['a'])
    })
  })

  it('takes another file beside the ledger for no part of it', async () => {
    await note('a')
    await copyFile(home.ledger, `${home.ledger}.bak`)
    const child = await startChild('hold_ledger.ts', home.path)
    try {
      expect(await read()).toEqual(['a', 'committed'])
    } finally {
      await child.kill()
    }
  })

  it('waits for the home where its writer was stopped in the middle of a block', async () => {
    await note('a')
    const whole = await readFile(home.ledger)
    const torn = Buffer.from(whole)
    torn.fill(1, 12_288 + 1_000, 12_288 + 5_000)
    await writeFile(home.ledger, torn)
    await writeFile(home.lock, JSON.stringify({ nonce: 'other', pid: 1, host: 'elsewhere' }))
    setTimeout(() => {
      void writeFile(home.ledger, whole).then(() => rm(home.lock))
    }, 500)
    expect(await read()).toEqual(['a'])
  })
})
