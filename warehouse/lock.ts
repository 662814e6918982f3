import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { HomeLocked, MeraError } from './errors.ts'
import type { Home } from './home.ts'
import { isForbidden, isRunning } from './system.ts'

export interface Process {
  readonly pid: number
  readonly host: string
  /** When it began, by its system's clock: a number reused after a crash is told apart. */
  readonly started: string
}
export const thisProcess = (): Process => ({
  pid: process.pid,
  host: hostname(),
  started: startOf(process.pid) ?? '',
})
/** Whether a process runs on this machine; of those on others nothing is known. */
export const runsHere = ({ pid, host, started }: Process): boolean => {
  if (host !== hostname() || !isRunning(pid)) return false
  const now = startOf(pid)
  return now === undefined || started === '' || now === started
}
interface Holder extends Process {
  readonly nonce: string
  readonly purpose: string
}
export interface LockOptions {
  /** How long to wait for another holder, ms; as long as who waits has patience where absent. */
  readonly wait?: number
}
/** Of somebody who waits for a home, or for the pages of a site. */
export interface Waiting {
  /** A line for people, once where what is waited for is not to be had at once. */
  readonly onWait: (line: string) => void
  /** Done once what was waited for is had. */
  readonly onHad?: () => void
  /** Ends the waiting, where it has not ended before that began. */
  readonly signal: AbortSignal
  /** For how long a home is waited for, ms; half a minute where absent. */
  readonly patience?: number
  /** For how long nothing is said, ms; half a second where absent: another short command is done by then. */
  readonly moment?: number
}

const defaultPatience = 30_000
const defaultMoment = 500
const beat = 5_000
/** A holder on another machine that was silent for so long is gone, ms. */
const silence = 120_000
/** A home in somebody's hands. */
export interface Hold {
  /** A lock given back stays false for whatever the work left running. */
  isHeld: boolean
  /** What is to be done once the work is over, before the home is given back. */
  readonly atEnd: (() => Promise<void>)[]
}
/** Homes that the running work holds. */
const held = new AsyncLocalStorage<ReadonlyMap<string, Hold>>()
const waiting = new AsyncLocalStorage<Waiting>()
const queues = new Map<string, Promise<unknown>>()

/** Who is told of waits in the work under way. */
export const whoWaits = (): Waiting | undefined => waiting.getStore()

/** Runs `work`, in which nobody waits for another process in silence; whoever is to hear of it around this still does. */
export const tellingWaits = <T>(who: Waiting, work: () => Promise<T>): Promise<T> => {
  const around = whoWaits()
  const onWait = (line: string): void => {
    around?.onWait(line)
    who.onWait(line)
  }
  return waiting.run({ ...who, onWait }, work)
}

/**
 * Runs `work` while nobody else works on the home, in this process or another. Inside it the same home can be locked again at once.
 * @throws HomeLocked when another process holds it for longer than `wait`; MeraError where nothing may be written to it.
 */
export const withLock = async <T>(
  home: Pick<Home, 'path' | 'lock'>,
  purpose: string,
  work: (hold: Hold) => Promise<T>,
  options: LockOptions = {},
): Promise<T> => {
  const mine = held.getStore()
  const own = mine?.get(home.path)
  if (own?.isHeld === true) return work(own)
  const before = queues.get(home.path) ?? Promise.resolve()
  // What is done because of the stop, as taking back, is not stopped by it; what was asked for before and stands in the queue is.
  const who = whoWaits()
  const heeded = who?.signal.aborted === false ? { signal: who.signal } : {}
  const run = before.then(async () => {
    const release = await acquire(home, purpose, options, heeded)
    const hold: Hold = { isHeld: true, atEnd: [] }
    try {
      return await held.run(new Map([...(mine ?? []), [home.path, hold]]), () => work(hold))
    } finally {
      hold.isHeld = false
      try {
        for (const end of hold.atEnd) await end()
      } finally {
        await release()
      }
    }
  })
  const settled = run.catch(() => undefined)
  queues.set(home.path, settled)
  try {
    return await run
  } finally {
    if (queues.get(home.path) === settled) queues.delete(home.path)
  }
}

/** Whether this process works on the home or waits to. */
export const isInHand = ({ path }: Pick<Home, 'path'>): boolean => queues.has(path)

const acquire = async (
  home: Pick<Home, 'path' | 'lock'>,
  purpose: string,
  options: LockOptions,
  heeded: { readonly signal?: AbortSignal },
): Promise<() => Promise<void>> => {
  const me: Holder = {
    ...thisProcess(),
    nonce: randomUUID(),
    purpose,
  }
  const began = Date.now()
  const who = whoWaits()
  const { moment = defaultMoment, patience = defaultPatience } = who ?? {}
  const { wait = patience } = options
  const deadline = began + wait
  let isTold = false
  for (;;) {
    if (await taken(home, me)) break
    const holder = await holderOf(home.lock)
    if (holder !== undefined && (await isGone(home.lock, holder))) {
      await breakLock(home.lock, holder)
      continue
    }
    if (holder === undefined && Date.now() < deadline + 1_000) {
      await sleep(20)
      continue
    }
    heeded.signal?.throwIfAborted()
    if (Date.now() >= deadline) throw locked(home.path, holder)
    if (holder !== undefined && !isTold && Date.now() >= began + moment) {
      isTold = true
      who?.onWait(`${busy(holder)}; жду его, не дольше ${spanOf(wait)}`)
    }
    await sleep(200, undefined, heeded)
  }
  if (isTold) who?.onHad?.()
  const timer = setInterval(() => {
    const now = new Date()
    utimes(home.lock, now, now).catch(() => undefined)
  }, beat)
  timer.unref()
  return async () => {
    clearInterval(timer)
    if ((await holderOf(home.lock))?.nonce === me.nonce) await rm(home.lock, { force: true })
  }
}

/** A link to a file written before appears whole or not at all. */
const taken = async ({ path, lock }: Pick<Home, 'path' | 'lock'>, me: Holder): Promise<boolean> => {
  const draft = `${lock}.${me.nonce}`
  await writeFile(draft, JSON.stringify(me)).catch((error: unknown) => {
    throw isForbidden(error) ? forbidden(path, error) : error
  })
  try {
    await link(draft, lock)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return false
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error
    return await writeFile(lock, JSON.stringify(me), { flag: 'wx' }).then(
      () => true,
      () => false,
    )
  } finally {
    await rm(draft, { force: true })
  }
}

const holderOf = async (lock: string): Promise<Holder | undefined> => {
  try {
    return JSON.parse(await readFile(lock, 'utf8')) as Holder
  } catch {
    return undefined
  }
}

const isGone = async (lock: string, holder: Holder): Promise<boolean> => {
  if (holder.host !== hostname()) {
    const { mtimeMs } = await stat(lock).catch(() => ({ mtimeMs: Date.now() }))
    return Date.now() - mtimeMs > silence
  }
  return !runsHere(holder)
}
const startOf = (pid: number): string | undefined => {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}

/** Puts a stale lock aside; when another process was quicker and holds a new one, gives that back. */
const breakLock = async (lock: string, stale: Holder): Promise<void> => {
  const aside = `${lock}.${randomUUID()}`
  try {
    await rename(lock, aside)
  } catch {
    return
  }
  const moved = await holderOf(aside)
  if (moved !== undefined && moved.nonce !== stale.nonce)
    await link(aside, lock).catch(() => undefined)
  await rm(aside, { force: true })
}

/** That somebody works on a home now, and who, in Russian; undefined where nobody does. */
export const busyLine = async ({ lock }: Pick<Home, 'lock'>): Promise<string | undefined> => {
  const holder = await holderOf(lock)
  return holder === undefined ? undefined : busy(holder)
}

export const spanOf = (ms: number): string =>
  ms < 60_000 ? `${String(Math.round(ms / 1000))} с` : `${String(Math.round(ms / 60_000))} мин`
const forbidden = (path: string, cause: unknown): MeraError =>
  new MeraError({
    code: 'home-read-only',
    message: `нет права писать в хранилище «${path}»`,
    hint: 'выполните команду от имени того, кто ведёт хранилище, или получите право на запись в эту папку; для status, diff, trace, describe и sql довольно права на чтение',
    file: path,
    cause,
  })
const busy = ({ purpose, pid, host }: Pick<Holder, 'purpose' | 'pid' | 'host'>): string =>
  `с хранилищем уже работает другой процесс: ${purpose} (процесс ${String(pid)} на ${host})`
const locked = (path: string, holder: Holder | undefined): HomeLocked => {
  const { pid = 0, host = '?', purpose = '?' } = holder ?? {}
  return new HomeLocked(
    {
      code: 'home-locked',
      message: busy({ pid, host, purpose }),
      hint: 'дождитесь, пока тот процесс закончит работу, или остановите его; если такого процесса нет, удалите файл lock в хранилище',
      file: path,
    },
    { pid, host, purpose },
  )
}
