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

const page = (name: string): string =>
  readFileSync(join(reportsFolder, 'pages', name), 'utf8').replaceAll('&nbsp;', ' ')

describe('the words of a trend', () => {
  it.each(['trends.md', 'methods.md'])('are explained by the rule in %s', (name) => {
    const [, stable, uncertain] =
      /«→ Стабильно»: (.*)«≈ Неопределённо»: (.*)/.exec(page(name)) ?? []
    expect(stable).toMatch(/меньше порога, и весь .*интервал .*± границы стабильности \(/)
    expect(uncertain).toMatch(/^(нет ни|ни то, ни)/)
    expect(page(name)).not.toMatch(/stable_interval_\*/)
  })

  it('are not explained by what is true of a stable series as well', () => {
    expect(page('trends.md')).not.toContain('задевает ноль')
  })
})

interface Kinds {
  readonly zones?: boolean
  readonly trends?: boolean
  readonly objectivity?: boolean
  readonly quality?: boolean
}
type Rows = readonly Readonly<Record<string, string | number | null>>[]
const { groundsOf, pictureOf, historyLegend, trendTitle } = (await import(
  join(reportsFolder, 'components/words.js')
)) as {
  readonly groundsOf: (kinds: Kinds, whole: boolean) => string
  readonly pictureOf: (rows: Rows) => string
  readonly historyLegend: (rows: Rows, low: string) => string
  readonly trendTitle: (years: number | null) => string
}

describe('what the findings rest on', () => {
  it('promises n and an interval for zones and trends alone', () => {
    const text = groundsOf({ zones: true, trends: true, objectivity: true, quality: true }, true)
    expect(text).toMatch(/^Выводы о зонах риска и динамике .*: у каждого есть .* интервал\./)
    expect(text).toMatch(/Признаки необъективности .* при каком n, а интервала у них нет/)
    expect(text).toMatch(/качестве данных — счёт строк/)
    expect(text).not.toContain('Каждый вывод')
  })

  it('speaks of the kinds that are there', () => {
    expect(groundsOf({ quality: true }, true)).toBe(
      'Замечания о качестве данных — счёт строк, а не оценка.',
    )
    expect(groundsOf({ trends: true }, false)).toMatch(
      /^Выводы о динамике проверены .* там, где они есть в данных\.$/,
    )
  })
})

describe('the note of a picture', () => {
  it('explains intervals and lines only where they are drawn', () => {
    const row = { lo: 0.4, region_text: '50 %', country_text: '52 %' }
    expect(pictureOf([row])).toContain('регион, а где его нет — Россия')
    expect(pictureOf([{ ...row, country_text: null }])).not.toContain('Россия')
    expect(pictureOf([{ lo: null, region_text: null, country_text: null }])).toBe(
      'Точка: значение; доверительного интервала в данных нет.',
    )
  })

  it('says of years what their frames show, with the number in force', () => {
    expect(historyLegend([{ lo: null }], '8')).toBe('Точка: значение; интервала в данных нет.')
    expect(historyLegend([{ lo: 1 }, { lo: null }], '8')).toContain('без отрезка')
    const full = historyLegend([{ lo: 1, comparable_from: 2025 }, { tier: 'limited' }], '8')
    expect(full).toMatch(/^Точка и отрезок[^;]*; пустая точка: меньше 8 участников; пунктир/)
  })
})

describe('the title of the page of trends', () => {
  it.each([
    [3, 'Динамика за три года'],
    [4, 'Динамика за четыре года'],
    [5, 'Динамика за пять лет'],
    [12, 'Динамика за 12 лет'],
    [null, 'Динамика'],
  ])('counts the years that the rule compares: %s', (years, title) => {
    expect(trendTitle(years)).toBe(title)
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

describe('what the findings lack', () => {
  const delivery = { delivery_state: 'delivered', files_refused: 0, files_unrecognised: 0 }

  it('is counted from every form and year', async () => {
    const ask = await answersOf('index.md', {
      mart_data_quality: [
        { ...delivery, files_refused: 2 },
        { ...delivery, files_refused: 3, files_unrecognised: 1 },
        { ...delivery, delivery_state: 'not_delivered' },
      ],
    })
    expect((await ask('unread'))[0]?.['text']).toBe(
      'отклонено файлов — 5, не распознано файлов — 1, не поступило поставок — 1',
    )
  })

  it('is not spoken of where nothing is lacking', async () => {
    const ask = await answersOf('index.md', { mart_data_quality: [delivery] })
    expect((await ask('unread'))[0]?.['text']).toBe('')
  })
})

describe('a number of a rule', () => {
  const number = (name: string, value_text: string, is_in_force = true) => ({
    parameter_table: name === 'low_from' ? 'small_number_rule' : 'risk_rule',
    ...{ name, value_text, is_in_force },
  })
  it.each([
    ['risk.md', 'judged', '8'],
    ['clusters.md', 'low', '11'],
    ['schools/[school].md', 'low', '11'],
    ['methods.md', 'judged', '8'],
  ])('is the one in force on %s', async (name, column, value) => {
    const ask = await answersOf(name, {
      mart_parameter: [
        number('minimum_n', '8'),
        number('minimum_n', '10', false),
        number('low_from', '11'),
      ],
    })
    expect((await ask('limits'))[0]?.[column]).toBe(value)
  })

  it('is written into no page', () => {
    const pages = ['risk.md', 'clusters.md', 'methods.md', 'schools/[school].md'].map(page).join('')
    expect(pages).not.toMatch(/n (?:<|&lt;) \d|[Мм]еньше \d+ (?:участ|чел)|участников меньше \d/)
  })

  it('is the window and the bounds of stability on the page of trends', async () => {
    const ask = await answersOf('trends.md', {
      mart_parameter: (
        [
          ['window_years', '4', 'years'],
          ['stable_interval_share', '0,1', 'share'],
          ['stable_interval_points', '10', 'points'],
          ['stable_interval_mark', '0,4', 'points'],
        ] as const
      ).map(([name, value_text, unit]) => ({
        parameter_table: 'trend_rule',
        ...{ name, value_text, unit, is_in_force: true },
      })),
    })
    expect(await ask('rule')).toEqual([
      { years: 4, stable: '10 п. п. для долей, 10 для баллов, 0,4 для средней отметки' },
    ])
  })
})

describe('the page of trends and that of a school', () => {
  it.each(['trends.md', 'schools/[school].md'])(
    'show the value of a single year once in %s',
    (name) => {
      expect(page(name)).toContain('t.first_year < t.last_year')
    },
  )
})

describe('the overview', () => {
  it('counts no school in a zone, not none, where zones were not assessed', async () => {
    const counts = async (zones_lack: string) => {
      const ask = await answersOf('index.md', {
        mart_publication: [{ last_year: 2026, zones_lack }],
        mart_school_profile: [{ status: 'open', red_count: 0, yellow_count: 0 }],
      })
      return (await ask('counts'))[0]
    }
    expect(await counts('нет числа учеников')).toMatchObject({ schools: 1, red: null })
    expect(await counts('')).toMatchObject({ schools: 1, red: 0, yellow: 0 })
  })

  it('asks which kinds of findings there are', async () => {
    const ask = await answersOf('index.md', { mart_finding: [{ kind: 'objectivity' }] })
    expect(await ask('kinds')).toEqual([
      { zones: false, trends: false, objectivity: true, quality: false },
    ])
  })
})

describe('zones that were not assessed', () => {
  it.each(['index.md', 'risk.md', 'schools/[school].md'])('have their reason on %s', (name) => {
    expect(page(name)).toMatch(/Зоны риска .*не оценивались: \$?\{[^}]*lack/)
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
