import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { disputed, standing } from '../../warehouse/claims.ts'
import type { Home } from '../../warehouse/home.ts'
import { withLedger, type LedgerRow } from '../../warehouse/ledger.ts'
import { judged, type Candidate } from '../../warehouse/standing.ts'
import { scratch, type Scratch } from '../support/home.ts'
import { protocol, scores } from './forms.ts'

let place: Scratch
let home: Home
beforeEach(async () => {
  place = await scratch()
  home = await place.home('home')
})
afterEach(() => place.remove())

/** A file's claim to one delivery of one of two forms. */
const claim = fc.record({
  file: fc.constantFrom('aa', 'bb', 'cc', 'dd'),
  source: fc.constantFrom(scores.name, protocol.name),
  delivery: fc.constantFrom<string>('d1', 'd2', 'ё3'),
  rows: fc.integer({ min: 0, max: 2 }),
  content: fc.constantFrom('x', 'y'),
  deliveredOn: fc.option(fc.constantFrom('2026-05-01', '2026-06-01')),
})
/** Said of a file, whatever it delivers. */
const word = fc.option(fc.constantFrom('aa.xlsx', 'bb.xlsx'))
type Claim = Omit<typeof claim extends fc.Arbitrary<infer T> ? T : never, 'content'> & {
  readonly content: string
  readonly supersedes: string | null
}
const parquetOf = ({ file, source }: Claim): string => `parsed/${file}/${source}.parquet`
const rowOf = (each: Claim): LedgerRow<'delivery'> => ({
  sha256: each.file,
  source: each.source,
  delivery: each.delivery,
  year: 2026,
  parquet: parquetOf(each),
  rows: each.rows,
  content: each.content,
  delivered_on: each.deliveredOn,
  said_on: null,
  supersedes: each.supersedes,
  sheets: JSON.stringify({ Л: each.rows }),
})
/** Files came in the order of the alphabet, each under its own name. */
const candidateOf = ({ file, ...each }: Claim): Candidate => ({
  ...each,
  sha256: file,
  saidOn: null,
  receipt: file.charCodeAt(0),
  names: [`${file}.xlsx`],
})
/** Of one form: what a file claims by word alone, of a file with which no file that names it has a delivery in common. */
const byWord = (own: readonly Claim[]): readonly Claim[] => {
  const of = (file: string): readonly Claim[] => own.filter((each) => each.file === file)
  const words = new Map(
    own.flatMap(({ file, supersedes }) =>
      supersedes === null || supersedes === `${file}.xlsx` ? [] : [[file, supersedes.slice(0, 2)]],
    ),
  )
  const isHeard = ([file, older]: readonly [string, string]): boolean =>
    of(file).some(({ delivery }) => of(older).some((each) => each.delivery === delivery))
  const heard = new Set([...words].filter(isHeard).map(([, older]) => older))
  return [...words].flatMap(([file, older]) => {
    const [first] = of(file)
    if (first === undefined || heard.has(older)) return []
    const [deliveredOn = null] = of(file)
      .flatMap((each) => each.deliveredOn ?? [])
      .sort()
      .reverse()
    return of(older).map(({ delivery }) => ({
      ...{ ...first, delivery, deliveredOn },
      ...{ rows: 0, content: 'empty' },
    }))
  })
}
const receipts = ['aa', 'bb', 'cc', 'dd'].map((sha256): LedgerRow<'receipt'> => ({
  sha256,
  receipt: sha256.charCodeAt(0),
  path: `/письма/${sha256}.xlsx`,
  bytes: 1,
  facts: '{}',
  received_at: '2026-06-01',
  receiver: null,
}))
const sources = [scores, protocol]

describe('standing(home, sources)', () => {
  it('is what is judged over every claim and word, though only disputed ones are asked about', async () => {
    const list = fc
      .tuple(
        fc.uniqueArray(claim, {
          selector: ({ file, source, delivery }) => `${file} ${source} ${delivery}`,
          maxLength: 12,
        }),
        fc.record({ aa: word, bb: word, cc: word, dd: word }),
      )
      .map(([all, words]) =>
        all.map((each): Claim => ({ ...each, supersedes: words[each.file] ?? null })),
      )
    await withLedger(home, 'test', async (ledger) => {
      await ledger.insert('receipt', receipts)
      await fc.assert(
        fc.asyncProperty(list, async (claims) => {
          await ledger.database.run('delete from delivery')
          await ledger.insert('delivery', claims.map(rowOf))
          const found = await standing(home, sources)
          for (const source of sources) {
            const own = claims.filter((each) => each.source === source.name)
            const expected = judged([...own, ...byWord(own)].map(candidateOf))
              .filter(({ candidate, stands }) => candidate === stands && stands.rows > 0)
              .map(({ stands: { sha256, delivery } }) => `${sha256} ${delivery}`)
            const told = (found.get(source.id) ?? []).flatMap((part) =>
              part.deliveries.map((delivery) => `${part.sha256} ${delivery}`),
            )
            expect(told).toEqual(expected.sort())
            for (const { sha256, parquet, reading } of found.get(source.id) ?? []) {
              expect(parquet).toBe(join(home.path, `parsed/${sha256}/${source.name}.parquet`))
              expect(reading).toBe(`${source.name}.parquet`)
            }
          }
        }),
        { seed: 20260601, numRuns: 120 },
      )
    })
  })
})

describe('disputed(ledger, files)', () => {
  it('gives every claim to the deliveries that those files and their rivals claim and others too', async () => {
    const base: Claim = {
      file: 'aa',
      source: scores.name,
      delivery: 'd1',
      rows: 1,
      content: 'x',
      deliveredOn: null,
      supersedes: null,
    }
    await withLedger(home, 'test', async (ledger) => {
      await ledger.insert('receipt', [
        ...receipts,
        ...receipts.slice(0, 1).map((row) => ({ ...row, receipt: 500, path: '/снова/a.xlsx' })),
      ])
      await ledger.insert('delivery', [
        rowOf(base),
        rowOf({ ...base, file: 'bb', content: 'y' }),
        rowOf({ ...base, delivery: 'd2' }),
        rowOf({ ...base, source: protocol.name, file: 'cc' }),
        rowOf({ ...base, file: 'bb', delivery: 'ё3' }),
        rowOf({ ...base, file: 'cc', delivery: 'ё3' }),
        rowOf({ ...base, file: 'cc', delivery: 'ё4' }),
        rowOf({ ...base, file: 'dd', delivery: 'ё4' }),
        rowOf({ ...base, file: 'dd', delivery: 'ё5' }),
      ])
      const told = async (files?: readonly string[]): Promise<readonly string[]> =>
        (await disputed(ledger, files)).map(({ sha256, delivery }) => `${sha256} ${delivery}`)
      const all = ['aa d1', 'bb d1', 'bb ё3', 'cc ё3', 'cc ё4', 'dd ё4']
      expect(await told()).toEqual(all)
      expect(await told(['aa'])).toEqual(all.slice(0, 4))
      expect(await told(['dd'])).toEqual(all.slice(2))
      expect(await told(['ee'])).toEqual([])
      expect((await disputed(ledger, ['aa'])).slice(0, 2)).toMatchObject([
        { receipt: 97, names: ['aa.xlsx', 'a.xlsx'], content: 'x' },
        { receipt: 98, names: ['bb.xlsx'], content: 'y' },
      ])
    })
  })
})
