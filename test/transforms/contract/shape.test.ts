import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  anyText,
  calendarDate,
  decimalNumber,
  matching,
  oneOf,
  wholeNumber,
} from '../../../transforms/contract/shape.ts'

describe('wholeNumber(options)', () => {
  const shape = wholeNumber({ min: 0, max: 50 })

  it('reads a whole number as spreadsheets write it and gives one canonical text', () => {
    expect(['12', '12,0', '12.00', ' 12 ', '12\u00a0', '+12', '0'].map(shape.parse)).toEqual([
      '12',
      '12',
      '12',
      '12',
      '12',
      '12',
      '0',
    ])
  })

  it('refuses a fraction, words, nothing and what lies outside its limits', () => {
    expect(['12,5', 'X', '', '-1', '51', '1e1', '0x10'].map(shape.parse)).toEqual(
      Array(7).fill(undefined),
    )
  })

  it('names its limits in Russian', () => {
    expect(shape.expected).toBe('целое число от 0 до 50')
    expect(wholeNumber().expected).toBe('целое число')
  })

  it('reads every whole number back, with any thousands spaces', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e9, max: 1e9 }),
        fc.constantFrom('', ' ', '\u00a0', '\u202f'),
        (n, space) => {
          const printed = n.toLocaleString('en').replaceAll(',', space)
          expect(wholeNumber().parse(printed)).toBe(String(n))
        },
      ),
    )
  })
})

describe('decimalNumber(options)', () => {
  it('reads a decimal comma and gives a point', () => {
    expect(
      ['52,4', '52.4', '1 234,5', '1\u00a0234,5', '+0,5', '-3', '7'].map(decimalNumber().parse),
    ).toEqual(['52.4', '52.4', '1234.5', '1234.5', '0.5', '-3', '7'])
  })

  it('refuses what is no number, two separators and what lies outside its limits', () => {
    const share = decimalNumber({ min: 0, max: 100 })
    expect(['', 'н/д', '1,2,3', '1.', ',5', '-0,1', '100,01'].map(share.parse)).toEqual(
      Array(7).fill(undefined),
    )
    expect(share.parse('100,00')).toBe('100.00')
  })

  it('keeps the value', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e8, max: 1e8 }),
        fc.integer({ min: 0, max: 4 }),
        (n, places) => {
          const value = n / 10 ** places
          const printed = value.toFixed(places).replace('.', ',')
          expect(Number(decimalNumber().parse(printed))).toBe(value)
        },
      ),
    )
  })
})

describe('calendarDate', () => {
  it('reads a Russian and an ISO date, drops the time and gives ISO', () => {
    expect(
      [
        '31.12.2025',
        '1.9.2024',
        '2025-12-31',
        '2025-12-31T10:00:00',
        '31.12.2025 10:15',
        '2024-02-29',
      ].map(calendarDate.parse),
    ).toEqual(['2025-12-31', '2024-09-01', '2025-12-31', '2025-12-31', '2025-12-31', '2024-02-29'])
  })

  it('refuses days that no calendar has and other orders', () => {
    expect(
      ['31.02.2025', '29.02.2025', '2025-13-01', '12/31/2025', '31.12.25', ''].map(
        calendarDate.parse,
      ),
    ).toEqual(Array(6).fill(undefined))
  })

  it('reads every day printed the Russian way', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1950-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
        (day) => {
          const iso = day.toISOString().slice(0, 10)
          expect(calendarDate.parse(iso.split('-').reverse().join('.'))).toBe(iso)
        },
      ),
    )
  })
})

describe('oneOf(…words)', () => {
  it('compares without case and gives the word as listed', () => {
    expect(oneOf('Да', 'Нет').parse('ДА')).toBe('Да')
    expect(oneOf('Да', 'Нет').parse('возможно')).toBeUndefined()
    expect(oneOf('Да', 'Нет').expected).toBe('одно из: Да, Нет')
  })
})

describe('matching(pattern, expected)', () => {
  it('passes what the pattern matches as it is', () => {
    const login = matching(/^sch\d{6}$/, 'логин вида sch123456')
    expect(login.parse('sch123456')).toBe('sch123456')
    expect(login.parse('sch12345')).toBeUndefined()
  })
})

describe('anyText', () => {
  it('takes anything and promises nothing about words', () => {
    expect(anyText.parse('Иванова')).toBe('Иванова')
    expect(anyText.wordless).toBeUndefined()
  })
})
