import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  judgeNorm,
  judgePeers,
  usablePeers,
  zoneOf,
  type Judgement,
  type Peer,
  type RiskRule,
} from '../../../../transforms/methods/education/risk_zone.ts'
import { dispersion } from '../../../../transforms/methods/statistics/funnel.ts'
import { random } from '../../../../transforms/methods/statistics/random.ts'

const rule: RiskRule = {
  warningZ: 1.959963984540054,
  actionZ: 3.090232306167813,
  watchZ: 1,
  minimumN: 10,
  leaveOneOutBelow: 15,
  peersMinimum: 5,
  exactBelowN: 30,
  exactBelowExpected: 5,
  winsorShare: 0.1,
  seed: 1,
}
const share = (successes: number, n: number): Peer => ({
  kind: 'share',
  value: successes / n,
  weight: n,
  n,
  size: n,
  se: 0.05,
})
const only = (peers: readonly Peer[], better: 'higher' | 'lower' = 'higher') =>
  judgePeers([peers], better, rule)[0] ?? []
const judgement = (position: Judgement['position'], z = 0): Judgement => ({
  rule: 'funnel',
  target: 0.5,
  warningLimit: 0.4,
  actionLimit: 0.3,
  z,
  dispersion: 1,
  position,
  reason: 'judged',
})

describe('zones by peers', () => {
  const twenty = Array.from({ length: 20 }, (_, i) => share(40 + (i % 3), 50))

  it('take the mean of all from fifteen schools, exact limits where few failures are expected', () => {
    const judged = only([...twenty, share(52, 100)])
    expect(judged.at(-1)).toMatchObject({ rule: 'funnel', position: 'action' })
    expect(judged.at(-1)?.target).toBeCloseTo((819 + 52) / 1100, 2)
    expect(only([...twenty, share(10, 20)]).at(-1)?.rule).toBe('exact')
  })

  it('never let a school be its own norm below fifteen schools, and widen by the error of the others', () => {
    const peers = [share(10, 100), ...Array.from({ length: 6 }, () => share(40, 50))]
    const [first] = only(peers)
    expect(first).toMatchObject({ rule: 'leave_one_out', position: 'action' })
    expect(first?.target).toBeCloseTo(0.8, 12)
    const phi = first?.dispersion ?? 0
    expect(phi).toBeGreaterThanOrEqual(1)
    expect(first?.warningLimit).toBeCloseTo(
      0.8 - 1.959963984540054 * Math.sqrt((0.8 * 0.2 * phi * (1 + 100 / 300)) / 100),
      10,
    )
  })

  it('count only peers with data towards the size of the group', () => {
    const empty: Peer = { kind: 'share', value: 0, weight: 0, n: null, size: 1, se: null }
    const padded = [
      share(10, 50),
      share(40, 50),
      share(41, 50),
      ...Array.from({ length: 12 }, () => empty),
    ]
    expect(usablePeers(padded)).toHaveLength(3)
    expect(only(padded)[0]).toMatchObject({ rule: 'none', reason: 'few peers' })
    expect(
      judgePeers([padded], 'higher', rule, { value: 0.8, rest: 10_000 })[0]?.[0],
    ).toMatchObject({ target: 0.8, position: 'action' })
    const seven = [share(10, 100), ...Array.from({ length: 6 }, () => share(40, 50))]
    const alone = only(seven)
    const among = only([...seven, ...Array.from({ length: 9 }, () => empty)])
    expect(among.slice(0, 7)).toEqual(alone)
    expect(among.at(-1)).toMatchObject({ reason: 'no interval', position: 'unknown' })
  })

  it('take an effective size that is not whole', () => {
    const odd = only([...twenty, { ...share(4, 20), size: 20.5 }]).at(-1)
    const whole = only([...twenty, { ...share(4, 20), size: 20 }]).at(-1)
    expect(odd).toMatchObject({ rule: 'exact', position: 'action' })
    expect(odd?.warningLimit).toBeCloseTo(whole?.warningLimit ?? 0, 1)
  })

  it('take a target from outside below five schools, else none', () => {
    const few = [share(20, 40), share(30, 40)]
    expect(judgePeers([few], 'higher', rule)[0]?.[0]).toMatchObject({
      rule: 'none',
      reason: 'few peers',
    })
    expect(judgePeers([few], 'higher', rule, { value: 0.75, rest: 10000 })[0]?.[0]).toMatchObject({
      rule: 'funnel',
      position: 'action',
      target: 0.75,
    })
  })

  it('judge nobody on fewer than ten pupils or without an error', () => {
    const peers = [
      ...twenty,
      share(1, 9),
      { ...share(1, 50), se: null },
      { ...share(1, 50), n: null },
    ]
    expect(
      only(peers)
        .slice(-3)
        .map(({ reason }) => reason),
    ).toEqual(['few pupils', 'no interval', 'no interval'])
  })

  it('divide by the dispersion of peers that differ more than chance makes them', () => {
    const wide = Array.from({ length: 30 }, (_, i) => share(35 + i, 80))
    const [worst] = only(wide)
    expect(worst?.dispersion).toBeGreaterThan(2)
    expect(worst?.position).not.toBe('action')
  })

  it('find exact limits where every school has everyone pass', () => {
    const perfect = Array.from({ length: 20 }, () => share(25, 25))
    const [first] = only([share(20, 25), ...perfect])
    expect(first?.position).toBe('action')
    expect(only(perfect)[0]?.position).toBe('inside')
  })

  it('mirror: failures where less is better are successes where more is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 10, max: 200 }), fc.integer({ min: 0, max: 100 })), {
          minLength: 5,
          maxLength: 25,
        }),
        (rows) => {
          const peers = rows.map(([n, percent]) => share(Math.floor((n * percent) / 100), n))
          const mirrored = peers.map((peer) => ({ ...peer, value: 1 - peer.value }))
          const [one, other] = [only(peers), only(mirrored, 'lower')]
          one.forEach((found, i) => {
            // On the very limit binary rounding may tip a school either way.
            const gap = Math.abs((peers[i]?.value ?? 0) - (found.warningLimit ?? 0))
            if (gap > 1e-9 && Math.abs((peers[i]?.value ?? 0) - (found.actionLimit ?? 0)) > 1e-9)
              expect(other[i]?.position).toBe(found.position)
          })
        },
      ),
      { numRuns: 40 },
    )
  })

  it('are worse for a worse value among the same peers', () => {
    const order = ['inside', 'warning', 'action']
    let before = 3
    for (const passed of [20, 30, 34, 38, 42, 46, 50]) {
      const found = only([share(passed, 50), ...twenty])[0]
      const place = order.indexOf(found?.position ?? '')
      expect(place).toBeLessThanOrEqual(before)
      before = place
    }
  })

  it('pool the spread of means within schools', () => {
    const mean = (value: number, n: number, se: number): Peer => ({
      kind: 'mean',
      value,
      weight: n,
      n,
      size: n,
      se,
    })
    const peers = [mean(46, 25, 2), ...Array.from({ length: 19 }, () => mean(50, 25, 2))]
    const [first] = only(peers)
    // s = se·√n = 10 in every school, so z = (46 − 49.8)/(10/5).
    expect(first?.z).toBeCloseTo((46 - 49.8) / 2, 10)
    expect(first?.warningLimit).toBeCloseTo(49.8 - 2 * 1.959963984540054, 10)
  })
})

describe('the dispersion of peers', () => {
  it('needs no more than the few draws that zones spend on it', () => {
    const scores = Array.from({ length: 25 }, (_, i) => ((i % 7) - 3) * 1.3)
    const few = dispersion(scores, { seed: 5, draws: 2_000 }).factor
    expect(few / dispersion(scores, { seed: 5 }).factor).toBeCloseTo(1, 1)
  })

  it('is right on average, not a third too small, for scores of true φ = 4, and 1 in nearly all null groups', () => {
    const source = random(20260901)
    const groups = 200
    let total = 0
    let fired = 0
    for (let g = 0; g < groups; g++) {
      const scores = Array.from({ length: 30 }, () => source.normal(0, 2))
      total += dispersion(scores, { seed: 1, draws: 2_000 }).factor
      const none = Array.from({ length: 30 }, () => source.normal())
      if (dispersion(none, { seed: 1, draws: 2_000 }).factor > 1) fired += 1
    }
    expect(total / groups).toBeGreaterThan(3.7)
    expect(total / groups).toBeLessThan(4.3)
    expect(fired / groups).toBeGreaterThan(0.01)
    expect(fired / groups).toBeLessThan(0.1)
  })
})

describe('a zone', () => {
  const zone = (now: Judgement, before?: Judgement, isDeclining = false) =>
    zoneOf(now, before, isDeclining, 'higher', rule)

  it('is red beyond the outer limit, or beyond the inner one two years running', () => {
    expect(zone(judgement('action'))).toBe('red')
    expect(zone(judgement('warning'))).toBe('yellow')
    expect(zone(judgement('warning'), judgement('inside'))).toBe('yellow')
    expect(zone(judgement('warning'), judgement('warning'))).toBe('red')
    expect(zone(judgement('inside'), judgement('action'))).toBe('green')
    expect(zone({ ...judgement('unknown'), reason: 'few pupils' }, judgement('action'))).toBe(
      'grey',
    )
  })

  it('is watched when it declines and is already low', () => {
    expect(zone(judgement('inside', -1.2), undefined, true)).toBe('watch')
    expect(zone(judgement('inside', -0.9), undefined, true)).toBe('green')
    expect(zone(judgement('inside', -1.2))).toBe('green')
    expect(zoneOf(judgement('inside', 1.2), undefined, true, 'lower', rule)).toBe('watch')
  })

  it('by a norm looks at the interval: red wholly below, yellow across, green else', () => {
    const by = (value: number, lo: number, hi: number) => {
      const judged = judgeNorm({ value, lo, hi, se: 0.02, n: 50 }, 0.8, 'higher', rule)
      return zone(judged, judged)
    }
    expect(by(0.7, 0.62, 0.78)).toBe('red')
    expect(by(0.75, 0.68, 0.82)).toBe('yellow')
    expect(by(0.85, 0.78, 0.9)).toBe('green')
    expect(
      zone(judgeNorm({ value: 0.2, lo: 0.1, hi: 0.3, se: 0.1, n: 9 }, 0.8, 'higher', rule)),
    ).toBe('grey')
    expect(
      judgeNorm({ value: 0.3, lo: 0.2, hi: 0.25, se: null, n: 20 }, 0.1, 'lower', rule).position,
    ).toBe('action')
  })
})
