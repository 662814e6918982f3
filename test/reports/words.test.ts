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

/** What the queries of the risk page answer on rows of zones. */
const riskPage = async (
  indicators: MartRows[string],
  zones: MartRows[string],
): Promise<(query: string) => Promise<readonly Record<string, unknown>[]>> => {
  const rows = structuralRows()
  const like = (mart: string, more: MartRows[string]): MartRows[string] =>
    more.map((row) => ({ ...rows[mart]?.[0], ...row }))
  const file = join(folder, `${String(zones.length)}.duckdb`)
  await writeEdition(file, {
    ...rows,
    mart_publication: like('mart_publication', [{ last_year: 2026 }]),
    mart_indicator: like('mart_indicator', indicators),
    mart_risk_zone: like(
      'mart_risk_zone',
      zones.map((row) => ({ grade: 'all', school_year: 2026, rule: 'funnel', ...row })),
    ),
  })
  const queries = pageQueries(join(reportsFolder, 'pages'))
  return async (query) => {
    const database = await Database.open(file, { readOnly: true })
    try {
      return await database.rows(queries.find(({ name }) => name === `risk.md ${query}`)?.sql ?? '')
    } finally {
      database.close()
    }
  }
}

describe('the risk page', () => {
  const headline = { indicator: 'pass_rate', is_headline: true, sort: 2 }

  it('counts among the yellow the schools that the overview counts: those without a red zone', async () => {
    const ask = await riskPage(
      [headline],
      [
        { unit_key: 'a', zone: 'red', subject: 'russian' },
        { unit_key: 'a', zone: 'yellow', subject: 'maths' },
        { unit_key: 'b', zone: 'yellow', subject: 'maths' },
        { unit_key: 'c', zone: 'green', subject: 'maths' },
      ].map((row) => ({ indicator: 'pass_rate', ...row })),
    )
    const [counts] = await ask('zones')
    expect(counts).toMatchObject({ red_schools: 1, yellow: 2, yellow_schools: 1 })
    expect(page('risk.md')).toContain('школ без красной зоны: ')
  })

  it('opens the funnel on the first of the main indicators, wherever the most red zones are', async () => {
    const ask = await riskPage(
      [
        { indicator: 'mean_mark', is_headline: false, sort: 1 },
        headline,
        { indicator: 'quality_rate', is_headline: true, sort: 3 },
      ],
      ['mean_mark', 'mean_mark', 'quality_rate', 'quality_rate', 'pass_rate'].map(
        (indicator, i) => ({
          unit_key: String(i),
          zone: indicator === 'pass_rate' ? 'green' : 'red',
          indicator,
          indicator_title: indicator,
          sort: i,
        }),
      ),
    )
    const heaviest = [...(await ask('indicators'))].sort(
      (a, b) => Number(b['weight']) - Number(a['weight']),
    )
    expect(heaviest.map(({ value }) => value)).toEqual(['pass_rate', 'quality_rate', 'mean_mark'])
  })
})
