import { attribute } from './xml.ts'

/** What a cell's format makes of its number. */
export type StyleKind = 'number' | 'date' | 'percent'

/** Kind of each cell format, by its index in `cellXfs`. */
export const styleKinds = (xml: string): readonly StyleKind[] => {
  const formats = new Map<number, StyleKind>()
  for (const [tag] of xml.matchAll(/<numFmt\b[^>]*>/g))
    formats.set(Number(attribute(tag, 'numFmtId')), kindOf(attribute(tag, 'formatCode') ?? ''))
  const cells = /<cellXfs\b[^>]*>([\s\S]*?)<\/cellXfs>/.exec(xml)?.[1] ?? ''
  return [...cells.matchAll(/<xf\b[^>]*>/g)].map(([tag]) => {
    const id = Number(attribute(tag, 'numFmtId') ?? 0)
    return formats.get(id) ?? builtIn(id)
  })
}

/** ECMA-376, 18.8.30: formats that a workbook need not spell out. */
const builtIn = (id: number): StyleKind =>
  id === 9 || id === 10
    ? 'percent'
    : (id >= 14 && id <= 22) ||
        (id >= 27 && id <= 36) ||
        (id >= 45 && id <= 47) ||
        (id >= 50 && id <= 58)
      ? 'date'
      : 'number'

const kindOf = (code: string): StyleKind => {
  const bare = code
    .replaceAll('&quot;', '"')
    .replace(/"[^"]*"|\\.|_.|\*./g, '')
    .replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '')
  if (/[dyhs]|m/i.test(bare.replace(/general/gi, '').replace(/e[+-]/gi, ''))) return 'date'
  return bare.includes('%') ? 'percent' : 'number'
}

/** A serial day number as ISO text; with a time where it has one; a bare time below day 1. */
export const serialDate = (serial: number, date1904: boolean): string => {
  const days = date1904 ? serial + 1462 : serial
  const shifted = days < 60 ? days + 1 : days
  const seconds = Math.round((shifted - 25569) * 86400)
  const moment = new Date(seconds * 1000)
  if (Number.isNaN(moment.getTime())) return String(serial)
  const iso = moment.toISOString()
  const time = iso.slice(11, 19)
  if (serial >= 0 && serial < 1 && !date1904) return time
  return time === '00:00:00' ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${time}`
}
