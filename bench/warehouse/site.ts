import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeSample } from '../../examples/municipality/generate.ts'
import { build } from '../../warehouse/build.ts'
import { loadCatalog } from '../../warehouse/catalog.ts'
import { editionFile } from '../../warehouse/generation.ts'
import { openHome } from '../../warehouse/home.ts'
import { load } from '../../warehouse/land.ts'
import { publish } from '../../warehouse/publish.ts'
import { atMost, megabytes, seconds, times, withPeak, type Part } from '../measure.ts'
import { correctedWorkbook, firstIndividual } from './corrected.ts'

/** The folder and the mark of a finished shell: without the mark the next call builds it anew. */
const SHELL_MARK = new URL('../../reports/.evidence/shell.json', import.meta.url)

export const sitePart: Part = {
  key: 'site',
  title: 'Сайт: сборка Evidence против отрисовки тех же страниц',
  run: async (tell) => {
    const { buildShell, renderSite, siteInstalled } = await import('../../reports/site.ts')
    if (!siteInstalled())
      return [
        {
          name: 'сайт',
          result: 'не измерен: Evidence не установлен',
          note: 'что делать: npx mera reports build ставит его',
        },
      ]
    const folder = await mkdtemp(join(tmpdir(), 'mera-bench-'))
    try {
      tell('пример и издание')
      const sample = join(folder, 'sample')
      await writeSample(sample)
      const catalog = await loadCatalog()
      const home = await openHome(join(folder, 'home'))
      await load(home, catalog.sources, [sample])
      const nextEdition = async (): Promise<string> => {
        const { generation } = await build(home, catalog)
        await publish(home, catalog, generation)
        return editionFile(home, generation, 'official')
      }
      const edition = await nextEdition()
      tell('сборка Evidence (1–4 минуты)')
      await rm(SHELL_MARK, { force: true })
      const shell = await withPeak(() => buildShell())
      tell('отрисовка')
      const out = join(folder, 'site')
      const rendered = await withPeak(() => renderSite({ edition, out }))
      tell('исправление одного файла')
      const file = join(folder, 'corrected.xlsx')
      await writeFile(file, correctedWorkbook(await firstIndividual(sample)))
      await load(home, catalog.sources, [file])
      const corrected = await nextEdition()
      const again = await withPeak(() => renderSite({ edition: corrected, out }))
      return [
        {
          name: 'сборка Evidence',
          result: `${seconds(shell.ms)}; пик памяти дочерних процессов ${megabytes(shell.peak)}`,
          note: 'один раз на изменение страниц, над строкой-образцом каждой таблицы',
        },
        {
          name: 'отрисовка по данным издания',
          result: `${seconds(rendered.ms)}; страниц ${rendered.value.pages}; пик памяти ${megabytes(rendered.peak)}`,
        },
        {
          name: 'то же после исправления файла',
          result: `${seconds(again.ms)}; взято прежних ${again.value.taken} из ${again.value.pages}; пик памяти ${megabytes(again.peak)}`,
          target: atMost(again.ms, 5000, '≤ 5 с'),
        },
        {
          name: 'отрисовка против сборки',
          result: `время ${times(rendered.ms / shell.ms)}, память ${times((rendered.peak ?? 0) / (shell.peak ?? 1))}`,
        },
      ]
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
}
