import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { buildShell, renderSite, serveSite, SiteError } from '../../reports/site.ts'
import { writeEdition } from '../../reports/structure.ts'
import { launchBrowser } from '../support/browser.ts'
import { editionRows } from '../support/edition.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const tell = (line: string): void => {
  process.stderr.write(`${line}\n`)
}
const folder = mkdtempSync(join(tmpdir(), 'mera-site-'))
const edition = join(folder, 'edition.duckdb')
const site = join(folder, 'site')
const minutes = 60_000

const opened: { close(): Promise<unknown> }[] = []
const browser = await launchBrowser()
let server: { url: string; close(): Promise<void> }
let rendered: { pages: number; ms: number }

vi.setConfig({ testTimeout: 3 * minutes })

beforeAll(async () => {
  await buildShell(tell)
  await writeEdition(edition, editionRows())
  rendered = await renderSite({ edition, out: site, onProgress: tell })
  server = await serveSite(site)
  opened.push(server)
  if (browser !== undefined) opened.push(browser)
}, 20 * minutes)

afterAll(async () => {
  for (const one of opened) await one.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Visit {
  readonly page: Page
  readonly foreign: string[]
  readonly complaints: string[]
  readonly database: string[]
}

/** Opens a page and records what it asked other hosts, what it complained of, and whether it fetched the database. */
const visit = async (path: string, options: BrowserContextOptions = {}): Promise<Visit> => {
  if (browser === undefined) throw new Error('the test needs a browser')
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    locale: 'ru-RU',
    ...options,
  })
  const page = await context.newPage()
  const foreign: string[] = []
  const complaints: string[] = []
  const database: string[] = []
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(server.url) && !/^(data|blob):/.test(url)) foreign.push(url)
    if (/\.(wasm|duckdb)$/.test(url)) database.push(url)
  })
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(new URL(path, server.url).href, { waitUntil: 'networkidle' })
  return { page, foreign, complaints, database }
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

interface Violation {
  readonly id: string
  readonly nodes: readonly { readonly html: string }[]
}

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What axe finds against WCAG 2.2 AA and good practice; nothing is excused, Evidence's own parts included. */
const violations = async (page: Page): Promise<string[]> => {
  await page.evaluate(axe)
  const found = await page.evaluate<Violation[]>(
    `axe.run(document, { runOnly: ${JSON.stringify(tags)} }).then(({ violations }) => violations)`,
  )
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}

/** Pixels by which the page is wider than its window. */
const overflowOf = (page: Page): Promise<number> =>
  page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  )

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
        const n = Number(/n\s=\s([\d\s]+)/.exec(text)?.[1]?.replace(/\s/g, ''))
        expect(n, text).toBeGreaterThan(0)
        if (n >= 10) expect(text).toMatch(/\d–\d/)
        else expect(text).toMatch(/выборка мала|скрыто/)
      }
      await page.context().close()
    })
  })
})

describe.runIf(browser !== undefined)('the site', () => {
  it('has a page for every school and every section', () => {
    expect(rendered.pages).toBe(7 + 34)
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
      await page.getByLabel('Показатель', { exact: true }).selectOption({ label: 'Успеваемость' })
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
    expect((await renderSite({ edition: many, out })).pages).toBe(7)
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

describe('a new publication', () => {
  const changed = join(folder, 'changed.duckdb')
  const out = join(folder, 'changed')

  it(
    'is on the site after a rendering, without a build, and nothing of the old one stays',
    async () => {
      const rows = editionRows(11)
      const publication = rows['mart_publication']?.[0] ?? {}
      await writeEdition(changed, {
        ...rows,
        mart_publication: [{ ...publication, generation: '2026-09-01-2' }],
      })
      expect((await buildShell()).built).toBe(false)
      await renderSite({ edition: changed, out })
      const html = readFileSync(join(out, 'index.html'), 'utf8')
      expect(html).toContain('2026-09-01-2')
      expect(html).not.toContain('2026-08-28-1')
    },
    5 * minutes,
  )

  it(
    'leaves the former site in place when a page cannot be rendered',
    async () => {
      const broken = join(folder, 'broken.duckdb')
      await writeEdition(broken, editionRows())
      const { DuckDBInstance } = await import('@duckdb/node-api')
      const instance = await DuckDBInstance.create(broken)
      const connection = await instance.connect()
      await connection.run('drop table marts.mart_trend')
      connection.closeSync()
      instance.closeSync()
      await expect(renderSite({ edition: broken, out })).rejects.toThrow(SiteError)
      expect(existsSync(join(out, 'trends/index.html'))).toBe(true)
      expect(readFileSync(join(out, 'index.html'), 'utf8')).toContain('2026-09-01-2')
    },
    5 * minutes,
  )
})
