import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { siteNews, siteOf } from '../../cli/site.ts'
import { openHome } from '../../warehouse/home.ts'

const folder = mkdtempSync(join(tmpdir(), 'mera-site-news-'))
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('siteNews', () => {
  it('says how to build a site where there is none', async () => {
    const home = await openHome(join(folder, 'none'))
    expect(await siteNews(home, 'g00001')).toBe('Сайта пока нет. Собрать: mera reports build')
  })

  it('says which generation the site shows, and that it lags behind the published one', async () => {
    const home = await openHome(join(folder, 'some'))
    mkdirSync(join(siteOf(home), 'data'), { recursive: true })
    expect(await siteNews(home, 'g00002')).toContain('прежний выпуск. Обновить: mera reports build')
    writeFileSync(
      join(siteOf(home), 'data/site.json'),
      JSON.stringify({ generation: 'g00001', pages: 42, edition: 'e', shell: 's' }),
    )
    expect(await siteNews(home, 'g00002')).toMatch(
      /^Сайт не обновлён: в папке .+ поколение g00001\. Обновить: mera reports build$/,
    )
    expect(await siteNews(home, 'g00001')).toMatch(
      /^Сайт: 42\sстраницы в папке .+, поколение g00001$/,
    )
  })
})
