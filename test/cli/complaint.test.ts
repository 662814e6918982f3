import { describe, expect, test } from 'vitest'
import { codeOf, complain } from '../../cli/complaint.ts'
import { Terminal } from '../../cli/terminal.ts'
import {
  CheckFailed,
  FileUnreadable,
  HomeInvalid,
  MeraError,
  UsageError,
} from '../../warehouse/errors.ts'

const said = async (
  error: unknown,
  { debug = false, json = false } = {},
): Promise<{ out: string; err: string }> => {
  const texts = { out: '', err: '' }
  const stream = (name: 'out' | 'err') => ({
    write: (text: string | Uint8Array, done?: () => void) => {
      texts[name] += String(text)
      done?.()
      return true
    },
  })
  const terminal = new Terminal({ out: stream('out'), err: stream('err'), json })
  await complain(error, { terminal, debug })
  return texts
}
const trouble = { code: 'bad', message: 'не читается', hint: 'сохраните заново' }

describe('complain(error, options)', () => {
  test('an expected error says what, where and what to do, and no stack', async () => {
    const error = new FileUnreadable({ ...trouble, file: 'a.xlsx', sheet: 'ОМ 4', cell: 'D12' })
    const { err } = await said(error)
    expect(err).toBe(
      'Ошибка: не читается\n  Где: файл a.xlsx, лист «ОМ 4», ячейка D12\n  Что делать: сохраните заново\n',
    )
  })
  test('an unexpected error is one line and how to learn more', async () => {
    const { err } = await said(new TypeError('x is undefined\nsecond line'))
    expect(err.split('\n')).toHaveLength(3)
    expect(err).toContain('x is undefined')
    expect(err).not.toMatch(/second line|at .*:\d+/)
  })
  test('a stack is shown on request only', async () => {
    const { err } = await said(new TypeError('x'), { debug: true })
    expect(err).toMatch(/at .*complaint\.test\.ts/)
  })
  test('any error with a hint is expected, whoever made it', async () => {
    const { err } = await said(Object.assign(new Error('порт занят'), { hint: 'возьмите другой' }))
    expect(err).toBe('Ошибка: порт занят\n  Что делать: возьмите другой\n')
  })
  test('with JSON the error is the one object of the output', async () => {
    const { out } = await said(new MeraError(trouble), { json: true })
    expect(JSON.parse(out)).toEqual({ error: trouble })
  })
})

describe('codeOf(error)', () => {
  test('tells a bad file, a bad command line and a failure apart', () => {
    const errors = [FileUnreadable, CheckFailed, UsageError, HomeInvalid, MeraError]
    expect(errors.map((Kind) => codeOf(new Kind(trouble)))).toEqual([1, 1, 2, 3, 3])
    expect(codeOf(new Error('x'))).toBe(3)
  })
})
