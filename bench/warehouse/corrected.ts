import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'

/** The cells of one row of a sheet's XML that hold numbers, in order, with the places of their values. */
const numbersOf = (row: string): { value: number; from: number; to: number }[] =>
  [...row.matchAll(/<c r="[A-Z]+\d+"><v>(\d+)<\/v><\/c>/g)].map((match) => {
    const from = match.index + match[0].indexOf('<v>') + 3
    return { value: Number(match[1]), from, to: from + (match[1] ?? '').length }
  })

/**
 * A workbook of individual results in which one pupil lost a point in one task, and so in the sum: what a school sends when it has
 * checked a work again. `from` counts rows from the end.
 *
 * @throws RangeError where no such row has a task with a point to lose
 */
export const correctedWorkbook = (bytes: Uint8Array, from = 0): Uint8Array => {
  const files = unzipSync(bytes)
  const name = 'xl/worksheets/sheet1.xml'
  const sheet = strFromU8(files[name] ?? new Uint8Array())
  const rows = [...sheet.matchAll(/<row r="\d+">.*?<\/row>/gs)]
  for (let i = rows.length - 1 - from; i >= 0; i--) {
    const row = rows[i]
    if (row === undefined) break
    const numbers = numbersOf(row[0])
    const total = numbers.at(-3)
    const task = numbers.slice(3, -3).find(({ value }) => value > 0)
    if (total === undefined || task === undefined || total.value < 1) continue
    const put = (text: string, cell: { value: number; from: number; to: number }): string =>
      `${text.slice(0, cell.from)}${cell.value - 1}${text.slice(cell.to)}`
    const changed = put(put(row[0], total), task)
    const text = `${sheet.slice(0, row.index)}${changed}${sheet.slice(row.index + row[0].length)}`
    return zipSync({ ...files, [name]: strToU8(text) }, { mtime: new Date(2026, 8, 1) })
  }
  throw new RangeError('no row has a point to lose')
}

/** The first workbook of individual ВПР results of the last year of a sample. */
export const firstIndividual = async (folder: string): Promise<Buffer> => {
  const place = join(folder, '2025-2026', 'ВПР')
  const names = (await readdir(place)).filter((name) => name.startsWith('Ф1_')).sort()
  return readFile(join(place, names[0] ?? ''))
}
