import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { reportsFolder } from '../../reports/folders.ts'
import { structuralRows, writeEdition, type MartRows } from '../../reports/structure.ts'
import { Database } from '../../warehouse/database.ts'
import { pageQueries } from '../support/page-queries.ts'

const folder = mkdtempSync(join(tmpdir(), 'mera-words-'))
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

const page = (name: string): string => readFileSync(join(reportsFolder, 'pages', name), 'utf8')

describe('the words of a trend', () => {
  it.each(['trends.md', 'methods.md'])('are explained by the rule in %s', (name) => {
    const [, stable, uncertain] =
      /«→ Стабильно»: (.*)«≈ Неопределённо»: (.*)/.exec(page(name)) ?? []
    expect(stable).toMatch(/меньше порога, и весь .*интервал .*± границы.*stable_interval/)
    expect(uncertain).toMatch(/^(нет ни|ни то, ни)/)
  })

  it('are not explained by what is true of a stable series as well', () => {
    expect(page('trends.md')).not.toContain('задевает ноль')
  })
})

/** What the queries of a page answer where marts hold these rows and one row of structure besides. */
const answersOf = async (
  name: string,
  marts: MartRows,
): Promise<(query: string) => Promise<readonly Record<string, unknown>[]>> => {
  const rows = structuralRows()
  const file = join(mkdtempSync(join(folder, 'edition-')), 'edition.duckdb')
  const like = Object.entries({ mart_publication: [{ last_year: 2026 }], ...marts }).map(
    ([mart, more]) => [mart, more.map((row) => ({ ...rows[mart]?.[0], ...row }))] as const,
  )
  await writeEdition(file, { ...rows, ...Object.fromEntries(like) })
  const queries = pageQueries(join(reportsFolder, 'pages'))
  return async (query) => {
    const database = await Database.open(file, { readOnly: true })
    try {
      return await database.rows(queries.find((one) => one.name === `${name} ${query}`)?.sql ?? '')
    } finally {
      database.close()
    }
  }
}
const byWeight = (rows: readonly Record<string, unknown>[]): readonly unknown[] =>
  [...rows].sort((a, b) => Number(b['weight']) - Number(a['weight'])).map(({ value }) => value)

describe('the page of trends', () => {
  const attainment = { is_headline: true, section: 'attainment' }
  const pooled = { level: 'school', procedure: 'vpr', subject: 'all', grade: 'all', basis: 'all' }
  const trend = (indicator: string, trend_class: string, more: Record<string, string> = {}) =>
    ['a', 'b', 'c'].map((unit_key) => ({ indicator, trend_class, unit_key, ...pooled, ...more }))

  it('opens on the first main indicator whose years compare, wherever the most changes are', async () => {
    const ask = await answersOf('trends.md', {
      mart_indicator: [
        { indicator: 'pass_rate', sort: 1, ...attainment },
        { indicator: 'mean_mark', sort: 2, ...attainment, is_headline: false },
        { indicator: 'ridit_index', sort: 3, ...attainment },
        { indicator: 'delivered_score', sort: 4, ...attainment },
      ],
      mart_trend: [
        ...trend('pass_rate', 'difference'),
        ...trend('mean_mark', 'improved'),
        ...trend('ridit_index', 'stable'),
        ...trend('delivered_score', 'declined'),
      ].map((row, sort) => ({ ...row, indicator_title: row.indicator, sort })),
    })
    expect(byWeight(await ask('indicators'))).toEqual([
      'ridit_index',
      'delivered_score',
      'pass_rate',
      'mean_mark',
    ])
  })

  it('opens on all subjects and grades, where most schools have an answer there', async () => {
    const ask = async (known: string) => {
      const answer = await answersOf('trends.md', {
        mart_trend: [
          ...trend('structure', 'improved', { subject: 'maths', grade: '8' }),
          ...trend('structure', 'stable', { subject: 'maths' }),
          ...trend('structure', known),
        ].map((row, sort) => ({ ...row, sort })),
      })
      return byWeight(await answer('choices'))[0]
    }
    expect(await ask('uncertain')).toBe('structure|vpr|all|all|all')
    expect(await ask('insufficient')).toBe('structure|vpr|maths|all|all')
  })
})

describe('the risk page', () => {
  it('counts among the yellow the schools that the overview counts: those without a red zone', async () => {
    const ask = await answersOf('risk.md', {
      mart_risk_summary: [
        { unit_key: 'a', zone: 'red' },
        { unit_key: 'a', zone: 'yellow', indicator: 'ridit_index' },
        { unit_key: 'b', zone: 'yellow' },
        { unit_key: 'c', zone: 'green' },
      ],
    })
    const [counts] = await ask('zones')
    expect(counts).toMatchObject({ red: 1, red_schools: 1, yellow: 2, yellow_schools: 1 })
    expect(page('risk.md')).toContain('школ без красной зоны: ')
  })

  it('opens the funnel on the first of the main indicators, wherever the most red zones are', async () => {
    const ask = await answersOf('risk.md', {
      mart_indicator: [
        { indicator: 'mean_mark', is_headline: false, sort: 1 },
        { indicator: 'pass_rate', is_headline: true, sort: 2 },
        { indicator: 'quality_rate', is_headline: true, sort: 3 },
      ],
      mart_risk_zone: ['mean_mark', 'mean_mark', 'quality_rate', 'quality_rate', 'pass_rate'].map(
        (indicator, i) => ({
          unit_key: String(i),
          zone: indicator === 'pass_rate' ? 'green' : 'red',
          indicator,
          indicator_title: indicator,
          sort: i,
          ...{ grade: 'all', school_year: 2026, rule: 'funnel' },
        }),
      ),
    })
    expect(byWeight(await ask('indicators'))).toEqual(['pass_rate', 'quality_rate', 'mean_mark'])
  })
})

describe('the page of methods', () => {
  it('has passports of what the issue shows, and names the rest', async () => {
    const ask = await answersOf('methods.md', {
      mart_indicator: [
        { indicator: 'shown', title: 'Показан', is_headline: true },
        { indicator: 'bare', title: 'Без данных', is_headline: true },
      ],
      mart_indicator_value: [{ indicator: 'shown' }],
    })
    expect((await ask('indicators')).map(({ indicator }) => indicator)).toEqual(['shown'])
    expect(await ask('headline')).toEqual([{ titles: 'Показан' }])
    expect(String((await ask('without'))[0]?.['titles'])).toContain('Без данных')
  })
})
