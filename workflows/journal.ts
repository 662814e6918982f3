import type { Sinks } from '@temporalio/workflow'
import type { LoadSummary, RefreshStatus } from './messages.ts'

/** How a run that a schedule had started ended: nobody sat before it, so the ledger must tell. */
export interface ScheduledEnd {
  /** The schedule's id within the office. */
  readonly schedule: string
  readonly status: RefreshStatus | 'failed' | 'cancelled'
  readonly load: LoadSummary | null
  /** Class of the error behind a failure. */
  readonly error: string | null
  /** Under which the worker has kept what that error says. */
  readonly reference: string | null
}

/** What workflows tell the worker beside their history: it is not replayed and changes no run. */
export interface JournalSinks extends Sinks {
  journal: { ended(end: ScheduledEnd): void }
}
