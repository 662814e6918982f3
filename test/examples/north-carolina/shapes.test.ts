import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { englishNumber, share, unitCode } from '../../../examples/north-carolina/shapes.ts'

describe('a number as Americans print it', () => {
  const number = englishNumber(0, 1_000_000)

  it('reads a comma as a separator of thousands, never as a decimal one', () => {
    expect(number.parse('1,792')).toBe('1792')
    expect(number.parse('1,792.50')).toBe('1792.5')
    expect(number.parse('1,79')).toBeUndefined()
    expect(number.parse('17,92,000')).toBeUndefined()
  })

  it('drops zeros that say nothing and keeps those that do', () => {
    expect(number.parse('78.0')).toBe('78')
    expect(number.parse('100')).toBe('100')
    expect(number.parse('0.10')).toBe('0.1')
  })

  it('refuses what is no number or out of range', () => {
    for (const cell of ['', '.', '-', 'A', '1e3', '1000001', '-1'])
      expect(number.parse(cell), cell).toBeUndefined()
    expect(share.parse('1.01')).toBeUndefined()
  })

  it('reads back every whole number that en-US prints', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (value) => {
        expect(number.parse(value.toLocaleString('en-US'))).toBe(String(value))
      }),
    )
  })
})

describe('the code of a unit', () => {
  it('keeps leading zeros and letters', () => {
    for (const code of ['010303', '00A000', '84E000', '010LEA', 'NC-SEA', 'NATION'])
      expect(unitCode.parse(code)).toBe(code)
  })

  it('refuses a code that a spreadsheet has turned into a number', () => {
    for (const code of ['10303', '8.4E+01', '010303.0'])
      expect(unitCode.parse(code), code).toBeUndefined()
  })
})
