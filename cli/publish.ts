import { StateError } from '../warehouse/errors.ts'
import { latestManifest, readManifest } from '../warehouse/generation.ts'
import { publish } from '../warehouse/publish.ts'
import { readSettings } from '../warehouse/settings.ts'
import { renderAgain, siteNews } from './site.ts'
import { defineCommand } from './command.ts'
import { noted } from './run.ts'

export const command = defineCommand({
  usage: 'publish [ПОКОЛЕНИЕ]',
  help: [
    'Делает построенное поколение тем, которое видят все, с его изданиями. По умолчанию — последнее построенное.',
    'Поколение, не прошедшее проверку с ошибкой, не публикуется. Читатели видят прежнее или новое, и ничего между ними.',
  ].join('\n'),
  options: {},
  positionals: { min: 0, max: 1 },
  examples: ['mera publish', 'mera publish g00003'],
  run: async (call) => {
    const { positionals, terminal, signal } = call
    const home = await call.openHome()
    const catalog = await call.loadCatalog(home)
    const [named] = positionals
    if (named !== undefined) await readManifest(home, named)
    const { beforePublishing } = (await readSettings(home)).approvals
    if (beforePublishing)
      throw new StateError({
        code: 'approval-required',
        message: 'публикация этого хранилища требует разрешения (settings/approvals.json)',
        hint: 'разрешите её: mera approve',
      })
    const generation = named ?? (await latestManifest(home))?.generation
    if (generation === undefined) throw nothingBuilt()
    const stage = terminal.stage('Публикация')
    const published = await noted(
      home,
      { command: 'publish', engine: 'local', signal },
      async () => {
        const result = await publish(home, catalog, generation)
        return { result, status: result.isNew ? 'published' : 'unchanged', about: generation }
      },
    ).catch((error: unknown) => {
      stage.drop()
      throw error
    })
    stage.done()
    terminal.print(
      published.isNew
        ? `Опубликовано поколение ${generation}${published.previous === undefined ? '' : ` вместо ${published.previous}`}`
        : `Поколение ${generation} уже опубликовано`,
    )
    const pages = await renderAgain(home, generation)
    terminal.print(await siteNews(home, generation))
    return { json: { ...published, previous: published.previous ?? null, pages } }
  },
})

export const nothingBuilt = (): StateError =>
  new StateError({
    code: 'nothing-built',
    message: 'ещё ничего не построено',
    hint: 'выполните mera build или сразу mera refresh ПАПКА',
  })
