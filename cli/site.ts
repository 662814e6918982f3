import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { editionFile } from '../warehouse/generation.ts'
import type { Home } from '../warehouse/home.ts'
import { plural } from './russian.ts'

export const defaultEdition = 'official'

/** Where an edition's site lies. */
export const siteOf = (home: Pick<Home, 'path'>, edition = defaultEdition): string =>
  join(home.path, 'site', edition)

/** Whether a site can be rendered now: its shell is built. */
export const siteReady = async (): Promise<boolean> =>
  (await import('../reports/shell.ts')).shellReady()

/** Renders the official site where its shell is at hand, else nothing: for runs that publish. */
export const siteRenderer =
  (home: Home) =>
  async (generation: string): Promise<number> => {
    const { renderSite } = await import('../reports/site.ts')
    const edition = editionFile(home, generation, defaultEdition)
    if (!(await siteReady()) || !existsSync(edition)) return 0
    const { pages } = await renderSite({ edition, out: siteOf(home) })
    return pages
  }

/** After a publication by hand: the site shows what is published now, where one was ever built. Returns its number of pages. */
export const renderAgain = (home: Home, generation: string): Promise<number> =>
  existsSync(siteOf(home)) ? siteRenderer(home)(generation) : Promise.resolve(0)

/** Where the official site stands against what is published, and what to do where it lags. */
export const siteNews = async (home: Home, generation: string): Promise<string> => {
  const { siteStamp } = await import('../reports/site.ts')
  const out = siteOf(home)
  const stamp = siteStamp(out)
  if (stamp?.generation === generation)
    return `Сайт: ${plural(stamp.pages, 'страница', 'страницы', 'страниц')} в папке ${out}, поколение ${generation}`
  return existsSync(out)
    ? `Сайт не обновлён: в папке ${out} ${stamp === undefined ? 'прежний выпуск' : `поколение ${stamp.generation}`}. Обновить: mera reports build`
    : 'Сайта пока нет. Собрать: mera reports build'
}
