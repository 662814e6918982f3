import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { SeriesPoint } from '../../../../transforms/methods/statistics/kendall.ts'

/** A row of a reference table: cells by column name, quotes taken off. */
export type Row = ReadonlyMap<string, string>

export const readTable = (folder: string, path: string): Row[] => {
  const cells = (line: string) => line.split(',').map((cell) => cell.replaceAll('"', '').trim())
  const [head, ...lines] = readFileSync(resolve(folder, path), 'utf8').trim().split(/\r?\n/)
  const names = cells(head ?? '')
  return lines.map((line) => {
    const row = cells(line)
    return new Map(names.map((name, i) => [name, row[i] ?? '']))
  })
}

export const text = (row: Row, name: string): string => row.get(name) ?? ''
export const number = (row: Row, name: string): number => Number(text(row, name))

export const readSeries = (folder: string): Map<string, SeriesPoint[]> => {
  const series = new Map<string, SeriesPoint[]>()
  for (const row of readTable(folder, 'csv/series.csv')) {
    const name = text(row, 'series')
    const points = series.get(name) ?? []
    points.push({ t: number(row, 't'), value: number(row, 'x') })
    series.set(name, points)
  }
  return series
}

/** EPA Unified Guidance (2009), example 17-6: sulphate by sampling date as given. */
export const readSulphate = (folder: string): SeriesPoint[] =>
  readTable(folder, 'csv/epa2009_ex17_6_sulfate.csv').map((row) => ({
    t: number(row, 'Sampling.Date'),
    value: number(row, 'Sulfate.ppm'),
  }))
