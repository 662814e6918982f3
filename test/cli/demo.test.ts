import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lackOf } from '../../cli/demo.ts'
import { readManifest } from '../../warehouse/generation.ts'
import { ConfigError, ServerUnavailable } from '../../workflows/errors.ts'
import { mera } from '../support/mera.ts'
import { sampleHome, type SampleHome } from '../support/sample.ts'
import { testServer, type TestServer } from '../support/temporal.ts'

let sample: SampleHome
let cwd = ''
let server: TestServer | undefined
beforeAll(async () => {
  sample = await sampleHome('small')
  cwd = await mkdtemp(join(tmpdir(), 'mera-demo-'))
  server = await testServer()
})
afterAll(async () => {
  await server?.stop()
  await rm(cwd, { recursive: true, force: true })
})

const northCarolina = fileURLToPath(new URL('../../examples/north-carolina', import.meta.url))

describe('mera demo', () => {
  test('goes the whole way over given files and prints what it found', async () => {
    const { code, stdout, stderr } = await mera(
      ['demo', '--data', sample.files, '--no-site', '--engine', 'local'],
      { cwd, env: { MERA_KEY_FILE: sample.key } },
    )
    expect([code, stderr]).toEqual([0, expect.stringContaining('Исполнение: в этом процессе')])
    for (const said of [
      'Улучшили результат',
      'В зоне риска',
      'Качество данных',
      'Таблиц построено',
      'Что попробовать\n  npx mera reports build --home ',
    ])
      expect(stdout).toContain(said)
    expect(stdout).not.toContain('в другом окне')
    expect(stderr).not.toContain('через Temporal')
  })
  test('goes on without a Temporal server and says in one line how to have one', async () => {
    const broken = join(cwd, 'temporal')
    await writeFile(broken, '#!/bin/sh\nexit 1\n', { mode: 0o755 })
    const { code, stderr } = await mera(['demo', '--data', sample.files, '--no-site'], {
      cwd,
      env: { MERA_KEY_FILE: sample.key, MERA_TEMPORAL_CLI: broken },
    })
    expect(code).toBe(0)
    // A crowded machine may learn too late that the server does not start.
    expect(stderr).toMatch(
      /Исполнение: в этом процессе \(сервер Temporal не (?:запустился|успел запуститься)\)\nЧтобы .*Temporal.*\n/i,
    )
  })
  test('says of a server that does not start how to have one', () => {
    const tried = ['/usr/bin/temporal: молчит']
    expect(lackOf(new ServerUnavailable('сервер Temporal не запустился', tried))).toEqual({
      because: 'сервер Temporal не запустился',
      advice: `Чтобы прогоны шли через Temporal, ${ServerUnavailable.remedy}`,
    })
  })
  test('says of a mistake in the settings of Temporal how to mend that', () => {
    const wrong = new ConfigError([{ variable: 'MERA_TEMPORAL_CLI', problem: 'программы нет' }])
    expect(lackOf(wrong)).toEqual({
      because: 'MERA_TEMPORAL_CLI: программы нет',
      advice: 'Чтобы прогоны шли через Temporal, исправьте или уберите названное',
    })
  })
  test('a project without data is a mistake in the command line', async () => {
    const { code, stderr } = await mera(['demo', '--project', northCarolina], { cwd })
    expect(code).toBe(2)
    expect(stderr).toContain('--data')
  })
})

describe('mera through a Temporal server', () => {
  test('refresh says so, gives the content that the other engine gives, and schedules are ensured twice alike', async () => {
    if (server === undefined) return
    const env = { MERA_KEY_FILE: sample.key, TEMPORAL_ADDRESS: server.server.address }
    const at = ['--home', 'temporal-home', '--json']
    const refreshed = await mera(['refresh', sample.files, '--no-site', ...at], { cwd, env })
    expect(refreshed.code).toBe(0)
    expect(refreshed.stderr).toContain('Исполнение: через Temporal')
    const manifest = await readManifest(sample.home, sample.generation)
    expect(refreshed.json()).toMatchObject({
      engine: 'temporal',
      status: 'published',
      contentHash: manifest.contentHash,
    })
    const first = await mera(['schedule', 'ensure', ...at], { cwd, env })
    const second = await mera(['schedule', 'ensure', ...at], { cwd, env })
    expect([first.code, second.stdout]).toEqual([0, first.stdout])
    expect(first.json()).toMatchObject({
      schedules: [{ id: 'yearly', timezone: 'Europe/Moscow', paused: false }],
      inbox: join(cwd, 'temporal-home', 'inbox'),
    })
    expect((await mera(['status', ...at], { cwd, env })).json()).toMatchObject({ workflows: [] })
  })
})
