import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defineSource } from '../../transforms/contract/source.ts'
import type { Home } from '../../warehouse/home.ts'
import { load, receive } from '../../warehouse/land.ts'
import { fileReports, replacedFiles } from '../../warehouse/report.ts'
import { scratch, type Scratch } from '../support/home.ts'
import { scores } from './forms.ts'

const source = defineSource('file:///forms/sources/scores.ts', {
  ...scores.form,
  repeated: undefined,
  rules: [],
} as unknown as typeof scores.form)

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
/** The same rows in other bytes. */
const copied = async (path: string, name: string): Promise<string> => {
  const copy = join(place.folder, 'in', name)
  await writeFile(copy, `\ufeff${await readFile(path, 'utf8')}`)
  return copy
}
/** Of each file: what became of it, and the names of those that stand for it and of those for which it stands. */
const reports = async (paths: readonly string[]) => {
  const files = (await receive(home, paths)).map(({ sha256 }) => sha256)
  return Object.fromEntries(
    (await fileReports(home, files)).map(({ path, status, replacedBy, replaces }) => [
      basename(path),
      [status, replacedBy?.map((each) => basename(each)), replaces?.map((each) => basename(each))],
    ]),
  )
}

describe('fileReports(home, files)', () => {
  it('names the file that stands for one that is superseded, and of the other what it replaces', async () => {
    const paths = [await put('old.csv', { 7: 3 }), await put('new.csv', { 7: 4 }, '01.07.2019')]
    await load(home, [source], paths)
    expect(await reports(paths)).toEqual({
      'old.csv': ['superseded', ['new.csv'], undefined],
      'new.csv': ['loaded', undefined, ['old.csv']],
    })
  })

  it('names the file that had the same rows before', async () => {
    const first = await put('first.csv', { 7: 3 })
    await load(home, [source], [first])
    const again = await copied(first, 'again.csv')
    await load(home, [source], [again])
    expect(await reports([first, again])).toEqual({
      'first.csv': ['loaded', undefined, undefined],
      'again.csv': ['duplicate', ['first.csv'], undefined],
    })
  })

  it('names the files that stand for a part of one', async () => {
    const paths = [
      await put('all.csv', { 7: 3, 8: 3, 9: 3 }),
      await put('seven.csv', { 7: 4 }, '01.07.2019'),
      await put('eight.csv', { 8: 4 }, '01.07.2019'),
    ]
    await load(home, [source], paths)
    expect(await reports(paths)).toMatchObject({
      'all.csv': ['loaded', ['eight.csv', 'seven.csv'], undefined],
      'seven.csv': ['loaded', undefined, ['all.csv']],
    })
  })

  it('does not take what a correction left as it was for replaced', async () => {
    const paths = [await put('all.csv', { 7: 3, 8: 3 }), await put('corrected.csv', { 7: 4, 8: 3 })]
    await load(home, [source], paths)
    expect(await reports(paths)).toEqual({
      'all.csv': ['loaded', ['corrected.csv'], undefined],
      'corrected.csv': ['loaded', undefined, ['all.csv']],
    })
  })

  it('names of repeats of what replaces a file the first, and the replaced one at its own repeat', async () => {
    const old = await put('old.csv', { 7: 3 })
    const newer = await put('new.csv', { 7: 4 }, '01.07.2019')
    const paths = [old, newer]
    await load(home, [source], paths)
    const copies = [await copied(old, 'old copy.csv'), await copied(newer, 'new copy.csv')]
    await load(home, [source], copies)
    expect(await reports([...paths, ...copies])).toEqual({
      'old.csv': ['superseded', ['new.csv'], undefined],
      'new.csv': ['loaded', undefined, ['old.csv']],
      'old copy.csv': ['duplicate', ['old.csv'], undefined],
      'new copy.csv': ['duplicate', ['new.csv'], undefined],
    })
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

describe('replacedFiles(home)', () => {
  it('lists every file in whose place others stand, wholly or in part', async () => {
    const first = await put('all.csv', { 7: 3, 8: 3 })
    const paths = [
      first,
      await copied(first, 'again.csv'),
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
