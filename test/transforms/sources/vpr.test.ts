import { describe, expect, it } from 'vitest'
import { readWorkbook } from '../../../warehouse/readers/index.ts'
import { parseSheet } from '../../../warehouse/parse.ts'
import { recognise } from '../../../warehouse/recognise.ts'
import { readGrid, type Grid } from '../../support/grid.ts'
import { grids, russianSources } from '../../support/russian-forms.ts'
import { sharedData } from '../../support/shared-data.ts'

/** The grid with one cell changed; rows and columns from 0. */
const changed = (grid: Grid, row: number, column: number, value: string | number | null): Grid =>
  grid.map((cells, r) =>
    r === row
      ? Array.from({ length: Math.max(cells.length, column + 1) }, (_, c) =>
          c === column ? value : (cells[c] ?? null),
        )
      : cells,
  )
const firstPupil = 9

describe('ВПР Ф1', () => {
  const read = (grid: Grid) => readGrid(grid, russianSources)

  it('reads year, subject, grade, maximum and day above the header', () => {
    const { year, rows } = read(grids.vpr_individual)
    expect(year).toBe(2026)
    expect(rows[0]).toMatchObject({
      year: '2026',
      subject: 'Русский язык',
      grade: '4',
      max_raw_score: '6',
      reported_on: '2026-06-14',
    })
  })

  it('reads pupils, not group lines or formulas left below', () => {
    const { rows, repeated, quarantine } = read(grids.vpr_individual)
    expect(quarantine).toEqual([])
    expect(rows).toHaveLength(2)
    expect(rows[0]).toMatchObject({
      login: 'edu980101',
      participant: '40001',
      class_group: '1',
      test_form: '2',
      raw_score: '4',
      mark: '5',
      journal_mark: '4',
    })
    expect(rows[1]).toMatchObject({
      participant: '40002',
      raw_score: '0.0',
      mark: '2',
      journal_mark: null,
    })
    expect(repeated[0]).toEqual([
      ['1К1 (3б)', '3'],
      ['2 (2б)', 'X'],
      ['3 (1б)', '1'],
    ])
    expect(repeated[1]?.map(([, value]) => value)).toEqual(['0', 'X', 'X'])
  })

  it('counts a login of either generation as one delivery', () => {
    expect(new Set(read(grids.vpr_individual).deliveries)).toEqual(
      new Set(['2026 | russian | 4 | edu980101']),
    )
  })

  it('counts prints of one subject as one delivery, and no others', () => {
    const deliveries = (subject: string): readonly string[] => {
      const grid = grids.vpr_individual.map((cells) =>
        cells.map((cell) => (cell === 'Русский язык' ? subject : cell)),
      )
      return [...new Set(read(grid).deliveries)]
    }
    const basic = deliveries('Математика')
    expect(basic).toHaveLength(1)
    expect(deliveries('Математика (базовый уровень)')).toEqual(basic)
    expect(deliveries('МА')).toEqual(basic)
    expect(deliveries('Математика (углублённый уровень)')).not.toEqual(basic)
    expect(deliveries('Английский язык')).not.toEqual(deliveries('Иностранный язык'))
    expect(deliveries('Сольфеджио')).toEqual(deliveries('сольфеджио'))
  })

  it.each([
    ['a total that its tasks do not make', 9, 5, 'tasks-do-not-add-up'],
    ['a task above its maximum', 6, 4, 'task-over-maximum'],
    ['a mark that does not exist', 10, 7, 'value-unfit'],
    ['a journal mark that does not exist', 11, 1, 'value-unfit'],
    ['a word for a number', 9, 'пять', 'value-unfit'],
    ['no total', 9, null, 'no-score'],
    ['a login of no kind', 0, 'школа1', 'value-unfit'],
    ['no participant', 3, null, 'value-missing'],
  ])('sends a row with %s to quarantine', (_, column, value, code) => {
    const { rows, quarantine } = read(changed(grids.vpr_individual, firstPupil, column, value))
    expect(rows).toHaveLength(1)
    expect(quarantine.map((fault) => fault.code)).toContain(code)
  })

  it('points at the cell of the task that is above its maximum', () => {
    const { quarantine } = read(changed(grids.vpr_individual, firstPupil, 7, 50))
    expect(quarantine).toMatchObject([
      { code: 'task-over-maximum', cell: `H${String(firstPupil + 1)}`, value: '50' },
    ])
    expect(quarantine[0]?.column).toMatch(/\(\s*\d+\s*б/)
  })

  it('refuses a score above the test’s maximum even when its tasks make it', () => {
    const { quarantine } = read(changed(grids.vpr_individual, 4, 1, 3))
    expect(quarantine.map(({ code, message }) => [code, message])).toEqual([
      ['score-over-maximum', 'первичный балл 4 больше максимального 3'],
    ])
  })

  it('loads who was absent without asking for a score', () => {
    const absent = changed(
      changed(grids.vpr_individual, firstPupil, 5, 'отсутствовал'),
      firstPupil,
      9,
      null,
    )
    expect(read(absent).quarantine).toEqual([])
  })

  it('takes a work of two parts for one, and a pupil who wrote one part of it for none', () => {
    const parts = (first: string | number, second: string | number): Grid =>
      grids.vpr_individual.map((cells, r) =>
        r < 6 || r > firstPupil + 1 || cells.length <= 6
          ? cells
          : [
              ...cells.slice(0, 5),
              ...(r === 7
                ? ['Вариант (часть 1)', 'Вариант (часть 2)']
                : r === firstPupil
                  ? [first, second]
                  : [1, 2]),
              ...cells.slice(6),
            ],
      )
    const { rows, quarantine } = read(parts(2, 1))
    expect(quarantine).toEqual([])
    expect(rows[0]).toMatchObject({ test_form: '2', second_form: '1', raw_score: '4' })
    expect(read(parts('отсутствовал', 'отсутствовал')).quarantine).toEqual([])
    for (const [first, second, which] of [
      [2, 'отсутствовал', 'первая'],
      ['отсутствовал', 1, 'вторая'],
    ] as const) {
      const half = read(parts(first, second))
      expect(half.rows).toHaveLength(1)
      expect(half.quarantine).toMatchObject([
        {
          code: 'one-part-only',
          cell: `G${String(firstPupil + 1)}`,
          message: expect.stringContaining(which) as string,
        },
      ])
    }
  })

  it.each(['ФИО', 'Фамилия', 'Пол'])('refuses a sheet with the column «%s»', (header) => {
    const { refused, rows } = read(changed(grids.vpr_individual, 7, 12, header))
    expect(refused).toContain(header)
    expect(rows).toEqual([])
  })
})

describe('ВПР Ф3', () => {
  it('reads counts with spaces and percentages with point, comma or sign', () => {
    const { rows, quarantine } = readGrid(grids.vpr_marks, russianSources)
    expect(quarantine).toEqual([])
    expect(rows[0]).toMatchObject({
      unit: 'Вся выборка',
      schools: '35589',
      participants: '1722202',
      percent_2: '5.06',
      percent_3: '32.92',
      percent_4: '44.33',
      percent_5: '17.69',
    })
    expect(rows.map(({ unit }) => unit)).toEqual([
      'Вся выборка',
      'Озёрная область',
      'Тихий округ(reg98_m012)',
      'edu980101',
    ])
  })

  it('refuses shares that do not make a whole and takes a unit without participants', () => {
    const wrong = changed(grids.vpr_marks, 9, 3, 50)
    expect(readGrid(wrong, russianSources).quarantine.map(({ code }) => code)).toEqual([
      'marks-do-not-add-up',
    ])
    const nobody = [
      ...grids.vpr_marks.slice(0, 8),
      ['МБОУ СОШ № 2(edu980102)', null, 0, 0, 0, 0, 0],
    ]
    expect(readGrid(nobody, russianSources)).toMatchObject({
      quarantine: [],
      rows: [{ participants: '0' }],
    })
  })
})

describe('ВПР comparison with the journal', () => {
  it('knows a school under any quotes as the same delivery', () => {
    const other = changed(grids.vpr_journal_wide, 9, 0, 'МБОУ «СОШ № 1»(sch980101)')
    const [first, second] = [grids.vpr_journal_wide, other].map((grid) =>
      readGrid(grid, russianSources),
    )
    expect(first?.deliveries).toEqual(second?.deliveries)
    expect(first?.rows[1]).toMatchObject({
      participants: '20',
      lowered: '5',
      confirmed: '14',
      raised: '1',
    })
  })

  it('refuses parts that do not make the whole', () => {
    const { quarantine } = readGrid(changed(grids.vpr_journal_wide, 9, 3, 6), russianSources)
    expect(quarantine.map(({ code }) => code)).toEqual(['parts-do-not-add-up'])
  })
})

describe('the form that schools fill in', () => {
  const path = 'edu980101/Форма сбора результатов Русский язык 4 класс ВПР 2026.xlsx'

  it('takes school, subject, grade and year from its path', () => {
    const { rows, year } = readGrid(grids.vpr_collection, russianSources, { path })
    expect(year).toBe(2026)
    expect(rows[0]).toMatchObject({
      login: 'edu980101',
      subject: 'Русский язык',
      grade: '4',
      journal_mark: '5',
      raw_score: '2',
    })
  })

  it('leaves out rows that were filled in advance, whatever stands beside them', () => {
    const { rows, quarantine } = readGrid(grids.vpr_collection, russianSources, { path })
    expect(rows.map(({ participant, test_form }) => [participant, test_form])).toEqual([
      ['40001', '1'],
      ['40002', 'отсутствовал'],
    ])
    expect(quarantine).toEqual([])
  })

  it('holds a pupil who wrote one part of two back', () => {
    const parts = grids.vpr_collection.map((cells, r) => [
      cells[0] ?? null,
      r === 0 ? 'Вариант (часть 1)' : (cells[1] ?? null),
      r === 0 ? 'Вариант (часть 2)' : r < 3 ? 'отсутствовал' : null,
      ...cells.slice(2),
    ])
    const { rows, quarantine } = readGrid(parts, russianSources, { path })
    expect(rows.map(({ participant }) => participant)).toEqual(['40002'])
    expect(quarantine.map(({ code }) => code)).toEqual(['one-part-only'])
  })

  it('is not loaded while nothing tells the school', () => {
    const { rows } = readGrid(grids.vpr_collection, russianSources, {
      path: path.replace('edu980101', 'почта'),
    })
    expect(rows).toEqual([])
    const told = readGrid(grids.vpr_collection, russianSources, {
      path: path.replace('edu980101', 'почта'),
      facts: { login: 'edu980101' },
    })
    expect(told.rows).toHaveLength(2)
  })

  const specimen = sharedData('ru_vpr_form_specimen')
  it.runIf(specimen !== undefined)(
    'reads the specimen: formulas, task names with letters, two variants',
    async () => {
      const sheets = await readWorkbook(`${specimen ?? ''}/original/base_form.xlsx`)
      const facts = { login: 'edu980101', subject: 'Математика', grade: '4', year: '2025' }
      const read = sheets.map((sheet) => {
        const found = recognise(sheet, russianSources, {
          facts,
          path: 'base_form.xlsx',
          dropPersonal: new Set(),
        })
        if (found.source === null) throw new Error(`${sheet.name} is not recognised`)
        return parseSheet(sheet, found, () => 'hash')
      })
      expect(read.map(({ loaded, quarantined }) => [loaded, quarantined])).toEqual([
        [20, 0],
        [20, 0],
      ])
      expect(read[0]?.columns.get('raw_score')?.slice(0, 4)).toEqual(['20', '18', '19', '16'])
      expect(read[0]?.columns.get('test_form')?.at(-1)).toBe('отсутствовал')
      expect(read[0]?.columns.has('sex')).toBe(false)
    },
  )
})
