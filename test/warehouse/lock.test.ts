import { spawn } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HomeLocked } from '../../warehouse/errors.ts'
import { tellingWaits, withLock, type Waiting } from '../../warehouse/lock.ts'

let home: { path: string; lock: string }
beforeEach(async () => {
  const path = await mkdtemp(join(tmpdir(), 'mera-lock-'))
  home = { path, lock: join(path, 'lock') }
})
afterEach(() => rm(home.path, { recursive: true, force: true }))

const holder = (more: object): string =>
  JSON.stringify({
    nonce: 'other',
    pid: 1,
    host: 'elsewhere',
    started: '',
    purpose: 'build',
    ...more,
  })

describe('withLock(home, purpose, work)', () => {
  it('holds the lock during the work and gives it back, also after a failure', async () => {
    const seen = await withLock(
      home,
      'load',
      async () => JSON.parse(await readFile(home.lock, 'utf8')) as object,
    )
    expect(seen).toMatchObject({ pid: process.pid, purpose: 'load' })
    expect(existsSync(home.lock)).toBe(false)
    await expect(withLock(home, 'load', () => Promise.reject(new Error('broke')))).rejects.toThrow(
      'broke',
    )
    expect(existsSync(home.lock)).toBe(false)
  })

  it('does what was asked for its end before it gives the home back, once, also after a failure', async () => {
    const seen: boolean[] = []
    const asking = (): Promise<void> =>
      withLock(home, 'load', (hold) => {
        hold.atEnd.push(() => {
          seen.push(existsSync(home.lock))
          return Promise.resolve()
        })
        return Promise.resolve()
      })
    await withLock(home, 'load', async () => {
      await asking()
      expect(seen).toEqual([])
    })
    expect(seen).toEqual([true])
    await expect(
      withLock(home, 'load', async () => {
        await asking()
        throw new Error('broke')
      }),
    ).rejects.toThrow('broke')
    expect(seen).toEqual([true, true])
    expect(existsSync(home.lock)).toBe(false)
  })

  it('lets work inside take it again, and others of this process wait their turn', async () => {
    const order: string[] = []
    const one = withLock(home, 'one', async () => {
      order.push('one begins')
      await withLock(home, 'inner', () => {
        order.push('inner')
        return Promise.resolve()
      })
      await new Promise((resolve) => setTimeout(resolve, 20))
      order.push('one ends')
    })
    const two = withLock(home, 'two', () => {
      order.push('two')
      return Promise.resolve()
    })
    await Promise.all([one, two])
    expect(order).toEqual(['one begins', 'inner', 'one ends', 'two'])
  })

  it('says who holds it when another process does', async () => {
    await writeFile(home.lock, holder({}))
    const failure = await withLock(home, 'load', () => Promise.resolve(), { wait: 0 }).catch(
      (error: unknown) => error,
    )
    expect(failure).toBeInstanceOf(HomeLocked)
    expect(failure).toMatchObject({
      code: 'home-locked',
      holder: { pid: 1, host: 'elsewhere', purpose: 'build' },
    })
    expect(existsSync(home.lock)).toBe(true)
  })

  it('takes the lock of a process of this machine that is gone', async () => {
    const child = spawn(process.execPath, ['-e', ''])
    await new Promise((resolve) => child.once('exit', resolve))
    const { hostname } = await import('node:os')
    await writeFile(home.lock, holder({ pid: child.pid, host: hostname() }))
    expect(await withLock(home, 'load', () => Promise.resolve('done'))).toBe('done')
  })

  it('takes the lock of another machine that was silent for long', async () => {
    await writeFile(home.lock, holder({}))
    const long = new Date(Date.now() - 10 * 60_000)
    await utimes(home.lock, long, long)
    expect(await withLock(home, 'load', () => Promise.resolve('done'))).toBe('done')
  })

  it('waits for a holder who is soon done', async () => {
    await writeFile(home.lock, holder({}))
    setTimeout(() => void rm(home.lock), 50)
    expect(await withLock(home, 'load', () => Promise.resolve('done'))).toBe('done')
  })
})

describe('tellingWaits(who, work)', () => {
  const waiting = async (
    work: () => Promise<unknown>,
    { onWait, signal = new AbortController().signal, moment = 0 }: Partial<Waiting> = {},
  ): Promise<readonly string[]> => {
    const told: string[] = []
    const tell = (line: string): void => {
      told.push(line)
      onWait?.(line)
    }
    await tellingWaits({ onWait: tell, signal, moment }, work)
    return told
  }
  const load = (): Promise<unknown> => withLock(home, 'load', () => Promise.resolve())

  it('tells once who is waited for and how long, of a wait that a person notices', async () => {
    await writeFile(home.lock, holder({}))
    const onWait = (): void => {
      rmSync(home.lock)
    }
    expect(await waiting(load, { onWait })).toEqual([
      expect.stringMatching(/build \(процесс 1 на elsewhere\); жду.* 30 с/),
    ])
  })

  it('tells everybody around too, says when the home is had, and waits as long as the inmost has patience', async () => {
    await writeFile(home.lock, holder({}))
    const told: string[] = []
    const inmost: Waiting = {
      onWait: () => {
        told.push('waits')
        rmSync(home.lock)
      },
      onHad: () => {
        told.push('has it')
      },
      signal: new AbortController().signal,
      patience: 600_000,
      moment: 0,
    }
    const around = await waiting(() => tellingWaits(inmost, load))
    expect(around).toEqual([
      expect.stringMatching(/build \(процесс 1 на elsewhere\); жду.* 10 мин$/),
    ])
    expect(told).toEqual(['waits', 'has it'])
  })

  it('says nothing of a wait that is over within the moment', async () => {
    await writeFile(home.lock, holder({}))
    setTimeout(() => void rm(home.lock), 50)
    expect(await waiting(load, { moment: Infinity })).toEqual([])
  })

  it('gives up when the patience of who waits is at its end', async () => {
    await writeFile(home.lock, holder({}))
    const impatient: Waiting = {
      onWait: () => undefined,
      signal: new AbortController().signal,
      patience: 0,
    }
    await expect(tellingWaits(impatient, load)).rejects.toThrow(HomeLocked)
  })

  it('ends the waiting where it is stopped, and lets a home that is free be taken even then', async () => {
    const stop = new AbortController()
    await writeFile(home.lock, holder({}))
    const onWait = (): void => {
      stop.abort()
    }
    await expect(waiting(load, { onWait, signal: stop.signal })).rejects.toThrow('aborted')
    await rm(home.lock)
    expect(await waiting(load, { signal: stop.signal })).toEqual([])
  })

  it('ends at once, when it is stopped, what stands in the queue of this process too', async () => {
    const stop = new AbortController()
    await writeFile(home.lock, holder({}))
    const onWait = (): void => {
      stop.abort()
    }
    const several = (): Promise<readonly PromiseSettledResult<unknown>[]> =>
      Promise.allSettled([load(), load(), load()])
    let ended: readonly PromiseSettledResult<unknown>[] = []
    const told = await waiting(async () => (ended = await several()), {
      onWait,
      signal: stop.signal,
    })
    expect(told).toHaveLength(1)
    for (const each of ended)
      expect(each).toMatchObject({ status: 'rejected', reason: { name: 'AbortError' } })
  })
})
