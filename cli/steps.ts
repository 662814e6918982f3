import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { build } from '../warehouse/build.ts'
import type { Catalog } from '../warehouse/catalog.ts'
import { writeEditions } from '../warehouse/editions.ts'
import { MeraError } from '../warehouse/errors.ts'
import { currentGeneration, editionFile, readManifest } from '../warehouse/generation.ts'
import type { Home } from '../warehouse/home.ts'
import { noteBuild } from '../warehouse/journal.ts'
import { parseFile, planParsing, receive, record, type ParseOutcome } from '../warehouse/land.ts'
import { withLedger } from '../warehouse/ledger.ts'
import { parseAll, type ParseJob } from '../warehouse/parse-pool.ts'
import { discard, publish } from '../warehouse/publish.ts'
import { readSettings } from '../warehouse/settings.ts'
import type { StepContext } from '../workflows/activities/index.ts'
import type { FileCounts } from '../workflows/messages.ts'
import { readNotifySettings, tellPeople } from '../workflows/notify.ts'
import type { Steps } from '../workflows/plan.ts'

export interface StepsOptions {
  readonly home: Home
  readonly catalog: Catalog
  /** Where the site is put; absent: nothing is rendered. */
  readonly site?: string
  /** Files that this process has parsed already, beside each other. */
  readonly parsed?: ReadonlyMap<string, ParseOutcome>
  /** Told of each table before it is built; `done` of `total`. */
  readonly onTable?: (done: number, total: number, table: string) => void
}

/** The office's own folder: what lies in it is taken by scheduled runs. */
export const inboxOf = (home: Pick<Home, 'path'>): string => join(home.path, 'inbox')
export const siteOf = (home: Pick<Home, 'path'>, edition = 'official'): string =>
  join(home.path, 'site', edition)

/** The work of the plan over one home: what an activity does and what the engine in process does. */
export const createSteps =
  ({ home, catalog, site, parsed = new Map(), onTable }: StepsOptions) =>
  ({ onProgress, signal }: StepContext): Steps => {
    const jobsOf = async (files: readonly string[]): Promise<readonly ParseJob[]> => {
      const wanted = new Set(files)
      const { jobs } = await planParsing(home, catalog.sources, [])
      return jobs.filter(({ sha256 }) => wanted.has(sha256))
    }
    return {
      collect: async () => {
        const inbox = inboxOf(home)
        if (!existsSync(inbox)) return []
        const received = await receive(home, [inbox], { onProgress, signal })
        return received.map(({ sha256 }) => sha256)
      },
      archived: ({ schoolYear }) =>
        withLedger(home, 'archived', async (ledger) => {
          const rows = await ledger.rows<{ sha256: string }>(
            'select distinct sha256 from sheet where year = ? order by sha256',
            [schoolYear],
          )
          return rows.map(({ sha256 }) => sha256)
        }),
      parse: async ({ files }) => {
        if (files.every((sha256) => parsed.has(sha256))) return files.map((each) => counts(parsed.get(each), each))
        const jobs = await jobsOf(files)
        const outcomes = await parseAll(home, catalog.sources, jobs, { onProgress, signal })
        const known = new Map(outcomes.map((outcome) => [outcome.sha256, outcome]))
        return files.map((sha256) => counts(known.get(sha256), sha256))
      },
      record: async ({ files }) => {
        const jobs = await jobsOf(files)
        const outcomes: ParseOutcome[] = []
        for (const job of jobs) {
          signal.throwIfAborted()
          const known = parsed.get(job.sha256)
          outcomes.push(known ?? (await parseFile(home, catalog.sources, job.sha256, job)))
          onProgress(outcomes.length, jobs.length)
        }
        const { read, loaded, quarantined, files: recorded } = await record(home, outcomes)
        const refused = recorded.filter(({ status }) => status === 'refused').length
        return {
          read,
          loaded,
          quarantined,
          files: recorded.length - refused,
          unchanged: files.length - recorded.length,
          refused,
        }
      },
      build: async () => {
        const started = { at: new Date().toISOString(), clock: performance.now() }
        const report = await build(home, catalog, {
          signal,
          onProgress: (done, total, table) => {
            onProgress(done, total)
            onTable?.(done, total, table)
          },
        })
        const { generation, contentHash, checks } = report
        const manifest = await readManifest(home, generation)
        const ms = Math.round(performance.now() - started.clock)
        await noteBuild(home, report, manifest, { at: started.at, ms })
        const found = checks.filter((check) => check.found > 0)
        return {
          generation,
          contentHash,
          built: report.built.length,
          unchanged: report.unchanged,
          failedChecks: found.filter(({ severity }) => severity === 'error').length,
          warnings: found.filter(({ severity }) => severity === 'warning').length,
          published: (await currentGeneration(home)) === generation,
        }
      },
      publishingPolicy: async () => {
        const { approvals } = await readSettings(home)
        return { requireApproval: approvals.beforePublishing }
      },
      publish: async ({ generation }) => {
        const current = await currentGeneration(home)
        if (current !== undefined && current > generation) throw outrun(generation, current)
        const { contentHash } = await publish(home, catalog, generation)
        return { generation, contentHash }
      },
      editions: async ({ generation }) => {
        const files = catalog.editions.map(({ name }) => editionFile(home, generation, name))
        if (!files.every((file) => existsSync(file)))
          await writeEditions(home, catalog, await readManifest(home, generation))
        return { editions: files.length }
      },
      render: async ({ generation }) => {
        if (site === undefined) return { pages: 0 }
        const { renderSite, shellReady } = await import('../reports/site.ts')
        const edition = editionFile(home, generation, 'official')
        if (!shellReady() || !existsSync(edition)) return { pages: 0 }
        const { pages } = await renderSite({ edition, out: site })
        return { pages }
      },
      discard: ({ generation }) => discard(home, generation),
      notify: async (notice) => tellPeople(await readNotifySettings(home.path), notice),
    }
  }

const counts = (outcome: ParseOutcome | undefined, sha256: string): FileCounts =>
  outcome === undefined
    ? { sha256, status: 'unchanged', sheets: 0, read: 0, loaded: 0, quarantined: 0 }
    : {
        sha256,
        status: 'loaded',
        sheets: 1,
        read: outcome.read,
        loaded: outcome.loaded,
        quarantined: outcome.quarantined,
      }

const outrun = (generation: string, current: string): MeraError =>
  new MeraError({
    code: 'generation-outrun',
    message: `поколение ${generation} не опубликовано: уже опубликовано более новое ${current}`,
    hint: `если нужно именно оно, выполните mera publish ${generation}; предыдущее возвращает mera rollback`,
  })
