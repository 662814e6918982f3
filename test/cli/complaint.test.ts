import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { codeOf, complain } from '../../cli/complaint.ts'
import { Terminal } from '../../cli/terminal.ts'
import { SiteError } from '../../reports/tool.ts'
import { MissingParameter } from '../../transforms/contract/parameter.ts'
import { StatisticsError } from '../../transforms/methods/statistics/errors.ts'
import * as errors from '../../warehouse/errors.ts'
import * as runErrors from '../../workflows/errors.ts'
import { FileUnreadable, MeraError } from '../../warehouse/errors.ts'

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
  test.each([
    Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }),
    Object.assign(new Error('EDQUOT: quota'), { code: 'EDQUOT' }),
    new Error('IO Error: Could not write file "/srv/a": No space left on device'),
  ])('a full disk is expected, whoever found it: %s', async (error) => {
    const { err } = await said(error)
    expect(err).toMatch(/^Ошибка: на диске нет места.*\n {2}Что делать: освободите место/)
  })
  test('an answer of the system is said in Russian, with its path where it names one', async () => {
    const answer = (more: object) =>
      Object.assign(new Error('EISDIR: illegal'), { code: 'EISDIR', ...more })
    expect((await said(answer({ path: '/srv/a' }))).err).toMatch(
      /^Ошибка: система отказала: «\/srv\/a»: это папка, а нужен файл\n {2}Что делать: /,
    )
    expect((await said(answer({}))).err).toMatch(
      /^Ошибка: система отказала: это папка, а нужен файл\n {2}Что делать: /,
    )
  })
  test('a file that is no base of DuckDB is called damaged', async () => {
    const { err } = await said(
      new Error('IO Error: The file "/srv/a" exists, but it is not a valid DuckDB database file!'),
    )
    expect(err).toMatch(/^Ошибка: файл «\/srv\/a» испорчен: .*\n {2}Что делать: восстановите/)
  })
  test('with JSON the error is the one object of the output', async () => {
    const { out } = await said(new MeraError(trouble), { json: true })
    expect(JSON.parse(out)).toEqual({ error: trouble })
  })
  test('an error that has no code has its class for one, in the form of a code', async () => {
    const { out } = await said(new MissingParameter('risk_rule', 'minimum_n'), { json: true })
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'missing-parameter' } })
  })
})

describe('codeOf(error)', () => {
  const codes = {
    1: ['FileUnreadable', 'CheckFailed'],
    2: [
      ...['UsageError', 'SettingsInvalid', 'StateError', 'HomeInvalid', 'SecretInvalid'],
      ...['ConfigError', 'NoServer', 'NoSuchRun'],
    ],
    3: [
      ...['MeraError', 'HomeLocked', 'ContractError', 'DiskFull', 'ServerUnavailable', 'RunFailed'],
      ...['ConnectionLost', 'RunLost', 'SiteError', 'MissingParameter', 'StatisticsError'],
    ],
  } as const
  const kinds: Readonly<Record<string, { readonly prototype: object }>> = {
    ...errors,
    ...runErrors,
    ...{ SiteError, MissingParameter, StatisticsError },
  }
  /** The text of everything that a command runs. */
  const sources = async (): Promise<string[]> => {
    const root = fileURLToPath(new URL('../../', import.meta.url))
    const texts: string[] = []
    for (const folder of ['cli', 'examples', 'reports', 'transforms', 'warehouse', 'workflows'])
      for (const name of await readdir(join(root, folder), { recursive: true }))
        if (name.endsWith('.ts') && !name.includes('node_modules'))
          texts.push(await readFile(join(root, folder, name), 'utf8'))
    return texts
  }
  /** Names of the exported classes of errors in it. */
  const declared = async (): Promise<string[]> => {
    const parents = new Map<string, string>()
    for (const text of await sources())
      for (const [, kind = '', parent = ''] of text.matchAll(
        /^(?:export )?class (\w+) extends (\w+)/gm,
      ))
        parents.set(kind, parent)
    const isError = (kind: string | undefined): boolean =>
      kind !== undefined && (kind.endsWith('Error') || isError(parents.get(kind)))
    return [...parents.keys()].filter(isError).sort()
  }
  test('every class of error has a code: refused, not to be asked, gone wrong', async () => {
    expect(await declared()).toEqual(Object.values(codes).flat().sort())
    for (const [code, names] of Object.entries(codes))
      for (const name of names) {
        const error: unknown = Object.create(kinds[name]?.prototype ?? null)
        expect([name, codeOf(error)]).toEqual([name, Number(code)])
      }
  })
  test('every error that is thrown has a code in kebab-case', async () => {
    const thrown = /(?:(?:new \w+|super)\(\{\s*code: |new SiteError\(\s*)'(.*?)',/g
    const codes = (await sources()).flatMap((text) =>
      [...text.matchAll(thrown)].map(([, code]) => code),
    )
    expect(codes).toEqual(expect.arrayContaining(['usage', 'disk-full', 'site-render']))
    for (const code of codes) expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/)
  })
  test('what nobody expected is a failure', () => {
    expect(codeOf(new Error('x'))).toBe(3)
    expect(codeOf('x')).toBe(3)
  })
})
