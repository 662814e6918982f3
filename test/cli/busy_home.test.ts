import { existsSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Home } from '../../warehouse/home.ts'
import { startChild } from '../support/child.ts'
import { scratch, type Scratch } from '../support/home.ts'
import { said, type Said, type SaidOptions } from '../support/said.ts'

let place: Scratch
let home: Home
beforeEach(async () => {
  place = await scratch()
  home = await place.home('home')
})
afterEach(() => place.remove())

const mera = (args: readonly string[], options?: SaidOptions): Promise<Said> =>
  said([...args, '--home', home.path], options)

describe('beside a process that works on the home', () => {
  test('mera status waits for nobody', async () => {
    const child = await startChild('hold_ledger.ts', home.path)
    try {
      const { code, out, err } = await mera(['status'])
      expect([code, err]).toEqual([0, ''])
      expect(out).toContain('Ещё ничего не опубликовано')
    } finally {
      await child.kill()
    }
  })

  const holder = JSON.stringify({ nonce: 'other', pid: 1, host: 'elsewhere', purpose: 'build' })

  test('mera status waits for nobody before there is a ledger', async () => {
    await writeFile(home.lock, holder)
    const { code, err } = await mera(['status'])
    expect([code, err, existsSync(home.ledger)]).toEqual([0, '', false])
  })

  test.each([
    ['pin --remove', 0, 'Закреплённых поколений нет'],
    ['rollback', 2, ''],
  ])('mera %s says that it waits, and goes on once that is done', async (line, code, out) => {
    await writeFile(home.lock, holder)
    const onNote = (): void => {
      rmSync(home.lock)
    }
    const told = await mera(line.split(' '), { onNote })
    expect(told.code).toBe(code)
    expect(told.out).toContain(out)
    expect(told.err).toMatch(
      /^с хранилищем уже работает другой процесс: build \(процесс 1 на elsewhere\); жду его/,
    )
    expect(told.err.split('жду')).toHaveLength(2)
  })

  test('a command that waits can be stopped', async () => {
    await writeFile(home.lock, holder)
    const stop = new AbortController()
    const onNote = (): void => {
      stop.abort()
    }
    const { code, err } = await mera(['pin', '--remove'], { onNote, signal: stop.signal })
    expect(code).toBe(3)
    expect(err).toContain('Прервано')
    expect(existsSync(home.lock)).toBe(true)
  })
})
