import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { correctedWorkbook, firstIndividual } from '../../bench/warehouse/corrected.ts'
import { build } from '../../warehouse/build.ts'
import { BuildPlan, longestFirst } from '../../warehouse/build-plan.ts'
import { parentsOf, type Catalog, type Step } from '../../warehouse/catalog.ts'
import { contentOf } from '../../warehouse/content.ts'
import { Database, quote } from '../../warehouse/database.ts'
import { readManifest, type TableState } from '../../warehouse/generation.ts'
import { Inputs } from '../../warehouse/inputs.ts'
import { load } from '../../warehouse/land.ts'
import { make } from '../../warehouse/make.ts'
import { isReadWhole, partedParents, partitionOf, restricted } from '../../warehouse/parts.ts'
import { scratch, type Scratch } from '../support/home.ts'
import { sampleHome, type SampleHome } from '../support/sample.ts'
import { catalog } from '../support/tables.ts'

let place: Scratch
let sample: SampleHome
let whole: Catalog
let byId: ReadonlyMap<string, Step>
const step = (id: string): Step => {
  const found = byId.get(id)
  if (found === undefined) throw new Error(`no table ${id}`)
  return found
}
beforeAll(async () => {
  sample = await sampleHome('default')
  place = await scratch(sample.key)
  whole = await catalog()
  byId = new Map(whole.steps.map((each) => [each.table.id, each]))
})
afterAll(() => place.remove())

describe('partitionOf(step)', () => {
  it('is a column of the table, and of a form’s table the file', () => {
    for (const each of whole.steps) {
      const column = partitionOf(each)
      if (column !== undefined) expect(Object.keys(each.table.columns)).toContain(column)
    }
    expect(partitionOf(step('sources.vpr_individual'))).toBe('_file')
    expect(partitionOf(step('core.dim_school'))).toBeUndefined()
  })

  it('takes no parent by part that is read whole', () => {
    for (const each of whole.steps)
      expect(
        partedParents(each, byId)
          .filter(isReadWhole)
          .map(({ table }) => table.id),
        each.table.id,
      ).toEqual([])
    expect(partedParents(step('core.dim_test_version'), byId)).toEqual([])
  })
})

describe('restricted(sql, parts)', () => {
  it('narrows the tables given wherever they are named, and no others', () => {
    const sql = 'select * from "core"."fct_result" as r join "core"."dim_school" using (school_key)'
    const parents = [step('core.fct_result')]
    expect(restricted(sql, { parents, column: 'school_year', values: ['2025', '2026'] })).toBe(
      'select * from (select * from "core"."fct_result" where "school_year" in (2025, 2026)) as r join "core"."dim_school" using (school_key)',
    )
    expect(restricted(sql, { parents, column: 'subject', values: ["o'k"] })).toContain(
      "in ('o''k')",
    )
  })
})

describe('a table that declares a partition', () => {
  it('is the same after any of its parts is made again', async () => {
    const file = join(place.folder, 'again.duckdb')
    await copyFile(sample.warehouse, file)
    const inputs = await Inputs.read(sample.home, whole)
    const database = await Database.open(file)
    try {
      for (const each of whole.steps) {
        const column = partitionOf(each)
        if (column === undefined || each.kind === 'source') continue
        const { id, schema, name } = each.table
        const before = await contentOf(database, each.table, [column])
        const values = Object.keys(before.parts[column] ?? {})
        // Of hundreds of files, some; of years and subjects, all.
        const chosen = values.filter((_, i) => i % Math.ceil(values.length / 20) === 0)
        for (const value of chosen) {
          await make(database, each, inputs, {
            isThere: true,
            parts: { column, values: [value], parents: partedParents(each, byId) },
          })
          expect(await contentOf(database, each.table, [column]), `${id} ${value}`).toEqual(before)
        }
        const [row] = await database.rows<{ n: number }>(
          `select count(*)::integer as n from ${quote(schema)}.${quote(name)} where ${quote(column)} is null`,
        )
        expect(row?.n, `${id} without ${column}`).toBe(0)
      }
    } finally {
      database.close()
    }
  })
})

describe('longestFirst(steps)', () => {
  it('puts first what the longest chain waits for, parents before children, equals as they were', () => {
    const ordered = longestFirst(whole.steps).map(({ table }) => table.id)
    for (const each of whole.steps)
      for (const parent of parentsOf(each))
        expect(ordered.indexOf(parent)).toBeLessThan(ordered.indexOf(each.table.id))
    expect(ordered.indexOf('marts.mart_risk_zone')).toBeLessThan(
      ordered.indexOf('marts.mart_trend_evidence'),
    )
    const ends = whole.steps
      .map(({ table }) => table.id)
      .filter((id) => !whole.steps.some((other) => parentsOf(other).includes(id)))
    expect(ordered.slice(-ends.length)).toEqual(ends)
  })
})

describe('BuildPlan', () => {
  it('takes only the parts of which a parent’s part changed', async () => {
    const inputs = await Inputs.read(sample.home, whole)
    const plan = new BuildPlan(whole.steps, inputs)
    const { tables } = await readManifest(sample.home, sample.generation)
    const results = step('core.fct_result')
    const old = tables[results.table.id]
    const entity = tables['entities.result']!
    const changed: TableState = {
      ...entity,
      parts: { ...entity.parts, school_year: { ...entity.parts['school_year'], 2026: 'other' } },
    }
    const origin = plan.originOf(results, { ...tables, 'entities.result': changed })
    expect(plan.manner(results, origin, old)).toMatchObject({
      isThere: true,
      parts: {
        column: 'school_year',
        values: ['2026'],
      },
    })

    const renamed = { ...tables, 'core.bridge_school_ref': { ...entity, hash: 'other' } }
    const whenLookup = plan.originOf(results, renamed)
    expect(whenLookup.fingerprint).not.toBe(old?.fingerprint)
    expect(plan.manner(results, whenLookup, old)).toEqual({ isThere: true, parts: undefined })
  })

  it('knows the content of every parent by the column that its children are parted by', async () => {
    const { tables } = await readManifest(sample.home, sample.generation)
    for (const each of whole.steps) {
      const column = partitionOf(each)
      if (column === undefined) continue
      for (const parent of partedParents(each, byId)) {
        expect(parentsOf(each)).toContain(parent.table.id)
        expect(Object.keys(tables[parent.table.id]?.parts ?? {}), parent.table.id).toContain(column)
      }
    }
  })
})

describe('a work that a school checked again', () => {
  it('gives the content of a full rebuild, over parts that were carried over', async () => {
    const home = await place.home('checked-again', sample.home.path)
    const corrected = join(place.folder, 'corrected.xlsx')
    await writeFile(corrected, correctedWorkbook(await firstIndividual(sample.files)))
    await load(home, whole.sources, [corrected], { facts: { scope: 'sample' } })
    const part = await build(home, whole)
    expect(part.isNew).toBe(true)
    const before = await readManifest(home, sample.generation)
    const after = await readManifest(home, part.generation)
    const yearsOf = ({ tables }: typeof after) => tables['entities.result']?.parts['school_year']
    expect(yearsOf(after)?.['2026']).not.toBe(yearsOf(before)?.['2026'])
    expect(yearsOf(after)?.['2025']).toBe(yearsOf(before)?.['2025'])
    const full = await build(home, whole, { full: true })
    expect(full.contentHash).toBe(part.contentHash)
    expect(full.checks).toEqual(part.checks)
  })
})
