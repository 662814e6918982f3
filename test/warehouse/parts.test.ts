import * as fc from 'fast-check'
import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { correctedWorkbook, firstIndividual } from '../../bench/warehouse/corrected.ts'
import { build } from '../../warehouse/build.ts'
import { BuildPlan, longestFirst } from '../../warehouse/build-plan.ts'
import { parentsOf, type Catalog, type Step } from '../../warehouse/catalog.ts'
import { compileChecks, partedQueries } from '../../warehouse/check.ts'
import { contentOf } from '../../warehouse/content.ts'
import { Database, quote } from '../../warehouse/database.ts'
import { ContractError } from '../../warehouse/errors.ts'
import { readManifest, type TableState } from '../../warehouse/generation.ts'
import { Inputs } from '../../warehouse/inputs.ts'
import { load } from '../../warehouse/land.ts'
import { make } from '../../warehouse/make.ts'
import {
  isAmong,
  isReadWhole,
  nameOfPartition,
  partedBy,
  partedParents,
  partitionOf,
  partitionsOf,
  partOf,
  restricted,
} from '../../warehouse/parts.ts'
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
  it('is of columns of the table, and of a form’s table the file', () => {
    for (const each of whole.steps)
      expect(Object.keys(each.table.columns)).toEqual(
        expect.arrayContaining([...(partitionOf(each) ?? [])]),
      )
    expect(partitionOf(step('sources.vpr_individual'))).toEqual(['_file'])
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
    expect(partedParents(step('marts.mart_finding'), byId)).toEqual([])
  })
})

describe('restricted(sql, parts)', () => {
  it('narrows the tables given wherever they are named, and no others', () => {
    const sql = 'select * from "core"."fct_result" as r join "core"."dim_school" using (school_key)'
    const parents = [step('core.fct_result')]
    const years = [partOf(['2025']), partOf(['2026'])]
    expect(restricted(sql, { parents, partition: ['school_year'], parts: years })).toBe(
      `select * from (select * from "core"."fct_result" where "school_year" in ('2025'::INTEGER, '2026'::INTEGER)) as r join "core"."dim_school" using (school_key)`,
    )
    const odd = { parents, partition: ['subject', 'school_year'], parts: [partOf(["o'k", '2026'])] }
    expect(restricted(sql, odd)).toContain(
      `where "subject" = 'o''k' and "school_year" = '2026'::INTEGER)`,
    )
  })
})

describe('isAmong(table, partition, parts)', () => {
  it('names the values of each column, by which DuckDB skips rows, and parts where they are not all of them together', () => {
    const { table } = step('core.fct_result')
    const among = (...parts: readonly (readonly string[])[]) =>
      isAmong(table, ['subject', 'school_year'], parts.map(partOf))
    const columns = `"subject" in ('a', 'b') and "school_year" in ('2025'::INTEGER, '2026'::INTEGER)`
    expect(among(['a', '2025'], ['a', '2026'], ['b', '2025'], ['b', '2026'])).toBe(columns)
    expect(among(['a', '2025'], ['b', '2026'])).toBe(
      `${columns} and ("subject", "school_year") in (('a', '2025'::INTEGER), ('b', '2026'::INTEGER))`,
    )
  })

  it('holds for the rows of any parts of two columns, and for no others', async () => {
    const database = await Database.open(':memory:')
    try {
      const value = fc.constantFrom(null, '1', '2')
      const part = fc.tuple(value, value)
      const number = { type: 'INTEGER', doc: '', nullable: true } as const
      await fc.assert(
        fc.asyncProperty(fc.uniqueArray(part, { selector: partOf }), async (parts) => {
          const condition = isAmong(
            { columns: { a: number, b: number } },
            ['a', 'b'],
            parts.map(partOf),
          )
          const held = await database.rows<{ part: string }>(
            `select to_json([a::varchar, b::varchar])::varchar as part
             from (values (null), (1), (2)) as one(a), (values (null), (1), (2)) as other(b) where ${condition}`,
          )
          expect(held.map((row) => row.part).sort()).toEqual(parts.map(partOf).sort())
        }),
      )
    } finally {
      database.close()
    }
  })

  it('holds for the rows of those parts, whatever the type, and for rows without a value', async () => {
    const database = await Database.open(':memory:')
    try {
      const rows = `values (date '2026-03-04', 1.50, 'a'), (null, null, null), (date '2026-03-05', 2.25, 'null')`
      for (const [column, type] of [
        ['day', 'DATE'],
        ['score', 'DECIMAL(9,2)'],
        ['name', 'VARCHAR'],
      ] as const) {
        const table = { columns: { [column]: { type, doc: '', nullable: true } } }
        const parts = await database.rows<{ value: string | null }>(
          `select ${column}::varchar as value from (${rows}) as t(day, score, name)`,
        )
        for (const { value } of parts) {
          const [held] = await database.rows<{ all: string | null; n: number }>(
            `select any_value(${column})::varchar as all, count(*)::integer as n
             from (${rows}) as t(day, score, name) where ${isAmong(table, [column], [partOf([value])])}`,
          )
          expect(held).toEqual({ all: value, n: 1 })
        }
        expect(isAmong(table, [column], [])).toBe('false')
      }
    } finally {
      database.close()
    }
  })
})

describe('partitionsOf(steps, queries)', () => {
  it('refuses a partition by which no table falls into parts', () => {
    const refused = (partition: string, parents: readonly string[]) => () =>
      partitionsOf(whole.steps, [{ name: 'odd', partition: [partition], parents }])
    expect(refused('school_yaer', ['core.fct_result'])).toThrow(ContractError)
    expect(refused('school_year', ['core.dim_school_year'])).toThrow(/odd/)
    expect(refused('school_year', ['core.fct_result', 'core.dim_school'])).not.toThrow()
  })
})

describe('a check that names its partition', () => {
  it('finds in all parts together what it finds at once', async () => {
    const file = join(place.folder, 'faulty.duckdb')
    await copyFile(sample.warehouse, file)
    const database = await Database.open(file)
    const countOf = async (text: string): Promise<number> => {
      const [row] = await database.rows<{ n: number }>(
        `select count(*)::integer as n from (${text})`,
      )
      return row?.n ?? 0
    }
    try {
      await database.run(
        `update core.fct_result set mark = if(mark = 5, 4, mark + 1) where hash(pupil_key) % 50 = 0;
         update entities.result set raw_score = raw_score + 1 where hash(pupil_ref) % 40 = 0;
         update entities.result set precedence = precedence + 1 where hash(pupil_ref, 1) % 30 = 0;
         delete from core.fct_result where hash(pupil_key, 1) % 97 = 0;
         delete from core.fct_school_context where hash(school_key, school_year) % 3 = 0;
         delete from core.fct_result where school_key = (select max(school_key) from core.fct_school_context);
         update core.dim_school set founder = 'private', is_branch = true`,
      )
      const parted = compileChecks(whole).filter(({ check }) => check.partition !== undefined)
      expect(parted).not.toEqual([])
      for (const { check, sql, parents } of parted) {
        const partition = check.partition ?? []
        const tables = partedBy(partition, parents, byId)
        const values = partition.map((column) => `${quote(column)}::varchar`).join(', ')
        const rows = await database.rows<{ part: string }>(
          `select distinct part from (${tables
            .map(({ table: { id } }) => `select to_json([${values}])::varchar as part from ${id}`)
            .join(' union all ')})`,
        )
        let found = 0
        for (const { part } of rows)
          found += await countOf(restricted(sql, { parents: tables, partition, parts: [part] }))
        expect(found, check.name).toBe(await countOf(sql))
        expect(found, check.name).toBeGreaterThan(0)
      }
    } finally {
      database.close()
    }
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
        const partition = partitionOf(each)
        if (partition === undefined || each.kind === 'source') continue
        const { id, schema, name } = each.table
        const before = await contentOf(database, each.table, [partition])
        const parts = Object.keys(before.parts[nameOfPartition(partition)] ?? {})
        // Of hundreds of files and cells, some; of years, all.
        const chosen = parts.filter((_, i) => i % Math.ceil(parts.length / 20) === 0)
        for (const part of chosen) {
          await make(database, each, inputs, {
            isThere: true,
            parts: { partition, parts: [part], parents: partedParents(each, byId) },
          })
          expect(await contentOf(database, each.table, [partition]), `${id} ${part}`).toEqual(
            before,
          )
        }
        const [row] = await database.rows<{ n: number }>(
          `select count(*)::integer as n from ${quote(schema)}.${quote(name)} where ${partition.map((column) => `${quote(column)} is null`).join(' or ')}`,
        )
        expect(row?.n, `${id} without ${partition.join(', ')}`).toBe(0)
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
    const plan = new BuildPlan(whole.steps, inputs, partedQueries(compileChecks(whole)))
    const { tables } = await readManifest(sample.home, sample.generation)
    const results = step('core.fct_result')
    const old = tables[results.table.id]
    const entity = tables['entities.result']!
    const name = nameOfPartition(partitionOf(results) ?? [])
    const changed: TableState = {
      ...entity,
      parts: {
        ...entity.parts,
        [name]: { ...entity.parts[name], [partOf(['vpr', '2026', '5'])]: 'other' },
      },
    }
    const origin = plan.originOf(results, { ...tables, 'entities.result': changed })
    expect(plan.manner(results, origin, old)).toMatchObject({
      isThere: true,
      parts: {
        partition: ['procedure', 'school_year', 'programme_grade'],
        parts: [partOf(['vpr', '2026', '5'])],
      },
    })

    const renamed = { ...tables, 'core.bridge_school_ref': { ...entity, hash: 'other' } }
    const whenLookup = plan.originOf(results, renamed)
    expect(whenLookup.fingerprint).not.toBe(old?.fingerprint)
    expect(plan.manner(results, whenLookup, old)).toEqual({ isThere: true, parts: undefined })
  })

  it('knows the content of every parent by the partitions of its children', async () => {
    const { tables } = await readManifest(sample.home, sample.generation)
    for (const each of whole.steps) {
      const partition = partitionOf(each)
      if (partition === undefined) continue
      for (const parent of partedParents(each, byId)) {
        expect(parentsOf(each)).toContain(parent.table.id)
        expect(Object.keys(tables[parent.table.id]?.parts ?? {}), parent.table.id).toContain(
          nameOfPartition(partition),
        )
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
    const partsOf = ({ tables }: typeof after) =>
      tables['entities.result']?.parts['procedure,school_year,grade'] ?? {}
    const parts = Object.keys(partsOf(before))
    expect(Object.keys(partsOf(after))).toEqual(parts)
    expect(parts.length).toBeGreaterThan(4)
    expect(parts.filter((each) => partsOf(after)[each] !== partsOf(before)[each])).toEqual([
      partOf(['vpr', '2026', '5']),
    ])
    const full = await build(home, whole, { full: true })
    expect(full.contentHash).toBe(part.contentHash)
    expect(full.checks).toEqual(part.checks)
  })
})
