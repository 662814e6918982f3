import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LedgerTable } from '../../transforms/contract/ledger.ts'
import { quarantine } from '../../transforms/ledger/quarantine.ts'
import { sheet } from '../../transforms/ledger/sheet.ts'
import { sha256Of } from '../../warehouse/archive.ts'
import { build } from '../../warehouse/build.ts'
import type { Home } from '../../warehouse/home.ts'
import { readJournal } from '../../warehouse/journal.ts'
import { load, receive, type Facts } from '../../warehouse/land.ts'
import { withLedger } from '../../warehouse/ledger.ts'
import { fileReports, replacedFiles } from '../../warehouse/report.ts'
import { restore, withdraw } from '../../warehouse/withdraw.ts'
import { workbook } from '../../warehouse/workbook.ts'
import { warehouseSteps } from '../../workflows/activities/steps.ts'
import { localEngine } from '../../workflows/local.ts'
import { scratch, type Scratch } from '../support/home.ts'
import { catalogOf, cut, madeOf, parameterStep, rate, rateRow } from '../support/mini.ts'
import { sampleHome } from '../support/sample.ts'
import { staffFile } from '../support/office.ts'
import { catalog as declared } from '../support/tables.ts'
import { totals } from './forms.ts'

const catalog = catalogOf(
  [
    { kind: 'source', table: totals },
    { kind: 'ledger', table: sheet as unknown as LedgerTable },
    { kind: 'ledger', table: quarantine as unknown as LedgerTable },
    parameterStep(rate, [
      rateRow('a', 1),
      { ...rateRow('a', 2), scope: 'region' },
      { ...rateRow('b', 3), valid_from: '2020-09-01' },
    ]),
  ],
  { sources: [totals] },
)

let place: Scratch
let home: Home
beforeEach(async () => {
  place = await scratch()
  home = await place.home('home')
})
afterEach(() => place.remove())

type Pupil = readonly [school: number, total: number]
/** A report of one subject; 99 is more than there may be: the row goes into quarantine. */
const report = (day: number, title: string, year: number, ...pupils: readonly Pupil[]) =>
  workbook({
    name: `${title} 1`,
    rows: [
      [`Результаты ${String(year)}`],
      [`Дата: ${String(day).padStart(2, '0')}.06.2021`],
      ['Школа', 'Код', 'Итог'],
      ...pupils.map(([school, total]) => [school, `п${String(school)}`, total]),
    ],
  })
const put = async (name: string, bytes: Uint8Array | string): Promise<string> => {
  const path = join(place.folder, name)
  await writeFile(path, bytes)
  return path
}

const first = report(1, 'Физика', 2019, [7, 10], [8, 10], [8, 99])
const second = report(2, 'Физика', 2019, [7, 11])

describe('a build after a file was withdrawn', () => {
  const arrivals: Readonly<Record<string, readonly [bytes: Uint8Array | string, facts?: Facts]>> = {
    'report.xlsx': [first],
    'copy.xlsx': [report(1, 'Физика', 2019, [8, 10], [7, 10])],
    'correction.xlsx': [second],
    'slip.xlsx': [report(1, 'Химия', 2019, [9, 30])],
    'other.xlsx': [report(1, 'Химия', 2019, [9, 31])],
    // It says of school 9 that nothing was right, whoever delivered it, as long as the slip is there.
    'meant.xlsx': [report(3, 'Химия', 2019, [8, 30]), { supersedes: 'slip.xlsx' }],
    'late.xlsx': [report(1, 'Физика', 2021, [7, 40]), { scope: 'region' }],
    'меню.csv': ['блюдо;цена\nсуп;100\n'],
    'broken.xlsx': ['PK\u0003\u0004 и больше ничего'],
  }
  const loadAll = async (into: Home, without?: string): Promise<void> => {
    for (const [name, [bytes, facts = {}]] of Object.entries(arrivals))
      if (name !== without) await load(into, [totals], [await put(name, bytes)], { facts })
  }
  const hashOf = async (of: Home): Promise<string> => (await build(of, catalog)).contentHash

  it.each(Object.keys(arrivals))(
    'has the content of a home that never received %s, and once it is restored that of before',
    async (name) => {
      const never = await place.home('never')
      await loadAll(never, name)
      await loadAll(home)
      const before = await hashOf(home)
      await withdraw(home, [name])
      expect(await hashOf(home)).toBe(await hashOf(never))
      await restore(home, [name])
      expect(await hashOf(home)).toBe(before)
    },
  )

  it('makes anew only what depends on the file, as a full build does', async () => {
    const sample = await sampleHome('small')
    const own = await scratch(sample.key)
    try {
      const whole = cut(await declared(), ['core.fct_staff', 'core.fct_result', 'ledger.sheet'])
      const of = await own.home('sample', sample.home.path)
      await build(of, whole)
      await withdraw(of, [join(sample.files, staffFile)])
      const { built, contentHash } = await build(of, whole)
      const allowed = madeOf(whole, ['sources.staff_register', 'ledger.sheet'])
      const names = built.map(({ table }) => table)
      expect(names.filter((table) => !allowed.has(table))).toEqual([])
      expect(names).toContain('core.fct_staff')
      expect((await build(of, whole, { full: true })).contentHash).toBe(contentHash)
    } finally {
      await own.remove()
    }
  })
})

describe('a withdrawn file', () => {
  it('is told as withdrawn with the reason, counts for nothing, and what it replaced is loaded', async () => {
    const paths = [await put('report.xlsx', first), await put('correction.xlsx', second)]
    const files = (await receive(home, paths)).map(({ sha256 }) => sha256)
    await load(home, [totals], paths)
    expect(await replacedFiles(home)).toMatchObject([{ path: paths[0], replacedBy: [paths[1]] }])
    await withdraw(home, ['correction.xlsx'], 'чужой район')

    expect(await fileReports(home, files)).toMatchObject([
      { status: 'loaded', sheets: [{ read: 3, loaded: 2, quarantined: 1, replaced: 0 }] },
      { status: 'withdrawn', reason: 'чужой район', sheets: [{ read: 1, loaded: 0 }] },
    ])
    expect(await replacedFiles(home)).toEqual([])
    expect(await readJournal(home)).toMatchObject({
      received: 2,
      replaced: { rows: 0 },
      withdrawn: [{ path: paths[1], sha256: files[1], reason: 'чужой район' }],
      delivered: [{ files: 1, loaded: 2, quarantined: 1 }],
    })
  })

  it('takes its rows in quarantine and its refusal out of the status', async () => {
    await load(home, [totals], [await put('report.xlsx', first), await put('broken.xlsx', 'PK')])
    expect(await readJournal(home)).toMatchObject({ quarantine: [{ rows: 1 }], refused: [{}] })
    await withdraw(home, ['report.xlsx', 'broken.xlsx'])
    expect(await readJournal(home)).toMatchObject({ quarantine: [], refused: [], delivered: [] })
  })

  it('stays so when it comes again, or is read again, and nothing of it is counted as loaded', async () => {
    const path = await put('report.xlsx', first)
    await load(home, [totals], [path])
    await withdraw(home, [path])
    const again = await load(home, [totals], [path])
    expect(again).toMatchObject({ read: 0, loaded: 0, files: [{ status: 'withdrawn' }] })

    const files = (await receive(home, [path], { facts: { note: 'новое' } })).map(
      ({ sha256 }) => sha256,
    )
    const steps = warehouseSteps({ home, catalog })({
      signal: new AbortController().signal,
      onProgress: () => undefined,
    })
    expect(await localEngine({ steps }).load({ files })).toMatchObject({
      ...{ read: 0, loaded: 0, quarantined: 0, replaced: 0, refused: 0 },
    })
    expect(await fileReports(home, files)).toMatchObject([{ status: 'withdrawn' }])
  })

  it('stays in the archive and among what was parsed', async () => {
    const path = await put('report.xlsx', first)
    await load(home, [totals], [path])
    const kept = async () => [await readdir(home.archive), await readdir(home.parsed)]
    const before = await kept()
    await withdraw(home, [path])
    expect(await kept()).toEqual(before)
  })
})

describe('withdraw(home, words, reason) and restore(home, words)', () => {
  it('know a file by its content on disk, its path, the end of it and the first digits of its hash', async () => {
    await mkdir(join(place.folder, 'ВПР'))
    const path = await put('ВПР/report.xlsx', first)
    await load(home, [totals], [path])
    const sha256 = sha256Of(first)
    const copy = await put('другое имя.xlsx', first)
    const file = { path, sha256 }
    for (const word of [copy, 'report.xlsx', 'ВПР/report.xlsx', 'ВПР\\report.xlsx']) {
      expect(await withdraw(home, [word])).toEqual({ changed: [file], unchanged: [] })
      expect(await restore(home, [word])).toEqual({ changed: [file], unchanged: [] })
    }
    await put('ВПР/report.xlsx', 'уже другое')
    for (const word of [path, sha256.slice(0, 8), sha256.toUpperCase()])
      expect(await withdraw(home, [word])).toMatchObject({
        [word === path ? 'changed' : 'unchanged']: [file],
      })
  })

  it('refuse what names no file or several, and then change nothing', async () => {
    await mkdir(join(place.folder, 'другое'))
    const paths = [await put('report.xlsx', first), await put('другое/report.xlsx', second)]
    await load(home, [totals], paths)
    const hashes = [first, second].map((bytes) => sha256Of(bytes).slice(0, 12)).sort()
    await expect(withdraw(home, [paths[0] ?? '', 'report.xlsx'])).rejects.toMatchObject({
      code: 'file-ambiguous',
      message: expect.stringMatching(new RegExp(`\n {2}${hashes.join(' .*\n {2}')} `)) as string,
    })
    for (const word of ['нет.xlsx', 'port.xlsx', hashes.join('').slice(0, 7), place.folder])
      await expect(withdraw(home, [word])).rejects.toMatchObject({ code: 'file-unknown' })
    expect((await readJournal(home)).withdrawn).toEqual([])
  })

  it('take a file that lies on disk for itself, not for one of its name that came from elsewhere', async () => {
    await mkdir(join(place.folder, 'другое'))
    await load(home, [totals], [await put('другое/report.xlsx', first)])
    await put('report.xlsx', second)
    const here = process.cwd()
    process.chdir(place.folder)
    try {
      await expect(withdraw(home, ['report.xlsx'])).rejects.toMatchObject({ code: 'file-unknown' })
    } finally {
      process.chdir(here)
    }
  })

  it('change nothing the second time, and the ledger keeps what was done, when and why', async () => {
    const path = await put('report.xlsx', first)
    await load(home, [totals], [path])
    const file = { path, sha256: sha256Of(first) }
    const nothing = { changed: [], unchanged: [file] }
    expect(await restore(home, [path])).toEqual(nothing)
    expect(await withdraw(home, [path, path], 'чужой район')).toMatchObject({ changed: [file] })
    expect(await withdraw(home, [path], 'другая причина')).toEqual(nothing)
    expect(await restore(home, [path])).toMatchObject({ changed: [file] })
    await withdraw(home, [path])
    const rows = await withLedger(home, 'test', (ledger) =>
      ledger.rows(
        'select reason, withdrawn_at is not null as at, restored_at is not null as back from withdrawal order by withdrawn_at, reason',
      ),
    )
    expect(rows).toEqual([
      { reason: 'чужой район', at: true, back: true },
      { reason: null, at: true, back: false },
    ])
  })

  it('work in a home whose ledger knew of no withdrawals', async () => {
    const path = await put('report.xlsx', first)
    await load(home, [totals], [path])
    await withLedger(home, 'test', (ledger) => ledger.database.run('drop table withdrawal'))
    expect((await readJournal(home)).withdrawn).toEqual([])
    expect((await withdraw(home, [path])).changed).toHaveLength(1)
  })
})
