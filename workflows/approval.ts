import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UsageError } from '../warehouse/errors.ts'
import {
  currentGeneration,
  latestManifest,
  listGenerations,
  readManifest,
} from '../warehouse/generation.ts'
import { wasPublished } from '../warehouse/history.ts'
import type { Home } from '../warehouse/home.ts'
import type { Approvals } from '../warehouse/settings.ts'
import type { Fate } from './messages.ts'

/** Who approved is noted in home, for the ledger: a name has no place in a history. */
const noteFile = (home: Pick<Home, 'path'>, generation: string): string =>
  join(home.path, 'approvals', `${generation}.json`)

/** Throws UsageError where the office's settings name approvers and this is none of them. */
export const refuseStranger = ({ approvers }: Pick<Approvals, 'approvers'>, by: string): void => {
  if (approvers.length === 0 || approvers.includes(by)) return
  throw new UsageError({
    code: 'not-an-approver',
    message: `«${by}» не может разрешать публикацию`,
    hint: `назовите того, кто решил: mera approve --by ИМЯ; могут ${approvers.map((name) => `«${name}»`).join(', ')} (settings/approvals.json, поле approvers)`,
  })
}

export const noteApproval = async (
  home: Pick<Home, 'path'>,
  generation: string,
  by: string,
): Promise<void> => {
  const file = noteFile(home, generation)
  await mkdir(join(home.path, 'approvals'), { recursive: true })
  await writeFile(file, JSON.stringify({ by }))
}

/** Who approved this generation, where it was noted. */
export const approverOf = async (
  home: Pick<Home, 'path'>,
  generation: string,
): Promise<string | undefined> => {
  const text = await readFile(noteFile(home, generation), 'utf8').catch(() => undefined)
  return text === undefined ? undefined : (JSON.parse(text) as { readonly by: string }).by
}

/** The generation that only a word keeps from being published: the last one built, sound and never shown, where the office asks for a word. */
export const waitingGeneration = async (
  home: Home,
  { beforePublishing }: Pick<Approvals, 'beforePublishing'>,
): Promise<string | undefined> => {
  const latest = beforePublishing ? await latestManifest(home) : undefined
  if (latest === undefined) return undefined
  const { generation, checks } = latest
  const hasFailed = checks.some(({ severity, found }) => severity === 'error' && found > 0)
  return hasFailed || (await wasPublished(home, generation)) ? undefined : generation
}

/** What became of a generation that waits to be published; undefined where it still may be. Another content under its number is another generation. */
export const fateOf = async (
  home: Home,
  generation: string,
  contentHash?: string,
): Promise<Fate | undefined> => {
  const current = await currentGeneration(home)
  const manifest = (await listGenerations(home)).includes(generation)
    ? await readManifest(home, generation)
    : undefined
  if (manifest === undefined || manifest.contentHash !== (contentHash ?? manifest.contentHash))
    return 'removed'
  if (current === generation) return 'published'
  if (current !== undefined && generation < current) return 'overtaken'
  return (await wasPublished(home, generation)) ? 'rolled-back' : undefined
}

/** Russian: what became of it, and what to do. */
export const fateText = (
  generation: string,
  fate: Fate,
  current: string | null,
): { readonly message: string; readonly hint: string } =>
  ({
    published: {
      message: `поколение ${generation} уже опубликовано`,
      hint: 'делать ничего не нужно; что опубликовано, показывает mera status',
    },
    removed: {
      message: `поколения ${generation}, которое ждало разрешения, больше нет: его отклонили или удалили`,
      hint: 'если оно нужно, постройте его снова: mera refresh',
    },
    overtaken: {
      message: `поколение ${generation} устарело: опубликовано более новое ${current ?? ''}`,
      hint: `в ${current ?? 'нём'} вошло всё, что было загружено, когда его строили; остальное соберёт mera refresh`,
    },
    'rolled-back': {
      message: `поколение ${generation} уже публиковали и сняли: возвращено прежнее ${current ?? ''}`,
      hint: 'что вернётся со следующей публикацией и как этого не допустить, говорит mera status',
    },
  })[fate]

/** Generations that were discarded give their number to the next one; its approval must not pass on. */
export const forgetApproval = (home: Pick<Home, 'path'>, generation: string): Promise<void> =>
  rm(noteFile(home, generation), { force: true })
