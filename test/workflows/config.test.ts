import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chooseEngine, readConfig, readOwnConfig, type EngineName } from '../../workflows/config.ts'
import { ConfigError } from '../../workflows/errors.ts'

let folder = ''
/** An environment in which no profile of the machine is found. */
let bare: Record<string, string> = {}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mera-config-'))
  bare = { XDG_CONFIG_HOME: folder, XDG_CACHE_HOME: join(folder, 'cache') }
  await writeFile(
    join(folder, 'temporal.toml'),
    '[profile.default]\nnamespace = "quiet"\n[profile.office]\naddress = "temporal.office:7233"\nnamespace = "quality"\n',
  )
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const problemsOf = (env: Record<string, string>): string[] => {
  try {
    readConfig({ ...bare, ...env })
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ variable }) => variable)
    throw error
  }
  return []
}

describe('readConfig(env)', () => {
  test('has a default for everything', () => {
    expect(readConfig(bare)).toEqual({
      engine: undefined,
      target: undefined,
      taskQueue: undefined,
      parseSlots: 2,
      temporalCli: undefined,
      cache: join(folder, 'cache', 'mera'),
    })
  })

  test('takes what is set', () => {
    const env = {
      MERA_ENGINE: 'local',
      MERA_TASK_QUEUE: 'office-1',
      MERA_PARSE_SLOTS: '8',
      MERA_TEMPORAL_CLI: '/opt/temporal',
      MERA_CACHE: '/var/cache/mera',
      TEMPORAL_ADDRESS: '[::1]:7233',
      TEMPORAL_NAMESPACE: 'quality',
    }
    expect(readConfig({ ...bare, ...env })).toMatchObject({
      engine: 'local',
      taskQueue: 'office-1',
      parseSlots: 8,
      temporalCli: '/opt/temporal',
      cache: '/var/cache/mera',
      target: { address: '[::1]:7233', namespace: 'quality' },
    })
  })

  test('lists every bad variable at once', () => {
    const env = {
      MERA_ENGINE: 'airflow',
      MERA_TASK_QUEUE: 'очередь',
      MERA_PARSE_SLOTS: '0',
      TEMPORAL_ADDRESS: 'http://temporal',
    }
    expect(problemsOf(env)).toEqual([
      'MERA_ENGINE',
      'MERA_PARSE_SLOTS',
      'MERA_TASK_QUEUE',
      'TEMPORAL_ADDRESS',
    ])
  })

  test.each(['1.5', '-1', '65', 'two', '1e1'])('refuses %s parse slots', (MERA_PARSE_SLOTS) => {
    expect(problemsOf({ MERA_PARSE_SLOTS })).toEqual(['MERA_PARSE_SLOTS'])
  })

  test('reads an address from a named profile, and misses none in the default one', () => {
    const TEMPORAL_CONFIG_FILE = join(folder, 'temporal.toml')
    expect(readConfig({ ...bare, TEMPORAL_CONFIG_FILE }).target).toBeUndefined()
    const named = readConfig({ ...bare, TEMPORAL_CONFIG_FILE, TEMPORAL_PROFILE: 'office' })
    expect(named.target).toMatchObject({ address: 'temporal.office:7233', namespace: 'quality' })
    expect(named.target?.because).toContain('office')
  })

  test('refuses a profile that is not there', () => {
    const TEMPORAL_CONFIG_FILE = join(folder, 'temporal.toml')
    expect(problemsOf({ TEMPORAL_CONFIG_FILE, TEMPORAL_PROFILE: 'region' })).toEqual([
      'TEMPORAL_PROFILE',
    ])
  })

  test('refuses a file that is not there instead of going on without it', () => {
    const TEMPORAL_CONFIG_FILE = join(folder, 'none.toml')
    expect(() => readConfig({ ...bare, TEMPORAL_CONFIG_FILE })).toThrow(
      `TEMPORAL_CONFIG_FILE: файла «${TEMPORAL_CONFIG_FILE}» нет`,
    )
  })

  test('needs no file where the address is set, unless a profile of the file is asked for', () => {
    const TEMPORAL_CONFIG_FILE = join(folder, 'none.toml')
    const env = { ...bare, TEMPORAL_CONFIG_FILE, TEMPORAL_ADDRESS: 'a:1' }
    expect(readConfig(env).target).toMatchObject({ address: 'a:1', namespace: 'default' })
    expect(problemsOf({ ...env, TEMPORAL_PROFILE: 'office' })).toEqual(['TEMPORAL_CONFIG_FILE'])
  })

  test('says in Russian which file a profile names in vain, and in which file it stands', async () => {
    const TEMPORAL_CONFIG_FILE = join(folder, 'certificates.toml')
    const missing = join(folder, 'none.pem')
    await writeFile(
      TEMPORAL_CONFIG_FILE,
      `[profile.tls]\naddress = "a:1"\n[profile.tls.tls]\nclient_cert_path = '${missing}'\nclient_key_path = '${missing}'\n`,
    )
    const read = (): unknown =>
      readConfig({ ...bare, TEMPORAL_CONFIG_FILE, TEMPORAL_PROFILE: 'tls' })
    expect(read).toThrow(`назван файл «${missing}», но он не читается`)
    expect(read).toThrow(TEMPORAL_CONFIG_FILE)
  })
})

describe('readOwnConfig(env)', () => {
  test('does not look for a server', () => {
    const TEMPORAL_CONFIG_FILE = join(folder, 'none.toml')
    expect(readOwnConfig({ ...bare, TEMPORAL_CONFIG_FILE, MERA_PARSE_SLOTS: '3' })).toMatchObject({
      parseSlots: 3,
    })
  })
  test('refuses what is its own', () => {
    expect(() => readOwnConfig({ MERA_PARSE_SLOTS: '0' })).toThrow('MERA_PARSE_SLOTS')
  })
})

describe('chooseEngine(flag, env)', () => {
  interface Case {
    readonly title: string
    readonly flag?: EngineName
    readonly env: Record<string, string>
    readonly engine: string
    readonly because: string
  }
  const cases: readonly Case[] = [
    { title: 'nothing set', env: {}, engine: 'local', because: 'не заданы' },
    {
      title: 'an address',
      env: { TEMPORAL_ADDRESS: 'a:1' },
      engine: 'temporal',
      because: 'TEMPORAL_ADDRESS',
    },
    {
      title: 'MERA_ENGINE over an address',
      env: { TEMPORAL_ADDRESS: 'a:1', MERA_ENGINE: 'local' },
      engine: 'local',
      because: 'MERA_ENGINE',
    },
    {
      title: 'the flag over MERA_ENGINE',
      flag: 'temporal',
      env: { MERA_ENGINE: 'local' },
      engine: 'temporal',
      because: '--engine',
    },
  ]
  test.each(cases)('$title gives $engine and says why', ({ flag, env, engine, because }) => {
    const choice = chooseEngine(flag, { ...bare, ...env })
    expect(choice.engine).toBe(engine)
    expect(choice.because).toContain(because)
  })

  test('without a server to be looked for, a settings file that is not there is none of its business', () => {
    const env = { ...bare, TEMPORAL_CONFIG_FILE: join(folder, 'none.toml') }
    expect(chooseEngine(undefined, { ...env, MERA_ENGINE: 'local' }).engine).toBe('local')
    expect(() => chooseEngine(undefined, env)).toThrow('TEMPORAL_CONFIG_FILE')
  })
})
