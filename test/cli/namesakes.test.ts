import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { replacedLines } from '../../cli/namesakes.ts'
import type { Home } from '../../warehouse/home.ts'
import { load } from '../../warehouse/land.ts'
import { replacedFiles } from '../../warehouse/report.ts'
import { scratch, type Scratch } from '../support/home.ts'
import { totals as source } from '../warehouse/forms.ts'

let place: Scratch
let home: Home
beforeEach(async () => {
  place = await scratch()
  home = await place.home('home')
  await mkdir(join(place.folder, 'in'))
})
afterEach(() => place.remove())

/** Loads the works of a school, saved under this name; gives the start of the file's SHA-256. */
const came = async (name: string, total: number, date: string): Promise<string> => {
  const path = join(place.folder, 'in', name)
  const lines = ['Результаты 2019', 'Предмет: Физика', `Дата: ${date}`, 'Школа;Код;Итог']
  await writeFile(path, [...lines, `7;п1;${String(total)}`].join('\r\n'))
  const { files } = await load(home, [source], [path])
  return files[0]?.sha256.slice(0, 8) ?? ''
}
const lines = async (): Promise<readonly string[]> => replacedLines(home, await replacedFiles(home))

describe('replacedLines(home, replaced)', () => {
  test('tells files of one path by when they came and by their SHA-256', async () => {
    const first = await came('Ф1.csv', 3, '01.06.2019')
    const second = await came('Ф1.csv', 4, '02.06.2019')
    const third = await came('Ф1.csv', 5, '03.06.2019')
    const when = String.raw`получен \d\d\.\d\d\.\d{4}, \d\d:\d\d, SHA-256`
    const found = await lines()
    expect(found).toHaveLength(2)
    for (const [i, old] of [first, second].entries())
      expect(found[i]).toMatch(
        new RegExp(
          String.raw`^Ф1\.csv \(${when} ${old}\) — заменён файлом Ф1\.csv \(${when} ${third}\)$`,
        ),
      )
  })
  test('knows a file that came under another name first', async () => {
    const first = await came('Ф2.csv', 3, '01.06.2019')
    expect(await came('Ф1.csv', 3, '01.06.2019')).toBe(first)
    const second = await came('Ф1.csv', 4, '02.06.2019')
    expect(await lines()).toEqual([
      expect.stringMatching(new RegExp(`^Ф1.*${first}.*заменён файлом Ф1.*${second}`)),
    ])
  })
  test('tells files by their names where these differ, in the order of their paths', async () => {
    await came('Ф2.csv', 3, '01.06.2019')
    await came('Ф1.csv', 4, '02.06.2019')
    await came('Ф3.csv', 5, '03.06.2019')
    expect(await lines()).toEqual([
      'Ф1.csv — заменён файлом Ф3.csv',
      'Ф2.csv — заменён файлом Ф3.csv',
    ])
  })
})
