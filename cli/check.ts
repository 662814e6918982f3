import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { factRules } from '../warehouse/facts.ts'
import { check } from '../warehouse/land.ts'
import { readSettings } from '../warehouse/settings.ts'
import { filesJson, isAnyRefused, named, noteEmpty, printLoad } from './arrival.ts'
import { defineCommand } from './command.ts'
import { fact, factsOf, withUnused } from './fact.ts'

export const command = defineCommand({
  usage: 'check ФАЙЛ… [--fact имя=значение]',
  help: [
    'Распознаёт и проверяет файлы, ничего не загружая: что за форма, какой год, сколько строк, что не так в каких ячейках.',
    'Хранилище не нужно и не меняется. В --json те же поля, что у load: подходящий файл — fit, а loaded — сколько в нём годных строк;',
    'повторы и замены по содержанию считает load, здесь узнаются только файлы, одинаковые до байта.',
  ].join('\n'),
  options: { fact },
  positionals: { min: 1, max: 10_000, missing: 'файла или папки' },
  examples: ['mera check "ВПР 4 класс.xlsx"', 'mera check письма --json'],
  run: async (call) => {
    const { values, positionals, terminal, signal, homePath } = call
    const catalog = await call.nearCatalog()
    const facts = factsOf(values.fact, catalog)
    const settings = join(homePath, 'settings')
    const { dropPersonal } = existsSync(settings)
      ? await readSettings({ settings })
      : { dropPersonal: [] }
    const stage = terminal.stage('Проверка файлов')
    const checked = await check(catalog.sources, positionals, {
      facts,
      rules: factRules(catalog),
      signal,
      dropPersonal,
      onProgress: ({ done, total }) => {
        stage.progress(done, total)
      },
    }).finally(() => {
      stage.drop()
    })
    noteEmpty(terminal, positionals, checked.files)
    const report = withUnused(named(checked, positionals), facts, catalog, checked.files)
    printLoad(terminal, report, catalog, { isCheck: true, names: report.files.length <= 20 })
    return { json: filesJson(report), isRefused: isAnyRefused(report, positionals) }
  },
})
