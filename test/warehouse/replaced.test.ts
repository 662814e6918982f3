import * as fc from 'fast-check'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LedgerTable } from '../../transforms/contract/ledger.ts'
import { defineSource } from '../../transforms/contract/source.ts'
import { expectedDelivery } from '../../transforms/ledger/expected_delivery.ts'
import { sheet } from '../../transforms/ledger/sheet.ts'
import { martDataQuality } from '../../transforms/marts/mart_data_quality.ts'
import { sha256Of } from '../../warehouse/archive.ts'
import { build } from '../../warehouse/build.ts'
import { Database } from '../../warehouse/database.ts'
import { warehouseFile } from '../../warehouse/generation.ts'
import type { Home } from '../../warehouse/home.ts'
import { Inputs } from '../../warehouse/inputs.ts'
import { readJournal } from '../../warehouse/journal.ts'
import { load, receive } from '../../warehouse/land.ts'
import { withLedger } from '../../warehouse/ledger.ts'
import { fileReports, replacedFiles } from '../../warehouse/report.ts'
import { workbook } from '../../warehouse/workbook.ts'
import { warehouseSteps } from '../../workflows/activities/steps.ts'
import { localEngine } from '../../workflows/local.ts'
import { scratch, type Scratch } from '../support/home.ts'
import { catalogOf, sqlStep } from '../support/mini.ts'
import { scores } from './forms.ts'

const source = defineSource('file:///forms/sources/scores.ts', {
  ...scores.form,
  repeated: undefined,
  rules: [],
} as unknown as typeof scores.form)
const sheets = sheet as unknown as LedgerTable
const catalog = catalogOf(
  [
    { kind: 'source', table: source },
    { kind: 'ledger', table: sheets },
    { kind: 'ledger', table: expectedDelivery as unknown as LedgerTable },
    sqlStep(martDataQuality),
  ],
  { sources: [source] },
)

let place: Scratch
let home: Home
beforeEach(async () => {
  place = await scratch()
  home = await place.home('home')
})
afterEach(() => place.remove())

interface Pupil {
  readonly school: number
  /** 99 is more than there may be: the row goes into quarantine. */
  readonly total: number
}
/** The subject is in the name: «Физика 1» and «Физика 2» hold the rows of one delivery. */
type Sheets = Readonly<Record<string, { readonly year: number; readonly pupils: readonly Pupil[] }>>
/** @param signed by whom, below the rows: other bytes, the same rows. */
const put = async (name: string, day: number, content: Sheets, signed = ''): Promise<string> => {
  const path = join(place.folder, name)
  const date = `${String(day).padStart(2, '0')}.06.2021`
  const made = Object.entries(content).map(([title, { year, pupils }]) => ({
    name: title,
    rows: [
      [`Результаты ${String(year)}`],
      [`Дата: ${date}`],
      ['Школа', 'Код', 'Итог'],
      ...pupils.map(({ school, total }, i) => [school, `п${String(i)}`, total]),
      [`Исполнитель ${signed}`],
    ],
  }))
  await writeFile(path, workbook(...made))
  return path
}
const pupils = (schools: readonly number[], total: number): readonly Pupil[] =>
  schools.map((school) => ({ school, total }))

/** Three schools in two years: ten rows in four sheets, one of them in quarantine. */
const report: Sheets = {
  'Физика 1': { year: 2019, pupils: pupils([7, 7, 8], 10) },
  'Физика 2': { year: 2019, pupils: [...pupils([7, 9], 20), { school: 9, total: 99 }] },
  'Химия 1': { year: 2019, pupils: pupils([8], 30) },
  'Физика 3': { year: 2020, pupils: pupils([7, 7, 9], 40) },
}
/** One of the schools again, in one subject of one year. */
const correction: Sheets = { 'Физика 1': { year: 2019, pupils: pupils([7, 7], 11) } }

const counts = async (from: Home): Promise<readonly (readonly unknown[])[]> =>
  (await Inputs.read(from, catalog))
    .ledgerRows(sheets)
    .map((row) => [
      row['file_name'],
      row['sheet'],
      row['rows_read'],
      row['rows_loaded'],
      row['rows_quarantined'],
      row['rows_replaced'],
    ])
    .sort()

describe('rows of a report of which one school was corrected', () => {
  const corrected = [
    ['correction.xlsx', 'Физика 1', 2, 2, 0, 0],
    ['report.xlsx', 'Физика 1', 3, 1, 0, 2],
    ['report.xlsx', 'Физика 2', 3, 1, 1, 1],
    ['report.xlsx', 'Физика 3', 3, 3, 0, 0],
    ['report.xlsx', 'Химия 1', 1, 1, 0, 0],
  ]

  it('are counted where they stand, and as replaced where the other file stands for them', async () => {
    await load(home, [source], [await put('report.xlsx', 1, report)])
    await load(home, [source], [await put('correction.xlsx', 2, correction)])
    expect(await counts(home)).toEqual(corrected)
  })

  it('are counted so whichever file comes first, and when both come at once', async () => {
    const paths = [
      await put('report.xlsx', 1, report),
      await put('correction.xlsx', 2, correction),
    ] as const
    const late = await place.home('late')
    await load(late, [source], [paths[1]])
    await load(late, [source], [paths[0]])
    const whole = await place.home('whole')
    await load(whole, [source], paths)
    expect(await counts(late)).toEqual(corrected)
    expect(await counts(whole)).toEqual(corrected)
  })

  it('come to as many, by form and year, as the warehouse holds', async () => {
    const paths = [await put('report.xlsx', 1, report), await put('correction.xlsx', 2, correction)]
    await load(home, [source], paths)
    const { generation } = await build(home, catalog)
    const database = await Database.open(warehouseFile(home, generation), { readOnly: true })
    try {
      const held = await database.rows(
        `select 'scores' as source, "year"::integer as year, count(*)::integer as rows from sources.scores group by all order by all`,
      )
      expect(held).toEqual([
        { source: 'scores', year: 2019, rows: 5 },
        { source: 'scores', year: 2020, rows: 3 },
      ])
      expect(
        await database.rows(
          `select source, school_year as year, rows_loaded as rows from marts.mart_data_quality order by school_year`,
        ),
      ).toEqual(held)
      const { delivered } = await readJournal(home)
      expect(
        delivered.map(({ source: form, year, loaded: rows }) => ({ source: form, year, rows })),
      ).toEqual(held)
      expect(
        await database.rows(
          `select files, rows_read, rows_quarantined, rows_replaced from marts.mart_data_quality order by school_year`,
        ),
      ).toEqual([
        { files: 2, rows_read: 9, rows_quarantined: 1, rows_replaced: 3 },
        { files: 1, rows_read: 3, rows_quarantined: 0, rows_replaced: 0 },
      ])
    } finally {
      database.close()
    }
  })

  it('are of as many files for the status as for the page of data quality: without rows too, but for repeats', async () => {
    await load(
      home,
      [source],
      [
        await put('report.xlsx', 1, report),
        await put('empty.xlsx', 1, { 'Физика 1': { year: 2020, pupils: [] } }),
      ],
    )
    const before = { ...report, 'Физика 9': { year: 2020, pupils: [] } }
    await load(home, [source], [await put('again.xlsx', 1, before, 'другой')])
    const { generation } = await build(home, catalog)
    const database = await Database.open(warehouseFile(home, generation), { readOnly: true })
    try {
      const { delivered } = await readJournal(home)
      const told = delivered.map(({ year, files }) => ({ year, files }))
      expect(told).toEqual([
        { year: 2019, files: 1 },
        { year: 2020, files: 2 },
      ])
      expect(
        await database.rows(
          `select school_year as year, files from marts.mart_data_quality order by school_year`,
        ),
      ).toEqual(told)
    } finally {
      database.close()
    }
  })

  it('are told alike by a load, its summary, the reports of its files and the status', async () => {
    const paths = [await put('report.xlsx', 1, report), await put('correction.xlsx', 2, correction)]
    const files = (await receive(home, paths)).map(({ sha256 }) => sha256)
    const steps = warehouseSteps({ home, catalog })({
      signal: new AbortController().signal,
      onProgress: () => undefined,
    })
    const sums = { read: 12, loaded: 8, quarantined: 1 }
    expect(await localEngine({ steps }).load({ files })).toEqual({
      ...{ ...sums, replaced: 3 },
      ...{ files: 2, unchanged: 0, refused: 0 },
    })
    const [first] = await fileReports(home, files)
    expect(first).toMatchObject({
      status: 'loaded',
      sheets: [
        { sheet: 'Физика 1', read: 3, loaded: 1, quarantined: 0, replaced: 2 },
        { sheet: 'Физика 2', read: 3, loaded: 1, quarantined: 1, replaced: 1 },
        { sheet: 'Химия 1', read: 1, loaded: 1, quarantined: 0, replaced: 0 },
        { sheet: 'Физика 3', read: 3, loaded: 3, quarantined: 0, replaced: 0 },
      ],
    })
    expect(await readJournal(home)).toMatchObject({
      replaced: { duplicates: 0, superseded: 0, rows: 3 },
      delivered: [
        { year: 2019, files: 2, loaded: 5, quarantined: 1 },
        { year: 2020, files: 1, loaded: 3, quarantined: 0 },
      ],
    })
    const elsewhere = await place.home('elsewhere')
    expect(await load(elsewhere, [source], paths)).toMatchObject({
      ...sums,
      replaced: { duplicates: 0, superseded: 0, rows: 3 },
    })
  })

  it('are counted in a home whose ledger does not tell sheets of deliveries', async () => {
    const paths = [await put('report.xlsx', 1, report), await put('correction.xlsx', 2, correction)]
    await load(home, [source], paths)
    await withLedger(home, 'test', (ledger) =>
      ledger.database.run('alter table delivery drop column sheets'),
    )
    expect(await counts(home)).toEqual(corrected)
  })
})

describe('a copy of a file that was corrected, with the same rows and other bytes', () => {
  it.each(['larger', 'smaller'])(
    'is replaced by the correction as the file is, where its hash is %s: load, status and tables say so',
    async (wanted) => {
      const content = { 'Физика 1': { year: 2019, pupils: pupils([7, 8], 10) } }
      const original = await put('original.xlsx', 1, content)
      const corrected = await put('corrected.xlsx', 2, {
        'Физика 1': { year: 2019, pupils: pupils([7, 8], 11) },
      })
      await load(home, [source], [original])
      await load(home, [source], [corrected])
      const hash = sha256Of(await readFile(original))
      const isWanted = async (path: string): Promise<boolean> =>
        sha256Of(await readFile(path)) < hash === (wanted === 'smaller')
      let copy = ''
      for (let hand = 0; copy === '' || !(await isWanted(copy)); hand++)
        copy = await put('copy.xlsx', 1, content, String(hand))

      const report = await load(home, [source], [copy])
      expect(report.replaced).toEqual({ duplicates: 0, superseded: 1, rows: 2 })
      expect(report.files.map(({ status }) => status)).toEqual(['superseded'])
      const told = { status: 'superseded', replacedBy: [corrected] }
      expect(await replacedFiles(home)).toEqual([
        { path: copy, ...told },
        { path: original, ...told },
      ])
      const files = (await receive(home, [copy, corrected])).map(({ sha256 }) => sha256)
      expect(await fileReports(home, files)).toMatchObject([
        told,
        { status: 'loaded', replaces: [copy, original] },
      ])
      expect(await readJournal(home)).toMatchObject({
        replaced: { duplicates: 0, superseded: 2, rows: 4 },
        delivered: [{ files: 1, loaded: 2 }],
      })
      expect(await counts(home)).toEqual([['corrected.xlsx', 'Физика 1', 2, 2, 0, 0]])
    },
  )
})

const anyPupils = fc.array(
  fc.record({ school: fc.integer({ min: 7, max: 9 }), total: fc.constantFrom(10, 20, 99) }),
  { maxLength: 4 },
)
const anySheets = fc.dictionary(
  fc.constantFrom('Физика 1', 'Физика 2', 'Химия 1'),
  fc.record({ year: fc.constantFrom(2019, 2020), pupils: anyPupils }),
  { minKeys: 1 },
)

describe('rows that several files have', () => {
  it.each([
    {
      wanted: 'larger',
      told: [
        ['loaded', 1, 1, 0],
        ['duplicate', 1, 0, 1],
      ],
      replaced: { duplicates: 1, superseded: 1, rows: 4 },
      standing: ['eighth.xlsx', 'first.xlsx'],
    },
    {
      wanted: 'smaller',
      told: [
        ['loaded', 1, 1, 0],
        ['loaded', 1, 1, 0],
      ],
      replaced: { duplicates: 0, superseded: 2, rows: 4 },
      standing: ['eighth.xlsx', 'seventh.xlsx'],
    },
  ])(
    'count once, for the file that tables name, beside rows that others stand for: a later one of $wanted hash',
    async ({ wanted, told, replaced, standing }) => {
      const first = { 'Физика 1': { year: 2019, pupils: pupils([7, 8], 10) } }
      const eighth = { 'Физика 1': { year: 2019, pupils: [{ school: 8, total: 12 }] } }
      const seventh = { 'Физика 1': { year: 2019, pupils: [{ school: 7, total: 10 }] } }
      const again = {
        'Физика 1': {
          year: 2019,
          pupils: [
            { school: 7, total: 10 },
            { school: 8, total: 11 },
          ],
        },
      }
      const sums = async (path: string) => {
        const { read, loaded, replaced, files } = await load(home, [source], [path])
        return [files[0]?.status, read, loaded, replaced.rows]
      }
      const hash = async (path: string): Promise<string> => sha256Of(await readFile(path))
      const whole = await put('first.xlsx', 1, first)
      const middle = await hash(whole)
      const beside = async (name: string, content: Sheets, side: string): Promise<string> => {
        for (let hand = 0; ; hand++) {
          const path = await put(name, 1, content, String(hand))
          if ((await hash(path)) < middle === (side === 'smaller')) return path
        }
      }
      const later = await beside('seventh.xlsx', seventh, wanted)
      const last = await beside('again.xlsx', again, 'larger')

      expect(await sums(whole)).toEqual(['loaded', 2, 2, 0])
      expect([await sums(await put('eighth.xlsx', 3, eighth)), await sums(later)]).toEqual(told)
      expect(await sums(last)).toEqual(['superseded', 2, 0, 2])
      expect(await readJournal(home)).toMatchObject({ replaced, delivered: [{ loaded: 2 }] })
      expect((await counts(home)).map(([name]) => name)).toEqual(standing)
    },
  )
})

describe('rows of any reports', () => {
  it('are read, and loaded, in quarantine or replaced; as many are loaded as stand', async () => {
    let run = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(anySheets, { minLength: 2, maxLength: 4 }),
        fc.nat(),
        async (books, seed) => {
          const paths = await Promise.all(
            books.map((book, i) => put(`${String(run)}-${String(i)}.xlsx`, i + 1, book)),
          )
          const at = seed % paths.length
          const one = await place.home(`one-${String(run)}`)
          const other = await place.home(`other-${String(run++)}`)
          const whole = await load(one, [source], paths)
          await load(other, [source], paths.slice(at))
          await load(other, [source], paths)

          expect(whole.loaded + whole.quarantined + whole.replaced.rows).toBe(whole.read)
          const inputs = await Inputs.read(one, catalog)
          const rows = inputs.ledgerRows(sheets)
          expect((await Inputs.read(other, catalog)).ledgerRows(sheets)).toEqual(rows)
          const found = new Map<string, number>()
          for (const row of rows) {
            const [read, loaded, quarantined, replaced] = [
              'rows_read',
              'rows_loaded',
              'rows_quarantined',
              'rows_replaced',
            ].map((name) => Number(row[name])) as [number, number, number, number]
            expect(loaded + quarantined + replaced).toBe(read)
            expect(loaded).toBeGreaterThanOrEqual(0)
            const year = String(Number(row['school_year']))
            if (loaded > 0) found.set(year, (found.get(year) ?? 0) + loaded)
          }
          const { delivered } = await readJournal(one)
          expect(
            new Map(
              delivered.flatMap(({ year, loaded }) =>
                loaded === 0 ? [] : [[String(year), loaded]],
              ),
            ),
          ).toEqual(found)
          const database = await Database.open(':memory:', { threads: 1 })
          try {
            await database.run(
              `create table rows (${Object.keys(source.columns)
                .map((name) => `"${name}" varchar`)
                .join(', ')})`,
            )
            await inputs.fillSource(database, source, 'rows')
            const held = await database.rows<{ year: string; n: number }>(
              'select year, count(*)::integer as n from rows group by year order by year',
            )
            expect(new Map(held.map(({ year, n }) => [year, n]))).toEqual(
              new Map([...found].sort()),
            )
            expect(whole.loaded).toBe(held.reduce((sum, { n }) => sum + n, 0))
          } finally {
            database.close()
          }
        },
      ),
      { numRuns: 10, seed: 20260901 },
    )
  }, 120_000)
})
