import { requirePaths } from '../warehouse/land.ts'
import { filesJson, isAnyRefused, printLoad, reportOf, takeIn } from './arrival.ts'
import { defineCommand } from './command.ts'
import { chosenEngine, openSession } from './engine.ts'
import { fact, factsOf, withUnused } from './fact.ts'
import { noted } from './run.ts'

export const command = defineCommand({
  usage: 'load ПУТЬ… [--fact имя=значение]',
  help: [
    'Загружает файлы и папки с любыми именами и в любом порядке. Что это за форма, решает содержание.',
    'Повторная загрузка того же содержания ничего не меняет. Строки с ошибками идут в карантин и не мешают остальным.',
    'Документы и картинки среди таблиц пропускаются. Публикует загруженное mera refresh.',
  ].join('\n'),
  options: { fact },
  positionals: { min: 1, max: 10_000, missing: 'файла или папки' },
  examples: ['mera load письма/2026', 'mera load итоги.xlsx --fact year=2019'],
  run: async (call) => {
    const { values, positionals, terminal } = call
    // A slip in a path must not leave an empty home behind.
    await requirePaths(positionals)
    if (values.fact !== undefined) factsOf(values.fact, await call.nearCatalog())
    const home = await call.openHome({ create: true })
    const catalog = await call.loadCatalog(home)
    const facts = factsOf(values.fact, catalog)
    const choice = await chosenEngine(call, home)
    const arrival = await takeIn(call, home, catalog, positionals, facts)
    const session = await openSession(call, { home, catalog, choice })
    try {
      const report = await noted(
        home,
        { command: 'load', engine: session.engine, signal: call.signal },
        async () => {
          const load = await session.load({ files: arrival.files })
          const found = await reportOf(home, arrival, positionals)
          const result = withUnused(found, facts, catalog, arrival.received)
          return { result, load, status: isAnyRefused(result, positionals) ? 'refused' : 'loaded' }
        },
      )
      printLoad(terminal, report, catalog)
      return { json: filesJson(report), isRefused: isAnyRefused(report, positionals) }
    } finally {
      await session.close()
    }
  },
})
