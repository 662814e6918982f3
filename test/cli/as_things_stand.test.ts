import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from '../../cli/main.ts'
import { serveSite } from '../../reports/serve.ts'
import { openHome } from '../../warehouse/home.ts'

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

describe('what cannot be asked as things stand ends with code 2', () => {
  test.each([
    ['status'],
    ['build'],
    ['publish'],
    ['rollback'],
    ['pin'],
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
