import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { join } from 'node:path'
import { commands } from '../../cli/commands.ts'
import { mera } from '../support/mera.ts'

let cwd = ''
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'mera-help-'))
})
afterAll(() => rm(cwd, { recursive: true, force: true }))

describe('mera help', () => {
  test('lists every command and goes to standard output', async () => {
    const { code, stdout, stderr } = await mera(['--help'], { cwd })
    expect([code, stderr]).toEqual([0, ''])
    for (const { name, summary } of commands) {
      expect(stdout).toContain(`  ${name} `)
      expect(stdout).toContain(summary)
    }
  })
  test('is the same without a command', async () => {
    const [bare, asked] = await Promise.all([mera([], { cwd }), mera(['help'], { cwd })])
    expect(bare.stdout).toBe(asked.stdout)
    expect(bare.code).toBe(0)
  })
  test('of a command says how it is called and what each option does', async () => {
    const [one, other] = await Promise.all([
      mera(['help', 'sql'], { cwd }),
      mera(['sql', '--help'], { cwd }),
    ])
    expect(one.stdout).toBe(other.stdout)
    expect(one.stdout).toMatch(/^mera sql "ЗАПРОС"/)
    expect(one.stdout).toContain('--format ВИД')
    expect(one.stdout).toContain('--home ПАПКА')
  })
  test('every command has a usage that begins with its name, and Russian words about it', async () => {
    for (const { name, summary, load } of commands) {
      const { command } = await load()
      expect(command.usage.split(' ')[0]).toBe(name)
      for (const text of [
        summary,
        command.help,
        ...Object.values(command.options).map((o) => o.doc),
      ])
        expect(text).toMatch(/[а-яё]/i)
    }
  })
  test('tells the version of the package', async () => {
    expect((await mera(['--version'], { cwd })).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})

describe('mistakes in the command line', () => {
  test.each([
    [['refersh'], 'возможно, mera refresh'],
    [['sql', '--formt', 'csv', 'x'], 'возможно, --format'],
    [['load'], 'не хватает'],
    [['status', 'лишнее'], 'лишнее'],
    [['sql', '--home'], 'нужно значение'],
    [['build', '--full=да'], 'значение не нужно'],
    [['sql', 'select 1', '--format', 'doc'], 'бывают: table'],
    [['sample', 'x', '--schools', '0'], 'от 1 до 3000'],
    [['sample', 'x', '--years', '2023'], '2023..2026'],
    [['sample', 'x', '--years', '2015..2026'], 'годы — от 2023 до 2040'],
    [['sql', 'select 1', '--limit', '-3'], 'целое число от 1 до'],
    [['sample', 'x', '--seed', '-1'], '--seed -1: не подходит'],
    [['trace', 'fct_result', '2101'], 'имя=значение'],
    [['load', 'нет-такого'], 'нет'],
    [['status', '--engine', 'other', '--home', 'x', '--nothing'], '--nothing'],
    [['sample', 'x', '--engine', 'other'], 'бывает local или temporal'],
    [['describe', '--project', 'нет'], 'нет проекта'],
    [['sample', 'x', '--project', 'нет'], 'нет проекта'],
    [['status', '--home', ''], 'после --home нужно значение: ПАПКА'],
    [['approve', '--by='], 'после --by нужно значение: ИМЯ'],
    [['sample', ''], 'одно из слов команды — пустое'],
    [['describe', ''], 'mera describe [ТАБЛИЦА|ПРОВЕРКА]'],
  ])('%j ends with code 2, says what is wrong and shows no stack', async (args, said) => {
    const { code, stdout, stderr } = await mera(args, { cwd })
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(said)
    expect(stderr).not.toMatch(/\n\s+at /)
  })
  test('a path that is not there makes no home', async () => {
    await mera(['load', 'нет-такого'], { cwd })
    expect(existsSync(join(cwd, 'data'))).toBe(false)
  })
  test.each(['check', 'load', 'refresh'])(
    'a path that is not there has one code, whoever asks: mera %s',
    async (name) => {
      const { code, json } = await mera([name, 'нет-такого', '--json'], { cwd })
      expect(code).toBe(2)
      expect(json()).toMatchObject({ error: { code: 'path-missing', file: 'нет-такого' } })
    },
  )
  test('an absent home is named with its folder, and ends with code 2', async () => {
    const { code, stderr } = await mera(['status', '--home', 'нет'], { cwd })
    expect(code).toBe(2)
    expect(stderr).toContain('нет хранилища')
    expect(stderr).toContain('Что делать')
  })
  test('with --json the error is one object on standard output', async () => {
    const { code, json } = await mera(['status', '--home', 'нет', '--json'], { cwd })
    expect(code).toBe(2)
    expect(json()).toMatchObject({ error: { code: 'home-missing' } })
  })
})
