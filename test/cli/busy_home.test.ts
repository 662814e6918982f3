import { existsSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { Writable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { run } from '../../cli/main.ts'
import type { Home } from '../../warehouse/home.ts'
import { startChild } from '../support/child.ts'
import { scratch, type Scratch } from '../support/home.ts'

let place: Scratch
let home: Home
beforeEach(async () => {
  place = await scratch()
  home = await place.home('home')
})
afterEach(() => place.remove())

interface Said {
  readonly code: number
  readonly out: string
  readonly err: string
}
/** @param onNote called as soon as the command has said something beside its answer, the first time. */
const mera = async (
  args: readonly string[],
  onNote?: () => void,
  signal = new AbortController().signal,
): Promise<Said> => {
  const said = { out: '', err: '' }
  const into = (name: 'out' | 'err'): NodeJS.WriteStream =>
    new Writable({
      write: (chunk: Buffer, _, done) => {
        const isFirst = said[name] === ''
        said[name] += chunk.toString()
        if (isFirst && name === 'err') onNote?.()
        done()
      },
    }) as unknown as NodeJS.WriteStream
  const world = { out: into('out'), err: into('err'), env: process.env, signal }
  const code = await run([...args, '--home', home.path], world)
  return { code, ...said }
}

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

  test.each([
    ['pin --remove', 0, 'Закреплённых поколений нет'],
    ['rollback', 2, ''],
  ])('mera %s says that it waits, and goes on once that is done', async (line, code, out) => {
    await writeFile(home.lock, holder)
    const said = await mera(line.split(' '), () => {
      rmSync(home.lock)
    })
    expect(said.code).toBe(code)
    expect(said.out).toContain(out)
    expect(said.err).toMatch(
      /^с хранилищем уже работает другой процесс: build \(процесс 1 на elsewhere\); жду его/,
    )
    expect(said.err.split('жду')).toHaveLength(2)
  })

  test('a command that waits can be stopped', async () => {
    await writeFile(home.lock, holder)
    const stop = new AbortController()
    const onNote = (): void => {
      stop.abort()
    }
    const { code, err } = await mera(['pin', '--remove'], onNote, stop.signal)
    expect(code).toBe(3)
    expect(err).toContain('Прервано')
    expect(existsSync(home.lock)).toBe(true)
  })
})
