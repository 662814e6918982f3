import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UsageError } from '../warehouse/errors.ts'
import { latestManifest } from '../warehouse/generation.ts'
import { wasPublished } from '../warehouse/history.ts'
import type { Home } from '../warehouse/home.ts'
import type { Approvals } from '../warehouse/settings.ts'

/** Who approved is noted in home, for the ledger: a name has no place in a history. */
const noteFile = (home: Pick<Home, 'path'>, generation: string): string =>
  join(home.path, 'approvals', `${generation}.json`)

/** Throws UsageError where the office's settings name approvers and this is none of them. */
export const refuseStranger = ({ approvers }: Pick<Approvals, 'approvers'>, by: string): void => {
  if (approvers.length === 0 || approvers.includes(by)) return
  throw new UsageError({
    code: 'not-an-approver',
    message: `«${by}» не может подтверждать публикацию`,
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

/** Generations that were discarded give their number to the next one; its approval must not pass on. */
export const forgetApproval = (home: Pick<Home, 'path'>, generation: string): Promise<void> =>
  rm(noteFile(home, generation), { force: true })
