import * as fc from 'fast-check'
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { windows1251 } from '../../examples/municipality/delimited.ts'
import { workbook, type Row } from '../../warehouse/workbook.ts'
import { build } from '../../warehouse/build.ts'
import type { Catalog } from '../../warehouse/catalog.ts'
import { Database } from '../../warehouse/database.ts'
import { readManifest } from '../../warehouse/generation.ts'
import { load, type Facts } from '../../warehouse/land.ts'
import { scratch, type Scratch } from '../support/home.ts'
import { cut, madeOf } from '../support/mini.ts'
import { sampleHome, type SampleHome } from '../support/sample.ts'
import { catalog } from '../support/tables.ts'

let place: Scratch
let small: SampleHome
let whole: Catalog
beforeAll(async () => {
  small = await sampleHome('small')
  place = await scratch(small.key)
  whole = await catalog()
})
afterAll(() => place.remove())

const decoder = new TextDecoder('windows-1251')
const register = async (): Promise<string> =>
  decoder.decode(await readFile(join(small.files, '2025-2026', 'Справочник ОО.csv')))

/** Ф3 of Russian in the fourth grade: the whole sample and one school. */
const marks = (year: number, date: string, shares: readonly number[]): Uint8Array => {
  const rows: Row[] = [
    ['Статистика по отметкам'],
    [],
    [`ВПР ${String(year)} Русский язык 4 класс`],
    ['Предмет:', 'Русский язык'],
    ['Максимальный первичный балл:', 25],
    ['Дата:', date],
    [],
    ['Группы участников', 'Кол-во ОО', 'Кол-во участников', '2', '3', '4', '5'],
    ['Вся выборка', 36_000, 1_300_000, 5.06, 32.92, 44.33, 17.69],
    [`Школа(edu980100)`, null, 40, ...shares],
  ]
  return workbook({ name: 'РУ 4 Статистика по отметкам', rows })
}

describe('one corrected file', () => {
  it('rebuilds only what depends on it, and the content is that of a full rebuild', async () => {
    const home = await place.home('corrected', small.home.path)
    const before = await readManifest(home, small.generation)
    const text = await register()
    // The register of the first year once more, with another taxpayer number for one school.
    const corrected = text
      .replaceAll('01.09.2025', '01.09.2024')
      .replace(/^(2104;[^;]*;)[^;]*/m, '$17700000000')
    expect(corrected).toContain(';7700000000;')
    const file = join(place.folder, 'Справочник исправленный.csv')
    await writeFile(file, windows1251(corrected))
    await load(home, whole.sources, [file], { facts: { scope: 'sample' } })

    const report = await build(home, whole)
    const built = report.built.map(({ table }) => table)
    const allowed = madeOf(whole, ['sources.school_register', 'ledger.sheet'])
    expect(built.filter((table) => !allowed.has(table))).toEqual([])
    expect(built).toEqual(expect.arrayContaining(['core.dim_school', 'core.fct_result']))
    // Facts name schools and the number tells no version apart: they come out as before, and what is made of them stands.
    expect(built.filter((table) => table.startsWith('indicators.'))).toEqual([])
    expect(built).not.toContain('marts.mart_trend')

    const after = await readManifest(home, report.generation)
    expect(after.tables['core.fct_result']?.hash).toBe(before.tables['core.fct_result']?.hash)
    expect(after.tables['core.dim_school']?.hash).not.toBe(before.tables['core.dim_school']?.hash)

    expect((await build(home, whole)).isNew).toBe(false)
    const full = await build(home, whole, { full: true })
    expect(full.contentHash).toBe(report.contentHash)
    expect(full.checks).toEqual(report.checks)
    expect(full.unchanged).toBe(0)
  })

  it('loaded a second time loads and builds nothing', async () => {
    const home = await place.home('again', small.home.path)
    const report = await load(home, whole.sources, [small.files])
    expect(new Set(report.files.map(({ status }) => status))).toEqual(new Set(['unchanged']))
    expect(await build(home, whole)).toMatchObject({ isNew: false, built: [] })
  })
})

describe('files in any order, with corrections and duplicates', () => {
  interface Arrival {
    readonly path: string
    readonly facts?: Facts
  }
  let arrivals: readonly Arrival[]
  let part: Catalog
  beforeAll(async () => {
    const folder = join(place.folder, 'arrivals')
    await mkdir(folder)
    const put = async (name: string, bytes: Uint8Array, facts?: Facts): Promise<Arrival> => {
      await writeFile(join(folder, name), bytes)
      return { path: join(folder, name), ...(facts === undefined ? {} : { facts }) }
    }
    const text = await register()
    const renamed = text.replaceAll('МБОУ «СОШ № 2»', 'МБОУ «СОШ № 2 имени Героя»')
    const forms = await readdir(join(small.files, '2025-2026', 'ОО-1'))
    const first = join(small.files, '2025-2026', 'ОО-1', forms.sort()[0] ?? '')
    arrivals = [
      { path: join(small.files, '2024-2025', 'Справочник ОО.xlsx') },
      await put('register.csv', windows1251(text)),
      // The same rows in another encoding are the same delivery.
      await put('register-utf8.csv', new TextEncoder().encode(text)),
      await put('register-corrected.csv', windows1251(renamed), { supersedes: 'register.csv' }),
      { path: join(small.files, '2024-2025', 'ОО-1') },
      { path: join(small.files, '2025-2026', 'ОО-1') },
      await put('copy-of-oo1.xlsx', await readFile(first)),
      await put('f3-2025.xlsx', marks(2025, '15.06.2025', [10, 30, 40, 20])),
      await put('f3-2026.xlsx', marks(2026, '15.06.2026', [20, 30, 30, 20])),
      await put('f3-2026-corrected.xlsx', marks(2026, '20.06.2026', [5, 35, 40, 20])),
    ]
    part = cut(whole, [
      'core.dim_unit',
      'core.fct_result_group',
      'core.dim_reference_mark',
      'core.fct_school_context',
      'indicators.pass_rate',
      'indicators.second_shift_share',
    ])
  })

  const order = fc.record({
    order: fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], { minLength: 10 }),
    /** After which arrivals a build is made. */
    builds: fc.array(fc.boolean(), { minLength: 10, maxLength: 10 }),
  })

  it('give the content of a full rebuild, the same whatever the order', async () => {
    const hashes = new Set<string>()
    let homes = 0
    await fc.assert(
      fc.asyncProperty(order, async ({ order: indexes, builds }) => {
        homes += 1
        const home = await place.home(`order-${String(homes)}`)
        for (const [i, index] of indexes.entries()) {
          const { path, facts } = arrivals[index]!
          await load(home, part.sources, [path], facts === undefined ? {} : { facts })
          if (builds[i] === true && i % 3 === 0) await build(home, part)
        }
        const last = await build(home, part)
        const full = await build(home, part, { full: true })
        expect(full.contentHash).toBe(last.contentHash)
        expect(full.checks).toEqual(last.checks)
        hashes.add(full.contentHash)
        expect(hashes.size).toBe(1)
        const { tables } = await readManifest(home, full.generation)
        expect(tables['sources.school_register']?.rows).toBeGreaterThan(0)
        expect(tables['sources.vpr_marks']?.rows).toBe(4)
        expect(tables['sources.oo1_extract']?.rows).toBeGreaterThan(0)
      }),
      { numRuns: 5, seed: 20260901, endOnFailure: true },
    )
  })

  it('let the corrected row stand, in whatever order it came', async () => {
    for (const [name, indexes] of [
      ['corrected-last', [8, 9]],
      ['corrected-first', [9, 8]],
    ] as const) {
      const home = await place.home(name)
      for (const index of indexes) await load(home, part.sources, [arrivals[index]!.path])
      const { generation } = await build(home, cut(whole, ['sources.vpr_marks']))
      const database = await Database.open(join(home.generations, generation, 'warehouse.duckdb'), {
        readOnly: true,
      })
      const rows = await database.rows(
        "select percent_2 from sources.vpr_marks where unit like '%980100%'",
      )
      database.close()
      expect(
        rows.map(({ percent_2 }) => Number(percent_2)),
        name,
      ).toEqual([5])
    }
  })
})
