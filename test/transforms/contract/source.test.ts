import { describe, expect, expectTypeOf, it } from 'vitest'
import type { Column } from '../../../transforms/contract/column.ts'
import { anyText, wholeNumber } from '../../../transforms/contract/shape.ts'
import { defineSource, field, Source } from '../../../transforms/contract/source.ts'

const form = {
  title: 'Пример',
  version: 1,
  recognise: { headers: ['school'] },
  headers: [{ since: 2020, map: { Школа: 'school', Балл: 'score' } }],
  delivery: ['school'],
  fields: {
    school: field('School', anyText, { required: true }),
    score: field('Score', wholeNumber({ min: 0 })),
  },
} as const
const example = defineSource('file:///transforms/sources/example_form.ts', form)

describe('defineSource(url, form)', () => {
  it('is a table whose path is its name', () => {
    expect(example).toBeInstanceOf(Source)
    expect(example.id).toBe('sources.example_form')
    expect(example.url).toBe('file:///transforms/sources/example_form.ts')
  })

  it('stores every field as text that may be empty, and where it came from', () => {
    const types = Object.fromEntries(
      Object.entries(example.columns as Readonly<Record<string, Column<unknown>>>).map(
        ([name, { type, nullable }]) => [name, nullable ? `${type}?` : type],
      ),
    )
    expect(types).toEqual({
      school: 'VARCHAR?',
      score: 'VARCHAR?',
      _file: 'VARCHAR',
      _sheet: 'VARCHAR',
      _row: 'INTEGER',
      _delivery: 'VARCHAR',
      _headers: 'VARCHAR?',
      _cells: 'VARCHAR?',
    })
  })

  it('types the columns from the fields', () => {
    expectTypeOf(example.columns.score).toEqualTypeOf<Column<string | null>>()
    expectTypeOf(example.columns._row).toEqualTypeOf<Column<number>>()
    // @ts-expect-error – the form has no such field
    expect(example.columns.mark).toBeUndefined()
  })

  it('does not compile where a header, a delivery field or a hash leads to no field', () => {
    // Each expected error stays on the line below its comment.
    // prettier-ignore
    const wrong = [
      // @ts-expect-error – a header that leads to no field
      () => defineSource('sources/wrong.ts', { ...form, headers: [{ since: 2020, map: { Имя: 'name' } }] }),
      // @ts-expect-error – the delivery is told by a field that is not there
      () => defineSource('sources/wrong.ts', { ...form, delivery: ['year'] }),
      // @ts-expect-error – recognised by a field that is not there
      () => defineSource('sources/wrong.ts', { ...form, recognise: { headers: ['pupil'] } }),
      // @ts-expect-error – a hash into a field that is not there
      () => defineSource('sources/wrong.ts', { ...form, personal: [{ headers: ['ФИО'], action: 'hash', into: 'pupil', system: 'pupil' }] }),
    ]
    expect(wrong).toHaveLength(4)
  })
})

describe('field(doc, shape, options)', () => {
  it('is harmless where it has a shape, for words may be names', () => {
    expect(field('Score', wholeNumber()).harmless).toBe(true)
    expect(field('Comment').harmless).toBe(false)
    expect(field('Subject', anyText, { harmless: true }).harmless).toBe(true)
  })

  it('is not required unless said', () => {
    expect(field('Score').required).toBe(false)
    expect(field('Score', anyText, { required: true }).required).toBe(true)
  })
})
