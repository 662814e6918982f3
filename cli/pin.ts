import { pinned, setPinned } from '../warehouse/generation.ts'
import { withLock } from '../warehouse/lock.ts'
import { pin } from '../warehouse/publish.ts'
import { defineCommand } from './command.ts'

export const command = defineCommand({
  usage: 'pin [ПОКОЛЕНИЕ] [--remove]',
  help: 'Хранит поколение всегда: по нему выпущен отчёт. По умолчанию — опубликованное. Остальные старые поколения со временем удаляются.',
  options: { remove: { type: 'boolean', doc: 'больше не хранить' } },
  positionals: { min: 0, max: 1 },
  examples: ['mera pin', 'mera pin g00003 --remove'],
  run: async (call) => {
    const { positionals, values, terminal } = call
    const home = await call.openHome()
    if (values.remove === true) {
      const left = await withLock(home, 'unpin', async () => {
        const all = await pinned(home)
        const gone = positionals[0] ?? all.at(-1)
        await setPinned(
          home,
          all.filter((generation) => generation !== gone),
        )
        return pinned(home)
      })
      terminal.print(
        left.length === 0 ? 'Закреплённых поколений нет' : `Закреплены: ${left.join(', ')}`,
      )
      return { json: { generation: null, pinned: left } }
    }
    const generation = await pin(home, positionals[0])
    terminal.print(`Поколение ${generation} закреплено: оно не будет удалено`)
    return { json: { generation, pinned: await pinned(home) } }
  },
})
