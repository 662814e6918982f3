import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sql } from 'kysely'
import { defineCheck } from '../../transforms/contract/check.ts'
import type { RowOf } from '../../transforms/contract/column.ts'
import { defineModel } from '../../transforms/contract/table.ts'
import { build } from '../../warehouse/build.ts'
import type { Catalog } from '../../warehouse/catalog.ts'
import { StateError, UsageError } from '../../warehouse/errors.ts'
import { readManifest } from '../../warehouse/generation.ts'
import { finderOf, requireFinder, rowsFound, traceOf } from '../../warehouse/found.ts'
import type { Home } from '../../warehouse/home.ts'
import { publish } from '../../warehouse/publish.ts'
import { trace } from '../../warehouse/trace.ts'
import { scratch, type Scratch } from '../support/home.ts'
import { catalogOf, doubled, miniSteps, sqlStep, withStep } from '../support/mini.ts'
import { sampleHome, type SampleHome } from '../support/sample.ts'
import { catalog } from '../support/tables.ts'

const tooMuch = defineCheck('file:///mini/checks/too_much.ts', {
  title: 'Слишком много',
  severity: 'warning',
  what: 'Больше трёх.',
  when: 'Всегда.',
  remedy: 'Убавьте.',
  about: doubled,
  select: () => sql`select name, twice, 3 as most from ${doubled} where twice > 3`,
})
const mini = catalogOf(miniSteps, { checks: [tooMuch] })
const breaking = (select: string): Catalog =>
  catalogOf(
    withStep(
      miniSteps,
      sqlStep(
        defineModel('file:///mini/core/doubled.ts', {
          ...doubled.definition,
          select: () => sql.raw<RowOf<typeof doubled.columns>>(select),
        }),
      ),
    ),
    { checks: [tooMuch] },
  )

describe('rowsFound(home, finder)', () => {
  let place: Scratch
  let home: Home
  beforeAll(async () => {
    place = await scratch()
    home = await place.home('home')
    const { generation } = await build(home, mini)
    await publish(home, mini, generation)
  })
  afterAll(() => place.remove())
  const found = async (of: Catalog, name: string, generation?: string) =>
    (await rowsFound(home, requireFinder(of, name), { limit: 10, generation })).rows

  it('lists what a declared check finds in what is published, as many rows as it counted', async () => {
    expect(await found(mini, 'too_much')).toEqual([{ name: 'b', twice: 4, most: 3 }])
    const { checks } = await readManifest(home, 'g00001')
    expect(checks).toMatchObject([{ check: 'too_much', found: 1 }])
  })

  it('lists the rows that break a promise in the generation that it kept from being published', async () => {
    const broken = breaking(
      "select unnest(['a', 'b', 'b', 'c', 'c', 'c']) as name, unnest([1, null, 1, 1, 1, 1])::double as twice",
    )
    const { generation, checks } = await build(home, broken)
    const of = (name: string) => found(broken, name, generation)
    expect(await of('core.doubled:grain')).toEqual([
      { name: 'b', rows: 2 },
      { name: 'c', rows: 3 },
    ])
    expect(await of('core.doubled:not-null twice')).toEqual([{ name: 'b', twice: null }])
    for (const { check, found: count } of checks) expect(await of(check), check).toHaveLength(count)
    expect(await found(broken, 'core.doubled:grain')).toEqual([])
  })

  it('lists the values that no row of another table has, and how many rows have them', async () => {
    const broken = breaking("select 'a' as name, 1::double as twice")
    const { generation } = await build(home, broken)
    expect(await found(broken, 'marts.mart_mini:reference name', generation)).toEqual([
      { name: 'b', rows: 1 },
    ])
  })

  it('says so of a generation that has not what the check looks at', async () => {
    const newer = defineCheck('file:///mini/checks/newer.ts', {
      ...tooMuch,
      select: () => sql`select nothing from ${doubled}`,
    })
    const later = catalogOf(miniSteps, { checks: [newer] })
    await expect(found(later, 'newer', 'g00001')).rejects.toThrow(StateError)
    await expect(found(later, 'newer', 'g00001')).rejects.toThrow(/g00001 построено до того/)
  })
})

describe('requireFinder(catalog, name)', () => {
  it('takes a mistyped name for a slip and names the checks there are', () => {
    expect(() => requireFinder(mini, 'to_much')).toThrow(UsageError)
    expect(() => requireFinder(mini, 'core.doubled:not-null note')).toThrow(/проверки .* нет/)
  })
})

describe('traceOf(finder, row)', () => {
  it('names the table and those of its key that the row has', () => {
    const finder = requireFinder(mini, 'too_much')
    expect(traceOf(finder, { name: 'b', twice: 4, most: 3 })).toEqual(['core.doubled', 'name=b'])
    expect(traceOf(finder, { twice: 4, most: 3 })).toEqual([])
    const promise = requireFinder(mini, 'core.doubled:not-null twice')
    expect(traceOf(promise, { name: 'b', twice: null })).toEqual(['core.doubled', 'name=b'])
  })
})

describe('the checks that are declared', () => {
  let sample: SampleHome
  let all: Catalog
  beforeAll(async () => {
    sample = await sampleHome('faulty')
    all = await catalog()
  })

  it('find as many rows as they counted, and trace goes on from each', async () => {
    const { checks } = await readManifest(sample.home, sample.generation)
    expect(checks.filter(({ found }) => found > 0).length).toBeGreaterThan(3)
    for (const { check, found } of checks) {
      const finder = requireFinder(all, check)
      const { rows } = await rowsFound(sample.home, finder, {
        limit: 100,
        generation: sample.generation,
      })
      expect(rows, check).toHaveLength(found)
      for (const row of rows) {
        const [table = '', ...words] = traceOf(finder, row)
        const where = Object.fromEntries(words.map((word) => word.split('=') as [string, string]))
        const { sourceRows } = await trace(sample.home, all, table, where, {
          limit: 0,
          generation: sample.generation,
        })
        expect(sourceRows, `${check} ${words.join(' ')}`).toBeGreaterThan(0)
      }
    }
  })

  it('have columns by which to go on, and call a school by its name', async () => {
    for (const { name } of all.checks) {
      const finder = finderOf(all, name)
      if (finder === undefined) throw new Error(name)
      const { columns } = await rowsFound(sample.home, finder, {
        limit: 1,
        generation: sample.generation,
      })
      const names = columns.map((column) => column.name)
      // Where a check leads to no table, its rows name the files themselves.
      const ways = finder.about?.columns ?? ['file']
      expect(
        ways.some((column) => names.includes(column)),
        name,
      ).toBe(true)
      if (names.includes('pupil_key')) expect(names, name).toContain('school_name')
    }
  })
})
