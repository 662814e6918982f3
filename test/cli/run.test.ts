import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { noted, scheduledNoted } from '../../cli/run.ts'
import type { Home } from '../../warehouse/home.ts'
import { readJournal } from '../../warehouse/journal.ts'
import { RunFailed, RunLost } from '../../workflows/errors.ts'
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
})

describe('scheduledNoted(home)', () => {
  it('notes how a run ended that a schedule had started, one that changed nothing too', async () => {
    const end = { schedule: 'yearly', status: 'unchanged', load, error: null } as const
    const started = new Date('2026-09-01T03:00:00Z')
    await scheduledNoted(home)(end, { runId: 'r1', started })
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
})
