import { describe, expect, test } from 'vitest'
import { duration, form, isoDay, number, plural, schoolYear } from '../../cli/russian.ts'

const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ')

describe('number(value, decimals)', () => {
  test('writes a decimal comma and keeps thousands apart with a space that does not break', () => {
    expect(number(1234567)).toBe('1\u00a0234\u00a0567')
    expect(number(0.12345, 2)).toBe('0,12')
    expect(number(12, 2)).toBe('12')
  })
})

describe('plural(value, one, few, many)', () => {
  test.each([
    [0, '0 файлов'],
    [1, '1 файл'],
    [2, '2 файла'],
    [5, '5 файлов'],
    [11, '11 файлов'],
    [21, '21 файл'],
    [22, '22 файла'],
    [111, '111 файлов'],
    [1001, '1 001 файл'],
  ])('%d takes the form that Russian asks for', (value, text) => {
    expect(plain(plural(value, 'файл', 'файла', 'файлов'))).toBe(text)
  })
  test('a fraction takes the second form', () => {
    expect(form(1.5, 'секунда', 'секунды', 'секунд')).toBe('секунды')
  })
})

describe('duration(ms)', () => {
  test('says tenths below ten seconds, whole seconds below a minute, minutes above', () => {
    expect([400, 12_300, 65_000].map((ms) => plain(duration(ms)))).toEqual([
      '0,4 с',
      '12 с',
      '1 мин 5 с',
    ])
  })
})

describe('schoolYear(year)', () => {
  test('names a school year by both its years', () => {
    expect([2026, 2000].map(schoolYear)).toEqual(['2025/26', '1999/00'])
  })
})

describe('isoDay(instant, timeZone)', () => {
  test('is the day that it is there', () => {
    const instant = new Date('2026-08-31T20:30:00Z')
    expect(isoDay(instant, 'Europe/Kaliningrad')).toBe('2026-08-31')
    expect(isoDay(instant, 'Asia/Kamchatka')).toBe('2026-09-01')
  })
})
