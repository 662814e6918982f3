import { describe, expect, it } from 'vitest'
import { UsageError } from '../../warehouse/errors.ts'
import { factRules, mergedFacts } from '../../warehouse/facts.ts'
import { forms } from './forms.ts'
import { catalogOf, parameterStep, rate, rateRow } from '../support/mini.ts'
import { catalog } from '../support/tables.ts'

const rules = factRules({
  ...catalogOf([parameterStep(rate, [{ ...rateRow('a', 1), scope: 'sample' }])]),
  sources: forms,
})
const said = (facts: Readonly<Record<string, string>>): (() => void) => {
  return () => {
    rules(facts, '--fact')
  }
}

describe('factRules(catalog)', () => {
  it('lets pass what some form can use, and what is said of deliveries', () => {
    expect(
      said({
        year: '2019',
        delivered_on: '20.06.2026',
        supersedes: 'Ф1.xlsx',
        scope: 'sample',
        subject: 'Физика',
      }),
    ).not.toThrow()
  })
  it('refuses a name that no form has and lists those that somebody may have to tell', () => {
    expect(said({ yaer: '2019' })).toThrow('--fact: сведений «yaer» не бывает')
    try {
      said({ yaer: '2019' })()
    } catch (error) {
      expect(error).toBeInstanceOf(UsageError)
      expect((error as UsageError).hint).toMatch(/delivered_on.*\byear\b/)
      expect((error as UsageError).hint).not.toMatch(/\bpupil\b/)
    }
  })
  it.each([
    ['year', 'abc', 'целое число от 2000 до 2100'],
    ['delivered_on', '31.02.2026', 'дата'],
    ['scope', 'образец', 'sample'],
  ])('refuses %s=%s and says what is expected', (name, value, expected) => {
    expect(said({ [name]: value })).toThrow(`${name}=${value} не подходит, ожидалось: ${expected}`)
  })
  it('says once what forms expect of which the years begin differently', async () => {
    const { sources, steps } = await catalog()
    const own = factRules({ sources, steps })
    expect(() => {
      own({ year: 'abc' }, '--fact')
    }).toThrow(/ожидалось: целое число от 2009 до 2100$/)
  })
  it('lets every fact be taken back', () => {
    expect(said({ year: '', delivered_on: '', scope: '' })).not.toThrow()
  })
})

describe('mergedFacts(before, after)', () => {
  it('lets the later word stand, and an empty one take the earlier back', () => {
    expect(mergedFacts({ year: '2019', subject: 'а' }, { year: '2020', subject: '' })).toEqual({
      year: '2020',
    })
  })
})
