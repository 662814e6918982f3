import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LedgerTable } from '../../transforms/contract/ledger.ts'
import { sheet } from '../../transforms/ledger/sheet.ts'
import type { Home } from '../../warehouse/home.ts'
import { sha256Of } from '../../warehouse/archive.ts'
import { pathsOf } from '../../warehouse/diff.ts'
import { Inputs } from '../../warehouse/inputs.ts'
import { readJournal } from '../../warehouse/journal.ts'
import { load, receive } from '../../warehouse/land.ts'
import { standing } from '../../warehouse/claims.ts'
import { fileReports, replacedFiles } from '../../warehouse/report.ts'
import { scratch, type Scratch } from '../support/home.ts'
import { catalogOf } from '../support/mini.ts'
import { totals as source } from './forms.ts'

let place: Scratch
let home: Home
beforeEach(async () => {
  place = await scratch()
  home = await place.home('home')
  await mkdir(join(place.folder, 'in'))
})
afterEach(() => place.remove())

/** A work of each school: its total. */
const put = async (
  name: string,
  totals: Readonly<Record<string, number>>,
  date = '01.06.2019',
): Promise<string> => {
  const path = join(place.folder, 'in', name)
  const works = Object.entries(totals).map(([school, total]) => `${school};п1;${String(total)}`)
  const lines = ['Результаты 2019', 'Предмет: Физика', `Дата: ${date}`, 'Школа;Код;Итог', ...works]
  await writeFile(path, lines.join('\r\n'))
  return path
}
/** The same rows in other bytes, of a smaller or a larger SHA-256 than another file's. */
const copied = async (
  path: string,
  name: string,
  wanted: 'smaller' | 'larger',
  than = path,
): Promise<string> => {
  const [before, other] = await Promise.all([path, than].map((each) => readFile(each)))
  const text = String(before)
  let copy = text
  do copy += '\r\n'
  while (
    sha256Of(Buffer.from(copy)) < sha256Of(Buffer.from(other ?? '')) !==
    (wanted === 'smaller')
  )
  await writeFile(join(place.folder, 'in', name), copy)
  return join(place.folder, 'in', name)
}
type Told = Partial<Record<'replacedBy' | 'replaces' | 'duplicates', readonly string[]>>
/** Of each file: what became of it, and the names of those that stand for it and of those for which it stands. */
const reports = async (paths: readonly string[]) => {
  const files = (await receive(home, paths)).map(({ sha256 }) => sha256)
  return Object.fromEntries(
    (await fileReports(home, files)).map((report): [string, [string, Told?]] => {
      const lists = (['replacedBy', 'replaces', 'duplicates'] as const).flatMap((list) =>
        report[list] === undefined ? [] : [[list, report[list].map((each) => basename(each))]],
      )
      return [
        basename(report.path),
        lists.length === 0 ? [report.status] : [report.status, Object.fromEntries(lists) as Told],
      ]
    }),
  )
}
/** Names of the files that tables name. */
const named = async (): Promise<readonly string[]> => {
  const parts = (await standing(home, [source])).get(source.id) ?? []
  const paths = await pathsOf(home)
  return parts.map(({ sha256 }) => basename(paths.get(sha256.slice(0, 16)) ?? '')).sort()
}

describe('fileReports(home, files)', () => {
  it('names the file that stands for one that is superseded, and of the other what it replaces', async () => {
    const paths = [await put('old.csv', { 7: 3 }), await put('new.csv', { 7: 4 }, '01.07.2019')]
    await load(home, [source], paths)
    expect(await reports(paths)).toEqual({
      'old.csv': ['superseded', { replacedBy: ['new.csv'] }],
      'new.csv': ['loaded', { replaces: ['old.csv'] }],
    })
  })

  it.each(['smaller', 'larger'] as const)(
    'names of files with the same rows the one that tables name, whichever came first: a later one of %s hash',
    async (wanted) => {
      const first = await put('first.csv', { 7: 3 })
      await load(home, [source], [first])
      const second = await copied(first, 'second.csv', wanted)
      const report = await load(home, [source], [second])
      const [stands, repeat] =
        wanted === 'smaller' ? ['second.csv', 'first.csv'] : ['first.csv', 'second.csv']
      expect(await reports([first, second])).toEqual({
        [stands]: ['loaded', { duplicates: [repeat] }],
        [repeat]: ['duplicate', { replacedBy: [stands] }],
      })
      expect(await named()).toEqual([stands])
      expect(report.files.map(({ status }) => status)).toEqual([
        wanted === 'smaller' ? 'loaded' : 'duplicate',
      ])
      expect(await readJournal(home)).toMatchObject({
        replaced: { duplicates: 1, superseded: 0, rows: 1 },
        delivered: [{ files: 1, loaded: 1 }],
      })
    },
  )

  it('says that a file is a repeat also to one that has a part of its rows, once others have the rest', async () => {
    const first = await put('first.csv', { 7: 3, 8: 3 })
    const paths = [
      first,
      await copied(await put('seven.csv', { 7: 3 }), 'seven.csv', 'smaller', first),
      await copied(await put('eight.csv', { 8: 3 }), 'eight.csv', 'smaller', first),
    ]
    const seen: unknown[] = []
    for (const path of paths) {
      await load(home, [source], [path])
      seen.push(Object.values(await reports([path]))[0])
    }
    expect(seen).toEqual([['loaded'], ['loaded'], ['loaded', { duplicates: ['first.csv'] }]])
    expect(await named()).toEqual(['eight.csv', 'seven.csv'])
  })

  it('names the files that stand for a part of one', async () => {
    const paths = [
      await put('all.csv', { 7: 3, 8: 3, 9: 3 }),
      await put('seven.csv', { 7: 4 }, '01.07.2019'),
      await put('eight.csv', { 8: 4 }, '01.07.2019'),
    ]
    await load(home, [source], paths)
    expect(await reports(paths)).toMatchObject({
      'all.csv': ['loaded', { replacedBy: ['eight.csv', 'seven.csv'] }],
      'seven.csv': ['loaded', { replaces: ['all.csv'] }],
    })
  })

  it('does not take what a correction left as it was for replaced', async () => {
    const all = await put('all.csv', { 7: 3, 8: 3 })
    const plain = await put('corrected.csv', { 7: 4, 8: 3 })
    const paths = [all, await copied(plain, 'corrected.csv', 'larger', all)]
    await load(home, [source], paths)
    expect(await reports(paths)).toEqual({
      'all.csv': ['loaded', { replacedBy: ['corrected.csv'] }],
      'corrected.csv': ['loaded', { replaces: ['all.csv'] }],
    })
    expect(await named()).toEqual(['all.csv', 'corrected.csv'])
  })

  it('takes a file for replaced of which a correction has the other rows too, and tables name it nowhere', async () => {
    const all = await put('all.csv', { 7: 3, 8: 3 })
    const plain = await put('corrected.csv', { 7: 4, 8: 3 })
    const paths = [all, await copied(plain, 'corrected.csv', 'smaller', all)]
    await load(home, [source], paths)
    expect(await reports(paths)).toEqual({
      'all.csv': ['superseded', { replacedBy: ['corrected.csv'] }],
      'corrected.csv': ['loaded', { replaces: ['all.csv'] }],
    })
    expect(await named()).toEqual(['corrected.csv'])
  })

  it('names the one that stands of the repeats of what replaces a file, at the file and at its own repeat', async () => {
    const old = await put('old.csv', { 7: 3 })
    const newer = await put('new.csv', { 7: 4 }, '01.07.2019')
    const paths = [old, newer]
    await load(home, [source], paths)
    const copies = [
      await copied(old, 'old copy.csv', 'larger'),
      await copied(newer, 'new copy.csv', 'smaller'),
    ]
    await load(home, [source], copies)
    expect(await reports([...paths, ...copies])).toEqual({
      'old.csv': ['superseded', { replacedBy: ['new copy.csv'] }],
      'new.csv': ['duplicate', { replacedBy: ['new copy.csv'] }],
      'old copy.csv': ['superseded', { replacedBy: ['new copy.csv'] }],
      'new copy.csv': [
        'loaded',
        { replaces: ['old copy.csv', 'old.csv'], duplicates: ['new.csv'] },
      ],
    })
    expect(await named()).toEqual(['new copy.csv'])
  })

  it('says nothing of the kind where no two files claim the same', async () => {
    const paths = [await put('a.csv', { 7: 3 }), await put('b.csv', { 8: 3 })]
    await load(home, [source], paths)
    for (const report of await fileReports(
      home,
      (await receive(home, paths)).map(({ sha256 }) => sha256),
    ))
      expect(Object.keys(report)).toEqual(['path', 'sha256', 'status', 'sheets', 'problems'])
    expect(await replacedFiles(home)).toEqual([])
  })
})

describe('a file that came under several names', () => {
  it.each([
    ['first', ['а.csv', 'я.csv']],
    ['last', ['я.csv', 'а.csv']],
  ])(
    'is named by the first of them by alphabet, everywhere, also where that came %s',
    async (_, names) => {
      const content = await readFile(await put('б.csv', { 7: 3 }))
      const newer = await put('new.csv', { 7: 4 }, '01.07.2019')
      for (const name of names) {
        const path = join(place.folder, name)
        await writeFile(path, content)
        await load(home, [source], [path])
      }
      await load(home, [source], [newer])
      const refused = await Promise.all(
        names.map(async (name) => {
          const path = join(place.folder, name.replace('.csv', ' (пусто).csv'))
          await writeFile(path, '')
          return path
        }),
      )
      for (const path of refused) await load(home, [source], [path])

      const [file] = (await receive(home, [join(place.folder, 'я.csv')])).map(
        ({ sha256 }) => sha256,
      )
      const named = join(place.folder, 'а.csv').replaceAll('\\', '/')
      expect((await fileReports(home, [file ?? '']))[0]?.path).toBe(named)
      expect((await pathsOf(home)).get((file ?? '').slice(0, 16))).toBe(named)
      expect(await reports([newer])).toEqual({ 'new.csv': ['loaded', { replaces: ['а.csv'] }] })
      expect((await replacedFiles(home)).map(({ path }) => path)).toEqual([named])
      const journal = await readJournal(home)
      expect(journal.refused.map(({ path }) => basename(path))).toEqual(['а (пусто).csv'])
      const inputs = await Inputs.read(
        home,
        catalogOf([{ kind: 'source', table: source }], { sources: [source] }),
      )
      expect(
        inputs.ledgerRows(sheet as unknown as LedgerTable).map((row) => row['file_name']),
      ).toEqual(expect.arrayContaining(['new.csv', 'а (пусто).csv']))
    },
  )
})

describe('replacedFiles(home)', () => {
  it('lists every file in whose place others stand, wholly or in part', async () => {
    const first = await put('all.csv', { 7: 3, 8: 3 })
    const paths = [
      first,
      await copied(first, 'again.csv', 'larger'),
      await put('seven.csv', { 7: 4 }, '01.07.2019'),
    ]
    for (const path of paths) await load(home, [source], [path])
    const [all, again, seven] = paths.map((path) => path.replaceAll('\\', '/'))
    expect(await replacedFiles(home)).toEqual([
      { path: again, status: 'duplicate', replacedBy: [all] },
      { path: all, status: 'loaded', replacedBy: [seven] },
    ])
  })
})
