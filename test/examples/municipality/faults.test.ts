import { describe, expect, it } from 'vitest'
import { readCsv, readWorkbook, sampleOf } from './reading.ts'

const options = { seed: 7, schools: 14, years: [2025, 2026] } as const
const clean = sampleOf(options)
const faulty = sampleOf({ ...options, errors: true })
const faultOf = (kind: string) => {
  const fault = faulty.truth.faults.find((f) => f.kind === kind)
  if (!fault) throw new Error(`no fault ${kind}`)
  return fault
}
const firstSheet = (path: string) => {
  const [sheet] = readWorkbook(faulty.read(path))
  if (!sheet) throw new Error(`no sheet in ${path}`)
  return sheet
}
const cellAt = (kind: string): unknown => {
  const { file, row, column } = faultOf(kind)
  return firstSheet(file).rows[(row ?? 0) - 1]?.[(column ?? 0) - 1]
}

describe('a sample with errors', () => {
  it('plants nothing unless asked', () => {
    expect(clean.truth.faults).toEqual([])
  })

  it('points each fault at a file that is there, each kind once', () => {
    const kinds = faulty.truth.faults.map((fault) => fault.kind)
    expect(new Set(kinds).size).toBe(kinds.length)
    expect(kinds.length).toBeGreaterThanOrEqual(30)
    for (const fault of faulty.truth.faults)
      expect(faulty.bytes.has(fault.file), fault.file).toBe(true)
  })

  it('leaves what is loaded as it was, but for a mark, an unknown school, a class at another level and a branch', () => {
    const before = clean.truth
    const after = faulty.truth
    const pupils = (truth: typeof after): number =>
      truth.marks.reduce((sum, { year, n }) => sum + (year === 2026 ? n : 0), 0)
    const more = (source: string, rows: number) => {
      const years = before.rows[source]
      return { [source]: { ...years, '2026': (years?.['2026'] ?? 0) + rows } }
    }
    const tests = before.marks.filter(({ year }) => year === 2026).length
    expect(after.rows).toEqual({
      ...before.rows,
      ...more('oge_protocol', 1),
      ...more('vpr_individual', pupils(after) - pupils(before)),
      // No report has a row of the branch; one more has the country, the region, the municipality and the lyceum.
      ...more('vpr_marks', 4 - tests),
      ...more('vpr_journal', 4 - tests),
    })
    expect(Math.abs(pupils(after) - pupils(before))).toBeLessThan(4)
    const changed = after.marks.filter(
      (cell, i) => JSON.stringify(cell) !== JSON.stringify(before.marks[i]),
    )
    expect(changed.map(({ year, subject, grade }) => [year, subject, grade])).toEqual([
      [2026, 'maths', 6],
      [2026, 'maths', 7],
      [2026, 'maths_advanced', 7],
    ])
  })

  it('names both levels of a subject in their reports', () => {
    const subjects = faulty.truth.files
      .filter(({ source, year }) => source === 'vpr_individual' && year === 2026)
      .map(({ path }) => firstSheet(path).rows[3]?.[1])
    expect(firstSheet(faultOf('subject_level').file).rows[3]?.[1]).toBe(
      'Математика (углублённый уровень)',
    )
    expect(subjects).toContain('Математика (базовый уровень)')
  })

  it('gives a work of two parts a variant of each, and one pupil only the first', () => {
    const { file, row, column } = faultOf('two_parts')
    const { rows } = firstSheet(file)
    const at = (column ?? 0) - 1
    expect(rows[(row ?? 0) - 1]?.slice(at - 1, at + 1)).toEqual([
      'Вариант (часть 1)',
      'Вариант (часть 2)',
    ])
    const second = rows.filter((cells) => typeof cells[3] === 'number').map((cells) => cells[at])
    expect(new Set(second)).toEqual(new Set([1, 2, 'отсутствовал']))
    expect(second.filter((form) => form === 'отсутствовал')).toHaveLength(1)
    expect(cellAt('one_part_only')).toBe('отсутствовал')
  })

  it('has a private school and a branch in the register, the branch in no report of the last year', () => {
    const register = readCsv(faulty.read(faultOf('private_school').file))
    const cell = (kind: string): string | undefined =>
      register[(faultOf(kind).row ?? 0) - 1]?.[(faultOf(kind).column ?? 0) - 1]
    expect(cell('private_school')).toContain('Автономная некоммерческая')
    expect(cell('branch_under_head')).toBe('да')
    const login = register[(faultOf('branch_under_head').row ?? 0) - 1]?.[1] ?? ''
    const reports = (year: number): boolean[] =>
      faulty.truth.files
        .filter((file) => file.source === 'vpr_individual' && file.year === year)
        .map(({ path }) => firstSheet(path).rows.some(([school]) => school === login))
    expect([reports(2025).includes(false), reports(2026).includes(true)]).toEqual([false, false])
  })

  it('puts the faults where it says', () => {
    expect(cellAt('impossible_mark')).toBe(7)
    expect(cellAt('task_above_maximum')).toBe(99)
    expect(cellAt('words_for_number')).toBe('двадцать')
    expect(cellAt('unknown_school')).toBe(9999)
    expect(cellAt('mark_not_by_scale')).toBe(5)
    expect(cellAt('personal_column')).toBe('ФИО')
    expect(firstSheet(faultOf('merged_cells').file).merges).toBeGreaterThan(3)
    expect(firstSheet(faultOf('hidden_column').file).hidden).toBe(1)
    expect(firstSheet(faultOf('formula_cells').file).formulas).toBeGreaterThan(100)
    expect(firstSheet(faultOf('trailing_formula_rows').file).formulas).toBe(5)
    expect(readWorkbook(faulty.read(faultOf('empty_second_sheet').file))).toHaveLength(2)
    expect(firstSheet(faultOf('zero_participants').file).rows).toHaveLength(8)
    const texts = firstSheet(faultOf('numbers_as_text').file).rows.slice(8).flat()
    expect(texts.some((cell) => typeof cell === 'number')).toBe(false)
    const letters = firstSheet(faultOf('not_attempted_letters').file).rows.flat()
    expect(letters).toContain('X')
    expect(letters).toContain('Х')
    expect(firstSheet(faultOf('nbsp').file).rows[8]?.[2]).toMatch(/^\d\u00a0\d{3}\u00a0\d{3}$/)
    expect(firstSheet(faultOf('decimal_comma').file).rows[8]?.[3]).toMatch(/^\d+,\d\d$/)
  })

  it('gives a row for quarantine one thing wrong: tasks that miss the score by a point', () => {
    const { file, row } = faultOf('sum_of_tasks')
    const { rows } = firstSheet(file)
    const spoiled = rows[(row ?? 0) - 1] ?? []
    const width = rows[7]?.length ?? 0
    const sum = spoiled.slice(6, width - 3).reduce<number>((a, b) => a + Number(b), 0)
    expect(Math.abs(sum - Number(spoiled[width - 3]))).toBe(1)
  })

  it('corrects one pupil in a later upload, which is the one that the truth counts', () => {
    const { file, row } = faultOf('correction')
    const later = firstSheet(file)
    const earlierPath = faulty.truth.files.find(({ path, source }) => {
      if (source !== 'vpr_individual' || path === file) return false
      return firstSheet(path).rows[2]?.[0] === later.rows[2]?.[0]
    })?.path
    const earlier = firstSheet(earlierPath ?? '')
    const different = later.rows.flatMap((cells, i) =>
      JSON.stringify(cells) === JSON.stringify(earlier.rows[i]) ? [] : [i + 1],
    )
    expect(different).toEqual([6, row])
    const cell = faulty.truth.marks.find(
      (c) => c.year === 2026 && c.subject === 'russian' && c.grade === 6,
    )
    const width = later.rows[7]?.length ?? 0
    const scores = later.rows
      .filter((r) => typeof r[3] === 'number')
      .reduce((sum, r) => sum + Number(r[width - 3]), 0)
    expect(scores).toBe(cell?.sumOfPrimaryScores)
  })

  it('breaks the broken files and repeats the repeated ones', () => {
    expect(() => readWorkbook(faulty.read(faultOf('truncated').file))).toThrow()
    expect(() => readWorkbook(faulty.read(faultOf('corrupt').file))).toThrow()
    const { file, note } = faultOf('same_bytes')
    const original = faulty.truth.files.find(
      ({ path }) => path !== file && note.endsWith(path),
    )?.path
    expect(Buffer.compare(faulty.read(file), faulty.read(original ?? ''))).toBe(0)
    expect(
      new TextDecoder('utf-8', { fatal: true }).decode(faulty.read(faultOf('other_encoding').file)),
    ).toContain('Табельный код')
  })

  it('can be planted in the smallest sample', () => {
    const smallest = sampleOf({ schools: 1, years: [2025, 2025], errors: true })
    const kinds = faulty.truth.faults.map(({ kind }) => kind)
    // A branch needs a head.
    expect(smallest.truth.faults.map(({ kind }) => kind)).toEqual(
      kinds.filter((kind) => kind !== 'branch_under_head'),
    )
  })
})
