import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  generateSample,
  writeSample,
  type SampleOptions,
} from '../../../examples/municipality/generate.ts'
import { readCsv, readWorkbook, sampleOf, type ReadSheet } from './reading.ts'

const small: SampleOptions = { seed: 7, schools: 8, years: [2024, 2026] }
const tiny: SampleOptions = { seed: 7, schools: 2, years: [2026, 2026] }
const sample = sampleOf(small)
const { truth } = sample

const hashOf = (options: SampleOptions): string => {
  const hash = createHash('sha256')
  for (const { path, bytes } of generateSample(options).files()) hash.update(path).update(bytes)
  return hash.digest('hex')
}
const filesOf = (source: string, year?: number) =>
  truth.files.filter((file) => file.source === source && (year === undefined || file.year === year))
const onlySheet = (path: string): ReadSheet => {
  const [sheet, ...others] = readWorkbook(sample.read(path))
  if (!sheet || others.length > 0) throw new Error(`${path} has not one sheet`)
  return sheet
}
const isPupil = (row: readonly unknown[]): boolean => typeof row[3] === 'number'
const subjectNames = {
  russian: 'Русский язык',
  maths: 'Математика',
  world: 'Окружающий мир',
  history: 'История',
  biology: 'Биология',
}

describe('the sample as a whole', () => {
  it('is the same to the byte for the same options', () => {
    expect(hashOf(tiny)).toBe(hashOf({ ...tiny }))
    expect(hashOf({ ...tiny, errors: true })).toBe(hashOf({ ...tiny, errors: true }))
  })

  it('differs with the seed', () => {
    expect(hashOf({ ...tiny, seed: 8 })).not.toBe(hashOf(tiny))
  })

  it('lists every file of data in the truth, each under a path of its own', () => {
    const paths = [...sample.bytes.keys()]
    expect(new Set(paths).size).toBe(sample.count)
    expect(paths.slice(-2)).toEqual(['delivery.json', 'truth.json'])
    expect(truth.files.map((file) => file.path)).toEqual(paths.slice(0, -2))
    expect(JSON.parse(new TextDecoder().decode(sample.read('truth.json')))).toEqual(
      JSON.parse(JSON.stringify(truth)),
    )
  })

  it('writes into a folder what it generates and tells its progress', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mera-sample-'))
    try {
      const told: number[] = []
      const options: SampleOptions = { schools: 2, years: [2026, 2026] }
      const { files } = await writeSample(folder, options, (done, total) => told.push(done / total))
      expect(told.at(-1)).toBe(1)
      expect(told).toHaveLength(files.length)
      for (const { path, bytes } of generateSample(options).files()) {
        expect(Buffer.compare(await readFile(join(folder, path)), bytes), path).toBe(0)
      }
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('refuses options out of range', () => {
    for (const options of [
      { schools: 0 },
      { schools: 2.5 },
      { years: [2026, 2024] as const },
      { years: [2019, 2024] as const },
      { seed: -1 },
    ]) {
      expect(() => generateSample(options), JSON.stringify(options)).toThrow(RangeError)
    }
  })
})

describe('the world', () => {
  it('gives no participant code twice within a year', () => {
    for (const year of [2024, 2025, 2026]) {
      const owner = new Map<unknown, unknown>()
      for (const { path } of filesOf('vpr_individual', year)) {
        const codes = onlySheet(path)
          .rows.filter(isPupil)
          .map((row) => [row[3], row[0]] as const)
        expect(new Set(codes.map(([code]) => code)).size, path).toBe(codes.length)
        for (const [code, school] of codes) {
          expect(owner.get(code) ?? school, `${String(code)} ${year}`).toBe(school)
          owner.set(code, school)
        }
      }
    }
  })

  it('merges one school into another in the third year', () => {
    const merged = truth.schools.filter((school) => school.merged !== null)
    expect(merged).toHaveLength(1)
    expect(merged[0]?.merged?.from).toBe(2026)
    expect(Object.keys(merged[0]?.pupils ?? {})).toEqual(['2024', '2025'])
    const register = readCsv(sample.read(filesOf('school_register', 2026)[0]?.path ?? ''))
    const row = register.find(([code]) => code === merged[0]?.code)
    expect(row?.slice(-2)).toEqual(['31.08.2025', merged[0]?.merged?.successor])
    const earlier = readCsv(sample.read(filesOf('school_register', 2024)[0]?.path ?? ''))
    expect(earlier.find(([code]) => code === merged[0]?.code)?.slice(-2)).toEqual(['', ''])
  })

  it('moves pupils up a grade: the ninth of a year is the eighth of the year before', () => {
    const names = (year: number, wanted: RegExp): Set<string> => {
      const people = new Set<string>()
      for (const { path } of filesOf('oge_protocol', year)) {
        for (const row of onlySheet(path).rows)
          if (wanted.test(String(row[2]))) people.add(String(row[10]))
      }
      return people
    }
    const leavers = names(2024, /^9/)
    const leaversOfNextYear = names(2025, /^9/)
    expect(leavers.size).toBeGreaterThan(100)
    expect([...leavers].filter((document) => leaversOfNextYear.has(document))).toEqual([])
    const graduates = new Set<string>()
    for (const { path } of filesOf('ege_protocol', 2026)) {
      for (const row of onlySheet(path).rows)
        if (/^11/.test(String(row[3]))) graduates.add(String(row[10]))
    }
    const codes = new Set<string>()
    for (const { path } of filesOf('oge_protocol', 2024)) {
      for (const row of onlySheet(path).rows) codes.add(String(row[5]))
    }
    expect(graduates.size).toBeGreaterThan(20)
    expect([...graduates].filter((code) => !codes.has(code))).toEqual([])
  })
})

describe('reports of ВПР', () => {
  it('have their title in row 1, the header in row 8, and a name cut to 31 characters', () => {
    const titles = {
      vpr_individual: ['Индивидуальные результаты', 'ОО'],
      vpr_marks: ['Статистика по отметкам', 'Группы участников'],
      vpr_journal: ['Сравнение отметок с отметками по журналу', 'Группы участников'],
    }
    for (const [source, [title, header]] of Object.entries(titles)) {
      expect(filesOf(source, 2026)).toHaveLength(12)
      for (const { path } of filesOf(source)) {
        const { name, rows } = onlySheet(path)
        expect(rows[0]).toEqual([title])
        expect(rows[2]?.[0]).toMatch(/^ВПР 202\d .+ \d класс$/)
        expect(rows.slice(3, 6).map((row) => row[0])).toEqual([
          'Предмет:',
          'Максимальный первичный балл:',
          'Дата:',
        ])
        expect(rows[7]?.[0]).toBe(header)
        expect(name.length).toBeLessThanOrEqual(31)
        expect(name).toMatch(/^[А-Я]{2} \d /)
      }
    }
  })

  it('hold as many pupils and marks as the truth tells, and tasks that sum to the score', () => {
    const cells = new Map(
      truth.marks.map((cell) => [
        `${cell.year} ${subjectNames[cell.subject as keyof typeof subjectNames]} ${cell.grade}`,
        cell,
      ]),
    )
    let read = 0
    for (const file of filesOf('vpr_individual')) {
      const { rows } = onlySheet(file.path)
      const [, year, subject, grade] =
        /^ВПР (\d+) (.+) (\d) класс$/.exec(String(rows[2]?.[0])) ?? []
      const cell = cells.get(`${year} ${subject} ${grade}`)
      const pupils = rows.filter(isPupil)
      const width = rows[7]?.length ?? 0
      const maxima = (rows[7] ?? [])
        .slice(6, width - 3)
        .map((head) => Number(/\((\d+)б\)$/.exec(String(head))?.[1]))
      expect(maxima.reduce((a, b) => a + b, 0)).toBe(rows[4]?.[1])
      const marks = { '2': 0, '3': 0, '4': 0, '5': 0 }
      let scores = 0
      for (const row of pupils) {
        const tasks = row.slice(6, width - 3).map(Number)
        expect(tasks.every((score, i) => score >= 0 && score <= (maxima[i] ?? -1))).toBe(true)
        expect(tasks.reduce((a, b) => a + b, 0)).toBe(row[width - 3])
        marks[String(row[width - 2]) as keyof typeof marks] += 1
        scores += Number(row[width - 3])
      }
      expect({ n: pupils.length, marks, scores }).toEqual({
        n: cell?.n,
        marks: cell?.marks,
        scores: cell?.sumOfPrimaryScores,
      })
      expect(pupils.length).toBe(file.rows)
      read += pupils.length
    }
    const years = truth.rows['vpr_individual'] ?? {}
    expect(read).toBe(Object.values(years).reduce((a, b) => a + b, 0))
  })

  it('count the participants of each group in its line', () => {
    const { rows } = onlySheet(filesOf('vpr_individual', 2026)[0]?.path ?? '')
    let expected = 0
    for (const row of rows.slice(8)) {
      if (row.length === 1) {
        expect(expected).toBe(0)
        expected = Number(/\(edu\d{6}\) \| Кол-во участников: (\d+)$/.exec(String(row[0]))?.[1])
        expect(expected).toBeGreaterThan(0)
      } else expected -= 1
    }
    expect(expected).toBe(0)
  })

  it('state percentages of the municipality that follow from its pupils', () => {
    for (const { path } of filesOf('vpr_marks')) {
      const { rows } = onlySheet(path)
      expect(rows.slice(8, 11).map((row) => row[0])).toEqual([
        'Вся выборка',
        'Озёрная область',
        'Верхнереченский муниципальный округ(reg98_m012)',
      ])
      const [, year, subject, grade] =
        /^ВПР (\d+) (.+) (\d) класс$/.exec(String(rows[2]?.[0])) ?? []
      const cell = truth.marks.find(
        (c) =>
          String(c.year) === year &&
          subjectNames[c.subject as keyof typeof subjectNames] === subject &&
          String(c.grade) === grade,
      )
      const counts = Object.values(cell?.marks ?? {})
      expect(rows[10]?.[2]).toBe(cell?.n)
      counts.forEach((count, i) => {
        expect(Number(rows[10]?.[i + 3])).toBeCloseTo((100 * count) / (cell?.n ?? 0), 2)
      })
      const federal = rows[8]?.slice(3).map(Number) ?? []
      expect(federal.reduce((a, b) => a + b, 0)).toBeCloseTo(100, 6)
      const schools = rows.slice(11)
      expect(schools.reduce((sum, row) => sum + Number(row[2]), 0)).toBe(cell?.n)
    }
  })

  it('change maxima with the break of 2025 where the model of tasks changed', () => {
    const maximum = (year: number): unknown =>
      filesOf('vpr_individual', year)
        .map(({ path }) => onlySheet(path).rows)
        .find((rows) => rows[2]?.[0] === `ВПР ${year} Русский язык 4 класс`)?.[4]?.[1]
    expect([maximum(2024), maximum(2025), maximum(2026)]).toEqual([38, 24, 24])
  })
})

describe('other files', () => {
  it('hold the rows that the truth tells', () => {
    for (const source of [
      'school_register',
      'staff_register',
      'olympiad_school',
      'olympiad_municipal',
      'medal_contenders',
    ]) {
      for (const { path, rows } of filesOf(source)) {
        const read = path.endsWith('.csv') ? readCsv(sample.read(path)) : onlySheet(path).rows
        expect(read.length - 2, path).toBe(rows)
      }
    }
    for (const source of ['oge_protocol', 'ege_protocol']) {
      for (const { path, rows } of filesOf(source)) {
        const people = onlySheet(path).rows.filter((row) => typeof row[0] === 'number')
        expect(people.length, path).toBe(rows)
      }
    }
  })

  it('open each exam of a protocol with its code, subject and date above the header', () => {
    for (const { path } of [...filesOf('oge_protocol'), ...filesOf('ege_protocol')]) {
      const { rows } = onlySheet(path)
      rows.forEach((row, i) => {
        if (row[0] === '№') expect(rows[i - 1]?.[0]).toMatch(/^\d\d - .+ \d{4}\.\d\d\.\d\d$/)
      })
    }
  })

  it('count in ОО-1 the pupils of the register of the same year, totals included', () => {
    for (const { path, year, rows: lines } of filesOf('oo1')) {
      const { rows } = onlySheet(path)
      expect(rows.slice(0, 3).map((row) => row[0])).toEqual([
        'Форма № ОО-1',
        `на 20 сентября ${Number(year) - 1} года`,
        'Код ОО',
      ])
      const school = truth.schools.find(({ code }) => code === rows[2]?.[1])
      const total = rows.find((row) => row[0] === 'Всего')
      expect(total?.[2]).toBe(school?.pupils[String(year)])
      const grades = rows.filter((row) => String(row[0]).endsWith(' класс'))
      for (let column = 2; column < 8; column += 1) {
        expect(grades.reduce((sum, row) => sum + Number(row[column]), 0)).toBe(total?.[column])
      }
      expect(rows.filter((row) => /^\d\d$/.test(String(row[1])) && row.length > 2)).toHaveLength(
        lines,
      )
    }
  })

  it('show birth years and codes of staff, never names', () => {
    const [file] = filesOf('staff_register', 2024)
    const [title, header, ...staff] = readCsv(sample.read(file?.path ?? ''))
    expect(title?.[0]).toBe('Реестр педагогических работников на 01.10.2023')
    expect(header).not.toContain('ФИО')
    expect(
      staff.every((row) => /^Т\d{6}$/.test(row[0] ?? '') && /^19\d\d|20\d\d$/.test(row[6] ?? '')),
    ).toBe(true)
    expect(new Set(staff.map((row) => row[0])).size).toBe(staff.length)
  })
})
