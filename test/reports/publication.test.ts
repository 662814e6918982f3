import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { DuckDBInstance } from '@duckdb/node-api'
import { buildShell, renderSite, SiteError, siteStamp } from '../../reports/site.ts'
import { writeEdition } from '../../reports/structure.ts'
import { editionRows } from '../support/edition.ts'

const minutes = 60_000
const folder = mkdtempSync(join(tmpdir(), 'mera-publication-'))
vi.setConfig({ testTimeout: 5 * minutes })

beforeAll(async () => {
  await buildShell((line) => {
    process.stderr.write(`${line}\n`)
  })
}, 20 * minutes)

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** Every page and answer of a site, by path; of the other files the names. */
const contentOf = (site: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(realpathSync(site), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((file) => [
        relative(realpathSync(site), file),
        /\.(html|json)$/.test(file) ? readFileSync(file, 'utf8') : '',
      ]),
  )

describe('a new publication', () => {
  const changed = join(folder, 'changed.duckdb')
  const out = join(folder, 'changed')

  it('is on the site after a rendering, without a build, and nothing of the old one stays', async () => {
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
  })

  it('is not rendered again while the edition and the pages are the same', async () => {
    const before = realpathSync(out)
    expect(await renderSite({ edition: changed, out })).toMatchObject({
      stands: true,
      pages: siteStamp(out)?.pages,
    })
    expect(realpathSync(out)).toBe(before)
    expect(siteStamp(out)?.generation).toBe('2026-09-01-2')
  })

  it('comes by one turn of a link, and leaves nothing of the former beside it', async () => {
    const before = realpathSync(out)
    await writeEdition(changed, editionRows(12))
    expect((await renderSite({ edition: changed, out })).stands).toBe(false)
    expect(lstatSync(out).isSymbolicLink()).toBe(true)
    expect(realpathSync(out)).not.toBe(before)
    expect(existsSync(before)).toBe(false)
    expect(readdirSync(folder).filter((name) => name.startsWith('.changed.'))).toHaveLength(1)
    expect(siteStamp(out)?.generation).toBe('2026-08-28-1')
  })

  it('of a corrected number is the same site whether the pages that do not show it are taken over or rendered', async () => {
    const rows = editionRows(12)
    const [publication = {}] = rows['mart_publication'] ?? []
    const profiles = (rows['mart_school_profile'] ?? []).map((row) =>
      row['school_key'] === 's020' ? { ...row, summary: 'Сведения о школе исправлены.' } : row,
    )
    await writeEdition(changed, {
      ...rows,
      mart_publication: [{ ...publication, generation: '2026-10-05-3', data_as_of: '2026-10-04' }],
      mart_school_profile: profiles,
    })
    const over = await renderSite({ edition: changed, out })
    expect(over.taken).toBeGreaterThan(30)
    expect(over.taken).toBeLessThan(over.pages)
    const anew = join(folder, 'anew')
    expect((await renderSite({ edition: changed, out: anew })).taken).toBe(0)
    expect(contentOf(out)).toEqual(contentOf(anew))
    for (const [file, html] of Object.entries(contentOf(out)))
      if (file.endsWith('index.html')) {
        expect(html, file).toContain('2026-10-05-3')
        expect(html, file).not.toContain('2026-08-28-1')
      }
    expect(readFileSync(join(out, 'schools/s020/index.html'), 'utf8')).toContain(
      'Сведения о школе исправлены.',
    )
    await writeEdition(changed, editionRows(12))
    await renderSite({ edition: changed, out })
  })

  it('renders anew a page of the former site that is not whole', async () => {
    rmSync(join(out, 'schools/s020/index.html'))
    await writeEdition(changed, { ...editionRows(12), mart_finding: [] })
    const { pages: all, taken } = await renderSite({ edition: changed, out })
    expect(taken).toBeGreaterThan(30)
    expect(taken).toBeLessThan(all)
    expect(existsSync(join(out, 'schools/s020/index.html'))).toBe(true)
  })

  it('takes the place of a site that an older version left as a folder', async () => {
    const old = join(folder, 'old')
    mkdirSync(join(old, 'data'), { recursive: true })
    writeFileSync(join(old, 'data/publication.json'), '{}')
    await renderSite({ edition: changed, out: old })
    expect(existsSync(join(old, 'index.html'))).toBe(true)
    expect(readdirSync(folder).filter((name) => name.startsWith('.old.'))).toHaveLength(1)
  })

  it('never takes the place of a folder that holds something else', async () => {
    const foreign = join(folder, 'documents')
    mkdirSync(foreign)
    writeFileSync(join(foreign, 'letter.txt'), 'kept')
    await expect(renderSite({ edition: changed, out: foreign })).rejects.toThrow(
      'не пуста, и в ней не сайт',
    )
    expect(readFileSync(join(foreign, 'letter.txt'), 'utf8')).toBe('kept')
  })

  it('leaves the former site in place when a page cannot be rendered', async () => {
    const broken = join(folder, 'broken.duckdb')
    await writeEdition(broken, editionRows())
    const instance = await DuckDBInstance.create(broken)
    const connection = await instance.connect()
    await connection.run('drop table marts.mart_trend')
    connection.closeSync()
    instance.closeSync()
    await expect(renderSite({ edition: broken, out })).rejects.toThrow(SiteError)
    expect(existsSync(join(out, 'trends/index.html'))).toBe(true)
    expect(readdirSync(folder).filter((name) => name.startsWith('.changed.'))).toHaveLength(1)
    expect(siteStamp(out)?.generation).toBe('2026-08-28-1')
  })
})
