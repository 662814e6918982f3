import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Catalog } from '../warehouse/catalog.ts'
import type { UsageError } from '../warehouse/errors.ts'
import { tellingWaits } from '../warehouse/lock.ts'
import type { EngineName } from '../workflows/config.ts'
import type { Call, Option, Options } from './command.ts'
import { commands, shared, type Entry } from './commands.ts'
import { codeOf, complain } from './complaint.ts'
import { commandHelp, generalHelp, version } from './help.ts'
import { Terminal } from './terminal.ts'
import { closest, usageError } from './usage.ts'

export interface World {
  readonly out: NodeJS.WriteStream
  readonly err: NodeJS.WriteStream
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
}

/** Runs a command line and says with which code the process ends: 0 fine, 1 refused, 2 usage, 3 failure. */
export const run = async (given: readonly string[], world: World): Promise<0 | 1 | 2 | 3> => {
  // A question that begins with a comment is no option.
  const args = given.map((word) => (/^--\s/.test(word) ? ` ${word}` : word))
  const json = args.includes('--json')
  const terminal = new Terminal({
    out: world.out,
    err: world.err,
    json,
    plain: (world.env['NO_COLOR'] ?? '') !== '' || world.env['TERM'] === 'dumb',
  })
  try {
    const onWait = (line: string): void => {
      terminal.note(line)
    }
    return await tellingWaits({ onWait, signal: world.signal }, () =>
      dispatch(args, terminal, world),
    )
  } catch (error) {
    if (isPipeClosed(error)) return 0
    await complain(error, {
      terminal,
      debug: args.includes('--debug'),
      isInterrupted: world.signal.aborted,
    })
    return codeOf(error)
  }
}

const dispatch = async (
  args: readonly string[],
  terminal: Terminal,
  world: World,
): Promise<0 | 1 | 2 | 3> => {
  const { values: first, tokens } = parseArgs({
    args: [...args],
    options: parsed(shared),
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const word = tokens.find(({ kind }) => kind === 'positional')
  const name = word?.kind === 'positional' ? word.value : undefined
  const rest = word === undefined ? [...args] : args.filter((_, i) => i !== word.index)
  if (name === undefined || name === 'help') {
    if (first['version'] === true) return printed(terminal, version())
    const about = tokens.filter(({ kind }) => kind === 'positional')[1]
    if (about?.kind === 'positional' && about.value !== 'help')
      return printed(terminal, await commandHelp(entryOf(about.value)))
    parse(rest, shared)
    return printed(terminal, generalHelp())
  }
  const entry = entryOf(name)
  if (first['help'] === true) return printed(terminal, await commandHelp(entry))
  const { command } = await entry.load()
  const { values, positionals } = parse(rest, { ...shared, ...command.options }, name)
  const { min, max, missing } = command.positionals
  if (positionals.includes(''))
    throw usageError('одно из слов команды — пустое', `mera ${command.usage}`)
  if (positionals.length < min)
    throw usageError(`для «${name}» не хватает: ${missing ?? ''}`, `mera ${command.usage}`)
  if (positionals.length > max)
    throw usageError(`лишнее: «${positionals[max] ?? ''}»`, `mera ${command.usage}`)
  const call = callOf(values, positionals, terminal, world)
  const { json, isRefused = false, fault } = await command.run(call)
  if (fault !== undefined) {
    await complain(fault, { terminal, debug: args.includes('--debug'), beside: json })
    return codeOf(fault)
  }
  if (terminal.json) await terminal.raw(`${JSON.stringify(json)}\n`)
  return isRefused ? 1 : 0
}

const callOf = (
  values: Readonly<Record<string, unknown>>,
  positionals: readonly string[],
  terminal: Terminal,
  { env, signal }: World,
): Call => {
  const text = (name: string): string | undefined => {
    const value = values[name]
    return typeof value === 'string' ? value : undefined
  }
  const homePath = resolve(text('home') ?? (env['MERA_HOME'] || 'data'))
  const project = projectOf(text('project'))
  return {
    values: values as Call['values'],
    positionals,
    terminal,
    env,
    signal,
    homePath,
    project,
    engine: engineOf(text('engine')),
    openHome: async ({ create = false } = {}) => {
      const { openHome } = await import('../warehouse/home.ts')
      if (!create || existsSync(join(homePath, 'home.json'))) return openHome(homePath, { create })
      const { loadProject } = await import('../warehouse/catalog.ts')
      const { timeZone } = await loadProject(project)
      return openHome(homePath, { timeZone })
    },
    loadCatalog: async (home) => {
      const { folderOfHome, refuseOtherProject } = await import('../warehouse/project.ts')
      const catalog = await catalogOf(
        project ?? (home === undefined ? undefined : await folderOfHome(home)),
      )
      if (home !== undefined) await refuseOtherProject(home, catalog.project.name, project)
      return catalog
    },
    nearCatalog: async () => {
      if (project !== undefined || !existsSync(join(homePath, 'home.json')))
        return catalogOf(project)
      const { openHome } = await import('../warehouse/home.ts')
      const { folderOfHome } = await import('../warehouse/project.ts')
      return catalogOf(await folderOfHome(await openHome(homePath, { create: false })))
    },
  }
}

const engineOf = (given: string | undefined): EngineName | undefined => {
  if (given === undefined || given === 'local' || given === 'temporal') return given
  throw usageError(`--engine ${given}: не подходит`, 'бывает local или temporal')
}
const projectOf = (given: string | undefined): string | undefined => {
  const project = given === undefined ? undefined : resolve(given)
  if (project === undefined || existsSync(join(project, 'project.ts'))) return project
  throw usageError(
    `в папке «${project}» нет проекта (файла project.ts)`,
    'укажите в --project папку проекта, например examples/north-carolina',
  )
}

const catalogOf = async (folder: string | undefined): Promise<Catalog> => {
  const { loadCatalog } = await import('../warehouse/catalog.ts')
  return loadCatalog(folder)
}

const entryOf = (name: string): Entry => {
  const entry = commands.find((each) => each.name === name)
  if (entry !== undefined) return entry
  const near = closest(
    name,
    commands.map((each) => each.name),
  )
  throw usageError(
    `команды «${name}» нет`,
    near === undefined ? 'список команд: mera help' : `возможно, mera ${near}`,
  )
}

const parsed = (
  options: Options,
): Record<string, { type: 'string' | 'boolean'; multiple: boolean; short?: string }> =>
  Object.fromEntries(
    Object.entries(options).map(([name, { type, multiple = false }]) => [
      name,
      { type, multiple, ...(name === 'help' ? { short: 'h' } : {}) },
    ]),
  )

const parse = (
  args: readonly string[],
  options: Options,
  name?: string,
): { values: Readonly<Record<string, unknown>>; positionals: readonly string[] } => {
  const help = name === undefined ? 'mera help' : `mera help ${name}`
  try {
    const found = parseArgs({
      args: withNegatives(args, options),
      options: parsed(options),
      allowPositionals: true,
      tokens: true,
    })
    const empty = found.tokens.find(
      (token) => token.kind === 'option' && token.value?.trim() === '',
    )
    if (empty?.kind === 'option') throw valueMissing(empty.rawName, options[empty.name], help)
    return found
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const said = /'(?:-\w, )?(--?[^\s'=<]+)/.exec(message)?.[1] ?? ''
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
      const near = closest(
        said.replace(/^-+/, ''),
        Object.keys(options).filter((each) => each !== 'debug'),
      )
      throw usageError(
        `параметра ${said} нет${name === undefined ? '' : ` у команды «${name}»`}`,
        near === undefined ? `параметры: ${help}` : `возможно, --${near}; все параметры: ${help}`,
      )
    }
    if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') {
      const option = options[said.replace(/^-+/, '')]
      throw option?.type === 'boolean'
        ? usageError(`параметру ${said} значение не нужно`, help)
        : valueMissing(said, option, help)
    }
    throw error
  }
}

/** An empty one too, as of a variable that is not set: as a path it would be the folder one stands in. */
const valueMissing = (said: string, option: Option | undefined, help: string): UsageError =>
  usageError(`после ${said} нужно значение: ${option?.value ?? ''}`, help)

/** `--limit -3` as `--limit=-3`: what is wrong with a negative number is for the option to say. */
const withNegatives = (args: readonly string[], options: Options): string[] =>
  args.reduce<string[]>((joined, arg) => {
    const before = joined.at(-1) ?? ''
    const isValue =
      /^-\d/.test(arg) && before.startsWith('--') && options[before.slice(2)]?.type === 'string'
    return isValue ? [...joined.slice(0, -1), `${before}=${arg}`] : [...joined, arg]
  }, [])

const printed = async (terminal: Terminal, text: string): Promise<0> => {
  await terminal.raw(terminal.json ? `${JSON.stringify({ text })}\n` : `${text}\n`)
  return 0
}

const isPipeClosed = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EPIPE'

/** The process itself: signals, streams, exit code. */
export const main = async (args: readonly string[]): Promise<void> => {
  const controller = new AbortController()
  let asked = 0
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      // One Ctrl+C comes twice where npm passes it on.
      if (asked > 0 && Date.now() - asked > 500) process.exit(3)
      asked ||= Date.now()
      controller.abort(new Error(signal))
    })
  process.stdout.on('error', (error) => {
    if (isPipeClosed(error)) process.exit(0)
    throw error
  })
  const code = await run(args, {
    out: process.stdout,
    err: process.stderr,
    env: process.env,
    signal: controller.signal,
  })
  // A connection that lingers must not keep the terminal; what was written must have left.
  await Promise.all(
    [process.stdout, process.stderr].map(
      (stream) =>
        new Promise<void>((done) => {
          stream.write('', () => {
            done()
          })
        }),
    ),
  )
  process.exit(code)
}
