import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { MeraError, StateError } from '../warehouse/errors.ts'
import { requireEdition } from '../warehouse/generation.ts'
import { publishedGeneration } from '../warehouse/query.ts'
import { defineCommand } from './command.ts'
import { plural } from './russian.ts'
import { defaultEdition, siteOf } from './site.ts'
import { untilStopped } from './stop.ts'
import { usageError, wholeOption } from './usage.ts'

export const command = defineCommand({
  usage: 'reports build|serve [--edition ИМЯ] [--out ПАПКА] [--port N]',
  help: [
    'build собирает сайт издания: при первом вызове ставит Evidence и собирает оболочку (несколько минут), потом только страницы.',
    'serve показывает собранный сайт на этом компьютере. Наружу сайт ничего не запрашивает.',
  ].join('\n'),
  options: {
    edition: { type: 'string', value: 'ИМЯ', doc: 'издание; по умолчанию official' },
    out: { type: 'string', value: 'ПАПКА', doc: 'куда; по умолчанию site/ИМЯ в хранилище' },
    port: { type: 'string', value: 'N', doc: 'порт для serve; по умолчанию 4000, 0 — любой' },
  },
  positionals: { min: 1, max: 1, missing: 'build или serve' },
  examples: ['mera reports build', 'mera reports serve --port 8080'],
  run: async (call) => {
    const { positionals, values, terminal, signal } = call
    const edition = values.edition ?? defaultEdition
    const home = await call.openHome()
    const out = values.out === undefined ? siteOf(home, edition) : resolve(values.out)
    if (positionals[0] === 'build') {
      const generation = await publishedGeneration(home)
      const file = await requireEdition(home, generation, edition)
      const { buildShell, installSite, renderSite } = await import('../reports/site.ts')
      const onProgress = (line: string): void => {
        terminal.note(line)
      }
      await installSite(onProgress)
      await buildShell(onProgress)
      const { pages, ms } = await renderSite({ edition: file, out, onProgress })
      terminal.print(`Сайт: ${plural(pages, 'страница', 'страницы', 'страниц')} в папке ${out}`)
      return { json: { pages, ms, generation, edition, out } }
    }
    if (positionals[0] !== 'serve')
      throw usageError(
        `reports ${positionals[0] ?? ''}: такого действия нет`,
        'бывает build или serve',
      )
    const port = wholeOption('port', values.port, 0, 65_535) ?? 4000
    if (statSync(out, { throwIfNoEntry: false })?.isDirectory() !== true)
      throw new StateError({
        code: 'site-missing',
        message: `сайта в папке «${out}» нет`,
        hint: 'соберите его: mera reports build',
      })
    const { serveSite } = await import('../reports/serve.ts')
    const server = await serveSite(out, port).catch((error: unknown) => {
      throw busy(port, error)
    })
    terminal.print(`Сайт: ${server.url}`)
    terminal.note('Остановить: Ctrl+C')
    await untilStopped(signal)
    await server.close()
    return { json: { url: server.url, out } }
  },
})

const busy = (port: number, error: unknown): unknown =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'EADDRINUSE' || error.code === 'EACCES')
    ? new MeraError({
        code: 'port-busy',
        message: `порт ${String(port)} занят или закрыт`,
        hint: 'укажите другой: --port 8080, или --port 0 — любой свободный',
        cause: error,
      })
    : error
