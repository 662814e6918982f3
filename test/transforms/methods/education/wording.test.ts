import { describe, expect, it } from 'vitest'
import {
  changeText,
  intervalText,
  russianNumber,
  sizeText,
  valueText,
} from '../../../../transforms/methods/education/wording.ts'

const plain = (text: string): string => text.replaceAll('\u00A0', ' ')

describe('numbers in words for officials', () => {
  it('have a decimal comma, thousands apart, a true minus and no minus zero', () => {
    expect(plain(russianNumber(1234567.25, 1))).toBe('1 234 567,3')
    expect(russianNumber(-3.14, 1)).toBe('−3,1')
    expect(russianNumber(-0.04, 1)).toBe('0,0')
    expect(plain(russianNumber(1000, 0))).toBe('1 000')
  })

  it('show shares in percent and their differences in points', () => {
    expect(plain(valueText(0.4231, 'share', 1))).toBe('42,3 %')
    expect(valueText(57.06, 'points', 1)).toBe('57,1')
    expect(plain(sizeText(-0.052, 'share', 1))).toBe('5,2 п. п.')
    expect(plain(intervalText(0.401, 0.623, 'share', 1))).toBe('95 % ДИ 40,1–62,3 %')
  })

  it('say how much, from when to when and how surely', () => {
    const change = {
      total: 0.052,
      firstYear: 2024,
      lastYear: 2026,
      unit: 'share',
      decimals: 1,
    } as const
    expect(plain(changeText({ ...change, lo: 0.01, hi: 0.094 }))).toBe(
      '+5,2 п. п. за 2024–2026 (95 % ДИ от +1,0 до +9,4)',
    )
    expect(plain(changeText({ ...change, lo: null, hi: null }))).toBe(
      '+5,2 п. п. за 2024–2026 (95 % ДИ не вычислим)',
    )
    expect(plain(changeText({ ...change, unit: 'points', total: -3.24, lo: -6, hi: -0.48 }))).toBe(
      '−3,2 балла за 2024–2026 (95 % ДИ от −6,0 до −0,5)',
    )
    expect(plain(changeText({ ...change, total: -0.148, lo: -0.296, hi: -0.00024 }))).toContain(
      'от −29,6 до −0,02',
    )
    expect(plain(changeText({ ...change, total: 0, lo: -0, hi: 1e-9 }))).toContain('от 0,0 до 0,0)')
  })
})
