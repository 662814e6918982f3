import * as fc from 'fast-check'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { bareStep } from '../../bench/warehouse/bare.ts'
import { integer, text, type RowOf } from '../../transforms/contract/column.ts'
import { defineModel, type Unfolding } from '../../transforms/contract/table.ts'
import { foldedRows } from '../../warehouse/catalog.ts'
import { proofsOf } from '../../warehouse/check.ts'
import { contentOf, contentOfView } from '../../warehouse/content.ts'
import { Database } from '../../warehouse/database.ts'
import { sqlStep } from '../support/mini.ts'

const columns = {
  pupil: text('Who'),
  task: text('Which task'),
  score: integer('How much'),
} as const
interface Work {
  readonly pupil: string | null
  readonly task: readonly (string | null)[]
  readonly score: readonly (number | null)[]
}
const sqlText = (value: string | null): string => (value === null ? 'null' : `'${value}'`)
const pupils = defineModel('file:///mini/core/pupils.ts', {
  doc: 'One row per pupil.',
  grain: ['pupil'],
  columns: { pupil: text('Who') },
  select: () => sql.raw("select unnest(['a', 'b']) as pupil"),
})
const foldedSql = (works: readonly Work[]): string =>
  works
    .map(
      ({ pupil, task, score }) =>
        `select ${sqlText(pupil)}::varchar as pupil, [${task.map(sqlText).join(', ')}]::varchar[] as task, [${score.map(String).join(', ')}]::integer[] as score`,
    )
    .join(' union all ')
const taskScore = (
  name: string,
  works: readonly Work[],
  unfolds?: Unfolding<typeof columns>,
): ReturnType<typeof defineModel<typeof columns>> =>
  defineModel(`file:///mini/core/${name}.ts`, {
    doc: 'One row per pupil and task.',
    grain: ['pupil', 'task'],
    references: { pupil: pupils },
    columns,
    ...(unfolds === undefined ? {} : { unfolds }),
    select: () =>
      sql.raw<RowOf<typeof columns>>(
        unfolds === undefined
          ? `select * from (select pupil, unnest(task) as task, unnest(score) as score from (${foldedSql(works)})) where score is not null`
          : foldedSql(works),
      ),
  })
const unfolds: Unfolding<typeof columns> = { lists: ['task', 'score'], present: 'score' }

const found = async (works: readonly Work[], own?: Unfolding<typeof columns>) => {
  const step = sqlStep(taskScore('score', works, own))
  const database = await Database.open(':memory:')
  try {
    await database.run('create schema core')
    await bareStep(database, sqlStep(pupils))
    await bareStep(database, step)
    const folded = foldedRows(step)
    const { rows } =
      folded === undefined
        ? await contentOf(database, step.table)
        : await contentOfView(database, { columns, ...folded }, 'made of works', [])
    const nothing = { changed: new Map(), before: undefined, changedPartsFor: () => undefined }
    const [proof] = proofsOf([], [step], nothing)
    const checks = (await proof?.prove(database)) ?? []
    return { rows, checks: checks.map((result) => [result.check, result.found]) }
  } finally {
    database.close()
  }
}

describe('a table that unfolds lists', () => {
  it('has a row for each place that has a value', async () => {
    const works = [
      { pupil: 'a', task: ['1', '2', '3'], score: [1, null, 0] },
      { pupil: 'b', task: [], score: [] },
    ]
    expect(await found(works, unfolds)).toEqual({ rows: 2, checks: [] })
  })

  it('finds a task that a list has twice, a pupil with two lists of one task, and a missing name', async () => {
    const twice = [{ pupil: 'a', task: ['1', '1'], score: [1, 2] }]
    expect(await found(twice, unfolds)).toEqual({ rows: 2, checks: [['core.score:grain', 1]] })
    const again = ['1', '2'].map((task) => ({ pupil: 'a', task: ['3', task], score: [1, 1] }))
    expect(await found(again, unfolds)).toMatchObject({ checks: [['core.score:grain', 1]] })
    const nameless = [{ pupil: null, task: ['1', null], score: [1, 1] }]
    expect(await found(nameless, unfolds)).toMatchObject({
      checks: [
        ['core.score:not-null pupil', 2],
        ['core.score:not-null task', 1],
      ],
    })
  })

  it('finds a pupil of whom nothing is known, but not one without a row', async () => {
    const strangers = [
      { pupil: 'c', task: ['1'], score: [1] },
      { pupil: 'd', task: ['1'], score: [null] },
    ]
    expect(await found(strangers, unfolds)).toEqual({
      rows: 1,
      checks: [['core.score:reference pupil', 1]],
    })
  })

  it('counts and finds what the same rows in a table would show, whatever the lists hold', async () => {
    const work = fc.record({
      pupil: fc.option(fc.constantFrom('a', 'b', 'c'), { freq: 8 }),
      task: fc.array(fc.option(fc.constantFrom('1', '2', '3'), { freq: 6 }), { maxLength: 3 }),
      score: fc.array(fc.option(fc.nat(3), { freq: 4 }), { maxLength: 3 }),
    })
    const seen = { clean: 0, broken: 0 }
    await fc.assert(
      fc.asyncProperty(fc.array(work, { minLength: 1, maxLength: 3 }), async (works) => {
        const own = await found(works, unfolds)
        expect(own).toEqual(await found(works))
        seen[own.checks.length > 0 ? 'broken' : 'clean']++
      }),
      { numRuns: 60, seed: 20261123 },
    )
    expect(Math.min(seen.clean, seen.broken)).toBeGreaterThan(2)
  })

  it('cannot be declared without one list that tells places apart, or with a list where a value must stand', () => {
    const declared = (own: object) => () =>
      sqlStep(
        defineModel('file:///mini/core/score.ts', {
          ...taskScore('score', []).definition,
          ...own,
        }),
      )
    expect(declared({ unfolds: { lists: ['score'], present: 'score' } })).toThrow(
      'of which not one alone is in its grain',
    )
    expect(declared({ unfolds: { lists: ['task'], present: 'score' } })).toThrow('but not score')
    expect(declared({ unfolds, partition: ['task'] })).toThrow('so task can be neither')
  })
})
