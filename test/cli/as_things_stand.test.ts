import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from '../../cli/main.ts'
import { serveSite } from '../../reports/serve.ts'
import { openHome } from '../../warehouse/home.ts'
import { readJournal } from '../../warehouse/journal.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mera-state-'))
  await openHome(join(folder, 'empty'))
  const asking = await openHome(join(folder, 'asking'))
  await writeFile(join(asking.settings, 'approvals.json'), '{"beforePublishing": true}')
  await writeFile(join(folder, 'other.txt'), 'a')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** What a command answers in a home of this folder: its code and what stands on standard output. */
const ask = async (home: string, args: readonly string[]): Promise<[number, string]> => {
  const out = new PassThrough()
  const code = await run([...args, '--json', '--home', join(folder, home)], {
    out: out as unknown as NodeJS.WriteStream,
    err: new PassThrough() as unknown as NodeJS.WriteStream,
    env: { MERA_KEY_FILE: join(folder, 'pseudonyms.key') },
    signal: new AbortController().signal,
  })
  const said = JSON.parse(String(out.read())) as { error?: { code: string } }
  return [code, said.error?.code ?? '']
}

describe('settings of Temporal', () => {
  const said = async (
    args: readonly string[],
    env: Readonly<Record<string, string>>,
  ): Promise<{ code: number; err: string }> => {
    const err = new PassThrough()
    const code = await run([...args, '--home', join(folder, 'empty')], {
      out: new PassThrough() as unknown as NodeJS.WriteStream,
      err: err as unknown as NodeJS.WriteStream,
      env: { MERA_KEY_FILE: join(folder, 'pseudonyms.key'), XDG_CONFIG_HOME: folder, ...env },
      signal: new AbortController().signal,
    })
    return { code, err: String(err.read()) }
  }
  test.each(['load', 'refresh'])(
    'that are wrong stop %s before anything is received',
    async (command) => {
      const { code, err } = await said(
        [command, join(folder, 'other.txt'), '--engine', 'temporal'],
        {
          MERA_TEMPORAL_CLI: join(folder, 'gone'),
        },
      )
      expect(code).toBe(2)
      expect(err).toContain('MERA_TEMPORAL_CLI')
      expect(err).not.toContain('Приём файлов')
      expect((await readJournal(await openHome(join(folder, 'empty')))).received).toBe(0)
    },
  )
  test.each([
    [
      'with the reason of the engine where that is the reason',
      [],
      'Исполнение: через Temporal (адрес',
    ],
    ['beside it where it is not', ['--engine', 'temporal'], 'Сервер Temporal: адрес'],
  ])('are named once: %s', async (_, flags, line) => {
    const { code, err } = await said(['refresh', ...flags], { TEMPORAL_ADDRESS: '127.0.0.1:1' })
    expect(code).toBe(3)
    const before = err.slice(0, err.indexOf('Ошибка'))
    expect(before).toContain(line)
    expect(before.split('127.0.0.1:1')).toHaveLength(2)
  })
  test('whose file is gone are told by the status, which goes on', async () => {
    const { code, err } = await said(['status'], {
      TEMPORAL_CONFIG_FILE: join(folder, 'gone.toml'),
    })
    expect(code).toBe(0)
    expect(err).toContain(`TEMPORAL_CONFIG_FILE: файла «${join(folder, 'gone.toml')}» нет`)
  })
})

describe('mera status beside a settings file that is broken', () => {
  const overdue = { source: 'staff_register', year: 2020 }
  const told = async (settings: Readonly<Record<string, unknown>>, ...args: readonly string[]) => {
    const home = await openHome(join(folder, 'broken'))
    for (const [name, value] of Object.entries(settings))
      await writeFile(join(home.settings, name), JSON.stringify(value))
    const [out, err] = [new PassThrough(), new PassThrough()]
    const code = await run(['status', ...args, '--home', home.path], {
      out: out as unknown as NodeJS.WriteStream,
      err: err as unknown as NodeJS.WriteStream,
      env: {},
      signal: new AbortController().signal,
    })
    await Promise.all(Object.keys(settings).map((name) => rm(join(home.settings, name))))
    return { code, out: String(out.read()), err: String(err.read()) }
  }
  test('tells what does not depend on it, then the fault, and ends with code 2', async () => {
    const { code, out, err } = await told({
      'expected-deliveries.json': [overdue],
      'approvals.json': { beforePublishng: true },
    })
    expect(code).toBe(2)
    expect(out).toContain('Ещё ничего не опубликовано')
    expect(out).toContain('просрочено')
    expect(err).toMatch(/^Ошибка: ошибки в настройках:\n {2}approvals\.json, beforePublishng: нет/)
    expect(err).toContain('Что делать: исправьте названные поля')
  })
  test('prints one object with the fault in it, and nothing of the file itself', async () => {
    const { code, out } = await told(
      { 'expected-deliveries.json': [overdue, { ...overdue, year: '2021' }] },
      '--json',
    )
    expect(code).toBe(2)
    expect(JSON.parse(out)).toMatchObject({
      published: null,
      deliveries: [],
      error: { code: 'settings-invalid' },
    })
  })
  test('has no error in the object, and code 0, where no file is', async () => {
    const { code, out } = await told({ 'expected-deliveries.json': [overdue] }, '--json')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ deliveries: [{ ...overdue, isOverdue: true }] })
    expect(JSON.parse(out)).not.toHaveProperty('error')
  })
})

describe('what cannot be asked as things stand ends with code 2', () => {
  test.each([
    ['status'],
    ['build'],
    ['publish'],
    ['rollback'],
    ['pin'],
    ['withdraw', 'Ф1.xlsx'],
    ['diff'],
    ['approve'],
    ['sql', 'select 1'],
    ['trace', 'fct_result', 'x=1'],
    ['reports', 'build'],
    ['reports', 'serve'],
    ['schedule', 'list'],
  ])('%s %s without a home', async (...args) => {
    expect(await ask('none', args)).toEqual([2, 'home-missing'])
  })
  test.each([
    ['nothing-built', ['publish']],
    ['nothing-to-roll-back', ['rollback']],
    ['nothing-published', ['pin']],
    ['generation-missing', ['pin', 'g00009']],
    ['nothing-published', ['sql', 'select 1']],
    ['nothing-published', ['trace', 'fct_result', 'x=1']],
    ['nothing-published', ['reports', 'build']],
    ['site-missing', ['reports', 'serve']],
    ['nothing-waits', ['approve']],
    ['no-server', ['schedule', 'trigger', 'monthly']],
  ])('%s in a home where nothing is published', async (code, args) => {
    expect(await ask('empty', args)).toEqual([2, code])
  })
  test('publication of a home that waits for a word', async () => {
    expect(await ask('asking', ['publish'])).toEqual([2, 'approval-required'])
  })
  test('a home in a folder of other files', async () => {
    expect(await ask('.', ['refresh', join(folder, 'other.txt')])).toEqual([2, 'home-foreign'])
  })
})

describe('what goes wrong on the way ends with code 3', () => {
  test('a port that is taken', async () => {
    await mkdir(join(folder, 'empty/site/official'), { recursive: true })
    const server = await serveSite(folder, 0)
    try {
      const { port } = new URL(server.url)
      expect(await ask('empty', ['reports', 'serve', '--port', port])).toEqual([3, 'port-busy'])
    } finally {
      await server.close()
    }
  })
})
