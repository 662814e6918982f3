import { describe, expect, it } from 'vitest'
import { readGrid, type Grid } from '../../support/grid.ts'
import { grids, russianSources } from '../../support/russian-forms.ts'

const read = (grid: Grid) => readGrid(grid, russianSources)

describe('school register', () => {
  it('reads dates of both kinds, the decimal comma and the day above the header', () => {
    const { rows, quarantine } = read(grids.school_register)
    expect(quarantine).toEqual([])
    expect(rows).toMatchObject([
      {
        snapshot_on: '2025-09-01',
        school_code: '2101',
        login: 'edu980101',
        distance_km: '2.5',
        opened_on: '1974-09-01',
        closed_on: '2025-08-31',
        successor_code: '2104',
      },
    ])
  })

  it('counts a municipality by its code, however its name is printed', () => {
    const deliveries = (municipality: string): readonly string[] => {
      const at = grids.school_register[1].indexOf('Муниципалитет')
      expect(at).toBeGreaterThan(0)
      return read(
        grids.school_register.map((row, r) =>
          r > 1 ? row.map((cell, c) => (c === at ? municipality : cell)) : row,
        ),
      ).deliveries
    }
    expect(deliveries('Верхнереченский МО (Reg98_m012)')).toEqual(
      deliveries('Верхнереченский муниципальный округ(reg98_m012)'),
    )
    expect(deliveries('Верхнереченский МО (reg98_m013)')).not.toEqual(
      deliveries('Верхнереченский МО (reg98_m012)'),
    )
  })

  it('quarantines a school closed before it opened', () => {
    const wrong = grids.school_register.map((row) =>
      row.map((cell) => (cell === '2025-08-31' ? '31.08.1970' : cell)),
    )
    expect(read(wrong).quarantine.map(({ code }) => code)).toEqual(['closed-before-opened'])
  })
})

describe('ОО-1', () => {
  it('reads lines by section, values by number of column', () => {
    const { rows, repeated, quarantine } = read(grids.oo1_extract)
    expect(quarantine).toEqual([])
    expect(
      rows.map(({ autumn, school_code, section, line_code }) => [
        autumn,
        school_code,
        section,
        line_code,
      ]),
    ).toEqual([
      ['2024', '2101', '1', '01'],
      ['2024', '2101', '1', '12'],
      ['2024', '2101', '4', '04'],
    ])
    expect(repeated[0]).toEqual([
      ['3', '25'],
      ['4', '3'],
      ['5', '0'],
    ])
  })

  it('does not take a line with 1 and 2 among its values for a header', () => {
    const small = grids.oo1_extract.map((row) =>
      row[0] === '1 класс' ? ['1 класс', '01', 2, 1, 0] : row,
    )
    expect(read(small).rows).toHaveLength(3)
  })
})

describe('staff register', () => {
  it('keeps a hash in place of the personnel number', () => {
    const { rows, quarantine } = read(grids.staff_register)
    expect(quarantine).toEqual([])
    expect(rows).toMatchObject([
      {
        employee_ref: 'staff:Т000001',
        snapshot_on: '2024-10-01',
        school_code: '2101',
        rate: '1.25',
        category: 'первая',
        trained_on: '2023-05-18',
      },
    ])
    expect(Object.keys(rows[0] ?? {})).not.toContain('Табельный код')
  })

  it('drops names where an office leaves them in', () => {
    const named = grids.staff_register.map((row, r) => [
      ...row,
      r === 1 ? 'ФИО' : r === 2 ? 'Тестова Анна' : null,
    ])
    const { rows, refused } = read(named)
    expect(refused).toBeUndefined()
    expect(JSON.stringify(rows)).not.toContain('Тестова')
  })

  it('quarantines more years of teaching than of work', () => {
    const wrong = grids.staff_register.map((row) =>
      row.map((cell, c) => (c === 11 && cell === 10 ? 20 : cell)),
    )
    expect(read(wrong).quarantine.map(({ code }) => code)).toEqual(['teaching-over-experience'])
  })
})
