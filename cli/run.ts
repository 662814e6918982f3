import { randomUUID } from 'node:crypto'
import { asDiskFull, HomeLocked, MeraError, SettingsInvalid } from '../warehouse/errors.ts'
import type { Home } from '../warehouse/home.ts'
import { noteRun, type Run } from '../warehouse/journal.ts'
import type { LockOptions } from '../warehouse/lock.ts'
import { RunFailed, RunLost } from '../workflows/errors.ts'
import type { ScheduledEnd } from '../workflows/journal.ts'
import type { LoadSummary } from '../workflows/messages.ts'
import { HOME_PATIENCE } from '../workflows/policies.ts'
import { findFault } from '../workflows/worker-log.ts'
import type { ScheduledRun } from '../workflows/worker.ts'
import { codeOf } from './complaint.ts'

/** Notes how a run ended that a schedule had started; one that cannot be noted is no reason to fail, and is told of. */
export const scheduledNoted =
  (home: Home, onUnnoted: (run: Run, error: unknown) => void) =>
  async (
    { schedule, status, load, error, reference }: ScheduledEnd,
    { runId, started }: ScheduledRun,
  ): Promise<void> => {
    const fault = reference === null ? undefined : await findFault(home, reference)
    const run = {
      run: runId,
      command: `schedule ${schedule}`,
      engine: 'temporal',
      started_at: started.toISOString(),
      finished_at: new Date().toISOString(),
      status: fault === undefined ? status : endOf(fault),
      read: load?.read ?? null,
      loaded: load?.loaded ?? null,
      quarantined: load?.quarantined ?? null,
      replaced: load?.replaced ?? null,
      message: fault === undefined ? error : reasonOf(fault),
    }
    await noteRun(home, run, { wait: HOME_PATIENCE }).catch((thrown: unknown) => {
      onUnnoted(run, thrown)
    })
  }

/** How a command's work ended. */
export interface Ended<T> {
  readonly result: T
  readonly status: string
  /** What it read, where it read files. */
  readonly load?: LoadSummary
  /** Which generation it was about, where no run says more. */
  readonly about?: string
}

/** Runs a command's work and notes in the ledger how it ended; a note that cannot be made never hides the end. */
export const noted = async <T>(
  home: Home,
  {
    command,
    engine,
    signal,
  }: { readonly command: string; readonly engine: string; readonly signal: AbortSignal },
  work: () => Promise<Ended<T>>,
): Promise<T> => {
  const run = { run: randomUUID(), command, engine, started_at: new Date().toISOString() }
  const note = (
    status: string,
    load: Partial<LoadSummary>,
    message: string | null,
    options: LockOptions = {},
  ): Promise<void> =>
    noteRun(
      home,
      {
        ...run,
        finished_at: new Date().toISOString(),
        status,
        read: load.read ?? null,
        loaded: load.loaded ?? null,
        quarantined: load.quarantined ?? null,
        replaced: load.replaced ?? null,
        message,
      },
      options,
    ).catch(() => undefined)
  try {
    const { result, load = {}, status, about = null } = await work()
    await note(status, load, about)
    return result
  } catch (error) {
    const isCancelled =
      (signal.aborted && !(error instanceof RunLost)) ||
      (error instanceof RunFailed && error.reason === 'cancelled')
    // Whoever has the home has its ledger too: nobody waits for it once more, and who stops a command waits for nothing.
    const options = isCancelled || error instanceof HomeLocked ? { wait: 0 } : {}
    await (isCancelled
      ? note('cancelled', {}, null, options)
      : note(endOf(error), {}, reasonOf(error), options))
    throw error
  }
}

const endOf = (error: unknown): 'failed' | 'declined' =>
  codeOf(error) === 3 ? 'failed' : 'declined'

/** The ledger is the office's own: what an expected error says may stand in it; of others only the class. */
const reasonOf = (given: unknown): string => {
  const error = asDiskFull(given)
  if (!(error instanceof MeraError))
    return error instanceof Error ? error.constructor.name : 'Error'
  const [first = '', ...rest] = error.message.split('\n').map((line) => line.trim())
  return error instanceof SettingsInvalid ? `${first} ${rest.join('; ')}` : first
}
