import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { atHome, quoted } from '../../cli/shell.ts'

describe('quoted(word)', () => {
  test('leaves alone what every shell takes for one word', () => {
    for (const word of ['mark_off_scale', 'core.fct_result:grain', 'printed=Физика', 'data/наше'])
      expect(quoted(word)).toBe(word)
  })
  test('quotes what would fall apart or be read as something else', () => {
    expect(quoted('core.doubled:not-null twice')).toBe('"core.doubled:not-null twice"')
    expect(quoted("printed=Rock'n'roll")).toBe('"printed=Rock\'n\'roll"')
    expect(quoted('printed=$HOME "и" ещё')).toBe(`'printed=$HOME "и" ещё'`)
  })
})

describe('atHome(home, call)', () => {
  test('is empty where the home is found without being named', () => {
    expect(atHome({ path: resolve('data') }, { env: {} })).toBe('')
    expect(atHome({ path: resolve('наше') }, { env: { MERA_HOME: 'наше' } })).toBe('')
  })
  test('names any other by the shorter of its paths', () => {
    expect(atHome({ path: resolve('data', 'demo', 'home') }, { env: {} })).toBe(
      ` --home ${join('data', 'demo', 'home')}`,
    )
    const far = resolve('..', 'другое место')
    expect(atHome({ path: far }, { env: {} })).toBe(` --home "${far}"`)
    expect(atHome({ path: resolve('data') }, { env: { MERA_HOME: 'наше' } })).toBe(' --home data')
  })
})
