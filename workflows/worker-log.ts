import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { inspect } from 'node:util'
import type { LogLevel, LogMetadata } from '@temporalio/common'
import * as errors from '../warehouse/errors.ts'
import type { Home } from '../warehouse/home.ts'
import type { Run } from '../warehouse/journal.ts'

/** Bytes; what is older is in the file beside, what is older than that is gone. */
const LENGTH = 1_000_000

export const workerLogFile = ({ path }: Pick<Home, 'path'>): string =>
  join(path, 'temporal', 'worker.log')
const earlierFile = (file: string): string => file.replace(/\.log$/, '.1.log')

const append = (home: Pick<Home, 'path'>, line: object): void => {
  const file = workerLogFile(home)
  mkdirSync(dirname(file), { recursive: true })
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LENGTH)
    renameSync(file, earlierFile(file))
  // A line that a full disk cut must not take the next one with it.
  appendFileSync(file, `\n${JSON.stringify({ at: new Date().toISOString(), ...line })}`)
}

/** Keeps the SDK's own words. */
const noteSdkLine = (
  home: Pick<Home, 'path'>,
  level: LogLevel,
  message: string,
  meta?: LogMetadata,
): void => {
  append(home, {
    level,
    message,
    ...(meta === undefined ? {} : { meta: inspect(meta, { breakLength: Infinity }) }),
  })
}

/** Expected errors of a home's work, the special ones before those that they extend. */
const kinds = {
  FileUnreadable: errors.FileUnreadable,
  CheckFailed: errors.CheckFailed,
  ContractError: errors.ContractError,
  HomeInvalid: errors.HomeInvalid,
  SecretInvalid: errors.SecretInvalid,
  StateError: errors.StateError,
  UsageError: errors.UsageError,
  MeraError: errors.MeraError,
} as const
type Kind = keyof typeof kinds
const isKind = (name: string): name is Kind => name in kinds

/** What an error says, as far as it may be kept. */
interface Words extends Omit<errors.Trouble, 'cause'> {
  readonly kind: Kind | 'SettingsInvalid' | 'HomeLocked' | 'system'
  readonly fields?: errors.SettingsInvalid['fields']
  readonly holder?: errors.HomeLocked['holder']
  /** Of an answer of the system. */
  readonly path?: string
}

const textOf = (error: Error, name: string): string | undefined => {
  const value = (error as unknown as Readonly<Record<string, unknown>>)[name]
  return typeof value === 'string' ? value : undefined
}

/** Only errors that are expected, and answers of the system, have words: others may quote rows. */
const wordsOf = (error: unknown): Words | undefined => {
  if (!(error instanceof Error)) return undefined
  const { message } = error
  const [code, hint, path] = ['code', 'hint', 'path'].map((name) => textOf(error, name))
  if (!(error instanceof errors.MeraError)) {
    if (hint !== undefined)
      return { kind: 'MeraError', code: code ?? errors.classAsCode(error), message, hint }
    if (code === undefined || path === undefined) return undefined
    return { kind: 'system', code, message, path }
  }
  const { file, sheet, cell } = error
  const trouble = { code: error.code, message, hint, file, sheet, cell }
  if (error instanceof errors.SettingsInvalid)
    return { kind: 'SettingsInvalid', ...trouble, fields: error.fields }
  if (error instanceof errors.HomeLocked)
    return { kind: 'HomeLocked', ...trouble, holder: error.holder }
  const kind = Object.keys(kinds).find((name) => isKind(name) && error instanceof kinds[name])
  return { kind: kind !== undefined && isKind(kind) ? kind : 'MeraError', ...trouble }
}

const errorOf = ({ kind, fields, holder, path, ...trouble }: Words): Error => {
  if (kind === 'system')
    return Object.assign(new Error(trouble.message), { code: trouble.code, path })
  if (kind === 'SettingsInvalid') return new errors.SettingsInvalid(fields ?? [])
  if (kind === 'HomeLocked')
    return new errors.HomeLocked(trouble, holder ?? { pid: 0, host: '', purpose: '' })
  return new kinds[kind](trouble)
}

/** Of an error its words where they may be kept, else only its class and where it was thrown. */
const keptOf = (error: unknown): object => {
  const words = wordsOf(error)
  const frames = error instanceof Error ? (error.stack?.match(/^ +at .*$/gm) ?? []) : []
  return {
    class: error instanceof Error ? error.constructor.name : typeof error,
    ...(words === undefined ? { stack: frames.map((frame) => frame.trim()) } : { words }),
  }
}

const faultIn = (line: string): Error | undefined => {
  try {
    const { words } = JSON.parse(line) as { readonly words?: Words }
    return words === undefined ? undefined : errorOf(words)
  } catch {
    return undefined
  }
}

/** The error of a reference as it would have been thrown here; undefined where nobody noted it, or where it has no words. */
export const findFault = async (
  home: Pick<Home, 'path'>,
  reference: string,
): Promise<Error | undefined> => {
  const file = workerLogFile(home)
  for (const each of [file, earlierFile(file)]) {
    const text = await readFile(each, 'utf8').catch(() => '')
    const line = text.split('\n').find((said) => said.includes(`"reference":"${reference}"`))
    if (line !== undefined) return faultIn(line)
  }
  return undefined
}

/**
 * For a worker of a home: keeps the SDK's words, and says once, in Russian, that there are some; errors of runs, each under the reference by which
 * the run's history knows it; and how a run ended where the ledger did not take it, which is said too.
 */
export const workerLog = (
  home: Pick<Home, 'path'>,
  say: (line: string) => void,
): {
  readonly onSdkLine: (level: LogLevel, message: string, meta?: LogMetadata) => void
  readonly onFault: (error: unknown, reference: string) => void
  readonly onUnnoted: (run: Run, error: unknown) => void
} => {
  let isSaid = false
  return {
    onSdkLine: (level, message, meta) => {
      try {
        noteSdkLine(home, level, message, meta)
        if (!isSaid) say(`Библиотека Temporal предупреждает, её слова — в ${workerLogFile(home)}`)
        isSaid = true
      } catch {
        say(`Библиотека Temporal предупреждает: ${message}`)
      }
    },
    onFault: (error, reference) => {
      try {
        append(home, { reference, ...keptOf(error) })
      } catch {
        // A full disk takes no note; the class of the error and the worker's own words remain.
      }
    },
    onUnnoted: (run, error) => {
      const what = `Чем кончился прогон ${run.command ?? run.run ?? ''}, в хранилище записать не удалось`
      try {
        append(home, { unnoted: run, ...keptOf(error) })
        say(`${what}; это записано в ${workerLogFile(home)}`)
      } catch {
        say(what)
      }
    },
  }
}
