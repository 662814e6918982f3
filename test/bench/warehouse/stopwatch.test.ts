import { describe, expect, it } from 'vitest'
import { kindOf } from '../../../bench/warehouse/stopwatch.ts'

describe('the kind of work of a statement', () => {
  it.each([
    ['run', 'insert into "sources"."vpr_marks" select 1', 'reading'],
    ['run', 'create or replace table "core"."dim_school" as select 1', 'sql'],
    ['run', 'delete from "core"."dim_school"; insert into "core"."dim_school" select 1', 'sql'],
    ['run', 'insert into "core"."dim_school" select 1', 'sql'],
    ['frame', 'select 1', 'sql'],
    ['describe', 'select 1', 'sql'],
    ['rows', 'select count(*)::integer as n, sum(hash(t)::hugeint) from x as t', 'checks'],
    ['rows', 'select (count(*) - count(distinct hash(a)))::integer as repeated from x', 'checks'],
    ['append', 'core.dim_school', 'writing'],
    ['run', 'checkpoint', 'writing'],
    ['run', 'delete from "core"."dim_school"', 'writing'],
    ['run', 'create table "edition_official"."marts"."x" as select 1', 'writing'],
    ['run', 'use memory; detach "warehouse"', 'writing'],
    ['run', 'comment on table x is 1', 'writing'],
    ['rows', 'select version() as version', 'other'],
  ] as const)('%s «%s» is %s', (method, statement, kind) => {
    expect(kindOf(method, statement)).toBe(kind)
  })
})
