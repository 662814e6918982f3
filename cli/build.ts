import { build } from '../warehouse/build.ts'
import { adoptProject } from '../warehouse/project.ts'
import { defineCommand } from './command.ts'
import { hasFailed, printChecks } from './generation.ts'
import { noted } from './run.ts'
import { duration, number, plural } from './russian.ts'

export const command = defineCommand({
  usage: 'build [--full]',
  help: [
    'Строит новое поколение таблиц из загруженного: только то, что изменилось, делает его издания и проверяет его.',
    'Опубликованное не меняется, пока не выполнено mera publish.',
  ].join('\n'),
  options: {
    full: { type: 'boolean', doc: 'построить заново всё, ничего не перенося' },
    verbose: { type: 'boolean', doc: 'назвать каждую построенную таблицу' },
  },
  positionals: { min: 0, max: 0 },
  examples: ['mera build', 'mera build --full --verbose'],
  run: async (call) => {
    const { values, terminal, signal } = call
    const home = await call.openHome()
    const catalog = await call.loadCatalog(home)
    await adoptProject(home, catalog.project.name, call.project)
    const stage = terminal.stage('Построение таблиц, изданий и проверки')
    const report = await noted(home, { command: 'build', engine: 'local', signal }, async () => {
      const result = await build(home, catalog, {
        full: values.full === true,
        signal,
        onProgress: (done, total, table) => {
          stage.progress(done, total, table)
        },
      })
      const { checks, isNew, generation } = result
      return {
        result,
        status: hasFailed(checks) ? 'checks-failed' : isNew ? 'built' : 'unchanged',
        about: generation,
      }
    }).catch((error: unknown) => {
      stage.drop()
      throw error
    })
    stage.done(report.isNew ? report.generation : 'ничего не изменилось')
    const { generation, contentHash, built, unchanged, checks } = report
    terminal.print(
      `Поколение ${generation}: построено ${plural(built.length, 'таблица', 'таблицы', 'таблиц')}, без изменений ${number(unchanged)}`,
    )
    if (values.verbose === true)
      for (const { table, rows, ms } of [...built].sort((a, b) => b.ms - a.ms))
        terminal.print(`  ${table}: ${plural(rows, 'строка', 'строки', 'строк')}, ${duration(ms)}`)
    await printChecks(call, home, { generation, checks })
    return {
      json: { generation, isNew: report.isNew, contentHash, built, unchanged, checks },
      isRefused: hasFailed(checks),
    }
  },
})
