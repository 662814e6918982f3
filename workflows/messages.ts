/**
 * Everything that crosses the Temporal wire: JSON-safe, and never a row, a path or a name. A file is its SHA-256 (64 hex
 * digits), a table or a generation its id, everything else a count.
 */

/** Default task queue: workflows, and the activities that write (one slot: DuckDB has one writer). */
export const TASK_QUEUE = 'mera'

/** The queue beside a task queue on which files are parsed, several at a time. */
export const parseQueue = (taskQueue: string): string => `${taskQueue}-parse`

/** Name of the query and of the signal that the workflows answer. */
export const PROGRESS = 'progress'
export const APPROVE = 'approve'

/**
 * A load's sums over the files that were parsed, by what stands once all of them are noted: `read = loaded + quarantined + replaced`. Files
 * that were loaded before are `unchanged`.
 */
export interface LoadSummary {
  readonly read: number
  readonly loaded: number
  readonly quarantined: number
  /** Rows for which other files stand; absent in what was noted before they were counted. */
  readonly replaced?: number
  /** Files that were parsed and recorded, whatever became of them; not those that are withdrawn. */
  readonly files: number
  readonly unchanged: number
  /** Of `files`: nothing of them was loaded, because of what they are. */
  readonly refused: number
}

/** How many rows a check found. One of severity `error` that found any keeps a generation from being published. */
export interface CheckCount {
  readonly check: string
  readonly severity: 'error' | 'warning'
  readonly found: number
}

export interface BuildSummary {
  readonly generation: string
  /** Tables that were built anew. */
  readonly built: readonly { readonly table: string; readonly rows: number; readonly ms: number }[]
  /** Number of tables that were carried over. */
  readonly unchanged: number
  readonly contentHash: string
  readonly checks: readonly CheckCount[]
  /** True where this very generation is the published one, so that nothing is left to do. */
  readonly published: boolean
  /** True where nothing was ever published and this generation has no number to show either; runs of before do not say. */
  readonly hasNothingToShow?: boolean
}

export interface Publication {
  readonly generation: string
  readonly contentHash: string
}

/** Why a generation that was built cannot be published any more: what became of it while it waited. */
export type Fate = 'published' | 'removed' | 'overtaken' | 'rolled-back'

/** A generation that was to be published and no longer can be. */
export interface Missed {
  readonly missed: Exclude<Fate, 'published'>
  /** What readers see. */
  readonly current: string | null
}

/** What the office decided in its settings, read at the moment when it matters. */
export interface PublishingPolicy {
  readonly requireApproval: boolean
  /** How long a built generation waits for its approval, hours. */
  readonly waitHours: number
}

/** Told to people by webhook or command: counts and ids only. */
export type NoticeKind = 'failed' | 'checks-failed' | 'approval-needed' | 'approval-expired'

export interface Notice {
  readonly kind: NoticeKind
  readonly workflow: string
  readonly stage: Stage
  readonly generation?: string
  /** Class of the error, as `HeaderDrift`; never its text. */
  readonly error?: string
  readonly failedChecks?: number
}

export type Stage =
  'collect' | 'plan' | 'parse' | 'record' | 'build' | 'approval' | 'publish' | 'render' | 'done'

/** Answer of the `progress` query: `done` of `total` files, batches or years; 0 of 0 where a stage is one piece. */
export interface Progress {
  readonly stage: Stage
  readonly done: number
  readonly total: number
  /** The generation that was built, once there is one, and its content: a number may be given again. */
  readonly generation?: string
  readonly contentHash?: string
  /** Its step waits for another process to give the home back; who that is stands in the home. */
  readonly isWaiting?: boolean
}

/** What a step says of itself while it runs; the server keeps it. */
export type Beat = Pick<Progress, 'done' | 'total' | 'isWaiting'>

/** What to do with a generation that waits; who decided is in the ledger, not here. */
export interface Approval {
  readonly generation: string
  readonly decision: 'publish' | 'reject'
}

export interface LoadInput {
  /** SHA-256 of files that are in the archive already. */
  readonly files: readonly string[]
  /** These files alone, not those of before whose forms have changed since. */
  readonly only?: boolean
  /** The files are known to need parsing, after `continueAsNew`. */
  readonly isPlanned?: boolean
  /** Files that the runs before this one noted, to be counted with its own, after `continueAsNew`. */
  readonly noted?: readonly string[]
  /** What is to be added to the sums, after `continueAsNew`. */
  readonly before?: LoadSummary
}

export interface RefreshInput {
  /** SHA-256 of files that are in the archive already. */
  readonly files?: readonly string[]
  /** Take what lies in the office's inbox too: a schedule has nobody to pass it files. */
  readonly collect?: boolean
  /** Id of the schedule that started the run, where one did. */
  readonly schedule?: string
  /** Render the site where its shell is at hand. */
  readonly render?: boolean
  /** The files are known to need parsing, after `continueAsNew`. */
  readonly isPlanned?: boolean
  /** Files that the runs before this one noted, to be counted with its own, after `continueAsNew`. */
  readonly noted?: readonly string[]
  /** What is to be added to the sums, after `continueAsNew`. */
  readonly before?: LoadSummary
}

export type RefreshStatus =
  | 'published'
  | 'unchanged'
  | 'checks-failed'
  | 'nothing-to-show'
  | 'waiting'
  | 'rejected'
  | 'expired'
  /** Another run published something newer, took it back or removed it; `missed` says which. */
  | 'overtaken'

export interface RefreshResult {
  readonly status: RefreshStatus
  readonly load: LoadSummary
  readonly build: BuildSummary
  readonly published: Publication | null
  readonly missed?: Missed
  /** Number of pages, 0 where the site was not rendered. */
  readonly pages: number
}

export interface BackfillInput {
  /** School years (the year in which each ends), both included: their archived files are read again, oldest year first. */
  readonly from: number
  readonly to: number
  readonly render?: boolean
  /** Sums of the years before `from`, after `continueAsNew`. */
  readonly before?: LoadSummary
}
