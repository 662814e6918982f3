import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { loadClientConfigProfile, toClientOptions } from '@temporalio/envconfig'
import { saidBySystem } from '../warehouse/system.ts'
import { ConfigError } from './errors.ts'

export type Env = Readonly<Record<string, string | undefined>>
export type EngineName = 'local' | 'temporal'

/** A server to connect to; `connectionOptions` suit both of the SDK's kinds of connection. */
export interface Target {
  readonly address: string
  readonly namespace: string
  readonly connectionOptions: ReturnType<typeof toClientOptions>['connectionOptions']
  /** In Russian: where this address comes from. */
  readonly because: string
}

/** What MERA_… say: enough where no server is to be looked for. */
export interface OwnConfig {
  /** MERA_ENGINE. */
  readonly engine: EngineName | undefined
  /** MERA_TASK_QUEUE; where unset, a home has a queue of its own. */
  readonly taskQueue: string | undefined
  /** MERA_PARSE_SLOTS: files parsed at a time, 1–64. */
  readonly parseSlots: number
  /** MERA_TEMPORAL_CLI: path of the `temporal` program. */
  readonly temporalCli: string | undefined
  /** MERA_CACHE: where downloads and bundles are kept. */
  readonly cache: string
}
export interface Config extends OwnConfig {
  /** TEMPORAL_ADDRESS or a profile with an address. */
  readonly target: Target | undefined
}

export const DEFAULT_PARSE_SLOTS = 2

const defaultCache = (env: Env): string => {
  if (env['XDG_CACHE_HOME']) return join(env['XDG_CACHE_HOME'], 'mera')
  if (process.platform === 'win32')
    return join(env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'mera', 'cache')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'mera')
  return join(homedir(), '.cache', 'mera')
}

const isAddress = (address: string): boolean =>
  /^(\[[0-9a-fA-F:]+\]|[^\s:/]+):\d{1,5}$/.test(address)

/** The library's reasons in Russian; what only it can say (where TOML breaks) stays as it said it. */
const unreadable = (error: unknown, profile: string, from: string): string => {
  const said = error instanceof Error ? error.message : String(error)
  if (said.endsWith('not found in config data')) return `профиля «${profile}»${from} нет`
  const missing =
    error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : ''
  if (missing !== '')
    return `в профиле «${profile}»${from} назван файл «${missing}», но он не читается: ${saidBySystem(error) ?? said}`
  const [unknown] = /(?<=unrecognized).*/.exec(said) ?? []
  if (unknown !== undefined)
    return `в профиле${from} неизвестные имена${unknown.replace(/^ in /, ': ')}`
  return `настройки Temporal не читаются${from}: ${said.trim()}`
}

type Wrong = (variable: string, problem: string) => void

const readTarget = (env: Env, wrong: Wrong): Target | undefined => {
  const set = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  const file = env['TEMPORAL_CONFIG_FILE'] || undefined
  const own = env['TEMPORAL_ADDRESS'] !== undefined && env['TEMPORAL_ADDRESS'] !== ''
  // Without it there would be another server or none; where the address is known and no profile is asked for, nothing depends on it.
  if (file !== undefined && !existsSync(file) && !(own && !env['TEMPORAL_PROFILE'])) {
    wrong('TEMPORAL_CONFIG_FILE', `файла «${file}» нет`)
    return undefined
  }
  const from = file === undefined ? '' : ` файла ${file}`
  try {
    const profile = loadClientConfigProfile({ overrideEnvVars: Object.fromEntries(set) })
    const { address } = profile
    if (address === undefined || address === '') {
      if (env['TEMPORAL_PROFILE'])
        wrong('TEMPORAL_PROFILE', `в профиле «${env['TEMPORAL_PROFILE']}» нет адреса сервера`)
      return undefined
    }
    if (!isAddress(address)) {
      wrong(own ? 'TEMPORAL_ADDRESS' : 'TEMPORAL_PROFILE', `адрес «${address}» не вида узел:порт`)
      return undefined
    }
    return {
      address,
      namespace: profile.namespace ?? 'default',
      connectionOptions: toClientOptions(profile).connectionOptions,
      because: own
        ? `адрес ${address} задан в TEMPORAL_ADDRESS`
        : `адрес ${address} — из профиля «${env['TEMPORAL_PROFILE'] || 'default'}»${from}`,
    }
  } catch (error) {
    const isNamed = (env['TEMPORAL_PROFILE'] ?? '') !== ''
    wrong(
      isNamed ? 'TEMPORAL_PROFILE' : 'TEMPORAL_CONFIG_FILE',
      unreadable(error, env['TEMPORAL_PROFILE'] || 'default', from),
    )
    return undefined
  }
}

const ownOf = (env: Env, wrong: Wrong): OwnConfig => {
  const text = (variable: string): string | undefined => env[variable] || undefined

  const engine = text('MERA_ENGINE')
  if (engine !== undefined && engine !== 'local' && engine !== 'temporal')
    wrong('MERA_ENGINE', `«${engine}»: бывает local или temporal`)
  const slots = text('MERA_PARSE_SLOTS')
  if (
    slots !== undefined &&
    !(/^\d{1,2}$/.test(slots) && Number(slots) >= 1 && Number(slots) <= 64)
  )
    wrong('MERA_PARSE_SLOTS', `«${slots}»: нужно целое число от 1 до 64`)
  const taskQueue = text('MERA_TASK_QUEUE')
  if (taskQueue !== undefined && !/^[\w.-]{1,100}$/.test(taskQueue))
    wrong('MERA_TASK_QUEUE', `«${taskQueue}»: только латинские буквы, цифры, «.», «_» и «-»`)
  return {
    engine: engine === 'local' || engine === 'temporal' ? engine : undefined,
    taskQueue,
    parseSlots: slots === undefined ? DEFAULT_PARSE_SLOTS : Number(slots),
    temporalCli: text('MERA_TEMPORAL_CLI'),
    cache: text('MERA_CACHE') ?? defaultCache(env),
  }
}

/** What `read` reads. Throws ConfigError naming every variable that is wrong. */
const reading = <T>(read: (wrong: Wrong) => T): T => {
  const problems: { variable: string; problem: string }[] = []
  const result = read((variable, problem) => problems.push({ variable, problem }))
  if (problems.length > 0) throw new ConfigError(problems)
  return result
}

/** What is our own in the environment; where the server is, is not read. Throws ConfigError naming every variable that is wrong. */
export const readOwnConfig = (env: Env = process.env): OwnConfig =>
  reading((wrong) => ownOf(env, wrong))

/** Everything that the Temporal side takes from the environment. Throws ConfigError naming every variable that is wrong. */
export const readConfig = (env: Env = process.env): Config =>
  reading((wrong) => ({ ...ownOf(env, wrong), target: readTarget(env, wrong) }))

export interface EngineChoice {
  readonly engine: EngineName
  /** In Russian, to be said to the user. */
  readonly because: string
}

/** `--engine`, else MERA_ENGINE, else Temporal where an address or a profile is set, else in process. */
export const chooseEngine = (
  flag: EngineName | undefined,
  env: Env = process.env,
): EngineChoice => {
  if (flag !== undefined) return { engine: flag, because: `указано --engine ${flag}` }
  const { engine } = readOwnConfig(env)
  if (engine !== undefined) return { engine, because: `задано MERA_ENGINE=${engine}` }
  const { target } = readConfig(env)
  if (target !== undefined) return { engine: 'temporal', because: target.because }
  return { engine: 'local', because: 'адрес и профиль Temporal не заданы' }
}
