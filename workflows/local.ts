import { backfill, FILES_PER_RECORD, load, loadFiles, refresh } from './plan.ts'
import type { Hooks, Outcome, Steps } from './plan.ts'
import type {
  BackfillInput,
  LoadInput,
  LoadSummary,
  Progress,
  RefreshInput,
  RefreshResult,
} from './messages.ts'

export interface LocalOptions {
  readonly steps: Steps
  readonly onProgress?: (progress: Progress) => void
  readonly signal?: AbortSignal
}

export interface LocalEngine {
  load(input: LoadInput): Promise<LoadSummary>
  refresh(input: RefreshInput): Promise<RefreshResult>
  backfill(input: BackfillInput): Promise<RefreshResult>
}

/** No history grows here, so a plan always comes to its end in one run. */
const resultOf = <T>(outcome: Outcome<T, unknown>): T => {
  if ('result' in outcome) return outcome.result
  throw new Error('a plan in process asked for a new run')
}

/** The same plan in this process. An approval is not waited for: the built generation stays, and the status is `waiting`. */
export const localEngine = ({ steps, onProgress, signal }: LocalOptions): LocalEngine => {
  const silent = (): void => signal?.throwIfAborted()
  const hooks = (workflow: string): Hooks => {
    let isPublished = false
    return {
      workflow,
      isPart: false,
      progress: (progress) => {
        // A stop that comes after the publication must not pass for one before it.
        if (!isPublished) signal?.throwIfAborted()
        isPublished = progress.stage === 'publish' || isPublished
        onProgress?.(progress)
      },
      approval: () => Promise.resolve('deferred'),
      protect: (work) => work(),
      nameOf: (error) => (error instanceof Error ? error.constructor.name : 'Error'),
      isCancellation: () => signal?.aborted ?? false,
      isLong: () => false,
      batch: FILES_PER_RECORD,
    }
  }
  return {
    load: async (input) => resultOf(await loadFiles(steps, input, hooks('load'))),
    refresh: async (input) => resultOf(await refresh(steps, input, hooks('refresh'))),
    backfill: async (input) =>
      resultOf(
        await backfill(steps, input, hooks('backfill'), async ({ files }) =>
          resultOf(
            await load(steps, { files, only: true }, { ...hooks('backfill'), progress: silent }),
          ),
        ),
      ),
  }
}
