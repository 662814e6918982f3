import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judged, type Candidate } from '../../warehouse/standing.ts'

const candidate = (sha256: string, receipt: number, more: Partial<Candidate> = {}): Candidate => ({
  sha256,
  receipt,
  delivery: 'd',
  rows: 1,
  content: sha256,
  deliveredOn: null,
  saidOn: null,
  supersedes: null,
  names: [`${sha256}.xlsx`],
  ...more,
})
const stands = (...candidates: Candidate[]): string | undefined =>
  judged(candidates)[0]?.stands.sha256

describe('judged(candidates)', () => {
  it('takes the last received where nothing else tells', () => {
    expect(stands(candidate('a', 1), candidate('b', 2))).toBe('b')
  })

  it('takes the later date inside the file before the order of receipt', () => {
    expect(
      stands(
        candidate('a', 2, { deliveredOn: '2026-05-01' }),
        candidate('b', 1, { deliveredOn: '2026-06-01' }),
      ),
    ).toBe('b')
  })

  it('takes a date said beside the file for its date', () => {
    const corrected = candidate('a', 1, { deliveredOn: '2026-05-01', saidOn: '2026-07-01' })
    expect(stands(corrected, candidate('b', 2, { deliveredOn: '2026-06-01' }))).toBe('a')
    expect(stands(corrected, candidate('b', 2, { deliveredOn: '2026-08-01' }))).toBe('b')
  })

  it('takes a dated file before one without a date', () => {
    expect(stands(candidate('a', 1, { deliveredOn: '2026-05-01' }), candidate('b', 2))).toBe('a')
  })

  it('lets a word that one file replaces another stand over dates, by name or by hash', () => {
    const old = candidate('abcdef0123456789', 1, { deliveredOn: '2026-06-01' })
    expect(
      stands(
        old,
        candidate('b', 2, { deliveredOn: '2026-05-01', supersedes: 'abcdef0123456789.xlsx' }),
      ),
    ).toBe('b')
    expect(
      stands(old, candidate('b', 2, { deliveredOn: '2026-05-01', supersedes: 'abcdef01' })),
    ).toBe('b')
    expect(
      stands(old, candidate('b', 2, { deliveredOn: '2026-05-01', supersedes: 'other.xlsx' })),
    ).toBe('abcdef0123456789')
  })

  it('follows dates where files say that they replace each other in a circle', () => {
    const a = candidate('a', 1, { deliveredOn: '2026-06-01', supersedes: 'b.xlsx' })
    expect(stands(a, candidate('b', 2, { deliveredOn: '2026-05-01', supersedes: 'a.xlsx' }))).toBe(
      'a',
    )
  })

  it('keeps the last word where rows of before come back by word', () => {
    const old = { content: 'x', deliveredOn: '2026-05-01' }
    const other = { content: 'y', deliveredOn: '2026-06-01' }
    const first = candidate('a', 1, old)
    const second = candidate('d', 2, { ...other, supersedes: 'a.xlsx' })
    const third = candidate('b', 3, { ...old, supersedes: 'd.xlsx' })
    expect(stands(first, second, third)).toBe('b')
    expect(
      stands(first, second, third, candidate('e', 4, { ...other, supersedes: 'b.xlsx' })),
    ).toBe('e')
  })

  it('lets a circle of words stand over what it replaces, and beside it what no word touches', () => {
    const a = candidate('a', 2, { supersedes: 'b.xlsx' })
    const b = candidate('b', 1, { supersedes: 'a.xlsx' })
    expect(stands(candidate('c', 0), a, b)).toBe('a')
    expect(stands(candidate('c', 3), a, b)).toBe('c')
    const c = candidate('c', 4, { deliveredOn: '2026-07-01' })
    const e = candidate('e', 1, { content: 'b', supersedes: 'c.xlsx' })
    expect(stands(a, b, c, e)).toBe('a')
    expect(stands(candidate('a', 2, { supersedes: 'b.xlsx' }), b, c, { ...e, receipt: 5 })).toBe(
      'a',
    )
  })

  it('follows a word through others that it replaces', () => {
    const a = candidate('a', 3, { deliveredOn: '2026-07-01' })
    const b = candidate('b', 2, { supersedes: 'a.xlsx' })
    expect(stands(a, b, candidate('c', 1, { supersedes: 'b.xlsx' }))).toBe('c')
  })

  it('takes of files with the same rows the one with the smallest hash, in any order', () => {
    const same = { content: 'x' }
    expect(stands(candidate('b', 1, same), candidate('a', 2, same))).toBe('a')
    expect(stands(candidate('b', 2, same), candidate('a', 1, same))).toBe('a')
  })

  it('takes of files with the same rows the one that replaces another by word, whatever its hash', () => {
    const same = { content: 'x' }
    const back = candidate('b', 1, { ...same, supersedes: 'a.xlsx' })
    expect(stands(back, candidate('a', 2, same))).toBe('b')
    expect(stands(candidate('a', 1, same), { ...back, receipt: 2 })).toBe('b')
    expect(stands(back, candidate('a', 2, same), candidate('0', 3, same))).toBe('b')
    expect(stands(back, candidate('a', 2), candidate('0', 3, same))).toBe('b')
    expect(stands(back, candidate('a', 2, { ...same, supersedes: 'b.xlsx' }))).toBe('a')
  })

  it('does not let the same rows come back as news: their first receipt counts', () => {
    const old = { content: 'x' }
    expect(stands(candidate('c', 1, old), candidate('b', 2), candidate('a', 3, old))).toBe('b')
  })

  it('decides for each delivery apart', () => {
    const found = judged([
      candidate('a', 1),
      candidate('a', 1, { delivery: 'e' }),
      candidate('b', 2, { delivery: 'e' }),
    ])
    expect(found.map((each) => [each.candidate.delivery, each.stands.sha256])).toEqual([
      ['d', 'a'],
      ['e', 'b'],
      ['e', 'b'],
    ])
  })

  it('lets the file that would stand for rows speak for the others that have them, though none of them stands', () => {
    const old = { content: 'x', deliveredOn: '2026-05-01' }
    const found = judged([
      candidate('c', 1, old),
      candidate('b', 2, old),
      candidate('a', 3, { deliveredOn: '2026-06-01' }),
    ])
    expect(
      Object.fromEntries(
        found.map((each) => [each.candidate.sha256, [each.speaks.sha256, each.stands.sha256]]),
      ),
    ).toEqual({ a: ['a', 'a'], b: ['b', 'a'], c: ['b', 'a'] })
  })

  it('gives the same for any order of arrival when dates differ', () => {
    const dates = ['2026-01-01', '2026-02-01', '2026-03-01', '2026-04-01']
    const files = fc.uniqueArray(
      fc.record({
        sha256: fc.string({
          unit: fc.constantFrom('0', '7', 'a', 'e'),
          minLength: 4,
          maxLength: 4,
        }),
        deliveredOn: fc.constantFrom(...dates),
        saidOn: fc.option(fc.constantFrom(...dates), { nil: null }),
      }),
      { selector: ({ sha256 }) => sha256, minLength: 1, maxLength: 6 },
    )
    const scenario = files.chain((list) =>
      fc.record({
        list: fc.constant(list),
        one: fc.shuffledSubarray(list, { minLength: list.length }),
        other: fc.shuffledSubarray(list, { minLength: list.length }),
      }),
    )
    fc.assert(
      fc.property(scenario, ({ one, other }) => {
        // equal dates mean equal content here, so that the order is never the only thing that tells
        const received = (list: typeof one): Candidate[] =>
          list.map((file, i) =>
            candidate(file.sha256, i + 1, { ...file, content: file.saidOn ?? file.deliveredOn }),
          )
        expect(stands(...received(one))).toBe(stands(...received(other)))
      }),
    )
  })
})
