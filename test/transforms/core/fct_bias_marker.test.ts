import { describe, expect, it } from 'vitest'
import type { Computation } from '../../../transforms/contract/computation.ts'
import { fctBiasMarker } from '../../../transforms/core/fct_bias_marker.ts'
import { random } from '../../../transforms/methods/statistics/random.ts'
import { objectivityRule } from '../../../transforms/parameters/objectivity_rule.ts'
import { smallNumberRule } from '../../../transforms/parameters/small_number_rule.ts'
import { always, computed } from '../marts/frame.ts'

const markers = (inputs: Readonly<Record<string, readonly object[]>>) =>
  computed(fctBiasMarker as unknown as Computation, {
    rule: always(objectivityRule),
    numbers: always(smallNumberRule),
    ...inputs,
  })
const grades = ['4', '5', '6'] as const
const schools = Array.from({ length: 20 }, (_, i) => `s${String(i)}`)

const journal = (lowered: (school: string) => number): readonly object[] =>
  grades.flatMap((grade) =>
    schools.map((unit_key) => ({
      level: 'school',
      unit_key,
      procedure: 'vpr',
      subject: 'russian',
      grade,
      school_year: 2026,
      compared: 40,
      lowered: lowered(unit_key),
      raised: 2,
      gap_2: 0,
    })),
  )

/** Works by score: school s0 lifts those just below «4» over it. */
const scores = (): readonly object[] => {
  const source = random(3)
  return grades.flatMap((grade) =>
    schools.flatMap((school_key) => {
      const counts = new Map<number, number>()
      for (let i = 0; i < 80; i++) {
        let score = Math.min(38, Math.max(0, Math.round(source.normal(22, 7))))
        if (school_key === 's0' && (score === 22 || score === 23)) score = 24
        counts.set(score, (counts.get(score) ?? 0) + 1)
      }
      return [...counts].map(([score, pupils]) => ({
        school_key,
        procedure: 'vpr',
        subject: 'russian',
        grade,
        school_year: 2026,
        score,
        pupils,
        max_raw_score: 38,
        from_3: 14,
        from_4: 24,
        from_5: 33,
      }))
    }),
  )
}

describe('core.fct_bias_marker', () => {
  it('yields exactly its declared columns and one row a grain', () => {
    const found = markers({ journal: journal(() => 9), scores: scores() })
    expect(Object.keys(found[0] ?? {}).sort()).toEqual(Object.keys(fctBiasMarker.columns).sort())
    const keys = found.map((row) =>
      fctBiasMarker.definition.grain.map((name) => row[name]).join(' '),
    )
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('flags the school whose journal marks are inflated, in its grades and over all of them', () => {
    const found = markers({ journal: journal((school) => (school === 's0' ? 24 : 9)) })
    const flagged = found.filter((row) => row['is_flagged'] === true)
    expect(new Set(flagged.map((row) => row['school_key']))).toEqual(new Set(['s0']))
    expect(flagged.map((row) => row['grade']).sort()).toEqual(['4', '5', '6', 'all'])
    expect(flagged.every((row) => row['marker'] === 'O1' && row['severity'] === 1)).toBe(true)
    expect(String(flagged[0]?.['note']).replaceAll('\u00A0', ' ')).toContain('60,0 %')
  })

  it('says what a school shows and what others do, and the former by itself', () => {
    const found = markers({ journal: journal((school) => (school === 's0' ? 24 : 9)) })
    const plain = (row: (typeof found)[number] | undefined, name: string): string =>
      String(row?.[name]).replaceAll('\u00A0', ' ')
    const own = found.find(
      (row) => row['marker'] === 'O1' && row['school_key'] === 's0' && row['grade'] === 'all',
    )
    expect(plain(own, 'note')).toBe(
      'внешняя отметка ниже журнальной у 60,0 % участников, в других школах — у 22,5 %; n = 120',
    )
    expect(plain(own, 'own_note')).toBe(
      'внешняя отметка ниже журнальной у 60,0 % участников; n = 120',
    )
    expect(found.every((row) => row['is_against_schools'] === true)).toBe(true)
  })

  it('flags by the numbers of the school year', () => {
    const inputs = (value: number) => ({
      journal: journal((school) => (school === 's0' ? 24 : 9)),
      rule: always(objectivityRule).flatMap((row) =>
        row.name === 'lowered_share'
          ? [
              { ...row, to_year: 2025 },
              { ...row, value, from_year: 2026 },
            ]
          : [row],
      ),
    })
    const flagged = (value: number) =>
      markers(inputs(value)).some((row) => row['is_flagged'] === true)
    expect(flagged(0.3)).toBe(true)
    expect(flagged(0.9)).toBe(false)
  })

  it('blames nobody where everyone inflates alike', () => {
    const found = markers({ journal: journal(() => 20) })
    expect(found.some((row) => row['is_flagged'] === true)).toBe(false)
    expect(found.every((row) => row['severity'] === 0)).toBe(true)
  })

  it('measures against the region where its row is delivered', () => {
    const region = grades.map((grade) => ({
      level: 'region',
      unit_key: 'r',
      procedure: 'vpr',
      subject: 'russian',
      grade,
      school_year: 2026,
      compared: 100_000,
      lowered: 20_000,
      raised: 5000,
      gap_2: null,
    }))
    const found = markers({ journal: [...region, ...journal(() => 20)] })
    expect(
      found.filter((row) => row['marker'] === 'O1').every((row) => row['is_flagged'] === true),
    ).toBe(true)
    const told = found.filter((row) => row['marker'] === 'O1')
    expect(told.every((row) => String(row['note']).includes('в регионе — у 20,0'))).toBe(true)
    expect(told.some((row) => row['is_against_schools'] === true)).toBe(false)
  })

  it('finds bunching at «4» in one school and in hardly any other', () => {
    const found = markers({ scores: scores() }).filter((row) => row['is_flagged'] === true)
    expect(
      found
        .filter((row) => row['school_key'] === 's0')
        .map((row) => row['grade'])
        .sort(),
    ).toEqual(['4', '5', '6', 'all'])
    expect(found.filter((row) => row['school_key'] !== 's0').length).toBeLessThanOrEqual(2)
    expect(String(found[0]?.['note'])).toContain('у границы отметки 4')
  })
})
