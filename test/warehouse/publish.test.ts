import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defineEdition, disclose } from '../../transforms/contract/edition.ts'
import { defineModel } from '../../transforms/contract/table.ts'
import { integer, nullable, text } from '../../transforms/contract/column.ts'
import { sql } from 'kysely'
import { build } from '../../warehouse/build.ts'
import { Database } from '../../warehouse/database.ts'
import { disclosedColumns } from '../../warehouse/editions.ts'
import { MeraError } from '../../warehouse/errors.ts'
import {
  currentGeneration,
  editionFile,
  listGenerations,
  warehouseFile,
} from '../../warehouse/generation.ts'
import { isPublicationNoted, wasPublished } from '../../warehouse/history.ts'
import type { Home } from '../../warehouse/home.ts'
import { withLedger } from '../../warehouse/ledger.ts'
import { discard, pin, publish, rollback } from '../../warehouse/publish.ts'
import { scratch, type Scratch } from '../support/home.ts'
import {
  catalogOf,
  martMini,
  miniSteps,
  parameterStep,
  rate,
  rateRow,
  sqlStep,
  withStep,
} from '../support/mini.ts'

const martPublication = defineModel('file:///mini/marts/mart_publication.ts', {
  doc: 'One row: what the numbers cover.',
  grain: ['first_year'],
  columns: { first_year: nullable(integer('First')), last_year_label: text('Last') },
  select: () => sql`select 2026 as first_year, '2025/26' as last_year_label`,
})
const steps = withStep(miniSteps, sqlStep(martPublication))
const office = defineEdition('file:///mini/editions/office.ts', {
  title: 'Для управления',
  audience: 'official',
  note: 'Скрыто, где вдвое больше меньше трёх.',
  tables: [
    disclose({
      mart: martMini,
      keep: "name <> 'c'",
      mask: { when: 'twice < 3', columns: { twice: null, title: 'скрыто' } },
    }),
  ],
})
const disclosing = (title: string) =>
  defineEdition('file:///mini/editions/office.ts', {
    title,
    audience: 'official',
    note: 'Ничего не скрыто.',
    tables: [disclose({ mart: martMini })],
  })
const few = defineEdition('file:///mini/editions/few.ts', {
  title: 'Для всех',
  audience: 'public',
  note: 'Без чисел.',
  tables: [disclose({ mart: martMini, without: ['twice'] })],
})
const withRate = (value: number) =>
  catalogOf(withStep(steps, parameterStep(rate, [rateRow('b', value)])), {
    editions: [office, few],
  })

let place: Scratch
let home: Home
beforeEach(async () => {
  place = await scratch()
  home = await place.home('home')
})
afterEach(() => place.remove())

/** Builds and publishes a generation whose rate is `value`. */
const issue = async (value: number, keep?: number): Promise<string> => {
  const { generation } = await build(home, withRate(value))
  await publish(home, withRate(value), generation, keep === undefined ? {} : { keep })
  return generation
}
const rowsIn = async (file: string, query: string) => {
  const database = await Database.open(file, { readOnly: true })
  try {
    return await database.rows(query)
  } finally {
    database.close()
  }
}
const published = async (): Promise<number | undefined> => {
  const generation = await currentGeneration(home)
  if (generation === undefined) return undefined
  const [row] = await rowsIn(
    warehouseFile(home, generation),
    "select value from parameters.rate where name = 'b'",
  )
  return row?.['value'] as number
}

describe('publish(home, catalog, generation)', () => {
  it('makes a built generation the one that readers see', async () => {
    const { generation, contentHash } = await build(home, withRate(1))
    expect(await currentGeneration(home)).toBeUndefined()
    expect(await publish(home, withRate(1), generation)).toEqual({
      generation,
      contentHash,
      previous: undefined,
      isNew: true,
    })
    expect(await published()).toBe(1)
    expect(await readFile(home.current, 'utf8')).toBe('g00001\n')
  })

  it('does nothing for the generation that is published already', async () => {
    const generation = await issue(1)
    expect(await publish(home, withRate(1), generation)).toMatchObject({ isNew: false })
  })

  it('refuses a generation that is not there and leaves what stands', async () => {
    await issue(1)
    await expect(publish(home, withRate(1), 'g00009')).rejects.toThrow(MeraError)
    expect(await published()).toBe(1)
  })

  it('notes who approved it', async () => {
    const { generation } = await build(home, withRate(1))
    await publish(home, withRate(1), generation, { approvedBy: 'начальник отдела' })
    const rows = await withLedger(home, 'test', (ledger) =>
      ledger.rows('select generation, action, approved_by from publication'),
    )
    expect(rows).toEqual([{ generation, action: 'publish', approved_by: 'начальник отдела' }])
  })

  it('keeps the last generations and every pinned one', async () => {
    const first = await issue(1)
    await pin(home)
    for (const value of [2, 3, 4]) await issue(value, 2)
    expect(await listGenerations(home)).toEqual([first, 'g00003', 'g00004'])
  })

  it('lets a reader that has the old generation open finish with it', async () => {
    const first = await issue(1)
    const reader = await Database.open(warehouseFile(home, first), { readOnly: true })
    await issue(2)
    expect(await reader.rows("select value from parameters.rate where name = 'b'")).toEqual([
      { value: 1 },
    ])
    expect(await published()).toBe(2)
    reader.close()
  })

  it('writes an edition for each audience', async () => {
    const generation = await issue(2)
    expect(
      await rowsIn(
        editionFile(home, generation, 'office'),
        'select name, title, twice from marts.mart_mini order by name',
      ),
    ).toEqual([
      { name: 'a', title: 'скрыто', twice: null },
      { name: 'b', title: 'Вторая', twice: 4 },
    ])
    expect(
      await rowsIn(
        editionFile(home, generation, 'few'),
        'select * from marts.mart_mini order by name',
      ),
    ).toEqual([
      { name: 'a', title: 'Первая' },
      { name: 'b', title: 'Вторая' },
    ])
  })

  it('leaves no byte in an edition of what is hidden now and the edition before showed', async () => {
    const holds = async (generation: string): Promise<boolean> =>
      (await readFile(editionFile(home, generation, 'office'))).includes('Вторая')
    expect(await holds(await issue(2))).toBe(true)
    expect(await holds(await issue(1))).toBe(false)
  })

  it('leaves what readers see as it is where a generation lacks an edition, and says how to get it', async () => {
    const first = await issue(1)
    const { generation } = await build(home, withRate(2))
    await rm(editionFile(home, generation, 'few'))
    await expect(publish(home, withRate(2), generation)).rejects.toMatchObject({
      code: 'rules-changed',
      hint: 'постройте новое: mera build',
    })
    expect(await currentGeneration(home)).toBe(first)
    const again = await build(home, withRate(2))
    expect(again).toMatchObject({ isNew: true, built: [] })
    await publish(home, withRate(2), again.generation)
    expect(await currentGeneration(home)).toBe(again.generation)
  })

  it('shows nobody an edition by rules that are no longer in force', async () => {
    const open = catalogOf(withStep(steps, parameterStep(rate, [rateRow('b', 1)])), {
      editions: [disclosing('Для управления')],
    })
    const { generation } = await build(home, open)
    await expect(publish(home, withRate(1), generation)).rejects.toMatchObject({
      code: 'rules-changed',
    })
    expect(await currentGeneration(home)).toBeUndefined()
  })

  it('says in each edition which generation it is, whose and what is hidden', async () => {
    const { generation, contentHash } = await build(home, withRate(2))
    await publish(home, withRate(2), generation)
    const [row] = await rowsIn(
      editionFile(home, generation, 'office'),
      'select * from marts.mart_publication',
    )
    expect(row).toMatchObject({
      generation,
      content_hash: contentHash,
      office: 'Пример',
      edition: 'office',
      edition_title: 'Для управления',
      method_note: 'Скрыто, где вдвое больше меньше трёх.',
      first_year: 2026,
    })
    expect(row?.['published_label']).toMatch(/^\d{1,2} [а-я]+ \d{4} г\.$/)
  })
})

describe('rollback(home)', () => {
  it('puts the generation published before back, and once more the one before that', async () => {
    await issue(1)
    await issue(2)
    await issue(3)
    expect(await rollback(home)).toMatchObject({ generation: 'g00002', previous: 'g00003' })
    expect(await published()).toBe(2)
    await rollback(home)
    expect(await published()).toBe(1)
  })

  it('passes over a generation that was built and never published', async () => {
    await issue(1)
    await build(home, withRate(2))
    await issue(3)
    await rollback(home)
    expect(await published()).toBe(1)
  })

  it('says that there is nothing to go back to', async () => {
    await expect(rollback(home)).rejects.toThrow('предыдущего опубликованного поколения нет')
    await issue(1)
    await expect(rollback(home)).rejects.toThrow('предыдущего опубликованного поколения нет')
    expect(await published()).toBe(1)
  })

  it('does not keep the next publication from standing', async () => {
    await issue(1)
    await issue(2)
    await rollback(home)
    await issue(3)
    expect(await published()).toBe(3)
  })

  it('passes over a generation that an earlier rollback took back', async () => {
    await issue(1)
    await issue(2)
    await rollback(home)
    await issue(3)
    expect(await rollback(home)).toMatchObject({ generation: 'g00001', previous: 'g00003' })
  })

  it('goes by what readers saw and not by numbers', async () => {
    await issue(1)
    await issue(2)
    await issue(3)
    await publish(home, withRate(1), 'g00001')
    expect((await rollback(home)).generation).toBe('g00003')
    expect((await rollback(home)).generation).toBe('g00002')
    expect((await rollback(home)).generation).toBe('g00001')
    await expect(rollback(home)).rejects.toThrow('предыдущего опубликованного поколения нет')
  })
})

describe('pin(home, generation)', () => {
  it('pins the published generation unless told another', async () => {
    const first = await issue(1)
    const second = await issue(2)
    expect(await pin(home)).toBe(second)
    expect(await pin(home, first)).toBe(first)
  })

  it('refuses what is not there', async () => {
    await expect(pin(home)).rejects.toThrow('ещё ничего не опубликовано')
    await expect(pin(home, 'g00009')).rejects.toThrow('поколения «g00009» нет')
  })
})

describe('discard(home, generation)', () => {
  it('leaves what readers see, even where a crash kept the ledger from noting it', async () => {
    const generation = await issue(1)
    await withLedger(home, 'test', ({ database }) => database.run('delete from publication'))
    await discard(home, generation)
    expect(await published()).toBe(1)
    expect(await wasPublished(home, generation)).toBe(true)
    expect(await publish(home, withRate(1), generation)).toMatchObject({ isNew: false })
    expect(await isPublicationNoted(home, generation)).toBe(true)
  })

  it('does not keep the next build from its number when it was interrupted', async () => {
    await issue(1)
    const { generation } = await build(home, withRate(2))
    await rm(join(home.generations, generation, 'manifest.json'))
    expect(await build(home, withRate(3))).toMatchObject({ generation, isNew: true })
  })

  it('removes a generation that nobody saw, and neither the published nor a pinned one', async () => {
    const first = await issue(1)
    await pin(home)
    const second = await issue(2)
    const { generation: third } = await build(home, withRate(3))
    for (const generation of [first, second, third]) await discard(home, generation)
    expect(await listGenerations(home)).toEqual([first, second])
    expect(existsSync(warehouseFile(home, third))).toBe(false)
  })
})

describe('disclosedColumns(disclosure)', () => {
  it('leaves out, masks with the type of the column, and passes the rest', () => {
    const columns = disclosedColumns(
      disclose({
        mart: martMini,
        without: ['name'],
        mask: { when: 'twice < 3', columns: { twice: null, title: "it's" } },
      }),
    )
    expect(columns).toBe(
      `case when twice < 3 then 'it''s' else "title" end::VARCHAR as "title", case when twice < 3 then null else "twice" end::DOUBLE as "twice"`,
    )
  })
})
