import { existsSync } from 'node:fs'
import { build, type BuildReport } from '../../warehouse/build.ts'
import { loadCatalog } from '../../warehouse/catalog.ts'
import type { Catalog } from '../../warehouse/catalog.ts'
import { currentGeneration, hasNoNumbers, readManifest } from '../../warehouse/generation.ts'
import { wasPublished } from '../../warehouse/history.ts'
import { SettingsInvalid } from '../../warehouse/errors.ts'
import type { Home } from '../../warehouse/home.ts'
import { factRules } from '../../warehouse/facts.ts'
import { filesOfYears, planParsing, receive, record } from '../../warehouse/land.ts'
import { amongFiles, notWithdrawn, withLedger } from '../../warehouse/ledger.ts'
import { withLock } from '../../warehouse/lock.ts'
import { settingsFault } from '../../warehouse/overrides.ts'
import { parseAll } from '../../warehouse/parse-pool.ts'
import type { ParseJob } from '../../warehouse/parse-pool.ts'
import { discard, publish } from '../../warehouse/publish.ts'
import {
  besideOthers,
  counted,
  formKey,
  sumsOf,
  type SheetOfFile,
} from '../../warehouse/replaced.ts'
import { readNotify, readSettings } from '../../warehouse/settings.ts'
import { approverOf, fateOf, forgetApproval } from '../approval.ts'
import type { LoadSummary } from '../messages.ts'
import { tellPeople } from '../notify.ts'
import type { Steps } from '../plan.ts'
import type { StepContext } from './index.ts'

export interface World {
  readonly home: Home
  /** Folder of a project (`--project`). */
  readonly project?: string
  /** Instead of the declarations found in `transforms/` and the project. */
  readonly catalog?: Catalog
  /** Renders the site of a published generation where its shell is at hand; returns its number of pages. */
  readonly render?: (generation: string) => Promise<number>
  /** Gets Russian lines about what went wrong beside a run. */
  readonly say?: (line: string) => void
}

/** After a rollback nothing new was built: what people see stays, not the generation that was taken back. */
const standingInstead = async (home: Home, built: BuildReport): Promise<BuildReport> => {
  const current = await currentGeneration(home)
  if (built.isNew || current === undefined || current === built.generation) return built
  if (!(await wasPublished(home, built.generation))) return built
  const { generation, contentHash, checks } = await readManifest(home, current)
  return { ...built, generation, contentHash, checks }
}

/** The steps over a real home. The catalog is read once: a worker is restarted when its declarations change. */
export const warehouseSteps = ({
  home,
  project,
  catalog: ready,
  render,
  say,
}: World): ((context: StepContext) => Steps) => {
  let catalog = ready === undefined ? undefined : Promise.resolve(ready)
  const declared = (): Promise<Catalog> => (catalog ??= loadCatalog(project))

  /** What of these files is still to be parsed, with all that parsing needs to know. */
  const jobsOf = async (files: readonly string[]): Promise<readonly ParseJob[]> => {
    const wanted = new Set(files)
    const { jobs } = await planParsing(home, (await declared()).sources, files)
    return jobs.filter(({ sha256 }) => wanted.has(sha256))
  }

  const summaryOf = (files: readonly string[]): Promise<LoadSummary> =>
    withLedger(home, 'report', async (ledger) => {
      const parameter = [JSON.stringify(files)]
      const sheets = await ledger.rows<SheetOfFile>(
        `select coalesce(source, '') as source, sha256, sheet, read, loaded, quarantined from ${notWithdrawn('sheet')} where ${amongFiles}`,
        parameter,
      )
      const [noted] = await ledger.rows<Pick<LoadSummary, 'files' | 'refused'>>(
        `select count(*)::integer as files, (count(*) filter (where status = 'refused'))::integer as refused from ${notWithdrawn('file')} where ${amongFiles}`,
        parameter,
      )
      const { forms } = await besideOthers(home, ledger, files)
      const sums = sumsOf(sheets.map((sheet) => counted(sheet, forms.get(formKey(sheet)))))
      return { files: 0, refused: 0, unchanged: 0, ...noted, ...sums }
    })

  return ({ onProgress, signal }) => ({
    collect: async () => {
      if (!existsSync(home.inbox)) return []
      const rules = factRules(await declared())
      const received = await receive(home, [home.inbox], { rules, onProgress, signal })
      return received.map(({ sha256 }) => sha256)
    },
    archived: ({ schoolYear }) => filesOfYears(home, schoolYear, schoolYear),
    pending: async ({ files, only }) => {
      const { jobs } = await planParsing(home, (await declared()).sources, files)
      const given = new Set(files)
      const all = jobs.map(({ sha256 }) => sha256)
      const among = all.filter((sha256) => given.has(sha256))
      return { files: only ? among : all, unchanged: given.size - among.length }
    },
    parse: async ({ files }) => {
      const { sources } = await declared()
      await parseAll(home, sources, await jobsOf(files), { onProgress, signal })
    },
    record: async ({ files, earlier = [] }) => {
      const { sources } = await declared()
      const jobs = await jobsOf(files)
      if (jobs.length > 0) await record(home, await parseAll(home, sources, jobs, { signal }))
      return summaryOf([...earlier, ...files])
    },
    build: async () => {
      const built = await build(home, await declared(), { onProgress, signal })
      const report = await standingInstead(home, built)
      const { generation, unchanged, contentHash } = report
      const current = await currentGeneration(home)
      return {
        generation,
        built: report.built,
        unchanged,
        contentHash,
        checks: report.checks.map(({ check, severity, found }) => ({ check, severity, found })),
        published: current === generation,
        hasNothingToShow:
          current === undefined && hasNoNumbers(await readManifest(home, generation)),
      }
    },
    publishingPolicy: async () => {
      const { approvals } = await readSettings(home)
      return { requireApproval: approvals.beforePublishing, waitHours: approvals.waitHours }
    },
    publish: ({ generation, contentHash }) =>
      withLock(home, 'publish', async () => {
        const missed = await fateOf(home, generation, contentHash)
        if (missed !== undefined && missed !== 'published')
          return { missed, current: (await currentGeneration(home)) ?? null }
        const approvedBy = await approverOf(home, generation)
        const published = await publish(home, await declared(), generation, {
          ...(approvedBy === undefined ? {} : { approvedBy }),
        })
        return { generation, contentHash: published.contentHash }
      }),
    render: async ({ generation }) => ({
      pages: render === undefined ? 0 : await render(generation),
    }),
    discard: ({ generation, contentHash }) =>
      withLock(home, 'discard', async () => {
        const fate = (await fateOf(home, generation, contentHash)) ?? null
        // Its number may be another's by now.
        if (fate !== 'removed') {
          await discard(home, generation)
          await forgetApproval(home, generation)
        }
        return { fate }
      }),
    notify: async (notice) => {
      const notify = await readNotify(home)
      const fault =
        notice.error === SettingsInvalid.name
          ? await declared()
              .then((known) => settingsFault(home, known))
              .catch(() => undefined)
          : undefined
      const answer = await tellPeople(notify, {
        ...notice,
        ...(fault === undefined ? {} : { message: fault.message, hint: fault.hint }),
      })
      if (!answer.told && (notify.webhook !== undefined || notify.command !== undefined))
        say?.(
          'Сообщение о прогоне не доставлено: проверьте settings/notify.json и того, кто его принимает',
        )
      return answer
    },
  })
}
