import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { builder, compileQuery } from '../../warehouse/compile.ts'
import { Database } from '../../warehouse/database.ts'
import { doubled, titled } from '../support/mini.ts'

describe('compileQuery(expression)', () => {
  it('gives complete SQL without parameters, and what it reads in order', () => {
    const query = builder
      .selectFrom(titled.as('t'))
      .innerJoin(doubled.as('d'), 'd.name', 't.name')
      .where('t.title', '=', "it's $1")
      .where('d.twice', '>', 2)
      .select(['t.name'])
    expect(compileQuery(query)).toEqual({
      sql: `select "t"."name" from "core"."titled" as "t" inner join "core"."doubled" as "d" on "d"."name" = "t"."name" where "t"."title" = 'it''s $1' and "d"."twice" > 2`,
      parents: ['core.doubled', 'core.titled'],
    })
  })

  it('leaves a quoted text that looks like a parameter alone', () => {
    expect(compileQuery(sql`select '$1' as a, ${'x'} as b, ${null} as c, ${true} as d`).sql).toBe(
      "select '$1' as a, 'x' as b, null as c, true as d",
    )
  })

  it('moves SQL written in an indented file to the left margin', () => {
    const query = sql`
      select 1 as a,
             2 as b
      from ${doubled}`
    expect(compileQuery(query).sql).toBe('select 1 as a,\n       2 as b\nfrom "core"."doubled"')
  })

  it('is understood by DuckDB', async () => {
    const database = await Database.open(':memory:')
    const { sql: query } = compileQuery(sql`select ${"it's"} as a, ${1.5} as b, ${false} as c`)
    expect(await database.rows(query)).toEqual([{ a: "it's", b: 1.5, c: false }])
    database.close()
  })
})
