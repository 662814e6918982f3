import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adjustedRandIndex } from '../../../transforms/methods/statistics/stability.ts'
import { Database, type Row } from '../../../warehouse/database.ts'
import { sampleHome, type SampleHome } from '../../support/sample.ts'

interface Count {
  readonly found: readonly string[]
  readonly missed: readonly string[]
  readonly false: readonly string[]
}
/** Counts and prints how the findings compare with what was planted. */
const compare = (kind: string, planted: readonly string[], named: readonly string[]): Count => {
  const count = {
    found: planted.filter((one) => named.includes(one)),
    missed: planted.filter((one) => !named.includes(one)),
    false: named.filter((one) => !planted.includes(one)),
  }
  const list = (names: readonly string[]): string =>
    names.length === 0 ? '' : ` (${names.join(', ')})`
  process.stdout.write(
    `${kind}: planted ${String(planted.length)}, found ${String(count.found.length)}, missed ${String(count.missed.length)}${list(count.missed)}, false ${String(count.false.length)}${list(count.false)}\n`,
  )
  return count
}
/** Subjects as the truth and as the warehouse call them, where they differ. */
const subjects: Readonly<Record<string, string>> = {
  maths: 'mathematics',
  maths_advanced: 'mathematics_advanced',
  world: 'world_around',
}

describe.each(['default', 'faulty'] as const)('the %s sample', (kind) => {
  let sample: SampleHome
  let database: Database
  beforeAll(async () => {
    sample = await sampleHome(kind)
    database = await Database.open(sample.warehouse, { readOnly: true })
  })
  afterAll(() => {
    database.close()
  })

  const named = async (query: string): Promise<readonly string[]> =>
    (await database.rows<{ name: string }>(query)).map(({ name }) => name)
  const last = '(select max(school_year) from core.dim_school_year)'

  const trends = (trend: string) =>
    named(`
    select distinct unit_key as name from marts.mart_trend
    where level = 'school' and indicator = 'ridit_index' and procedure = 'vpr' and subject = 'all' and grade = 'all'
      and trend_class = '${trend}' and last_year = ${last}
    order by all`)
  const zones = (indicator: string) =>
    named(`
    select distinct unit_key as name from marts.mart_risk_zone
    where indicator = '${indicator}' and procedure = 'vpr' and subject = 'all' and grade = 'all'
      and zone = 'red' and school_year = ${last}
    order by all`)

  describe('findings over the sample', () => {
    it('name every school that improves, and no other', async () => {
      const count = compare('improving', sample.truth.improving, await trends('improved'))
      expect(count.missed).toEqual([])
      expect(count.false).toEqual([])
    })

    it('name every school that declines, and no other', async () => {
      const count = compare('declining', sample.truth.declining, await trends('declined'))
      expect(count.missed).toEqual([])
      expect(count.false).toEqual([])
    })

    it('put every school planted so into the red zone, and no other', async () => {
      const count = compare('risk zone', sample.truth.riskZone, await zones('pass_rate'))
      expect(count.missed).toEqual([])
      expect(count.false).toEqual([])
    })

    it('do not put a school that only its context pulls down into the red zone', async () => {
      const red = new Set([...(await zones('pass_rate')), ...(await zones('ridit_index'))])
      const wrong = sample.truth.contextOnly.filter((school) => red.has(school))
      process.stdout.write(
        `context only: planted ${String(sample.truth.contextOnly.length)}, red ${String(wrong.length)}\n`,
      )
      expect(sample.truth.contextOnly.length).toBeGreaterThan(0)
      expect(wrong).toEqual([])
    })

    it('mark every school that inflates at a boundary in its subject and year', async () => {
      const planted = sample.truth.inflating.flatMap(({ code, subject, years }) =>
        years.map((year) => `${code} ${subjects[subject] ?? subject} ${String(year)}`),
      )
      const marked = await named(`
      select school_key || ' ' || subject || ' ' || school_year as name from core.fct_bias_marker
      where marker = 'O7' and grade = 'all' and is_flagged order by all`)
      const [tested] = await database.rows<{ n: number }>(
        "select count(*)::integer as n from core.fct_bias_marker where marker = 'O7' and grade = 'all'",
      )
      const count = compare('boundary', planted, marked)
      expect(count.missed).toEqual([])
      // Hundreds of schools, subjects and years are tested; one in a hundred may be marked by chance.
      expect(count.false.length).toBeLessThanOrEqual((tested?.n ?? 0) / 100)
    })

    it('mark every school that gives high marks in its journals, and no other in the last year', async () => {
      const marked = await named(`
      select distinct school_key as name from core.fct_bias_marker
      where marker = 'O1' and grade = 'all' and is_flagged and school_year = ${last} order by all`)
      const count = compare('journal (O1)', sample.truth.journalInflating, marked)
      expect(count.missed).toEqual([])
      expect(count.false).toEqual([])
      const red = await zones('journal_lowered_share')
      const zone = compare('journal (zone of the share)', sample.truth.journalInflating, red)
      expect(zone.missed).toEqual([])
      expect(zone.false.length).toBeLessThanOrEqual(1)
    })

    it('cluster schools by the contexts that were planted', async () => {
      const clustered = await database.rows<{ school_key: string; cluster_number: number }>(
        `select school_key, cluster_number from core.bridge_school_cluster where school_year = ${last} order by school_key`,
      )
      const groups = Object.entries(sample.truth.clusters)
      const labels = clustered.map(({ school_key }) =>
        groups.findIndex(([, schools]) => schools.includes(school_key)),
      )
      const index = adjustedRandIndex(
        Int32Array.from(labels),
        Int32Array.from(clustered, ({ cluster_number }) => cluster_number),
      )
      const found = new Set(clustered.map(({ cluster_number }) => cluster_number)).size
      process.stdout.write(
        `clusters: planted ${String(groups.length)}, found ${String(found)}, adjusted Rand index ${index.toFixed(3)}\n`,
      )
      expect(labels).not.toContain(-1)
      // Large and remote villages differ in size alone and stand in one group.
      expect(index).toBeGreaterThan(0.75)
    })
  })

  describe('the warehouse over the sample', () => {
    it('holds every planted mark, cell by cell', async () => {
      const rows = await database.rows<Row & { key: string }>(`
      select school_year || ' ' || subject || ' ' || grade as key, count(*)::integer as n,
             count_if(mark = 2)::integer as two, count_if(mark = 3)::integer as three,
             count_if(mark = 4)::integer as four, count_if(mark = 5)::integer as five,
             sum(raw_score)::double as score
      from core.fct_result where procedure = 'vpr' and attempt = 'main' group by school_year, subject, grade order by key`)
      const planted = sample.truth.marks
        .map(({ year, subject, grade, n, marks, sumOfPrimaryScores }) => ({
          key: `${String(year)} ${subjects[subject] ?? subject} ${String(grade)}`,
          n,
          two: marks['2'],
          three: marks['3'],
          four: marks['4'],
          five: marks['5'],
          score: sumOfPrimaryScores,
        }))
        .sort((a, b) => (a.key < b.key ? -1 : 1))
      expect(rows).toEqual(planted)
    })

    it('knows the municipality by the code that the truth gives', async () => {
      const { code, name } = sample.truth.municipality
      expect(
        await database.rows(
          "select municipality_key, name from core.dim_municipality where municipality_key <> 'unknown'",
        ),
      ).toEqual([{ municipality_key: code, name }])
    })

    it('keeps the history of the school that was renamed and of the one that was merged', async () => {
      const renamed = sample.truth.schools.find((school) => school.renamed !== null)
      const merged = sample.truth.schools.find((school) => school.merged !== null)
      const versions = (code: string | undefined) =>
        database.rows(
          `select short_name, valid_from_year, successor_key from core.dim_school where school_key = '${code ?? ''}' order by valid_from_year`,
        )
      const names = await versions(renamed?.code)
      expect(names.at(-1)).toMatchObject({
        short_name: renamed?.renamed?.name,
        valid_from_year: renamed?.renamed?.from,
      })
      expect(names).toHaveLength(2)
      expect((await versions(merged?.code)).at(-1)).toMatchObject({
        successor_key: merged?.merged?.successor,
      })
    })

    it('has no result of the merged school after the merger', async () => {
      const merged = sample.truth.schools.find((school) => school.merged !== null)
      const [row] = await database.rows<{ last: number }>(
        `select max(school_year) as last from core.fct_result where school_key = '${merged?.code ?? ''}'`,
      )
      expect(row?.last).toBe((merged?.merged?.from ?? 0) - 1)
    })
  })
})
