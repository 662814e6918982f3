import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Call, Command, Options } from './command.ts'
import { codeOf, complain } from './complaint.ts'
import { Terminal } from './terminal.ts'
import { closest, usageError } from './usage.ts'

interface Entry {
  readonly name: string
  /** Russian, for the list of commands. */
  readonly summary: string
  readonly load: () => Promise<{ readonly command: Command }>
}
/** Imported only when called: help and mistakes answer at once. */
export const commands: readonly Entry[] = [
  {
    name: 'refresh',
    summary: 'загрузить, построить, проверить и опубликовать: всё за раз',
    load: () => import('./refresh.ts'),
  },
  {
    name: 'check',
    summary: 'проверить файлы, ничего не загружая',
    load: () => import('./check.ts'),
  },
  { name: 'load', summary: 'загрузить файлы и папки', load: () => import('./load.ts') },
  {
    name: 'build',
    summary: 'построить новое поколение таблиц и проверить его',
    load: () => import('./build.ts'),
  },
  {
    name: 'publish',
    summary: 'опубликовать поколение и сделать издания',
    load: () => import('./publish.ts'),
  },
  {
    name: 'rollback',
    summary: 'вернуть предыдущее поколение',
    load: () => import('./rollback.ts'),
  },
  { name: 'pin', summary: 'хранить поколение всегда', load: () => import('./pin.ts') },
  {
    name: 'diff',
    summary: 'какие опубликованные числа изменились и из-за каких файлов',
    load: () => import('./diff.ts'),
  },
  {
    name: 'status',
    summary: 'что опубликовано, что получено и чего не хватает',
    load: () => import('./status.ts'),
  },
  { name: 'sql', summary: 'запрос к опубликованным таблицам', load: () => import('./sql.ts') },
  {
    name: 'describe',
    summary: 'словарь: что в таблицах и откуда оно',
    load: () => import('./describe.ts'),
  },
  {
    name: 'trace',
    summary: 'из каких ячеек каких файлов получено число',
    load: () => import('./trace.ts'),
  },
  {
    name: 'reports',
    summary: 'собрать или показать сайт',
    load: () => import('./reports.ts'),
  },
  {
    name: 'sample',
    summary: 'сделать файлы вымышленного муниципалитета',
    load: () => import('./sample.ts'),
  },
  {
    name: 'demo',
    summary: 'показать всё на вымышленном муниципалитете',
    load: () => import('./demo.ts'),
  },
  {
    name: 'worker',
    summary: 'исполнитель прогонов Temporal',
    load: () => import('./worker.ts'),
  },
  {
    name: 'schedule',
    summary: 'ежегодные прогоны по расписанию',
    load: () => import('./schedule.ts'),
  },
  {
    name: 'approve',
    summary: 'разрешить или отклонить публикацию, которая этого ждёт',
    load: () => import('./approve.ts'),
  },
]

export const shared = {
  home: {
    type: 'string',
    value: 'ПАПКА',
    doc: 'папка хранилища; по умолчанию MERA_HOME или ./data',
  },
  project: {
    type: 'string',
    value: 'ПАПКА',
    doc: 'папка проекта со своими формами; по умолчанию российские формы',
  },
  engine: {
    type: 'string',
    value: 'local|temporal',
    doc: 'где исполнять: здесь же или через Temporal',
  },
  json: {
    type: 'boolean',
    doc: 'один объект JSON в стандартный вывод, остальное — в вывод ошибок',
  },
  debug: { type: 'boolean', doc: 'при непредвиденной ошибке показать стек' },
  help: { type: 'boolean', doc: 'справка' },
  version: { type: 'boolean', doc: 'версия' },
} as const satisfies Options

export interface World {
  readonly out: NodeJS.WriteStream
  readonly err: NodeJS.WriteStream
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
}

/** Runs a command line and says with which code the process ends: 0 fine, 1 refused, 2 usage, 3 failure. */
export const run = async (args: readonly string[], world: World): Promise<0 | 1 | 2 | 3> => {
  const json = args.includes('--json')
  const terminal = new Terminal({
    out: world.out,
    err: world.err,
    json,
    plain: (world.env['NO_COLOR'] ?? '') !== '' || world.env['TERM'] === 'dumb',
  })
  try {
    return await dispatch(args, terminal, world)
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
): Promise<0 | 1> => {
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
    if (about?.kind === 'positional')
      return printed(terminal, await commandHelp(entryOf(about.value)))
    parse(rest, shared)
    return printed(terminal, generalHelp())
  }
  const entry = entryOf(name)
  if (first['help'] === true) return printed(terminal, await commandHelp(entry))
  const { command } = await entry.load()
  const { values, positionals } = parse(rest, { ...shared, ...command.options }, name)
  const { min, max, missing } = command.positionals
  if (positionals.length < min)
    throw usageError(`для «${name}» не хватает: ${missing ?? ''}`, `mera ${command.usage}`)
  if (positionals.length > max)
    throw usageError(`лишнее: «${positionals[max] ?? ''}»`, `mera ${command.usage}`)
  const call = callOf(values, positionals, terminal, world)
  const { json, isRefused = false } = await command.run(call)
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
  const given = text('project')
  const project = given === undefined ? undefined : resolve(given)
  return {
    values: values as Call['values'],
    positionals,
    terminal,
    env,
    signal,
    homePath,
    project,
    engine: text('engine'),
    openHome: async ({ create = false } = {}) => {
      const { openHome } = await import('../warehouse/home.ts')
      return openHome(homePath, { create })
    },
    loadCatalog: async () => {
      const { loadCatalog } = await import('../warehouse/catalog.ts')
      return loadCatalog(project)
    },
  }
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
  try {
    return parseArgs({ args: [...args], options: parsed(options), allowPositionals: true })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const said = /'(?:-\w, )?(--?[^\s'=<]+)/.exec(message)?.[1] ?? ''
    const help = name === undefined ? 'mera help' : `mera help ${name}`
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
      throw usageError(
        option?.type === 'boolean'
          ? `параметру ${said} значение не нужно`
          : `после ${said} нужно значение: ${option?.value ?? ''}`,
        help,
      )
    }
    throw error
  }
}

const printed = async (terminal: Terminal, text: string): Promise<0> => {
  await terminal.raw(terminal.json ? `${JSON.stringify({ text })}\n` : `${text}\n`)
  return 0
}

export const version = (): string => {
  const file = new URL('../package.json', import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}

const optionLines = (options: Options): string => {
  const names = Object.entries(options).map(([name, { value, doc, multiple = false }]) => ({
    name: `--${name}${value === undefined ? '' : ` ${value}`}${multiple ? '…' : ''}`,
    doc,
  }))
  const width = Math.max(...names.map(({ name }) => name.length))
  return names.map(({ name, doc }) => `  ${name.padEnd(width)}  ${doc}`).join('\n')
}

export const generalHelp = (): string => {
  const width = Math.max(...commands.map(({ name }) => name.length))
  return [
    'Мера: качество образования по файлам, которые и так приходят.',
    '',
    'mera КОМАНДА [параметры]',
    '',
    'Команды',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'Общие параметры',
    optionLines(shared),
    '',
    'С чего начать: mera demo — всё на вымышленных данных; mera refresh ПАПКА — на своих.',
    'О команде: mera help КОМАНДА',
    'Код завершения: 0 — порядок, 1 — файл отклонён или проверка не пройдена, 2 — ошибка в команде, 3 — сбой.',
  ].join('\n')
}

const commandHelp = async (entry: Entry): Promise<string> => {
  const { command } = await entry.load()
  return [
    `mera ${command.usage}`,
    '',
    command.help,
    ...(Object.keys(command.options).length === 0
      ? []
      : ['', 'Параметры', optionLines(command.options)]),
    '',
    'Общие параметры',
    optionLines(shared),
    ...(command.examples === undefined
      ? []
      : ['', 'Примеры', ...command.examples.map((example) => `  ${example}`)]),
  ].join('\n')
}

const isPipeClosed = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EPIPE'

/** The process itself: signals, streams, exit code. */
export const main = async (args: readonly string[]): Promise<void> => {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(3)
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
      (stream) => new Promise((done) => stream.write('', () => done(undefined))),
    ),
  )
  process.exit(code)
}
