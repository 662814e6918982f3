import { rollback } from '../warehouse/publish.ts'
import { defineCommand } from './command.ts'
import { noted } from './run.ts'
import { renderAgain, siteNews } from './site.ts'

export const command = defineCommand({
  usage: 'rollback',
  help: [
    'Возвращает поколение, которое было опубликовано до нынешнего; ещё раз — то, что было до него.',
    'Ничего не удаляет: mera publish вернёт и новое. Загруженные файлы остаются: чтобы исправление не вернулось, когда refresh',
    'получит что-нибудь новое, отзовите исправленный файл (mera withdraw ФАЙЛ), затем выполните mera refresh.',
  ].join('\n'),
  options: {},
  positionals: { min: 0, max: 0 },
  run: async (call) => {
    const home = await call.openHome()
    const { generation, contentHash, previous } = await noted(
      home,
      { command: 'rollback', engine: 'local', signal: call.signal },
      async () => {
        const result = await rollback(home)
        return { result, status: 'rolled-back', about: result.generation }
      },
    )
    call.terminal.print(`Опубликовано снова поколение ${generation}, вместо ${previous ?? ''}`)
    const pages = await renderAgain(home, generation)
    call.terminal.print(await siteNews(home, generation))
    call.terminal.note(
      'Файлы остались загруженными. Пока ничего не загружено и не отозвано, refresh ничего не изменит; потом он соберёт всё загруженное. Чтобы исправление не вернулось, отзовите исправленный файл: mera withdraw ФАЙЛ, затем mera refresh',
    )
    return { json: { generation, contentHash, previous: previous ?? null, pages } }
  },
})
