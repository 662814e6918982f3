import type { BuildSummary, LoadSummary } from '../../workflows/messages.ts'
import type { Steps } from '../../workflows/plan.ts'

/** A file's hash for tests: the number in 64 hex digits. */
export const hash = (n: number): string => n.toString(16).padStart(64, '0')

export const summary = (files: number): LoadSummary => ({
  read: files * 10,
  loaded: files * 9,
  quarantined: files,
  replaced: 0,
  files,
  unchanged: 0,
  refused: 0,
})

export const built: BuildSummary = {
  generation: 'g2',
  built: [{ table: 'core.dim_school', rows: 34, ms: 12 }],
  unchanged: 4,
  contentHash: 'c2',
  checks: [{ check: 'few-pupils', severity: 'warning', found: 3 }],
  published: false,
}

/** The same build with a check of severity error that found rows. */
export const failing: BuildSummary = {
  ...built,
  checks: [
    { check: 'results-known-schools', severity: 'error', found: 2 },
    { check: 'shares-within-one', severity: 'error', found: 0 },
    ...built.checks,
  ],
}

export interface FakeSteps {
  readonly steps: Steps
  /** Every call in order, as its name and its input in JSON. */
  readonly calls: string[]
}

/** Steps that write down how they were called; `over` replaces some. */
export const fakeSteps = (over: Partial<Steps> = {}): FakeSteps => {
  const calls: string[] = []
  const called =
    <Input extends readonly unknown[], Output>(
      name: string,
      work: (...input: Input) => Promise<Output>,
    ) =>
    (...input: Input): Promise<Output> => {
      calls.push([name, ...input.map((each) => JSON.stringify(each))].join(' '))
      return work(...input)
    }
  const plain: Steps = {
    collect: () => Promise.resolve([]),
    archived: () => Promise.resolve([]),
    pending: ({ files }) => Promise.resolve({ files, unchanged: 0 }),
    parse: () => Promise.resolve(),
    record: ({ files, earlier = [] }) => Promise.resolve(summary(files.length + earlier.length)),
    build: () => Promise.resolve(built),
    publishingPolicy: () => Promise.resolve({ requireApproval: false, waitHours: 72 }),
    publish: ({ generation }) => Promise.resolve({ generation, contentHash: built.contentHash }),
    render: () => Promise.resolve({ pages: 5 }),
    discard: () => Promise.resolve({ fate: null }),
    notify: () => Promise.resolve({ told: true }),
  }
  const all = { ...plain, ...over }
  const steps: Steps = {
    collect: called('collect', () => all.collect()),
    archived: called('archived', (input) => all.archived(input)),
    pending: called('pending', (input) => all.pending(input)),
    parse: called('parse', (input) => all.parse(input)),
    record: called('record', (input) => all.record(input)),
    build: called('build', () => all.build()),
    publishingPolicy: called('publishingPolicy', () => all.publishingPolicy()),
    publish: called('publish', (input) => all.publish(input)),
    render: called('render', (input) => all.render(input)),
    discard: called('discard', (input) => all.discard(input)),
    notify: called('notify', (notice) => all.notify(notice)),
  }
  return { steps, calls }
}
