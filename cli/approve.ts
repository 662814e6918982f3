import { renderAgain, siteNews } from './site.ts'
import { userInfo } from 'node:os'
import { UsageError } from '../warehouse/errors.ts'
import { currentGeneration, generationMissing, listGenerations } from '../warehouse/generation.ts'
import type { Home } from '../warehouse/home.ts'
import { discard, publish } from '../warehouse/publish.ts'
import { readSettings, type Approvals } from '../warehouse/settings.ts'
import type { Client } from '@temporalio/client'
import {
  fateOf,
  fateText,
  forgetApproval,
  noteApproval,
  refuseStranger,
  waitingGeneration,
} from '../workflows/approval.ts'
import { NoSuchRun } from '../workflows/errors.ts'
import type { Fate } from '../workflows/messages.ts'
import { readConfig } from '../workflows/config.ts'
import { defineCommand } from './command.ts'
import { noted } from './run.ts'

export const command = defineCommand({
  usage: 'approve [ПОКОЛЕНИЕ] [--by ИМЯ] [--reject]',
  help: [
    'Разрешает публикацию, которая этого ждёт (settings/approvals.json), или отклоняет её. Кто разрешил, остаётся в журнале.',
    'Прогон Temporal, который ждёт, идёт дальше; без Temporal поколение публикуется сразу. Что ждёт, говорит mera status.',
  ].join('\n'),
  options: {
    by: { type: 'string', value: 'ИМЯ', doc: 'кто решил; по умолчанию пользователь компьютера' },
    reject: { type: 'boolean', doc: 'отклонить: поколение удаляется' },
  },
  positionals: { min: 0, max: 1 },
  examples: [
    'mera approve',
    'mera approve g00003 --by "Начальник отдела"',
    'mera approve --reject',
  ],
  run: async (call) => {
    const { positionals, values, terminal, env, signal } = call
    const [named] = positionals
    const by = values.by ?? userInfo().username
    const decision = values.reject === true ? 'reject' : 'publish'
    const home = await call.openHome()
    const { approvals } = await readSettings(home)
    refuseStranger(approvals, by)
    const { taskQueueOf, devServerOf } = await import('../workflows/engine.ts')
    const target = readConfig(env).target ?? (await devServerOf(home))
    if (target !== undefined) {
      const { connect, told } = await import('../workflows/client.ts')
      const { client, close } = await connect(target)
      try {
        const sent = await told(target, () =>
          decide(home, client, taskQueueOf(home, env), { named, decision, by }),
        )
        if (sent !== undefined) {
          const status = decision === 'publish' ? 'approved' : 'rejected'
          await noted(home, { command: 'approve', engine: 'temporal', signal }, () =>
            Promise.resolve({ result: undefined, status, about: sent.generation }),
          )
          terminal.print(
            decision === 'publish'
              ? `Публикация поколения ${sent.generation} разрешена`
              : `Поколение ${sent.generation} отклонено`,
          )
          return { json: { ...sent, decision, by } }
        }
      } finally {
        await close()
      }
    }
    const generation = await waitingGeneration(home, approvals)
    if (generation === undefined || (named !== undefined && named !== generation))
      throw await nothingWaits(home, named, generation, approvals)
    const run = { command: 'approve', engine: 'local', signal }
    if (decision === 'reject') {
      await noted(home, run, async () => {
        await discard(home, generation)
        await forgetApproval(home, generation)
        return { result: undefined, status: 'rejected', about: generation }
      })
      terminal.print(`Поколение ${generation} отклонено и удалено`)
      return { json: { generation, decision, by, workflowId: null } }
    }
    const catalog = await call.loadCatalog(home)
    const published = await noted(home, run, async () => ({
      result: await publish(home, catalog, generation, { approvedBy: by }),
      status: 'published',
      about: generation,
    }))
    terminal.print(`Поколение ${generation} опубликовано; разрешил: ${by}`)
    await renderAgain(home, generation)
    terminal.print(await siteNews(home, generation))
    return {
      json: { generation, decision, by, workflowId: null, contentHash: published.contentHash },
    }
  },
})

/**
 * Tells the runs that wait; undefined where none does. A run whose generation cannot be published any more hears it too, and ends.
 * @throws UsageError that says what became of the generation.
 */
const decide = async (
  home: Home,
  client: Client,
  queue: string,
  {
    named,
    decision,
    by,
  }: {
    readonly named: string | undefined
    readonly decision: 'publish' | 'reject'
    readonly by: string
  },
): Promise<{ readonly workflowId: string; readonly generation: string } | undefined> => {
  const { approve, waitingRuns } = await import('../workflows/client.ts')
  const runs = await waitingRuns(client, queue)
  const waiting = await Promise.all(
    runs.map(async ({ generation, contentHash }) => ({
      generation,
      fate: await fateOf(home, generation, contentHash),
    })),
  )
  if (waiting.length === 0) return undefined
  const only = (generations: readonly string[]): string | undefined =>
    new Set(generations).size === 1 ? generations[0] : undefined
  const standing = waiting.flatMap(({ generation, fate }) => (fate === undefined ? generation : []))
  const generation = named ?? only(standing) ?? only(waiting.map(({ generation: each }) => each))
  if (generation !== undefined && !waiting.some((each) => each.generation === generation))
    await requireGeneration(home, generation)
  const fate =
    generation === undefined || standing.includes(generation)
      ? undefined
      : (waiting.find((each) => each.generation === generation)?.fate ??
        (await fateOf(home, generation)))
  const sent = await approve(client, queue, {
    decision,
    waiting: runs,
    ...(generation === undefined ? {} : { generation }),
    before: async (meant) => {
      if (decision === 'publish' && fate === undefined) await noteApproval(home, meant, by)
    },
  }).catch(async (error: unknown) => {
    if (generation !== undefined && fate === undefined && error instanceof NoSuchRun)
      await forgetApproval(home, generation)
    if (generation !== undefined && fate !== undefined) throw await gone(home, generation, fate)
    throw error
  })
  if (fate !== undefined) throw await gone(home, sent.generation, fate)
  return sent
}

const requireGeneration = async (home: Home, generation: string): Promise<void> => {
  if (!(await listGenerations(home)).includes(generation))
    throw await generationMissing(home, generation)
}

const gone = async (home: Home, generation: string, fate: Fate): Promise<UsageError> =>
  new UsageError({
    code: 'nothing-waits',
    ...fateText(generation, fate, (await currentGeneration(home)) ?? null),
  })

const nothingWaits = async (
  home: Home,
  named: string | undefined,
  waiting: string | undefined,
  { beforePublishing }: Approvals,
): Promise<UsageError> => {
  if (named !== undefined) await requireGeneration(home, named)
  const fate = named === undefined ? undefined : await fateOf(home, named)
  const { message, hint } =
    named !== undefined && fate !== undefined && beforePublishing
      ? fateText(named, fate, (await currentGeneration(home)) ?? null)
      : {
          message:
            named === undefined
              ? 'ни одно поколение не ждёт разрешения'
              : `поколение ${named} не ждёт разрешения`,
          hint: beforePublishing
            ? 'что опубликовано и что построено, показывает mera status'
            : `публикация здесь разрешения не требует: mera publish${named === undefined ? '' : ` ${named}`}`,
        }
  return new UsageError({
    code: 'nothing-waits',
    message,
    hint: waiting === undefined ? hint : `ждёт ${waiting}: mera approve ${waiting}`,
  })
}
