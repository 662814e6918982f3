import {
  CheckFailed,
  FileUnreadable,
  MeraError,
  StateError,
  UsageError,
  asDiskFull,
  classAsCode,
} from '../warehouse/errors.ts'
import { saidOfPath } from '../warehouse/system.ts'
import type { Terminal } from './terminal.ts'

interface Complaint {
  readonly code: string
  readonly message: string
  readonly hint?: string
  readonly file?: string
  readonly sheet?: string
  readonly cell?: string
}
export interface ComplainOptions {
  /** Told of a run beside: the command itself goes on. */
  readonly isInner?: boolean
  /** What was answered in spite of it: `--json` prints both as one object. */
  readonly beside?: object
  readonly terminal: Terminal
  readonly debug: boolean
  /** The user stopped the command: what it failed with says nothing. */
  readonly isInterrupted?: boolean
}

/** An error as a person reads it: what, where, what to do; a stack only for what nobody expected and only on request. */
export const complain = async (given: unknown, options: ComplainOptions): Promise<void> => {
  const error = asDiskFull(given)
  const { terminal, debug, isInterrupted = false, isInner = false, beside = {} } = options
  const isExpected = error instanceof MeraError || hintOf(error) !== undefined
  const complaint: Complaint =
    isInterrupted && !isExpected
      ? { code: 'interrupted', message: 'Прервано; опубликованное не изменилось' }
      : isExpected
        ? expected(error)
        : (systemic(error) ?? damaged(error) ?? unexpected(error, debug))
  terminal.note(terminal.paint('red', `Ошибка: ${complaint.message}`))
  const where = [
    complaint.file !== undefined && !complaint.message.includes(complaint.file)
      ? `файл ${complaint.file}`
      : '',
    complaint.sheet === undefined ? '' : `лист «${complaint.sheet}»`,
    complaint.cell === undefined ? '' : `ячейка ${complaint.cell}`,
  ].filter((part) => part !== '')
  if (where.length > 0) terminal.note(`  Где: ${where.join(', ')}`)
  if (complaint.hint !== undefined) terminal.note(`  Что делать: ${complaint.hint}`)
  if (debug) {
    const details = detailsOf(given)
    if (details !== undefined) terminal.note(details)
    if (given instanceof Error && given.stack !== undefined) terminal.note(given.stack)
  }
  if (terminal.json && !isInner)
    await terminal.raw(`${JSON.stringify({ ...beside, error: complaint })}\n`)
}

/**
 * 1: a file or a check was refused. 2: what was asked cannot be asked, so or as things stand (a wrong word, no home, nothing
 * published): what is published stands, files received before that turned out stay received, and asking again gives the same.
 * 3: it went wrong while being done or was in the way for a time (the system, a server, another process, a fault of the code).
 */
export const codeOf = (error: unknown): 1 | 2 | 3 => {
  if (error instanceof FileUnreadable || error instanceof CheckFailed) return 1
  if (error instanceof UsageError || error instanceof StateError) return 2
  return 3
}

const textField = (error: unknown, name: string): string | undefined => {
  if (!(error instanceof Error) || !(name in error)) return undefined
  const value = (error as unknown as Record<string, unknown>)[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}
const hintOf = (error: unknown): string | undefined => textField(error, 'hint')
const detailsOf = (error: unknown): string | undefined => textField(error, 'details')

const expected = (error: unknown): Complaint => {
  const said = (name: 'hint' | 'file' | 'sheet' | 'cell'): { [K in typeof name]?: string } => {
    const value = textField(error, name)
    return value === undefined ? {} : { [name]: value }
  }
  return {
    code: textField(error, 'code') ?? (error instanceof Error ? classAsCode(error) : 'error'),
    message: error instanceof Error ? error.message : String(error),
    ...said('hint'),
    ...said('file'),
    ...said('sheet'),
    ...said('cell'),
  }
}

/** What the system answers about files and disks: nobody's fault in the code. */
const systemic = (error: unknown): Complaint | undefined => {
  const said = saidOfPath(error)
  if (said === undefined) return undefined
  const file = textField(error, 'path')
  return {
    code: 'system',
    message: `система отказала: ${said}`,
    hint: 'проверьте путь, права и место на диске и повторите команду',
    ...(file === undefined ? {} : { file }),
  }
}

/** What DuckDB says of a file that is none of its own. */
const damaged = (error: unknown): Complaint | undefined => {
  const [, file] =
    /The file "(.+)" exists, but it is not a valid DuckDB/.exec(
      error instanceof Error ? error.message : '',
    ) ?? []
  return file === undefined
    ? undefined
    : {
        code: 'file-damaged',
        message: `файл «${file}» испорчен: это не база DuckDB`,
        hint: 'восстановите хранилище из резервной копии',
        file,
      }
}

const unexpected = (error: unknown, debug: boolean): Complaint => ({
  code: 'unexpected',
  message: `непредвиденный сбой: ${(error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''}`,
  hint: debug
    ? 'сообщите о нём разработчикам вместе с этим выводом'
    : 'повторите с --debug, чтобы увидеть подробности',
})
