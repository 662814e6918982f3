import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { reportsFolder } from '../../reports/folders.ts'
import { sectionsOf } from '../../reports/shell.ts'
import { buildShell, renderSite, serveSite } from '../../reports/site.ts'
import { writeEdition, type MartRows } from '../../reports/structure.ts'
import { launchBrowser } from '../support/browser.ts'
import { editionRows } from '../support/edition.ts'
import { openPage, overflowOf, violations, type Visit } from '../support/visit.ts'

const tell = (line: string): void => {
  process.stderr.write(`${line}\n`)
}
const folder = mkdtempSync(join(tmpdir(), 'mera-site-'))
const edition = join(folder, 'edition.duckdb')
const site = join(folder, 'site')
const minutes = 60_000
const sections = sectionsOf(join(reportsFolder, 'pages')).length

const opened: { close(): Promise<unknown> }[] = []
const browser = await launchBrowser()
let server: { url: string; close(): Promise<void> }
let rendered: { pages: number; ms: number; stands: boolean }

vi.setConfig({ testTimeout: 3 * minutes })

/** The edition with a school that only files with results know. */
const withUnknown = (): MartRows => {
  const rows = editionRows()
  const unknown = {
    ...rows['mart_school_profile']?.[0],
    ...{ school_key: 'x-ris_gia-9999', school_name: '9999', school_code: '9999', sort: 99 },
    ...{ full_name: 'Школа 9999 (нет в справочнике)', status: 'unknown', pupils: null },
    ...{ red_count: 0, yellow_count: 0, improved_count: 0, declined_count: 0, bias_note: null },
    ...{ status_note: 'нет в справочнике', link: '/schools/x-ris_gia-9999' },
    summary: 'Код 9999 встретился в файлах. Показано только то, что пришло под этим кодом.',
  }
  return { ...rows, mart_school_profile: [...(rows['mart_school_profile'] ?? []), unknown] }
}

beforeAll(async () => {
  await buildShell(tell)
  await writeEdition(edition, withUnknown())
  rendered = await renderSite({ edition, out: site, onProgress: tell })
  server = await serveSite(site)
  opened.push(server)
  if (browser !== undefined) opened.push(browser)
}, 20 * minutes)

afterAll(async () => {
  for (const one of opened) await one.close()
  rmSync(folder, { recursive: true, force: true })
})

const visit = (
  path: string,
  options: BrowserContextOptions = {},
  prepare?: (context: BrowserContext) => Promise<void>,
): Promise<Visit> => {
  if (browser === undefined) throw new Error('the test needs a browser')
  return openPage(browser, server.url, path, options, prepare)
}

const pages = [
  ['overview', '', 'Обзор'],
  ['trends', 'trends/', 'Динамика за три года'],
  ['risk zones', 'risk/', 'Зоны риска'],
  ['clusters', 'clusters/', 'Похожие школы'],
  ['list of schools', 'schools/', 'Школы'],
  ['page of a school', 'schools/s020/', 'Школа № 20'],
  ['page of a small school', 'schools/s006/', 'Школа № 6'],
  ['page of a merged school', 'schools/s034/', 'Школа № 34'],
  ['data quality', 'quality/', 'Качество данных'],
  ['methods', 'methods/', 'Методика и словарь'],
] as const

describe.runIf(browser !== undefined)('a page', () => {
  describe.each(pages)('the %s', (_kind, path, title) => {
    it('is Russian, whole and quiet: no other host, no complaint, no database, no accessibility violation', async () => {
      const { page, foreign, complaints, database } = await visit(path, { bypassCSP: true })
      expect(await page.getAttribute('html', 'lang')).toBe('ru')
      expect(await page.title()).toBe(`${title} · Мера`)
      expect(await page.locator('h1').allInnerTexts()).toEqual([title])
      expect(await page.locator('main').innerText()).not.toMatch(/undefined|NaN|null|\[object/)
      expect(await violations(page)).toEqual([])
      expect({ foreign, complaints, database }).toEqual({
        foreign: [],
        complaints: [],
        database: [],
      })
      await page.context().close()
    })

    it('names its publication above and below', async () => {
      const { page } = await visit(path)
      for (const part of ['header', 'footer']) {
        const text = (await page.locator(part).innerText()).replaceAll('\u00a0', ' ')
        expect(text).toContain('Выпуск 2026-08-28-1')
        expect(text).toContain('28 августа 2026 г.')
      }
      await page.context().close()
    })

    it('shows no value without its n, and no interval is missing where pupils are enough', async () => {
      const { page } = await visit(path)
      const measures = await page.locator('.measure').allInnerTexts()
      for (const text of measures) {
        if (/скрыто/.test(text)) {
          expect(text).not.toMatch(/n\s=/)
          continue
        }
        const n = Number(/n\s=\s([\d\s]+)/.exec(text)?.[1]?.replace(/\s/g, ''))
        expect(n, text).toBeGreaterThan(0)
        if (n >= 10) expect(text).toMatch(/\d–\d/)
        else expect(text).toMatch(/выборка мала/)
      }
      await page.context().close()
    })
  })
})

describe.runIf(browser !== undefined)('the site', () => {
  it('has a page for every school and every section', () => {
    expect(rendered.pages).toBe(sections + 35)
  })

  it('stands readable without scripts, tables included', async () => {
    const { page } = await visit('risk/', { javaScriptEnabled: false })
    expect(await page.locator('tbody tr').count()).toBeGreaterThan(40)
    expect(await page.locator('main').innerText()).toContain('ниже среднего по муниципалитету')
    await page.context().close()
  })

  it(
    'asks the edition in the browser, as marts.*, once a control is moved',
    async () => {
      const { page, database, complaints, foreign } = await visit('trends/')
      const before = await page.locator('tbody').innerText()
      expect(database).toEqual([])
      await page
        .getByLabel('Показатель', { exact: true })
        .selectOption({ label: 'Качество обученности' })
      await expect
        .poll(() => page.locator('tbody').innerText(), { timeout: minutes })
        .not.toBe(before)
      expect(await page.locator('tbody tr').count()).toBe(34)
      expect(database.some((url) => url.endsWith('.duckdb'))).toBe(true)
      expect({ complaints, foreign }).toEqual({ complaints: [], foreign: [] })
      await page.context().close()
    },
    3 * minutes,
  )

  it(
    'says the same where the browser asks the edition itself as where the answers were rendered',
    async () => {
      for (const path of ['', 'trends/', 'risk/', 'clusters/', 'quality/', 'schools/s020/']) {
        const { page: still } = await visit(path, { javaScriptEnabled: false })
        const text = await still.locator('main').innerText()
        await still.context().close()
        const { page, database } = await visit(path, {}, async (context) => {
          await context.route('**/answers/**', (route) => route.fulfill({ status: 404 }))
        })
        await expect
          .poll(() => database.filter((url) => url.endsWith('.duckdb')).length, {
            timeout: minutes,
          })
          .toBeGreaterThan(0)
        await expect.poll(() => page.locator('main').innerText(), { timeout: minutes }).toBe(text)
        await page.context().close()
      }
    },
    5 * minutes,
  )

  it('gives a small school neither colour nor place', async () => {
    const { page } = await visit('schools/s006/')
    const rows = page.locator('tr:has(.measure.weak)')
    expect(await rows.count()).toBeGreaterThan(0)
    expect(
      await rows.locator('.badge.red, .badge.yellow, .badge.watch, .badge.green').count(),
    ).toBe(0)
    expect((await rows.allInnerTexts()).join()).not.toContain('выше, чем у')
    await page.context().close()
  })

  it('says in words what it says in colour', async () => {
    const { page } = await visit('risk/')
    const badges = await page.locator('.badge').allInnerTexts()
    expect(badges.length).toBeGreaterThan(20)
    for (const text of badges) expect(text).toMatch(/зона|наблюдени|данных/)
    await page.context().close()
  })

  it('sorts a table by a heading and finds a school by its name, with the keyboard', async () => {
    const { page } = await visit('schools/')
    await page.getByRole('button', { name: 'Обучающихся' }).press('Enter')
    const numbers = await page.locator('tbody tr td:nth-child(3)').allInnerTexts()
    const values = numbers.map((text) => Number(text.replace(/\s/g, '')))
    expect(values).toEqual([...values].sort((a, b) => a - b))
    await page.getByLabel('Найти').fill('гимназия')
    expect(await page.locator('tbody tr').count()).toBe(1)
    await page.context().close()
  })

  it('says that there is no page of a school that the issue does not know', async () => {
    const { page } = await visit('schools/s999/')
    await page.getByRole('heading', { level: 1, name: 'Нет такой страницы' }).waitFor()
    expect(await page.locator('table, dl').count()).toBe(0)
    expect((await fetch(new URL('schools/s999/', server.url))).status).toBe(404)
    await page.context().close()
  })

  it('says of a closed school what became of it, and counts nothing of it', async () => {
    const { page } = await visit('schools/s034/')
    expect(await page.locator('.callout').innerText()).toContain('вошла в состав другой: Школа № 3')
    expect(await page.locator('.callout a').getAttribute('href')).toBe('/schools/s003/')
    expect(await page.locator('main dl').count()).toBe(0)
    expect(await page.locator('h2').allInnerTexts()).not.toContain('Зоны риска')
    await page.context().close()
  })

  it('promises nothing of a school that no register has and no number is of, and says what to do', async () => {
    const { page } = await visit('schools/x-ris_gia-9999/')
    const callout = await page.locator('.callout').innerText()
    expect(callout).toContain('Школы с кодом 9999 нет в справочнике')
    expect(callout).toContain('Показать о ней нечего')
    expect(callout).toContain('внести в справочник школ')
    expect(await page.locator('main').innerText()).not.toContain('Показано только то')
    expect(await page.locator('table, h2, dl').count()).toBe(0)
    await page.context().close()
  })

  it('lists on the page of a school the marks of objectivity, each with its subject', async () => {
    const { page } = await visit('schools/s005/')
    const marks = await page.locator('.callout li').allInnerTexts()
    expect(marks.map((text) => text.split(':')[0])).toEqual(['O7 (математика)', 'O1 (биология)'])
    await page.context().close()
  })

  it('counts on the page of a school what its tables show', async () => {
    const marked = editionRows()['mart_school_profile']?.find(
      ({ red_count, yellow_count }) => Number(red_count) > 0 && Number(yellow_count) > 0,
    )
    expect(marked).toBeDefined()
    const { page } = await visit(`schools/${String(marked?.['school_key'])}/`)
    const figures = await page.locator('main dl .value').allInnerTexts()
    const zones = page.getByRole('region', { name: 'Показатели школы за границами' })
    expect(figures.slice(1, 3).map(Number)).toEqual([
      await zones.locator('.badge.red').count(),
      await zones.locator('.badge.yellow').count(),
    ])
    const notes = await page.locator('main dl .note').allInnerTexts()
    const form = new Intl.PluralRules('ru')
    const words = {
      zone: { one: 'показатель', few: 'показателя', many: 'показателей' },
      change: { one: 'раз по', few: 'раза по', many: 'раз по' },
    }
    for (const [i, note] of notes.slice(-4).entries()) {
      const chosen = form.select(Number(figures[i + 1])) as 'one' | 'few' | 'many'
      expect(note, figures[i + 1]).toMatch(
        new RegExp(`^${words[i < 2 ? 'zone' : 'change'][chosen]} `),
      )
    }
    await page.context().close()
  })

  it('shows the numbers of one area at a time, chosen by name', async () => {
    const { page } = await visit('')
    const areas = page.getByLabel('Территория')
    expect((await areas.locator('option').allInnerTexts()).length).toBeGreaterThan(0)
    const chosen = await areas.locator('option:checked').innerText()
    expect(await page.locator('caption').last().innerText()).toContain(chosen)
    await page.context().close()
  })

  it('opens the trends on the first of the main indicators, whichever has most changes', async () => {
    const changes = new Map<unknown, number>()
    for (const { indicator, trend_class } of editionRows()['mart_trend'] ?? [])
      if (trend_class === 'improved' || trend_class === 'declined')
        changes.set(indicator, (changes.get(indicator) ?? 0) + 1)
    expect(changes.get('pass_rate')).toBeLessThan(Math.max(...changes.values()))
    const { page } = await visit('trends/')
    expect(await page.getByLabel('Показатель').locator('option:checked').innerText()).toBe(
      'Успеваемость',
    )
    await page.context().close()
  })

  it('draws over the years what was delivered without a number of pupils', async () => {
    const { page } = await visit('schools/s021/')
    const frame = page.locator('svg[aria-label^="Балл, полученный готовым"]')
    expect(await frame.locator('circle').count()).toBe(4)
    expect(await frame.getAttribute('aria-label')).not.toContain('n =')
    expect(await page.locator('.measure .n', { hasText: 'n не передано' }).count()).toBe(1)
    await page.context().close()
  })

  it('lists the schools of the groups in a table that can be searched', async () => {
    const { page } = await visit('clusters/')
    const members = page.getByRole('region', { name: 'Состав групп' })
    expect(await members.locator('tbody tr').count()).toBe(34)
    await page.getByLabel('Найти').first().fill('№ 20')
    expect(await members.locator('tbody tr').count()).toBe(1)
    await page.context().close()
  })

  it('sets names in pictures where nothing stands, in type that a telephone shows at 11 pixels', async () => {
    for (const viewport of [
      { width: 1280, height: 900 },
      { width: 390, height: 844 },
    ])
      for (const path of ['risk/', 'clusters/']) {
        const { page } = await visit(path, { viewport })
        const sizes = await page.evaluate<
          number[]
        >(`[...document.querySelectorAll('figure text')].map((text) => {
          const svg = text.ownerSVGElement
          return parseFloat(getComputedStyle(text).fontSize) * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width
        })`)
        expect(sizes.length).toBeGreaterThan(5)
        expect(Math.min(...sizes), path).toBeGreaterThanOrEqual(11)
        const clashes = await page.evaluate<string[]>(`(() => {
          const names = [...document.querySelectorAll('figure text.name, figure rect ~ text')].map((text) => [text.textContent, text.getBoundingClientRect()])
          const meet = (a, b) => a.left < b.right - 1 && a.right > b.left + 1 && a.top + 3 < b.bottom - 3 && a.bottom - 3 > b.top + 3
          return names.flatMap(([name, box], at) => names.slice(at + 1).filter(([, other]) => meet(box, other)).map(([other]) => name + ' / ' + other))
        })()`)
        expect(clashes, path).toEqual([])
        await page.context().close()
      }
  })

  it('explains in a legend the limits that are drawn, and a change of their kind where there is one', async () => {
    const { page } = await visit('risk/')
    const figure = page.locator('main figure')
    expect(await figure.innerText()).toContain('граница действия')
    expect(await page.locator('main').innerText()).toContain('Граница построена двумя способами')
    await page.getByLabel('Процедура, предмет, класс').selectOption({ label: 'ОГЭ, русский язык' })
    await expect.poll(() => figure.innerText(), { timeout: minutes }).not.toContain('граница')
    expect(await figure.innerText()).toContain('норма')
    expect(await page.locator('main').innerText()).not.toContain('двумя способами')
    await page.context().close()
  })

  it('says on a telephone that a table goes on at its side, and shows its whole name', async () => {
    const viewport = { width: 390, height: 844 }
    for (const path of ['', 'trends/']) {
      const { page } = await visit(path, { viewport })
      expect(await page.getByText('листайте её вбок').first().isVisible()).toBe(true)
      const right = await page.evaluate<number>(
        "Math.max(...[...document.querySelectorAll('caption:not(.visually-hidden) span')].map((name) => name.getBoundingClientRect().right))",
      )
      expect(right).toBeLessThanOrEqual(viewport.width)
      await page.context().close()
    }
    const { page } = await visit('trends/')
    expect(await page.getByText('листайте её вбок').isVisible()).toBe(false)
    await page.context().close()
  })

  it('sets the heads of columns at one height, whether or not an axis stands under them', async () => {
    for (const path of ['risk/', 'trends/', 'schools/']) {
      const { page } = await visit(path)
      const tops = await page.evaluate<number[][]>(
        `[...document.querySelectorAll('thead')].map((head) => [...head.querySelectorAll('button')].map((button) => {
          const range = document.createRange()
          range.selectNodeContents(button)
          return Math.round(range.getClientRects()[0].top)
        }))`,
      )
      for (const row of tops) expect(new Set(row).size, path).toBe(1)
      await page.context().close()
    }
  })

  it('gives the names of indicators their room among the zones, and the table no sideways scroll', async () => {
    const { page } = await visit('risk/')
    const table = page.getByRole('region', { name: /^Отклонения в неблагоприятную сторону/ })
    const width = await table.locator('tbody td:nth-child(3)').first().boundingBox()
    expect(width?.width).toBeGreaterThanOrEqual(190)
    expect(
      await page.evaluate<number>(
        `(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('[aria-label^="Отклонения"]'))`,
      ),
    ).toBe(0)
    await page.context().close()
  })

  it('gives every small picture two numbers at least on its axis', async () => {
    const { page } = await visit('schools/s020/')
    const frames = page.locator('main li svg[role=img]')
    expect(await frames.count()).toBeGreaterThan(3)
    for (const frame of await frames.all())
      expect(await frame.locator('text[text-anchor=end]').count()).toBeGreaterThan(1)
    await page.context().close()
  })

  it('keeps on paper the group of a school with the table of its place', async () => {
    const { page } = await visit('schools/s020/')
    await page.emulateMedia({ media: 'print' })
    expect(
      await page.evaluate<string>(
        "getComputedStyle(document.querySelector('.before-table')).breakAfter",
      ),
    ).toBe('avoid')
    await page.context().close()
  })

  it('prints the heads of columns as text, which the next sheet repeats', async () => {
    const { page } = await visit('risk/')
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('thead button').first().isVisible()).toBe(false)
    expect(await page.locator('.printed-title').first().isVisible()).toBe(true)
    await page.context().close()
  })

  it('heads a column that the page gives no title as the dictionary does, without scripts too', async () => {
    const { page } = await visit('clusters/', { javaScriptEnabled: false })
    const heads = await page.locator('thead button').allInnerTexts()
    expect(heads.filter((head) => /[a-z]{2}/.test(head))).toEqual([])
    expect(heads).toContain('Самые похожие школы, ближайшие первыми')
    await page.context().close()
  })

  it('colours no count of nothing', async () => {
    const { page } = await visit('quality/')
    const nothing = page.locator('main dl > div', { has: page.getByText('0', { exact: true }) })
    expect(await nothing.count()).toBeGreaterThan(0)
    for (const figure of await nothing.all())
      expect(await figure.getAttribute('class')).not.toMatch(/red|yellow|green|watch/)
    await page.context().close()
  })

  it('fits a sheet of A4 in the width between its margins', async () => {
    for (const [, path] of pages) {
      const { page } = await visit(path, { viewport: { width: 703, height: 1000 } })
      await page.emulateMedia({ media: 'print' })
      expect(await overflowOf(page), path).toBeLessThanOrEqual(0)
      await page.context().close()
    }
  })

  it('prints on A4 with every row', async () => {
    const { page } = await visit('risk/')
    const hidden = page.locator('tbody tr.beyond').first()
    expect(await hidden.isVisible()).toBe(false)
    await page.emulateMedia({ media: 'print' })
    expect(await hidden.isVisible()).toBe(true)
    expect(await page.locator('nav').isVisible()).toBe(false)
    const overflow = await overflowOf(page)
    expect(overflow).toBeLessThanOrEqual(0)
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1')
    const boxes = [...pdf.matchAll(/\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)/g)]
    expect(boxes.length).toBeGreaterThan(1)
    for (const [, width, height] of boxes) {
      expect(Number(width)).toBeCloseTo(595, -0.5)
      expect(Number(height)).toBeCloseTo(842, -0.5)
    }
    await page.context().close()
  })

  it(
    'fits a telephone without a sideways scroll of the page',
    async () => {
      for (const [, path] of pages) {
        const { page } = await visit(path, { viewport: { width: 360, height: 740 } })
        const overflow = await overflowOf(page)
        expect(overflow, path).toBeLessThanOrEqual(0)
        await page.context().close()
      }
    },
    3 * minutes,
  )

  it('allows no request outside itself by policy', () => {
    const html = readFileSync(join(site, 'index.html'), 'utf8')
    expect(html).toMatch(/http-equiv="content-security-policy" content="default-src 'self'/)
    expect(html).not.toMatch(/(src|href)="https?:/)
  })
})

describe.runIf(browser !== undefined)('a site of many schools', () => {
  it('renders the sections alone and reads the page of a school from the edition in the browser', async () => {
    const many = join(folder, 'many.duckdb')
    const out = join(folder, 'many')
    await writeEdition(many, editionRows(3, 310))
    expect((await renderSite({ edition: many, out })).pages).toBe(sections)
    const own = await serveSite(out)
    opened.push(own)
    const { page, complaints, database } = await visit(new URL('schools/s310/', own.url).href)
    await page.getByRole('heading', { level: 1, name: 'Школа № 310' }).waitFor()
    await page.locator('tbody tr').first().waitFor()
    expect(database.some((url) => url.endsWith('.duckdb'))).toBe(true)
    expect(complaints).toEqual([])
    await page.context().close()
  })
})
