import { pinned, setPinned } from '../warehouse/generation.ts'
import { withLock } from '../warehouse/lock.ts'
import { pin } from '../warehouse/publish.ts'
import { defineCommand } from './command.ts'
import { noted } from './run.ts'

export const command = defineCommand({
  usage: 'pin [ПОКОЛЕНИЕ] [--remove]',
  help: 'Хранит поколение всегда: по нему выпущен отчёт. По умолчанию — опубликованное. Остальные старые поколения со временем удаляются.',
  options: { remove: { type: 'boolean', doc: 'больше не хранить' } },
  positionals: { min: 0, max: 1 },
  examples: ['mera pin', 'mera pin g00003 --remove'],
  run: async (call) => {
    const { positionals, values, terminal } = call
    const home = await call.openHome()
    const run = { command: 'pin', engine: 'local', signal: call.signal }
    if (values.remove === true) {
      const left = await noted(home, run, () =>
        withLock(home, 'unpin', async () => {
          const all = await pinned(home)
          const about = positionals[0] ?? all.at(-1) ?? ''
          const result = all.filter((generation) => generation !== about)
          await setPinned(home, result)
          return { result, status: result.length < all.length ? 'unpinned' : 'unchanged', about }
        }),
      )
      terminal.print(
        left.length === 0 ? 'Закреплённых поколений нет' : `Закреплены: ${left.join(', ')}`,
      )
      return { json: { generation: null, pinned: left } }
    }
    const generation = await noted(home, run, async () => {
      const result = await pin(home, positionals[0])
      return { result, status: 'pinned', about: result }
    })
    terminal.print(`Поколение ${generation} закреплено: оно не будет удалено`)
    return { json: { generation, pinned: await pinned(home) } }
  },
})
