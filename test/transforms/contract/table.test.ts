import { sql, type Expression } from 'kysely'
import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  boolean,
  date,
  decimal,
  double,
  integer,
  nullable,
  text,
  type RowOf,
} from '../../../transforms/contract/column.ts'
import {
  defineComputation,
  grouped,
  rowsOf,
  type Frame,
} from '../../../transforms/contract/computation.ts'
import { defineEntity, defineStaging } from '../../../transforms/contract/entity.ts'
import {
  addParameters,
  defineParameters,
  MissingParameter,
  threshold,
  thresholds,
} from '../../../transforms/contract/parameter.ts'
import { defineModel, parents, Table } from '../../../transforms/contract/table.ts'
import { builder, compileQuery } from '../../../warehouse/compile.ts'

const enrolment = defineEntity('file:///transforms/entities/enrolment.ts', {
  doc: 'One row per school, grade and year.',
  grain: ['school_code', 'grade', 'school_year'],
  columns: {
    school_code: text('School'),
    grade: text('Grade'),
    school_year: integer('Year'),
    pupils: nullable(integer('Pupils')),
  },
})
const dimSchool = defineModel('file:///transforms/core/dim_school.ts', {
  doc: 'One row per school.',
  grain: ['school_key'],
  columns: { school_key: text('Durable key'), school_code: text('Natural key') },
  select: (db) =>
    db
      .selectFrom(enrolment.as('census'))
      .distinct()
      .select((eb) => [
        eb.fn<string>('md5', ['census.school_code']).as('school_key'),
        'census.school_code',
      ]),
})
const fctEnrolment = defineModel('file:///transforms/core/fct_enrolment.ts', {
  doc: 'One row per school, grade and year.',
  grain: ['school_key', 'grade', 'school_year'],
  references: { school_key: dimSchool },
  columns: {
    school_key: text('→ dim_school'),
    grade: text('Grade'),
    school_year: integer('Year'),
    pupils: nullable(integer('Pupils')),
  },
  select: (db) =>
    db
      .selectFrom(enrolment.as('census'))
      .innerJoin(dimSchool.as('school'), 'school.school_code', 'census.school_code')
      .select(['school.school_key', 'census.grade', 'census.school_year', 'census.pupils']),
})

describe('Table(url, columns)', () => {
  it('takes its schema and name from its path', () => {
    expect(dimSchool.id).toBe('core.dim_school')
    expect(new Table('C:\\mera\\transforms/marts/mart_x.ts', {}).id).toBe('marts.mart_x')
  })

  it('refuses a path that names no table', () => {
    expect(() => new Table('file:///core/dim_school.js', {})).toThrow(/is not a table's file/)
  })

  it('goes into a builder under an alias and into an sql tag as it is', () => {
    const raw = sql<RowOf<typeof enrolment.columns>>`select * from ${enrolment}`
    expect(compileQuery(raw).sql).toBe('select * from "entities"."enrolment"')
    const built = builder.selectFrom(enrolment.as('e')).select('e.pupils')
    expect(compileQuery(built).sql).toBe('select "e"."pupils" from "entities"."enrolment" as "e"')
  })
})

describe('defineModel(url, definition)', () => {
  it('compiles to a query that mentions exactly what its file imports', () => {
    expect(compileQuery(fctEnrolment.definition.select(builder))).toEqual({
      sql: 'select "school"."school_key", "census"."grade", "census"."school_year", "census"."pupils" from "entities"."enrolment" as "census" inner join "core"."dim_school" as "school" on "school"."school_code" = "census"."school_code"',
      parents: ['core.dim_school', 'entities.enrolment'],
    })
  })

  it('carries its row type', () => {
    expectTypeOf<RowOf<typeof fctEnrolment.columns>>().toEqualTypeOf<{
      readonly school_key: string
      readonly grade: string
      readonly school_year: number
      readonly pupils: number | null
    }>()
  })

  it('does not compile where the query does not yield the contract', () => {
    const url = 'core/wrong.ts'
    // Each expected error stays on the line below its comment.
    // prettier-ignore
    const wrong = [
      // @ts-expect-error – the query forgets a declared column
      () => defineModel(url, { doc: '', grain: ['grade'], columns: { school_year: integer(''), grade: text('') }, select: (db) => db.selectFrom(enrolment.as('c')).select('c.school_year') }),
      // @ts-expect-error – no such column
      () => defineModel(url, { doc: '', grain: ['grade'], columns: { grade: text('') }, select: (db) => db.selectFrom(enrolment.as('c')).select('c.nope as grade') }),
      // @ts-expect-error – a nullable column where the contract promises a value
      () => defineModel(url, { doc: '', grain: ['pupils'], columns: { pupils: integer('') }, select: (db) => db.selectFrom(enrolment.as('c')).select('c.pupils') }),
      // @ts-expect-error – text where the contract promises a number
      () => defineModel(url, { doc: '', grain: ['grade'], columns: { grade: integer('') }, select: (db) => db.selectFrom(enrolment.as('c')).select('c.grade') }),
      // @ts-expect-error – the grain names a column that the contract lacks
      () => defineModel(url, { doc: '', grain: ['nope'], columns: { grade: text('') }, select: (db) => db.selectFrom(enrolment.as('c')).select('c.grade') }),
      // @ts-expect-error – a reference from a column that the contract lacks
      () => defineModel(url, { doc: '', grain: ['grade'], references: { school_key: dimSchool }, columns: { grade: text('') }, select: (db) => db.selectFrom(enrolment.as('c')).select('c.grade') }),
      // @ts-expect-error – no table is known by its name: it must be imported
      () => defineModel(url, { doc: '', grain: ['grade'], columns: { grade: text('') }, select: (db) => db.selectFrom('entities.enrolment').select('grade') }),
    ]
    expect(wrong).toHaveLength(7)
  })
})

describe('defineStaging(url, staging)', () => {
  it('is named by its path and yields the columns of its entity', () => {
    const staging = defineStaging('file:///transforms/staging/stg_census.ts', {
      yields: enrolment,
      select: () => sql`select 1`,
    })
    expect(staging.name).toBe('staging.stg_census')
    expectTypeOf(staging.select).returns.toExtend<Expression<RowOf<typeof enrolment.columns>>>()
  })

  it('does not compile where a column of the entity is missing', () => {
    // Each expected error stays on the line below its comment.
    // prettier-ignore
    const wrong = () =>
      // @ts-expect-error – the pupils are forgotten
      defineStaging('staging/stg_wrong.ts', { yields: enrolment, select: () => builder.selectFrom(enrolment.as('e')).select(['e.school_code', 'e.grade', 'e.school_year']) })
    expect(wrong).not.toThrow()
  })
})

describe('defineComputation(url, definition)', () => {
  it('hands its inputs over as typed columns', () => {
    const total = defineComputation('file:///transforms/core/total.ts', {
      doc: 'One row per year.',
      grain: ['school_year'],
      columns: { school_year: integer('Year'), pupils: integer('Pupils') },
      inputs: {
        census: () => sql<{ school_year: number; pupils: number | null }>`
          select school_year, pupils from ${enrolment} order by all`,
      },
      compute: ({ census }) => {
        expectTypeOf(census).toEqualTypeOf<Frame<{ school_year: number; pupils: number | null }>>()
        return [...grouped(rowsOf(census), ({ school_year }) => school_year)].map(
          ([school_year, rows]) => ({
            school_year,
            pupils: rows.reduce((sum, { pupils }) => sum + (pupils ?? 0), 0),
          }),
        )
      },
    })
    const census = {
      length: 3,
      columns: { school_year: Float64Array.of(2025, 2026, 2026), pupils: [3, null, 4] },
    }
    expect(rowsOf(census)[1]).toEqual({ school_year: 2026, pupils: null })
    expect([...total.definition.compute({ census })]).toEqual([
      { school_year: 2025, pupils: 3 },
      { school_year: 2026, pupils: 4 },
    ])
  })

  it('does not compile where a row lacks a column or an input is not declared', () => {
    const base = { doc: '', grain: ['n'], columns: { n: integer('') }, inputs: {} } as const
    // Each expected error stays on the line below its comment.
    // prettier-ignore
    const wrong = [
      // @ts-expect-error – the row lacks its column
      () => defineComputation('core/wrong.ts', { ...base, compute: () => [{}] }),
      // @ts-expect-error – text instead of a number
      () => defineComputation('core/wrong.ts', { ...base, compute: () => [{ n: '1' }] }),
      // @ts-expect-error – no such input
      () => defineComputation('core/wrong.ts', { ...base, compute: ({ nope }) => (nope === undefined ? [] : [{ n: 1 }]) }),
    ]
    expect(wrong).toHaveLength(3)
  })
})

describe('defineParameters(url, definition)', () => {
  const rule = defineParameters('file:///transforms/parameters/rule.ts', {
    doc: 'One row per number.',
    grain: ['name'],
    columns: threshold,
    rows: [],
  })

  it('adds scope, validity, source and tag to its columns', () => {
    expect(Object.keys(rule.columns)).toEqual([
      'name',
      'value',
      'unit',
      'meaning',
      'scope',
      'valid_from',
      'valid_to',
      'source',
      'tag',
    ])
  })

  it('does not compile where a row does not say where it comes from', () => {
    const row = {
      name: 'a',
      value: 1,
      unit: 'count',
      meaning: '',
      scope: 'all',
      valid_from: null,
      valid_to: null,
    }
    expect(addParameters(rule, [{ ...row, source: 'приказ', tag: 'S' }]).rows).toHaveLength(1)
    // @ts-expect-error – no source and no tag
    expect(addParameters(rule, [row]).rows).toHaveLength(1)
  })

  it('reads a single number, and names the one that is missing', () => {
    const of = thresholds(rule, [{ name: 'known', value: 5 }])
    expect(of('known')).toBe(5)
    expect(() => of('unknown')).toThrow(MissingParameter)
    expect(() => of('unknown')).toThrow('нет параметра «unknown» в таблице parameters.rule')
  })
})

describe('parents(node)', () => {
  it('finds every table of a query once, wherever it stands', () => {
    const query = sql`
      with a as (select * from ${enrolment}) select * from a
      where exists (select 1 from ${dimSchool}) and 1 in (select 1 from ${enrolment})`
    expect([...parents(query.toOperationNode())].sort()).toEqual([
      'core.dim_school',
      'entities.enrolment',
    ])
  })
})

describe('columns', () => {
  it('name DuckDB’s types', () => {
    expect(
      [text(''), integer(''), double(''), decimal('', 9, 2), boolean(''), date('')].map(
        ({ type }) => type,
      ),
    ).toEqual(['VARCHAR', 'INTEGER', 'DOUBLE', 'DECIMAL(9,2)', 'BOOLEAN', 'DATE'])
    expect(nullable(text('')).nullable).toBe(true)
  })
})
