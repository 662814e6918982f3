/**
 * What is done in which order, and nothing else: pure, so that the workflows (their steps are activities) and the
 * in-process engine (its steps are the functions themselves) run one implementation.
 */
import type {
  Approval,
  BackfillInput,
  BuildSummary,
  Fate,
  LoadInput,
  LoadSummary,
  Missed,
  Notice,
  NoticeKind,
  Progress,
  Publication,
  PublishingPolicy,
  RefreshInput,
  RefreshResult,
  RefreshStatus,
  Stage,
} from './messages.ts'

/** The work itself; inputs and outputs are JSON-safe. Every step may be repeated: done twice it is as if done once. */
export interface Steps {
  /** Takes what lies in the office's inbox into the archive; returns SHA-256 of everything there. */
  collect(): Promise<readonly string[]>
  /** SHA-256 of archived files that hold rows of this school year. */
  archived(input: { readonly schoolYear: number }): Promise<readonly string[]>
  /** Which of the files must be parsed, and (unless `only`) files of before whose forms have changed since. */
  pending(input: {
    readonly files: readonly string[]
    readonly only: boolean
  }): Promise<{ readonly files: readonly string[]; readonly unchanged: number }>
  /** Reads archived files into `parsed/`; several batches at a time, on several workers. */
  parse(input: { readonly files: readonly string[] }): Promise<void>
  /** Writes what parsing found into the ledger, once per file; the sums are of these and of those noted `earlier`, as they stand then. */
  record(input: {
    readonly files: readonly string[]
    readonly earlier?: readonly string[]
  }): Promise<LoadSummary>
  build(): Promise<BuildSummary>
  publishingPolicy(): Promise<PublishingPolicy>
  /** Moves `current` to this generation, or says what became of it; published by another run, it is published. */
  publish(input: Publication): Promise<Publication | Missed>
  /** Renders the site over the published edition; 0 pages where its shell is not at hand. */
  render(input: { readonly generation: string }): Promise<{ readonly pages: number }>
  /** Removes a generation that will not be published, and says what had become of it before; the published one is never touched. */
  discard(input: Publication): Promise<{ readonly fate: Fate | null } | undefined>
  /** Tells people; never fails because of them. */
  notify(notice: Notice): Promise<{ readonly told: boolean }>
}

export type Decision = 'publish' | 'reject' | 'expired' | 'deferred'

/** What differs between the engines. */
export interface Hooks {
  /** Id of the run, for notices. */
  readonly workflow: string
  progress(progress: Progress): void
  /** Waits for people, or says `deferred` where nobody can wait. */
  approval(generation: string, waitHours: number): Promise<Decision>
  /** Runs what must happen even after cancellation. */
  protect<T>(work: () => Promise<T>): Promise<T>
  /** Class of the error behind a failure, without its text. */
  nameOf(error: unknown): string
  isCancellation(error: unknown): boolean
  /** True where the history has grown long and the run should go on in a new one. */
  isLong(): boolean
  /** Files in one call of `parse`. */
  readonly batch: number
  /** True in a part of a larger run, which will tell of the failure itself. */
  readonly isPart: boolean
}

/** Either a result, or the input with which a new run goes on. */
export type Outcome<Result, Input> = { readonly result: Result } | { readonly rest: Input }

export const PARSING_AT_ONCE = 4
export const FILES_PER_RECORD = 1024

export const NOTHING: LoadSummary = {
  read: 0,
  loaded: 0,
  quarantined: 0,
  replaced: 0,
  files: 0,
  unchanged: 0,
  refused: 0,
}

export const addLoads = (a: LoadSummary, b: LoadSummary): LoadSummary => ({
  read: a.read + b.read,
  loaded: a.loaded + b.loaded,
  quarantined: a.quarantined + b.quarantined,
  replaced: (a.replaced ?? 0) + (b.replaced ?? 0),
  files: a.files + b.files,
  unchanged: a.unchanged + b.unchanged,
  refused: a.refused + b.refused,
})

/** Runs of `size`, in order; the last may be shorter. */
export const chunks = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  )

/** Each file once, in the order of its hash: the order of arrival is the ledger's business, never the plan's. */
export const distinct = (files: readonly string[]): string[] => [...new Set(files)].sort()

/** Calls `work` for every item, at most `width` at a time; after a failure no further item is started. */
export const inParallel = async <T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> => {
  let next = 0
  let failed = false
  const lane = async (): Promise<void> => {
    while (!failed && next < items.length) {
      const item = items[next]
      next += 1
      try {
        await work(item as T)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  const lanes = await Promise.allSettled(
    Array.from({ length: Math.min(width, items.length) }, () => lane()),
  )
  for (const end of lanes) if (end.status === 'rejected') throw end.reason
}

/** Archive → parsed → ledger. */
export const load = async (
  steps: Pick<Steps, 'pending' | 'parse' | 'record'>,
  input: LoadInput,
  hooks: Pick<Hooks, 'progress' | 'isLong' | 'batch'>,
): Promise<Outcome<LoadSummary, LoadInput>> => {
  let files = distinct(input.files)
  let before = input.before ?? NOTHING
  if (input.isPlanned !== true) {
    hooks.progress({ stage: 'plan', done: 0, total: 0 })
    const pending = await steps.pending({ files, only: input.only ?? false })
    files = distinct(pending.files)
    before = { ...before, unchanged: before.unchanged + pending.unchanged }
  }
  const earlier = input.noted ?? []
  let own = NOTHING
  let done = 0
  for (const chunk of chunks(files, FILES_PER_RECORD)) {
    if (done > 0 && hooks.isLong())
      return {
        rest: {
          files: files.slice(done),
          isPlanned: true,
          noted: [...earlier, ...files.slice(0, done)],
          before,
        },
      }
    let parsed = done
    hooks.progress({ stage: 'parse', done: parsed, total: files.length })
    await inParallel(chunks(chunk, hooks.batch), PARSING_AT_ONCE, async (batch) => {
      await steps.parse({ files: batch })
      parsed += batch.length
      hooks.progress({ stage: 'parse', done: parsed, total: files.length })
    })
    hooks.progress({ stage: 'record', done, total: files.length })
    const noted = [...earlier, ...files.slice(0, done)]
    done += chunk.length
    const isCounted = done === files.length && noted.length > 0
    own = await steps.record({ files: chunk, ...(isCounted ? { earlier: noted } : {}) })
  }
  return { result: addLoads(before, own) }
}

/** Build, check, approval, publication and site, over what the ledger holds. */
const settle = async (
  steps: Omit<Steps, 'collect' | 'archived' | 'pending' | 'parse' | 'record'>,
  input: { readonly load: LoadSummary; readonly render: boolean },
  hooks: Hooks,
  note: (built: BuildSummary | undefined) => void,
): Promise<RefreshResult> => {
  hooks.progress({ stage: 'build', done: 0, total: 0 })
  const build = await steps.build()
  const { generation, contentHash } = build
  const at = (stage: Stage): void => {
    hooks.progress({ stage, done: 0, total: 0, generation, contentHash })
  }
  const end = (status: RefreshStatus, published: Publication | null, pages = 0): RefreshResult => {
    at('done')
    return { status, load: input.load, build, published, pages }
  }
  const tell = (kind: NoticeKind): Promise<unknown> =>
    steps.notify({ kind, workflow: hooks.workflow, stage: 'approval', generation })

  const miss = (missed: Missed): RefreshResult => ({ ...end('overtaken', null), missed })
  const show = async (status: RefreshStatus, published: Publication): Promise<RefreshResult> => {
    if (!input.render) return end(status, published)
    at('render')
    const { pages } = await steps.render({ generation })
    return end(status, published, pages)
  }

  if (build.published) return show('unchanged', { generation, contentHash })
  note(build)
  const failedChecks = build.checks.filter(
    ({ severity, found }) => severity === 'error' && found > 0,
  ).length
  if (failedChecks > 0) {
    await steps.notify({
      kind: 'checks-failed',
      workflow: hooks.workflow,
      stage: 'build',
      generation,
      failedChecks,
    })
    return end('checks-failed', null)
  }
  if (build.hasNothingToShow === true) {
    note(undefined)
    await steps.discard({ generation, contentHash })
    return end('nothing-to-show', null)
  }
  const { requireApproval, waitHours } = await steps.publishingPolicy()
  if (requireApproval) {
    at('approval')
    await tell('approval-needed')
    const decision = await hooks.approval(generation, waitHours)
    if (decision === 'deferred') return end('waiting', null)
    if (decision !== 'publish') {
      note(undefined)
      // Runs of before were told nothing of it.
      const fate = (await steps.discard({ generation, contentHash }))?.fate ?? null
      if (fate === 'published') return show('unchanged', { generation, contentHash })
      if (decision === 'expired') await tell('approval-expired')
      return end(decision === 'expired' ? 'expired' : 'rejected', null)
    }
  }
  at('publish')
  const published = await steps.publish({ generation, contentHash })
  note(undefined)
  if ('missed' in published) return miss(published)
  return show('published', published)
}

/**
 * Runs `work`; whatever ends it early, the generation that it itself had built and not published is removed, and a failure that
 * is not a cancellation is told. The error goes on to the caller.
 */
const guarded = async <T>(
  steps: Pick<Steps, 'discard' | 'notify'>,
  hooks: Hooks,
  work: (hooks: Hooks, note: (built: BuildSummary | undefined) => void) => Promise<T>,
): Promise<T> => {
  let stage: Stage = 'collect'
  let pending: BuildSummary | undefined
  const watched: Hooks = {
    ...hooks,
    progress: (progress) => {
      stage = progress.stage
      hooks.progress(progress)
    },
  }
  try {
    return await work(watched, (built) => {
      pending = built
    })
  } catch (error) {
    const { generation, contentHash = '' } = pending ?? {}
    // One that stood unpublished before may be waited for by another run.
    const isOwn = pending !== undefined && pending.built.length > 0
    await hooks.protect(async () => {
      // What follows must not hide the error that is on its way.
      if (generation !== undefined && isOwn)
        await steps.discard({ generation, contentHash }).catch(() => undefined)
      if (hooks.isPart || hooks.isCancellation(error)) return
      await steps
        .notify({
          kind: 'failed',
          workflow: hooks.workflow,
          stage,
          error: hooks.nameOf(error),
          ...(generation === undefined ? {} : { generation }),
        })
        .catch(() => undefined)
    })
    throw error
  }
}

/** `load` alone, where a failure is told. */
export const loadFiles = (
  steps: Steps,
  input: LoadInput,
  hooks: Hooks,
): Promise<Outcome<LoadSummary, LoadInput>> =>
  guarded(steps, hooks, (watched) => load(steps, input, watched))

/** The whole path: files → ledger → a generation → checks → publication → site. */
export const refresh = (
  steps: Steps,
  input: RefreshInput,
  hooks: Hooks,
): Promise<Outcome<RefreshResult, RefreshInput>> =>
  guarded(steps, hooks, async (watched, note) => {
    const { files = [], collect = false, render = false, ...rest } = input
    if (collect) watched.progress({ stage: 'collect', done: 0, total: 0 })
    const collected = collect ? await steps.collect() : []
    const outcome = await load(steps, { ...rest, files: [...files, ...collected] }, watched)
    if ('rest' in outcome) return { rest: { ...outcome.rest, render } }
    return { result: await settle(steps, { load: outcome.result, render }, watched, note) }
  })

/**
 * Reads archived years again (a source has learnt to read them better) and publishes once, at the end. `loadYear` loads
 * one year's files: a child workflow, or `load` itself.
 */
export const backfill = (
  steps: Steps,
  input: BackfillInput,
  hooks: Hooks,
  loadYear: (input: LoadInput & { readonly schoolYear: number }) => Promise<LoadSummary>,
): Promise<Outcome<RefreshResult, BackfillInput>> =>
  guarded(steps, hooks, async (watched, note) => {
    const { from, to, render = false } = input
    let sum = input.before ?? NOTHING
    for (let schoolYear = from; schoolYear <= to; schoolYear += 1) {
      if (schoolYear > from && watched.isLong())
        return { rest: { from: schoolYear, to, render, before: sum } }
      watched.progress({ stage: 'parse', done: schoolYear - from, total: to - from + 1 })
      const files = await steps.archived({ schoolYear })
      if (files.length > 0) sum = addLoads(sum, await loadYear({ files, schoolYear }))
    }
    return { result: await settle(steps, { load: sum, render }, watched, note) }
  })

/** The decision on this generation, if there was one: what was said of another generation does not count. */
export const decisionOn = (
  approvals: readonly Approval[],
  generation: string,
): Approval['decision'] | undefined =>
  approvals.find((approval) => approval.generation === generation)?.decision
