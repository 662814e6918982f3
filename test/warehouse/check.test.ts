import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineCheck } from '../../transforms/contract/check.ts'
import { double, text, type RowOf } from '../../transforms/contract/column.ts'
import { defineModel } from '../../transforms/contract/table.ts'
import { build } from '../../warehouse/build.ts'
import type { Step } from '../../warehouse/catalog.ts'
import { Database } from '../../warehouse/database.ts'
import { CheckFailed } from '../../warehouse/errors.ts'
import {
  currentGeneration,
  listGenerations,
  readManifest,
  type Manifest,
} from '../../warehouse/generation.ts'
import type { Home } from '../../warehouse/home.ts'
import { publish } from '../../warehouse/publish.ts'
import { scratch, type Scratch } from '../support/home.ts'
import {
  catalogOf,
  doubled,
  label,
  miniSteps,
  parameterStep,
  rate,
  rateRow,
  sqlStep,
  titled,
  withStep,
} from '../support/mini.ts'

const sameTitles = defineModel('file:///mini/core/titled.ts', {
  ...titled.definition,
  select: () => sql`select name, 'Одна' as title from ${label}`,
})

const tooMuch = defineCheck('file:///mini/checks/too_much.ts', {
  title: 'Слишком много',
  severity: 'warning',
  what: 'Больше трёх.',
  when: 'Всегда.',
  remedy: 'Убавьте.',
  select: () => sql`select * from ${doubled} where twice > 3`,
})
const rowsOfDatabase: Database['rows'] = Reflect.get(Database.prototype, 'rows')

describe('proofsOf(catalog, steps, known)', () => {
  let place: Scratch
  let home: Home
  beforeEach(async () => {
    place = await scratch()
    home = await place.home('home')
  })
  afterEach(() => place.remove())
  const mini = catalogOf(miniSteps)
  const tablesOf = ({ built }: Awaited<ReturnType<typeof build>>): readonly string[] =>
    built.map(({ table }) => table)

  describe('over data that break a promise', () => {
    const breaking = (select: string): Step =>
      sqlStep(
        defineModel('file:///mini/core/doubled.ts', {
          ...doubled.definition,
          select: () => sql.raw<RowOf<typeof doubled.columns>>(select),
        }),
      )
    const found = async (step: Step) =>
      (await build(home, catalogOf(withStep(miniSteps, step)))).checks.map(
        ({ check, severity, found: rows }) => [check, severity, rows],
      )

    it('finds a repeated grain', async () => {
      expect(
        await found(breaking("select unnest(['a', 'b', 'a', 'a']) as name, 1::double as twice")),
      ).toEqual([
        ['core.doubled:grain', 'error', 1],
        ['marts.mart_mini:grain', 'error', 1],
      ])
    })

    it('finds an empty column that may not be empty', async () => {
      expect(
        await found(breaking("select unnest(['a', 'b']) as name, null::double as twice")),
      ).toEqual([['core.doubled:not-null twice', 'error', 2]])
    })

    it('finds a reference that leads nowhere', async () => {
      expect(await found(breaking("select 'a' as name, 1::double as twice"))).toEqual([
        ['marts.mart_mini:reference name', 'error', 1],
      ])
    })

    it('finds a reference that a change of the other table alone has broken', async () => {
      const listed = sqlStep(
        defineModel('file:///mini/core/listed.ts', {
          doc: 'One row per label.',
          grain: ['name'],
          references: { name: doubled },
          columns: { name: text('Which') },
          select: () => sql`select name from ${label}`,
        }),
      )
      const few = sqlStep(
        defineModel('file:///mini/core/doubled.ts', {
          ...doubled.definition,
          select: () => sql`select name, value * 2 as twice from ${rate} where value < 5`,
        }),
      )
      const steps = withStep(withStep(miniSteps, few), listed)
      const checksOf = async (own: readonly Step[]) =>
        (await build(home, catalogOf(own))).checks.map(({ check }) => check)
      expect(await checksOf(steps)).toEqual([])
      expect(
        await checksOf(withStep(steps, parameterStep(rate, [rateRow('a', 1), rateRow('b', 9)]))),
      ).toContain('core.listed:reference name')
    })

    it('says so in Russian with what to do, and stops publication', async () => {
      const step = breaking("select unnest(['a', 'b', 'a']) as name, 1::double as twice")
      const broken = catalogOf(withStep(miniSteps, step))
      const good = await build(home, mini)
      await publish(home, mini, good.generation)
      const { generation, checks } = await build(home, broken)
      for (const { title, what, when, remedy } of checks)
        for (const told of [title, what, when, remedy]) expect(told).toMatch(/[а-яё]{3}/i)
      await expect(publish(home, broken, generation)).rejects.toThrow(CheckFailed)
      await expect(publish(home, broken, generation)).rejects.toThrow(
        /не опубликовано.*повторяется ключ/,
      )
      expect(await currentGeneration(home)).toBe(good.generation)
    })

    it('keeps what it found while the table is carried over, and forgets it when it is made good', async () => {
      const step = breaking("select unnest(['a', 'b', 'a']) as name, 1::double as twice")
      await build(home, catalogOf(withStep(miniSteps, step)))
      const labelled = parameterStep(
        label,
        label.definition.rows.map((row) => ({ ...row, title: 'Иная' })),
      )
      const carried = await build(home, catalogOf(withStep(withStep(miniSteps, step), labelled)))
      expect(tablesOf(carried)).not.toContain('core.doubled')
      expect(carried.checks.map(({ check }) => check)).toContain('core.doubled:grain')
      expect((await build(home, mini)).checks).toEqual([])
    })
  })

  it('runs declared checks and counts the rows that should not exist', async () => {
    const checked = catalogOf(miniSteps, { checks: [tooMuch] })
    const { checks, generation } = await build(home, checked)
    expect(checks).toEqual([
      {
        check: 'too_much',
        title: 'Слишком много',
        severity: 'warning',
        found: 1,
        what: 'Больше трёх.',
        when: 'Всегда.',
        remedy: 'Убавьте.',
      },
    ])
    expect((await publish(home, checked, generation)).isNew).toBe(true)
  })

  it('keeps what a declared check found while nothing that it looks at changes', async () => {
    const asked: string[] = []
    const watched = vi.spyOn(Database.prototype, 'rows').mockImplementation(function (
      this: Database,
      ...args
    ) {
      asked.push(args[0])
      return rowsOfDatabase.apply(this, args)
    })
    const foundWith = async (title: string, b: number) => {
      const steps = withStep(
        withStep(
          miniSteps,
          parameterStep(
            label,
            label.definition.rows.map((row) => ({ ...row, title })),
          ),
        ),
        parameterStep(rate, [rateRow('a', 1), rateRow('b', b)]),
      )
      asked.length = 0
      const { checks } = await build(home, catalogOf(steps, { checks: [tooMuch] }))
      return [checks.map(({ found: n }) => n), asked.some((text) => text.includes('twice > 3'))]
    }
    try {
      expect(await foundWith('Одна', 2)).toEqual([[1], true])
      expect(await foundWith('Иная', 2)).toEqual([[1], false])
      expect(await foundWith('Иная', 1)).toEqual([[0], true])
    } finally {
      watched.mockRestore()
    }
  })

  it('proves a promise that was not made before, over tables that stand', async () => {
    expect((await build(home, mini)).checks).toEqual([])
    const promising = sqlStep(
      defineModel('file:///mini/core/titled.ts', {
        ...titled.definition,
        grain: ['title'],
        select: () => sql`select name, 'Одна' as title from ${label}`,
      }),
    )
    const careless = { ...mini, steps: withStep(miniSteps, sqlStep(sameTitles)) }
    const before = await build(home, careless)
    expect(before.checks).toEqual([])
    const { built, checks } = await build(home, {
      ...mini,
      steps: withStep(miniSteps, promising),
    })
    expect(built).toEqual([])
    expect(checks.map(({ check }) => check)).toEqual(['core.titled:grain'])
  })

  describe('over a table made in parts', () => {
    /** A rate above 10 gives its row twice. */
    const twiceAbove = defineModel('file:///mini/marts/mart_parted.ts', {
      doc: 'One row per rate.',
      grain: ['name'],
      partition: ['name'],
      columns: { name: text('Which'), twice: double('Twice as much') },
      select: () =>
        sql`select name, twice from ${doubled} union all select name, twice from ${doubled} where twice > 20`,
    })
    const found = async (a: number, b: number) => {
      const steps = withStep(
        [...miniSteps, sqlStep(twiceAbove)],
        parameterStep(rate, [rateRow('a', a), rateRow('b', b)]),
      )
      const { checks } = await build(home, catalogOf(steps))
      return checks.map(({ check, found: rows }) => [check, rows])
    }

    it('finds a row of a new part that another part has already', async () => {
      const across = defineModel('file:///mini/marts/mart_across.ts', {
        doc: 'One row per doubled rate.',
        grain: ['twice'],
        partition: ['name'],
        columns: { name: text('Which'), twice: double('Twice as much') },
        select: () => sql`select name, twice from ${doubled}`,
      })
      const checksWith = async (b: number) => {
        const steps = withStep(
          [...miniSteps, sqlStep(across)],
          parameterStep(rate, [rateRow('a', 1), rateRow('b', b)]),
        )
        return (await build(home, catalogOf(steps))).checks.map(({ check, found: n }) => [check, n])
      }
      expect(await checksWith(2)).toEqual([])
      expect(await checksWith(3)).toEqual([])
      expect(await checksWith(1)).toEqual([['marts.mart_across:grain', 1]])
    })

    it('is checked where it changed, if nothing was found in it before', async () => {
      const above = defineCheck('file:///mini/checks/above.ts', {
        title: 'Выше трёх',
        severity: 'warning',
        what: 'Больше трёх.',
        when: 'Всегда.',
        remedy: 'Убавьте.',
        partition: ['name'],
        select: () => sql`select * from ${twiceAbove} where twice > 3`,
      })
      const rows = vi.spyOn(Database.prototype, 'rows')
      const checked = async (a: number, b: number) => {
        rows.mockClear()
        const steps = withStep(
          [...miniSteps, sqlStep(twiceAbove)],
          parameterStep(rate, [rateRow('a', a), rateRow('b', b)]),
        )
        const { checks } = await build(home, { ...catalogOf(steps), checks: [above] })
        const asked = rows.mock.calls.map(([text]) => text).filter((text) => text.includes('> 3'))
        return { found: checks.map(({ found: n }) => n), asked: asked.length, text: asked.join() }
      }
      try {
        expect(await checked(1, 1)).toMatchObject({ found: [0], asked: 1 })
        const one = await checked(1, 2)
        expect(one).toMatchObject({ found: [1], asked: 1 })
        expect(one.text).toContain(`where "name" = 'b'`)
        const both = await checked(2, 2)
        expect(both).toMatchObject({ found: [2], asked: 1 })
        expect(both.text).not.toContain('where "name"')
        expect(await checked(2, 2)).toMatchObject({ found: [2], asked: 0 })
        expect(await checked(1, 1)).toMatchObject({ found: [0] })
      } finally {
        rows.mockRestore()
      }
    })

    it('makes anew what a manifest without sums of parts tells of', async () => {
      await found(1, 2)
      const [generation = ''] = await listGenerations(home)
      const file = join(home.path, 'generations', generation, 'manifest.json')
      const manifest = JSON.parse(await readFile(file, 'utf8')) as Manifest
      const tables = Object.fromEntries(
        Object.entries(manifest.tables).map(([id, { sums: _, made, ...state }]) => [
          id,
          made === undefined ? state : { ...state, made: { ...made, base: 'of before' } },
        ]),
      )
      await writeFile(file, JSON.stringify({ ...manifest, tables }))
      expect(await found(1, 3)).toEqual([])
      const after = await readManifest(home, (await listGenerations(home)).at(-1) ?? '')
      expect(after.tables['marts.mart_parted']?.rows).toBe(2)
    })

    it('finds what a new part breaks, and keeps what an old one broke while it stands', async () => {
      expect(await found(1, 2)).toEqual([])
      expect(await found(11, 2)).toEqual([['marts.mart_parted:grain', 1]])
      expect(await found(11, 3)).toEqual([['marts.mart_parted:grain', 1]])
      expect(await found(11, 12)).toEqual([['marts.mart_parted:grain', 2]])
      expect(await found(1, 12)).toEqual([['marts.mart_parted:grain', 1]])
      expect(await found(1, 2)).toEqual([])
    })
  })
})
