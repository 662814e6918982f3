import { renderAgain, siteNews } from './site.ts'
import { userInfo } from 'node:os'
import { UsageError } from '../warehouse/errors.ts'
import { discard, publish } from '../warehouse/publish.ts'
import { readSettings, type Approvals } from '../warehouse/settings.ts'
import {
  forgetApproval,
  noteApproval,
  refuseStranger,
  waitingGeneration,
} from '../workflows/approval.ts'
import { readConfig } from '../workflows/config.ts'
import { defineCommand } from './command.ts'

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
    const { positionals, values, terminal, env } = call
    const [named] = positionals
    const by = values.by ?? userInfo().username
    const decision = values.reject === true ? 'reject' : 'publish'
    const home = await call.openHome()
    const { approvals } = await readSettings(home)
    refuseStranger(approvals, by)
    const { taskQueueOf, devServerOf } = await import('../workflows/engine.ts')
    const target = readConfig(env).target ?? (await devServerOf(home))
    if (target !== undefined) {
      const { connect, approve, runningRuns, told } = await import('../workflows/client.ts')
      const { client, close } = await connect(target)
      try {
        const queue = taskQueueOf(home, env)
        const waiting = (await told(target, () => runningRuns(client, queue))).flatMap(
          ({ progress }) => (progress?.stage === 'approval' ? (progress.generation ?? []) : []),
        )
        if (waiting.length > 0) {
          const generation = named ?? waiting[0] ?? ''
          if (decision === 'publish') await noteApproval(home, generation, by)
          const sent = await approve(client, queue, {
            decision,
            ...(named === undefined ? {} : { generation: named }),
          }).catch(async (error: unknown) => {
            await forgetApproval(home, generation)
            throw error
          })
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
      throw nothingWaits(named, generation, approvals)
    if (decision === 'reject') {
      await discard(home, generation)
      await forgetApproval(home, generation)
      terminal.print(`Поколение ${generation} отклонено и удалено`)
      return { json: { generation, decision, by, workflowId: null } }
    }
    const published = await publish(home, await call.loadCatalog(home), generation, {
      approvedBy: by,
    })
    await renderAgain(home, generation)
    terminal.print(`Поколение ${generation} опубликовано; разрешил: ${by}`)
    terminal.print(await siteNews(home, generation))
    return {
      json: { generation, decision, by, workflowId: null, contentHash: published.contentHash },
    }
  },
})

const nothingWaits = (
  named: string | undefined,
  waiting: string | undefined,
  { beforePublishing }: Approvals,
): UsageError =>
  new UsageError({
    code: 'nothing-waits',
    message:
      named === undefined
        ? 'ни одно поколение не ждёт разрешения'
        : `поколение ${named} не ждёт разрешения`,
    hint:
      waiting !== undefined
        ? `ждёт ${waiting}: mera approve ${waiting}`
        : beforePublishing
          ? 'что опубликовано и что построено, показывает mera status'
          : `публикация здесь разрешения не требует: mera publish${named === undefined ? '' : ` ${named}`}`,
  })
