import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { matrixOf, type Matrix } from '../../../../transforms/methods/statistics/matrix.ts'

/** The text of a reference file, unpacked where its name ends in .gz. */
export const readReference = (folder: string, file: string): string => {
  const bytes = readFileSync(join(folder, file))
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
}

/** The rows of a reference CSV by column name; fields may be quoted, none holds a line break. */
export const readRows = (folder: string, file: string): Record<string, string>[] => {
  const [head = '', ...lines] = readReference(folder, file).trim().split(/\r?\n/)
  const fields = (line: string) =>
    Array.from(
      line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g),
      (field) => field[1] ?? field[2] ?? '',
    )
  const names = fields(head)
  return lines.map((line) =>
    Object.fromEntries(fields(line).map((value, i) => [names[i] ?? `column ${i}`, value])),
  )
}

/** A matrix of numbers set apart by blanks, one row a line. */
export const readMatrix = (folder: string, file: string): Matrix =>
  matrixOf(
    readReference(folder, file)
      .trim()
      .split(/\r?\n/)
      .map((line) => line.trim().split(/\s+/).map(Number)),
  )

/** Correct significant digits of `value` against `expected`: −log10 of the relative error, at most 16. */
export const digits = (value: number, expected: number): number => {
  if (value === expected) return 16
  const error = expected === 0 ? Math.abs(value) : Math.abs((value - expected) / expected)
  return Math.min(16, -Math.log10(error))
}
