import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reportsFolder } from '../../reports/folders.ts'

interface Figure {
  readonly value: number | null
  readonly forms?: readonly [string, string, string]
  readonly note?: string
}
const { bound, marksOf, noteOf, plain, sentence, series } = (await import(
  join(reportsFolder, 'components/format.js')
)) as {
  readonly bound: (text: string) => string
  readonly marksOf: (low: number, high: number) => readonly number[]
  readonly sentence: (text: string) => string
  readonly noteOf: (figure: Figure) => string
  readonly plain: (value: unknown) => unknown
  readonly series: (row: Readonly<Record<string, string>>) => string
}
const schools = ['школа', 'школы', 'школ'] as const

describe('series(row)', () => {
  const vpr = { procedure: 'vpr', procedure_name: 'ВПР', grade: 'all', grade_name: 'Все классы' }
  const pooled = { subject: 'all', subject_name: 'Все предметы' }
  it.each([
    ['ВПР, все предметы', { ...vpr, ...pooled }],
    [
      'ВПР, физика, 8 класс',
      { ...vpr, subject: 'physics', subject_name: 'Физика', grade: '8', grade_name: '8 класс' },
    ],
    ['в целом', { ...vpr, ...pooled, procedure: 'all', procedure_name: '—' }],
  ])(
    'says of a procedure that all its subjects are meant, and nothing where there is none: %s',
    (text, row) => {
      expect(series(row).replaceAll('\u00a0', ' ')).toBe(text)
    },
  )
})

describe('marksOf(low, high)', () => {
  it('gives at least two numbers inside, so that an axis tells its scale', () => {
    const range = fc.tuple(
      fc.double({ min: -100, max: 100, noNaN: true }),
      fc.double({ min: 0.001, max: 150, noNaN: true }),
    )
    fc.assert(
      fc.property(range, ([low, length]) => {
        const high = low + length
        const marks = marksOf(low, high)
        expect(marks.length).toBeGreaterThan(1)
        for (const mark of marks) {
          expect(mark).toBeGreaterThanOrEqual(low - length * 1e-6)
          expect(mark).toBeLessThanOrEqual(high + length * 1e-6)
        }
      }),
    )
    expect(marksOf(0.91, 0.99).length).toBeGreaterThan(1)
  })
})

describe('bound(text)', () => {
  it('keeps a sign with its word, and n with the interval', () => {
    expect(bound('↗ Улучшение')).toBe('↗\u00a0Улучшение')
    expect(bound('Значение, 95 % ДИ, n')).toBe('Значение, 95\u00a0%\u00a0ДИ,\u00a0n')
  })

  it('keeps a number with what it counts, and a probability whole', () => {
    expect(bound('на 0,1 п. п.')).toBe('на 0,1\u00a0п.\u00a0п.')
    expect(bound('окружающий мир, 4 класс')).toBe('окружающий мир, 4\u00a0класс')
    expect(bound('ожидалось 5 (p < 0,0001); n = 436')).toBe(
      'ожидалось 5 (p\u00a0<\u00a00,0001); n\u00a0=\u00a0436',
    )
  })
})

describe('plain(value)', () => {
  it('writes truth, dates and nothing as Russians do, and leaves all else', () => {
    expect([true, false, null, '', 'село', 0].map(plain)).toEqual([
      'да',
      'нет',
      '—',
      '—',
      'село',
      0,
    ])
    expect(plain(new Date('2026-09-01T00:00:00Z'))).toBe('01.09.2026')
  })
})

describe('sentence(text)', () => {
  it('begins with a capital', () => {
    expect(sentence('обновлённая модель ВПР')).toBe('Обновлённая модель ВПР')
  })
})

describe('noteOf(figure)', () => {
  it.each([
    [1, 'школа без красных'],
    [3, 'школы без красных'],
    [11, 'школ без красных'],
    [22, 'школы без красных'],
    [83, 'школы без красных'],
    [0, 'школ без красных'],
  ])('puts the word of %i in the form that the number asks for', (value, text) => {
    expect(noteOf({ value, forms: schools, note: 'без красных' })).toBe(text)
  })

  it('sets a comma close to the word, and needs no more than the word', () => {
    expect(noteOf({ value: 4, forms: schools, note: ', хотя бы по одному' })).toBe(
      'школы, хотя бы по одному',
    )
    expect(noteOf({ value: 5, forms: schools })).toBe('школ')
  })

  it('leaves the word out where there is no count', () => {
    expect(noteOf({ value: null, forms: schools, note: 'зоны не оценивались' })).toBe(
      'зоны не оценивались',
    )
    expect(noteOf({ value: null, forms: schools, note: ', хотя бы по одному' })).toBe(
      'хотя бы по одному',
    )
    expect(noteOf({ value: 2 })).toBe('')
  })
})

it('no page writes the word of a count in one form', () => {
  const pages = join(reportsFolder, 'pages')
  for (const page of readdirSync(pages, { recursive: true, encoding: 'utf8' }))
    if (page.endsWith('.md'))
      expect(readFileSync(join(pages, page), 'utf8'), page).not.toMatch(
        /note: (?:[^,{}]*: )?'(?:раз|школ|показателей)[ ,]/,
      )
})
