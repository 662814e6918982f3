import { mkdir, rm, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { noted, scheduledNoted } from '../../cli/run.ts'
import {
  CheckFailed,
  DiskFull,
  HomeLocked,
  MeraError,
  SettingsInvalid,
  StateError,
} from '../../warehouse/errors.ts'
import type { Home } from '../../warehouse/home.ts'
import { readJournal } from '../../warehouse/journal.ts'
import { RunFailed, RunLost } from '../../workflows/errors.ts'
import { workerLog } from '../../workflows/worker-log.ts'
import { scratch, type Scratch } from '../support/home.ts'

let place: Scratch
let home: Home
beforeEach(async () => {
  place = await scratch()
  home = await place.home('home')
})
afterEach(() => place.remove())

const ends = async () =>
  (await readJournal(home)).runs.map(({ command, status, message }) => [command, status, message])
const load = { read: 3, loaded: 3, quarantined: 0, files: 1, unchanged: 0, refused: 0 }
const run = (work: () => Promise<never>, signal = new AbortController().signal) =>
  noted(home, { command: 'refresh', engine: 'temporal', signal }, work)

describe('noted(home, what, work)', () => {
  it('tells a run that was cancelled from one that failed', async () => {
    const cancelled = new RunFailed('mera/refresh/1', 'cancelled')
    await expect(run(() => Promise.reject(cancelled))).rejects.toBe(cancelled)
    expect(await ends()).toEqual([['refresh', 'cancelled', null]])
  })

  it('counts whatever ends a run that the user stopped as cancelled', async () => {
    const broken = new Error('interrupted in the middle of a query')
    await expect(run(() => Promise.reject(broken), AbortSignal.abort())).rejects.toBe(broken)
    expect(await ends()).toEqual([['refresh', 'cancelled', null]])
  })

  it('counts no run as cancelled that goes on at a server which did not hear of it', async () => {
    const lost = new RunLost('mera/refresh/1', 'not-cancelled')
    await expect(run(() => Promise.reject(lost), AbortSignal.abort())).rejects.toBe(lost)
    expect(await ends()).toEqual([['refresh', 'failed', lost.message]])
  })

  it('notes of a failure what was wrong', async () => {
    await expect(run(() => Promise.reject(new TypeError('secret')))).rejects.toThrow()
    expect(await ends()).toEqual([['refresh', 'failed', 'TypeError']])
  })

  it('notes of settings which field of which file is wrong, all in one line', async () => {
    const fields = ['webhook', 'command'].map((path) => ({
      file: 'notify.json',
      path,
      message: 'не то',
    }))
    await expect(run(() => Promise.reject(new SettingsInvalid(fields)))).rejects.toThrow()
    const message = 'ошибки в настройках: notify.json, webhook: не то; notify.json, command: не то'
    expect(await ends()).toEqual([['refresh', 'declined', message]])
  })

  it('tells a command that was refused, by a wrong word or as things stand, from one that failed', async () => {
    const trouble = { code: 'nothing-before', message: 'предыдущего поколения нет' }
    for (const refusal of [new StateError(trouble), new CheckFailed(trouble)]) {
      await expect(run(() => Promise.reject(refusal))).rejects.toBe(refusal)
      const [last] = await ends()
      expect(last).toEqual(['refresh', 'declined', trouble.message])
    }
    const broken = new MeraError(trouble)
    await expect(run(() => Promise.reject(broken))).rejects.toBe(broken)
    expect((await ends()).map(([, status]) => status)).toContain('failed')
  })
})

describe('noted(home, what, work) beside a process that has the home', () => {
  it('does not wait once more to note that the home is not to be had', async () => {
    await writeFile(home.lock, JSON.stringify({ nonce: 'other', pid: 1, host: 'elsewhere' }))
    const locked = new HomeLocked(
      { code: 'home-locked', message: 'занято' },
      { pid: 1, host: 'elsewhere', purpose: 'build' },
    )
    const freed = sleep(500).then(() => rm(home.lock))
    await expect(run(() => Promise.reject(locked))).rejects.toBe(locked)
    await freed
    expect(await ends()).toEqual([])
  })

  it('notes that the home was not to be had where it is free by then', async () => {
    const locked = new HomeLocked(
      { code: 'home-locked', message: 'занято: build' },
      { pid: 1, host: 'elsewhere', purpose: 'build' },
    )
    await expect(run(() => Promise.reject(locked))).rejects.toBe(locked)
    expect(await ends()).toEqual([['refresh', 'failed', 'занято: build']])
  })
})

describe('scheduledNoted(home, onUnnoted)', () => {
  const started = new Date('2026-09-01T03:00:00Z')
  const end = {
    schedule: 'yearly',
    status: 'unchanged',
    load,
    error: null,
    reference: null,
  } as const
  const onUnnoted = (_: unknown, error: unknown): void => {
    throw error
  }
  it('notes how a run ended that a schedule had started, one that changed nothing too', async () => {
    await scheduledNoted(home, onUnnoted)(end, { runId: 'r1', started })
    const [noted] = (await readJournal(home)).runs
    expect(noted).toMatchObject({
      run: 'r1',
      command: 'schedule yearly',
      engine: 'temporal',
      status: 'unchanged',
      started_at: '2026-09-01T03:00:00.000Z',
      read: 3,
    })
  })

  it('notes an end once that is told twice, and beside it those of others', async () => {
    for (const runId of ['r1', 'r2', 'r1'])
      await scheduledNoted(home, onUnnoted)(end, { runId, started })
    expect((await readJournal(home)).runs.map(({ run }) => run).sort()).toEqual(['r1', 'r2'])
  })

  it('tells of an end that cannot be noted', async () => {
    await rm(home.ledger, { force: true })
    await mkdir(home.ledger)
    const told: unknown[] = []
    const note = scheduledNoted(home, (run, error) => told.push(run, error))
    await note(end, { runId: 'r1', started })
    expect(told).toEqual([
      expect.objectContaining({ run: 'r1', command: 'schedule yearly', status: 'unchanged' }),
      expect.any(Error),
    ])
  })

  it('notes by its reference what a fault says, and whether something was refused or went wrong', async () => {
    const { onFault } = workerLog(home, () => undefined)
    const trouble = { code: 'bad', message: 'папка пуста\nи всё' }
    onFault(new StateError(trouble), 'r1')
    onFault(new DiskFull(), 'r2')
    onFault(new TypeError('Иванов'), 'r3')
    for (const reference of ['r1', 'r2', 'r3', 'r4'])
      await scheduledNoted(home, onUnnoted)(
        { schedule: 'yearly', status: 'failed', load: null, error: 'ItsClass', reference },
        { runId: reference, started },
      )
    expect((await ends()).map(([, status, message]) => [status, message]).sort()).toEqual([
      ['declined', 'папка пуста'],
      ['failed', 'ItsClass'],
      ['failed', 'ItsClass'],
      ['failed', 'на диске нет места (или исчерпана его квота)'],
    ])
  })
})
