import * as fc from 'fast-check'
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { workbook, type Row } from '../../warehouse/workbook.ts'
import { calendarDate, wholeNumber } from '../../transforms/contract/shape.ts'
import { defineSource, field, type Source } from '../../transforms/contract/source.ts'
import { Database, literal } from '../../warehouse/database.ts'
import { openHome, type Home } from '../../warehouse/home.ts'
import { readJournal } from '../../warehouse/journal.ts'
import { fileReports, replacedFiles } from '../../warehouse/report.ts'
import { check, filesOfYears, load, receive, type LoadReport } from '../../warehouse/land.ts'
import { standing, type StandingPart } from '../../warehouse/claims.ts'
import { withLedger } from '../../warehouse/ledger.ts'
import { startChild } from '../support/child.ts'
import { forms, scores } from './forms.ts'
import { windows1251 } from './readers/windows-1251.ts'

let folder: string
let home: Home
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mera-land-'))
  await mkdir(join(folder, 'in'))
  home = await openHome(join(folder, 'home'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const put = async (name: string, content: Uint8Array | string): Promise<string> => {
  const path = join(folder, 'in', name)
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, content)
  return path
}
const rows = (total: number, date: string | null = null, year = 2019): Row[] => [
  [`Результаты ${String(year)}`],
  ['Предмет: Физика'],
  ...(date === null ? [] : [[`Дата: ${date}`]]),
  ['Школа', 'Код', 'Итог'],
  [7, 'п1', total],
  [7, 'п2', 4],
  [8, 'п3', 5],
]
const book = (...args: Parameters<typeof rows>): Uint8Array =>
  workbook({ name: 'Л', rows: rows(...args) })
const csv = (...args: Parameters<typeof rows>): string =>
  rows(...args)
    .map((row) => row.map(String).join(';'))
    .join('\r\n')
const simple = { ...scores.form, repeated: undefined, rules: [] }
const source = defineSource('file:///forms/sources/scores.ts', {
  ...simple,
  fields: scores.form.fields,
} as unknown as typeof scores.form)
const sources = [source, ...forms.slice(1)]

const partsOf = async (from: Home, form: Source): Promise<readonly StandingPart[]> =>
  (await standing(from, [form])).get(form.id) ?? []

/** What stands, as it would be built: total by school and pupil. */
const content = async (from = home): Promise<readonly string[]> => {
  const parts = await partsOf(from, source)
  const database = await Database.open(':memory:', { threads: 1 })
  try {
    const found = await Promise.all(
      parts.map(({ parquet, deliveries }) =>
        database.rows<{ line: string }>(
          `select concat_ws(' ', _delivery, pupil, total) as line from read_parquet(${literal(parquet)})
          where _delivery in (${deliveries.map(literal).join(', ')})`,
        ),
      ),
    )
    return found
      .flat()
      .map(({ line }) => line)
      .sort()
  } finally {
    database.close()
  }
}

describe('load(home, sources, paths)', () => {
  it('reports what every file is and holds; read is loaded, in quarantine or replaced', async () => {
    await put('a.xlsx', book(3))
    await put('b/bad.csv', csv(99, null, 2020))
    await put('c/меню.csv', 'Блюдо;Цена\nСуп;10')
    await put('c/cut.xlsx', Buffer.from(book(3)).subarray(0, 900))
    await put('c/.hidden.csv', csv(1))
    await put('c/truth.json', '{}')
    const report = await load(home, sources, [join(folder, 'in')])
    expect([report.read, report.loaded, report.quarantined]).toEqual([6, 5, 1])
    expect(report.files.map(({ path, status }) => [path.replace(/^.*\/in\//, ''), status])).toEqual(
      [
        ['a.xlsx', 'loaded'],
        ['b/bad.csv', 'loaded'],
        ['c/cut.xlsx', 'refused'],
        ['c/меню.csv', 'unrecognised'],
      ],
    )
    expect(report.files[1]).toMatchObject({
      sheets: [{ sheet: '', source: 'scores', year: 2020, read: 3, loaded: 2, quarantined: 1 }],
      problems: [{ sheet: '', cell: 'C4', code: 'value-unfit', severity: 'row' }],
    })
    const ledger = await withLedger(home, 'test', (book) =>
      book.rows('select sheet, "row", "column", cell, code, value from quarantine'),
    )
    expect(ledger).toEqual([
      { sheet: '', row: 4, column: 'Итог', cell: 'C4', code: 'value-unfit', value: '99' },
    ])
  })

  it('loads nothing a second time, under whatever name', async () => {
    const first = await put('a.xlsx', book(3))
    await load(home, sources, [first])
    const before = await content()
    await put('copy.xlsx', book(3))
    const again = await load(home, sources, [join(folder, 'in')])
    expect([again.read, again.loaded, again.quarantined]).toEqual([0, 0, 0])
    expect(again.files.map(({ status }) => status)).toEqual(['unchanged', 'duplicate'])
    expect(again.files[0]?.sheets).toMatchObject([{ source: 'scores', read: 3 }])
    expect(await content()).toEqual(before)
  })

  it('takes the same rows in another encoding and format for the same delivery', async () => {
    const paths = [
      await put('a.xlsx', book(3)),
      await put('b.csv', windows1251(csv(3))),
      await put('c.csv', `\ufeff${csv(3)}`),
    ]
    const report = await load(home, sources, paths)
    const [part, ...others] = await partsOf(home, source)
    expect(report.files.map(({ status }) => status)).toEqual(
      report.files.map(({ sha256 }) => (sha256 === part?.sha256 ? 'loaded' : 'duplicate')),
    )
    expect(others).toEqual([])
    expect(part?.sha256).toBe(report.files.map(({ sha256 }) => sha256).sort()[0])
    expect(await content()).toHaveLength(3)
  })

  it('lets a correction replace the deliveries that it holds and no others', async () => {
    await load(home, sources, [await put('a.xlsx', book(3))])
    const correction: Row[] = rows(9).filter((row) => row[0] !== 8)
    const report = await load(home, sources, [
      await put('b.xlsx', workbook({ name: 'Л', rows: correction })),
    ])
    expect(report.files.map(({ status }) => status)).toEqual(['loaded'])
    expect(await content()).toEqual([
      '2019 | Физика | 7 п1 9',
      '2019 | Физика | 7 п2 4',
      '2019 | Физика | 8 п3 5',
    ])
  })

  it('says that an older file which comes late is superseded', async () => {
    await load(home, sources, [await put('new.xlsx', book(9, '01.07.2019'))])
    const report = await load(home, sources, [await put('old.xlsx', book(3, '01.06.2019'))])
    expect(report.files[0]?.status).toBe('superseded')
    expect(await content()).toContain('2019 | Физика | 7 п1 9')
  })

  it('counts rows of files that stand as loaded, and those of replaced ones and repeats as replaced', async () => {
    const report = await load(home, sources, [
      await put('old.xlsx', book(99, '01.06.2019')),
      await put('new.xlsx', book(9, '01.07.2019')),
      await put('new.csv', csv(9, '01.07.2019')),
    ])
    expect(report).toMatchObject({
      ...{ read: 9, loaded: 3, quarantined: 0 },
      replaced: { duplicates: 1, superseded: 1, rows: 6 },
    })
  })

  it('counts in the status what stands now, whichever file came first', async () => {
    const old = await put('old.xlsx', book(99, '01.06.2019'))
    await load(home, sources, [old])
    expect(await readJournal(home)).toMatchObject({
      ...{ received: 1, replaced: { duplicates: 0, superseded: 0, rows: 0 } },
      quarantine: [{ source: 'scores', rows: 1, files: 1 }],
      delivered: [{ source: 'scores', year: 2019, files: 1, loaded: 2, quarantined: 1 }],
    })
    await load(home, sources, [await put('new.xlsx', book(9, '01.07.2019'))])
    expect(await readJournal(home)).toMatchObject({
      ...{ received: 2, replaced: { duplicates: 0, superseded: 1, rows: 3 }, quarantine: [] },
      delivered: [{ source: 'scores', year: 2019, files: 1, loaded: 3, quarantined: 0 }],
    })
    const { sha256 } = (await receive(home, [old]))[0] ?? { sha256: '' }
    expect((await fileReports(home, [sha256])).map(({ status }) => status)).toEqual(['superseded'])
  })

  it('reads dates and replaced files from delivery.json beside the files and from facts', async () => {
    await put('a/x.xlsx', book(1))
    await put('b/y.xlsx', book(2))
    await put('a/delivery.json', JSON.stringify({ files: { 'x.xlsx': { supersedes: 'y.xlsx' } } }))
    await load(home, sources, [join(folder, 'in')])
    expect(await content()).toContain('2019 | Физика | 7 п1 1')
    await load(home, sources, [await put('z.xlsx', book(3))], { facts: { supersedes: 'x.xlsx' } })
    expect(await content()).toContain('2019 | Физика | 7 п1 3')
  })

  describe('a word that names a file of which nothing is in common', () => {
    const says = { facts: { supersedes: 'y.xlsx' } }
    const named = (subject: string, total: number, year = 2019): Row[] =>
      rows(total, null, year).map((row) => (row[0] === 'Предмет: Физика' ? [subject] : row))
    const other = (): Promise<string> =>
      put('x.xlsx', workbook({ name: 'Л', rows: named('Предмет: Астрономия', 3).slice(0, 4) }))

    it('replaces the whole of it, and says so', async () => {
      await load(home, sources, [await put('y.xlsx', book(1))])
      const { files } = await load(home, sources, [await other()], says)
      expect(await content()).toEqual(['2019 | Астрономия | 7 п1 3'])
      const [told] = await fileReports(
        home,
        files.map(({ sha256 }) => sha256),
      )
      expect((told?.replaces ?? []).map((path) => basename(path))).toEqual(['y.xlsx'])
      expect((await replacedFiles(home)).map(({ status }) => status)).toEqual(['superseded'])
    })

    it('leaves it what it tells of other years', async () => {
      const sheets = [2018, 2019].map((year) => ({ name: String(year), rows: rows(1, null, year) }))
      await load(home, sources, [await put('y.xlsx', workbook(...sheets))])
      await load(home, sources, [await other()], says)
      expect(await content()).toEqual([
        '2018 | Физика | 7 п1 1',
        '2018 | Физика | 7 п2 4',
        '2018 | Физика | 8 п3 5',
        '2019 | Астрономия | 7 п1 3',
      ])
    })

    it('replaces nothing where several files of those years have the name', async () => {
      await load(home, sources, [await put('a/y.xlsx', book(1))])
      const chemistry = named('Предмет: Химия', 2)
      await load(home, sources, [
        await put('b/y.xlsx', workbook({ name: 'Л', rows: chemistry })),
        await other(),
      ])
      const before = await content()
      await load(home, sources, [await other()], says)
      expect(await content()).toEqual(before)
    })
  })

  it('takes a fact for a file of before that lacked it', async () => {
    const bare = await put('a.csv', 'Результаты 2019\nШкола;Код;Итог\n7;п1;3\n')
    expect((await load(home, sources, [bare])).files[0]?.status).toBe('refused')
    const report = await load(home, sources, [bare], { facts: { subject: 'Химия' } })
    expect(report.files[0]).toMatchObject({
      status: 'loaded',
      sheets: [{ told: { subject: 'fact' } }],
    })
    expect(await content()).toEqual(['2019 | Химия | 7 п1 3'])
  })

  it('takes a fact back that was said by mistake, and hears it again after that', async () => {
    const bare = await put('a.csv', 'Результаты 2019\nШкола;Код;Итог\n7;п1;3\n')
    const say = async (facts: Readonly<Record<string, string>>): Promise<readonly string[]> => {
      await load(home, sources, [bare], { facts })
      return content()
    }
    expect(await say({ subject: 'Химия' })).toEqual(['2019 | Химия | 7 п1 3'])
    expect(await say({ subject: '' })).toEqual([])
    expect(await say({})).toEqual([])
    expect(await say({ subject: 'Химия' })).toEqual(['2019 | Химия | 7 п1 3'])
    expect(await say({ subject: 'Физика' })).toEqual(['2019 | Физика | 7 п1 3'])
    expect(await say({ subject: 'Химия' })).toEqual(['2019 | Химия | 7 п1 3'])
  })

  it('says of a file that was refused that it still is when it comes again', async () => {
    const bare = await put('a.csv', 'Результаты 2019\nШкола;Код;Итог\n7;п1;3\n')
    const other = await put('b.csv', 'x;y\n1;2\n')
    for (const _ of [1, 2]) {
      const { files } = await load(home, sources, [bare, other])
      expect(files.map(({ status }) => status)).toEqual(['refused', 'unrecognised'])
      expect(files.every(({ problems }) => problems.length > 0)).toBe(true)
    }
  })

  it('passes over documents that lie beside tables, and leaves no trace of them among sheets', async () => {
    await put('in/a.xlsx', book(3))
    await put('in/README.md', '# Что здесь; и зачем\n')
    await put('in/акт.pdf', '%PDF-1.7')
    const report = await load(home, sources, [join(folder, 'in', 'in')])
    expect(report.files.map(({ status }) => status)).toEqual(['skipped', 'loaded', 'skipped'])
    const sheets = await withLedger(home, 'test', (ledger) =>
      ledger.rows('select source from sheet'),
    )
    expect(sheets).toEqual([{ source: 'scores' }])
  })

  it('keeps a file that cannot be opened among sheets, and no blank sheet', async () => {
    const files = { 'a.xlsx': 'PK\u0003\u0004 cut', 'b.zip': book(3), 'c.csv': 'x;y\n1;2\n' }
    const paths = await Promise.all(Object.entries(files).map(([name, made]) => put(name, made)))
    const report = await load(home, sources, paths)
    expect(report.files.map(({ status }) => status)).toEqual(['refused', 'loaded', 'unrecognised'])
    const sheets = await withLedger(home, 'test', (ledger) =>
      ledger.rows('select source, refused from sheet order by all'),
    )
    expect(sheets).toEqual([
      { source: 'scores', refused: null },
      { source: null, refused: expect.stringContaining('повреждён') as string },
      { source: null, refused: null },
    ])
  })

  it('parses files of before anew when their form changed, without being given them', async () => {
    await load(home, sources, [await put('a.xlsx', book(3))])
    const next = defineSource('file:///forms/sources/scores.ts', {
      ...source.form,
      version: 2,
      skip: [/п3/],
    })
    const report = await load(home, [next, ...forms.slice(1)], [])
    expect(report.files).toMatchObject([{ status: 'loaded', sheets: [{ read: 2, ignored: 1 }] }])
    expect(await content()).toHaveLength(2)
  })

  it('loads people only where the office allows to drop them', async () => {
    const people = await put(
      'a.csv',
      csv(3)
        .replace('Итог', 'Итог;ФИО')
        .replaceAll(/(п\d;\d)/g, '$1;Иванов'),
    )
    expect((await load(home, sources, [people])).files).toMatchObject([
      { status: 'refused', problems: [{ code: 'personal-data', cell: 'D3' }] },
    ])
    await writeFile(
      join(home.settings, 'privacy.json'),
      JSON.stringify({ dropPersonal: ['scores'] }),
    )
    expect((await load(home, sources, [])).files).toMatchObject([
      { status: 'loaded', sheets: [{ loaded: 3 }] },
    ])
    const parsed = await readdir(home.parsed, { recursive: true, withFileTypes: true })
    const { readFile } = await import('node:fs/promises')
    for (const file of parsed.filter((entry) => entry.isFile()))
      expect((await readFile(join(file.parentPath, file.name))).includes('Иванов')).toBe(false)
  })

  it('refuses another key than the one that made the pseudonyms', async () => {
    await load(home, sources, [await put('a.xlsx', book(3))])
    const key = process.env['MERA_KEY_FILE']
    process.env['MERA_KEY_FILE'] = join(folder, 'other.key')
    try {
      await writeFile(join(folder, 'other.key'), 'ab'.repeat(32))
      await expect(load(home, sources, [await put('b.xlsx', book(4))])).rejects.toMatchObject({
        code: 'key-changed',
      })
    } finally {
      if (key !== undefined) process.env['MERA_KEY_FILE'] = key
    }
  })

  it('notices that the archive was changed', async () => {
    const [file] = await receive(home, [await put('a.xlsx', book(3))])
    await writeFile(join(home.archive, file?.sha256 ?? ''), 'other')
    await expect(load(home, sources, [])).rejects.toMatchObject({ code: 'archive-damaged' })
  })

  it.each(['nowhere', ''])('names a path that is not there: «%s»', async (name) => {
    const path = name === '' ? '' : join(folder, name)
    await expect(load(home, sources, [path])).rejects.toMatchObject({ code: 'path-missing' })
  })

  it('names a link in a folder that leads nowhere, and loads nothing without it', async () => {
    const place = dirname(await put('a.xlsx', book(3)))
    const link = join(place, 'b.xlsx')
    await symlink(join(folder, 'nowhere'), link)
    await expect(load(home, sources, [place])).rejects.toMatchObject({
      code: 'path-missing',
      file: link,
    })
  })

  it('gives the same whatever the order in which dated files arrive, one by one or together', async () => {
    const versions = await Promise.all(
      [3, 5, 7, 9].map((total, i) =>
        put(`v${String(i)}.xlsx`, book(total, `0${String(i + 1)}.06.2019`)),
      ),
    )
    const other = await put('other.csv', csv(2, '01.06.2020', 2020))
    const files = [...versions, other]
    const order = fc.shuffledSubarray(files, { minLength: files.length })
    const cuts = fc.array(fc.nat({ max: files.length }), { maxLength: 2 })
    let run = 0
    await fc.assert(
      fc.asyncProperty(order, cuts, async (paths, at) => {
        const place = await openHome(join(folder, `home${String(run++)}`))
        const stops = [0, ...at.sort((a, b) => a - b), paths.length]
        for (let i = 1; i < stops.length; i++)
          await load(place, sources, paths.slice(stops[i - 1], stops[i]))
        expect(await content(place)).toEqual([
          '2019 | Физика | 7 п1 9',
          '2019 | Физика | 7 п2 4',
          '2019 | Физика | 8 п3 5',
          '2020 | Физика | 7 п1 2',
          '2020 | Физика | 7 п2 4',
          '2020 | Физика | 8 п3 5',
        ])
      }),
      { numRuns: 6 },
    )
  }, 60_000)

  it('gives the same from several threads as from one, new ones or kept from a load by other forms', async () => {
    const { schoolRegister } = await import('../../transforms/sources/school_register.ts')
    const { staffRegister } = await import('../../transforms/sources/staff_register.ts')
    for (let i = 0; i < 70; i++)
      await put(
        `r${String(i)}.csv`,
        `Справочник общеобразовательных организаций на 20.09.${String(1950 + i)}\nКод ОО;Логин ФИС ОКО;Полное наименование;Краткое наименование;Тип;Муниципалитет\n${String(100 + i)};;Школа;Школа;СОШ;Район\n`,
      )
    const other = await openHome(join(folder, 'other'))
    const one = await load(home, [schoolRegister], [join(folder, 'in')], { workers: 1 })
    const many = await load(other, [schoolRegister], [join(folder, 'in')], { workers: 2 })
    expect(many).toEqual(one)
    expect(one.loaded).toBe(70)
    const names = async (place: Home): Promise<readonly string[]> =>
      (await partsOf(place, schoolRegister)).map(({ reading, sha256 }) => `${sha256} ${reading}`)
    expect(await names(other)).toEqual(await names(home))

    const loadStaff = async (name: string, workers: number): Promise<LoadReport> =>
      load(await openHome(join(folder, name)), [staffRegister], [join(folder, 'in')], { workers })
    const unknown = await loadStaff('staff-1', 1)
    expect(await loadStaff('staff-2', 2)).toEqual(unknown)
    expect(unknown).toMatchObject({ loaded: 0, files: { length: 70 } })
    const again = await openHome(join(folder, 'again'))
    expect(await load(again, [schoolRegister], [join(folder, 'in')], { workers: 2 })).toEqual(one)
  }, 60_000)
})

describe('load(home, sources, paths) beside a process that has received files and not parsed them', () => {
  const statuses = ({ files }: LoadReport): readonly (readonly [string, string])[] =>
    files.map(({ path, status }) => [basename(path), status])

  it('leaves them to it while it runs, but those that came again, and reads the rest once it is gone', async () => {
    const theirs = [await put('a.csv', csv(3)), await put('b.csv', csv(3, null, 2020))]
    const child = await startChild('receive_files.ts', home.path, ...theirs)
    try {
      const own = await load(home, sources, [await put('c.csv', csv(3, null, 2021))])
      expect([statuses(own), own.read]).toEqual([[['c.csv', 'loaded']], 3])
      expect(await readJournal(home)).toMatchObject({ received: 3, unread: 2 })
      expect(statuses(await load(home, sources, theirs.slice(0, 1)))).toEqual([['a.csv', 'loaded']])
    } finally {
      await child.kill()
    }
    const rest = await load(home, sources, [])
    expect([statuses(rest), rest.read]).toEqual([[['b.csv', 'loaded']], 3])
    expect(await readJournal(home)).toMatchObject({ received: 3, unread: 0 })
    expect(await content()).toHaveLength(9)
  })

  it('reads them where it runs on and has left them for more than an hour', async () => {
    const child = await startChild('receive_files.ts', home.path, await put('a.csv', csv(3)))
    try {
      await withLedger(home, 'test', (ledger) =>
        ledger.database.run('update receipt set received_at = ?', [
          new Date(Date.now() - 3_700_000).toISOString(),
        ]),
      )
      expect(statuses(await load(home, sources, []))).toEqual([['a.csv', 'loaded']])
    } finally {
      await child.kill()
    }
  })
})

describe('check(sources, paths)', () => {
  it('says the same as a load and touches no home, but calls fit what a load takes', async () => {
    await put('a.xlsx', book(99))
    await put('меню.csv', 'блюдо;цена\nсуп;100\n')
    const checked = await check(sources, [join(folder, 'in')])
    const { files, ...loaded } = await load(home, sources, [join(folder, 'in')])
    const [first, ...others] = files
    expect(first?.status).toBe('loaded')
    expect(checked).toEqual({ ...loaded, files: [{ ...first, status: 'fit' }, ...others] })
  })
})

describe('a form whose year is read from a column', () => {
  it('notes the years of the rows that it loads, or where it loads none of those in quarantine', async () => {
    const yearly = defineSource('file:///forms/sources/yearly.ts', {
      title: 'Годы',
      version: 1,
      recognise: { headers: ['year', 'day'] },
      headers: [{ since: 2000, map: { Год: 'year', День: 'day' } }],
      year: 'year',
      delivery: ['year'],
      fields: {
        year: field('Year', wholeNumber(), { required: true }),
        day: field('Day', calendarDate),
      },
    })
    const paths = await Promise.all([
      put('a.csv', 'Год;День\n2202;завтра\n2021;01.02.2021\n2022;03.04.2022\n'),
      put('b.csv', 'Год;День\n2024;вчера\n'),
    ])
    const report = await load(home, [yearly], paths)
    expect(report.files.flatMap(({ sheets }) => sheets)).toMatchObject([
      { year: 2021, years: [2021, 2022], loaded: 2, quarantined: 1 },
      { year: 2024, loaded: 0, quarantined: 1 },
    ])
    const deliveries = await withLedger(home, 'test', (book) =>
      book.rows('select delivery, year, "rows" from delivery order by delivery'),
    )
    expect(deliveries).toEqual([
      { delivery: '2021', year: 2021, rows: 1 },
      { delivery: '2022', year: 2022, rows: 1 },
    ])
    const found = await Promise.all(
      [2020, 2021, 2022, 2024, 2202].map(
        async (year) => (await filesOfYears(home, year, year)).length,
      ),
    )
    expect(found).toEqual([0, 1, 1, 1, 0])
  })
})

describe('filesOfYears(home, from, to)', () => {
  it('names the files that tell of those years, beside a process that works on the home', async () => {
    const paths = await Promise.all(
      [2018, 2019, 2020].map((year) => put(`${String(year)}.xlsx`, book(3, null, year))),
    )
    const { files } = await load(home, sources, paths)
    await writeFile(home.lock, JSON.stringify({ nonce: 'other', pid: 1, host: 'elsewhere' }))
    expect(await filesOfYears(home, 2018, 2019)).toEqual(
      files
        .slice(0, 2)
        .map(({ sha256 }) => sha256)
        .sort(),
    )
  })
})
