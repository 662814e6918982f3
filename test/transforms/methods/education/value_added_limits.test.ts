import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { nationalHalfWidth } from '../../../../transforms/methods/education/value_added.ts'
import { median } from '../../../../transforms/methods/statistics/sums.ts'
import { sharedData } from '../../../support/shared-data.ts'

const folder = sharedData('uk_ks2_hampshire_surrey_2017_2019')

/** A school's published value added with its 95 % limits (printed to 0.1) and the pupils behind it. */
interface Published {
  readonly value: number
  readonly lo: number
  readonly hi: number
  readonly n: number
}

const cellsOf = (line: string): string[] =>
  [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, cell = '']) =>
    cell.replace(/^"|"$/g, ''),
  )

const published = (path: string, subject: 'READ' | 'MAT'): readonly Published[] => {
  const [head = '', ...lines] = readFileSync(path, 'utf8')
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
  const names = cellsOf(head)
  const at = (name: string): number => names.indexOf(name)
  return lines.flatMap((line): Published[] => {
    const cells = cellsOf(line)
    const number = (name: string): number => {
      const cell = (cells[at(name)] ?? '').replace('%', '')
      return cell === '' ? Number.NaN : Number(cell)
    }
    const row = {
      value: number(`${subject}PROG`),
      lo: number(`${subject}PROG_LOWER`),
      hi: number(`${subject}PROG_UPPER`),
      n: (number('TELIG') * number(`${subject}COV`)) / 100,
    }
    return cells[at('RECTYPE')] === '1' && Object.values(row).every(Number.isFinite) ? [row] : []
  })
}

const z = 1.96
const spreadOf = ({ lo, hi, n }: Published): number => (((hi - lo) / 2) * Math.sqrt(n)) / z

describe.runIf(folder !== undefined)(
  'limits of value added published for two English counties',
  () => {
    describe.each(['2016', '2017', '2018'])('in the school year begun in %s', (year) => {
      it.each(['READ', 'MAT'] as const)('are z·σ/√n with one national σ (%s)', (subject) => {
        const of = (county: string): readonly Published[] =>
          published(join(folder ?? '', 'original', 'ks2', `${year}-${county}-ks2.csv`), subject)
        const [hampshire, surrey] = [of('850'), of('936')]
        expect(hampshire.length).toBeGreaterThan(300)
        expect(surrey.length).toBeGreaterThan(200)
        // σ is known to the national office alone: learnt from one county, it must foretell the other's limits.
        const sd = median(hampshire.map(spreadOf))
        for (const { value, lo, hi, n } of surrey) {
          const half = nationalHalfWidth(sd, n, z)
          // Limits are printed to 0.1, coverage of pupils to 1 %.
          const rounding = 0.1 + 0.01 * half
          expect(Math.abs((hi - lo) / 2 - half)).toBeLessThan(rounding)
          expect(Math.abs(lo - (value - half))).toBeLessThan(rounding + 0.06)
          expect(Math.abs(hi - (value + half))).toBeLessThan(rounding + 0.06)
        }
      })
    })
  },
)
