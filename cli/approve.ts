import { renderAgain } from './site.ts'
import { userInfo } from 'node:os'
import { latestManifest, currentGeneration } from '../warehouse/generation.ts'
import { MeraError } from '../warehouse/errors.ts'
import { discard, publish } from '../warehouse/publish.ts'
import { readSettings } from '../warehouse/settings.ts'
import { forgetApproval, noteApproval, refuseStranger } from '../workflows/approval.ts'
import { readConfig } from '../workflows/config.ts'
import { defineCommand } from './command.ts'

export const command = defineCommand({
  usage: 'approve [ПОКОЛЕНИЕ] [--by ИМЯ] [--reject]',
  help: [
    'Разрешает публикацию, которая этого ждёт (settings/approvals.json), или отклоняет её. Кто разрешил, остаётся в журнале.',
    'Прогон Temporal, который ждёт, идёт дальше; без Temporal поколение публикуется сразу.',
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
    refuseStranger((await readSettings(home)).approvals, by)
    const { taskQueueOf, devServerOf } = await import('../workflows/engine.ts')
    const target = readConfig(env).target ?? (await devServerOf(home))
    if (target !== undefined) {
      const { connect, approve, runningRuns } = await import('../workflows/client.ts')
      const { client, close } = await connect(target)
      try {
        const queue = taskQueueOf(home, env)
        const waiting = (await runningRuns(client, queue)).flatMap(({ progress }) =>
          progress?.stage === 'approval' ? (progress.generation ?? []) : [],
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
    const current = await currentGeneration(home)
    const latest = (await latestManifest(home))?.generation
    const generation = named ?? (latest !== current ? latest : undefined)
    if (generation === undefined)
      throw new MeraError({
        code: 'nothing-waits',
        message: 'ни одно поколение не ждёт разрешения',
        hint: 'построенное и неопубликованное показывает mera status',
      })
    if (decision === 'reject') {
      await discard(home, generation)
      await forgetApproval(home, generation)
      terminal.print(`Поколение ${generation} отклонено и удалено`)
      return { json: { generation, decision, by, workflowId: null } }
    }
    const published = await publish(home, await call.loadCatalog(), generation, { approvedBy: by })
    await renderAgain(home, generation)
    terminal.print(`Поколение ${generation} опубликовано; разрешил: ${by}`)
    return {
      json: { generation, decision, by, workflowId: null, contentHash: published.contentHash },
    }
  },
})
