import { describe, expect, test } from 'vitest'
import { assignments, closest, wholeOption, yearsOption } from '../../cli/usage.ts'
import { UsageError } from '../../warehouse/errors.ts'

describe('closest(said, words)', () => {
  const words = ['refresh', 'rollback', 'status', 'schedule', 'sql']
  test('finds the word that was mistyped', () => {
    expect(closest('refersh', words)).toBe('refresh')
    expect(closest('statsu', words)).toBe('status')
  })
  test('finds the only word that begins so', () => {
    expect(closest('sched', words)).toBe('schedule')
  })
  test('finds the only word that is shortened so', () => {
    expect(closest('md', ['markdown', 'home', 'json'])).toBe('markdown')
    expect(closest('sh', words)).toBe('schedule')
    expect(closest('rh', ['refresh', 'rush'])).toBeUndefined()
  })
  test('guesses nothing where nothing is near', () => {
    expect(closest('delete', words)).toBeUndefined()
  })
})

describe('wholeOption(name, text, min, max)', () => {
  test('gives the number, or undefined where it was not said', () => {
    expect(wholeOption('limit', '20', 0, 100)).toBe(20)
    expect(wholeOption('limit', undefined, 0, 100)).toBeUndefined()
  })
  test.each(['-1', '101', '1.5', 'много', ''])('refuses «%s»', (text) => {
    expect(() => wholeOption('limit', text, 0, 100)).toThrow(UsageError)
  })
})

describe('yearsOption(text, min, max)', () => {
  test('gives the first and the last year, within the bounds that settings have', () => {
    expect(yearsOption('2023..2026')).toEqual([2023, 2026])
    expect(yearsOption('2000..2100')).toEqual([2000, 2100])
  })
  test.each(['2026', '2026..2023', '0000..2026', '1999..2026', '2023..2101', '2023..9999'])(
    'refuses «%s» in Russian',
    (text) => {
      expect(() => yearsOption(text)).toThrow(UsageError)
      expect(() => yearsOption(text)).toThrow(`--years ${text}: не подходит`)
    },
  )
  test('holds to narrower bounds where they are told, and names them', () => {
    expect(yearsOption('2023..2040', 2023, 2040)).toEqual([2023, 2040])
    for (const text of ['2022..2026', '2026..2041', 'abc'])
      expect(() => yearsOption(text, 2023, 2040)).toThrow(
        expect.objectContaining({
          message: `--years ${text}: не подходит`,
          hint: expect.stringContaining('от 2023 до 2040') as string,
        }),
      )
  })
})

describe('assignments(words, where)', () => {
  test('splits at the first equals sign only', () => {
    expect(assignments(['year=2019', 'title=a=b'], '--fact')).toEqual({
      year: '2019',
      title: 'a=b',
    })
  })
  test('refuses a word without a name or a value', () => {
    expect(() => assignments(['2019'], '--fact')).toThrow(/--fact/)
    expect(() => assignments(['=2019'], '--fact')).toThrow(UsageError)
  })
})
