import { pinned, readManifest, setPinned } from '../warehouse/generation.ts'
import { withLock } from '../warehouse/lock.ts'
import { pin } from '../warehouse/publish.ts'
import { defineCommand } from './command.ts'
import { noted } from './run.ts'

export const command = defineCommand({
  usage: 'pin [ПОКОЛЕНИЕ] [--remove]',
  help: 'Хранит поколение всегда: по нему выпущен отчёт. По умолчанию — опубликованное. Остальные старые поколения со временем удаляются.',
  options: {
    remove: { type: 'boolean', doc: 'больше не хранить; без имени — последнее из закреплённых' },
  },
  positionals: { min: 0, max: 1 },
  examples: ['mera pin', 'mera pin g00003 --remove'],
  run: async (call) => {
    const { positionals, values, terminal } = call
    const home = await call.openHome()
    const run = { command: 'pin', engine: 'local', signal: call.signal }
    if (values.remove === true) {
      const { about, left, wasPinned } = await noted(home, run, () =>
        withLock(home, 'unpin', async () => {
          const all = await pinned(home)
          const about = positionals[0] ?? all.at(-1) ?? ''
          const wasPinned = all.includes(about)
          if (!wasPinned && about !== '') await readManifest(home, about)
          const left = all.filter((generation) => generation !== about)
          await setPinned(home, left)
          const status = wasPinned ? 'unpinned' : 'unchanged'
          return { result: { about, left, wasPinned }, status, about }
        }),
      )
      if (wasPinned) terminal.print(`Поколение ${about} больше не закреплено`)
      else if (about !== '') terminal.print(`Поколение ${about} и не было закреплено`)
      terminal.print(
        left.length === 0 ? 'Закреплённых поколений нет' : `Закреплены: ${left.join(', ')}`,
      )
      return { json: { generation: wasPinned ? about : null, pinned: left } }
    }
    const generation = await noted(home, run, async () => {
      const result = await pin(home, positionals[0])
      return { result, status: 'pinned', about: result }
    })
    terminal.print(`Поколение ${generation} закреплено: оно не будет удалено`)
    return { json: { generation, pinned: await pinned(home) } }
  },
})
