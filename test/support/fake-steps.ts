import type { BuildSummary, LoadSummary } from '../../workflows/messages.ts'
import type { Steps } from '../../workflows/plan.ts'

/** A file's hash for tests: the number in 64 hex digits. */
export const hash = (n: number): string => n.toString(16).padStart(64, '0')

export const summary = (files: number): LoadSummary => ({
  read: files * 10,
  loaded: files * 9,
  quarantined: files,
  files,
  unchanged: 0,
  refused: 0,
})

export const built: BuildSummary = {
  generation: 'g2',
  built: 3,
  unchanged: 4,
  contentHash: 'c2',
  failedChecks: 0,
  warnings: 1,
  published: false,
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
    parse: ({ files }) =>
      Promise.resolve(
        files.map((sha256) => ({
          sha256,
          status: 'loaded',
          sheets: 1,
          read: 10,
          loaded: 9,
          quarantined: 1,
        })),
      ),
    record: ({ files }) => Promise.resolve(summary(files.length)),
    build: () => Promise.resolve(built),
    publishingPolicy: () => Promise.resolve({ requireApproval: false }),
    publish: ({ generation }) => Promise.resolve({ generation, contentHash: built.contentHash }),
    editions: () => Promise.resolve({ editions: 1 }),
    render: () => Promise.resolve({ pages: 5 }),
    discard: () => Promise.resolve(),
    notify: () => Promise.resolve({ told: true }),
  }
  const all = { ...plain, ...over }
  const steps: Steps = {
    collect: called('collect', () => all.collect()),
    archived: called('archived', (input) => all.archived(input)),
    parse: called('parse', (input) => all.parse(input)),
    record: called('record', (input) => all.record(input)),
    build: called('build', () => all.build()),
    publishingPolicy: called('publishingPolicy', () => all.publishingPolicy()),
    publish: called('publish', (input) => all.publish(input)),
    editions: called('editions', (input) => all.editions(input)),
    render: called('render', (input) => all.render(input)),
    discard: called('discard', (input) => all.discard(input)),
    notify: called('notify', (notice) => all.notify(notice)),
  }
  return { steps, calls }
}
