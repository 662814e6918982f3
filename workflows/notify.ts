import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SettingsInvalid } from '../warehouse/errors.ts'
import type { Notice } from './messages.ts'

/** `settings/notify.json`: who is told. Either or both; an empty object tells nobody. */
export interface NotifySettings {
  /** Gets a POST with the notice as JSON. */
  readonly webhook?: string
  /** Program and arguments; gets the notice as JSON on its standard input. */
  readonly command?: readonly string[]
}

const FILE = 'settings/notify.json'
const PATIENCE = 20_000

const refuse = (message: string, path = ''): never => {
  throw new SettingsInvalid([{ file: FILE, path, message }])
}

const parse = (text: string): NotifySettings => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return refuse('это не JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refuse('нужен объект')
  const { webhook, command, ...rest } = value as Record<string, unknown>
  const unknown = Object.keys(rest)
  if (unknown.length > 0) refuse('неизвестное поле', unknown.join(', '))
  if (webhook !== undefined && !(typeof webhook === 'string' && /^https?:\/\/\S+$/.test(webhook)))
    refuse('нужен адрес, начинающийся с http:// или https://', 'webhook')
  if (
    command !== undefined &&
    !(
      Array.isArray(command) &&
      command.length > 0 &&
      command.every((part) => typeof part === 'string')
    )
  )
    refuse('нужен непустой список строк: программа и её аргументы', 'command')
  return value as NotifySettings
}

/** The office's wish; an absent file tells nobody. */
export const readNotifySettings = async (home: string): Promise<NotifySettings> => {
  try {
    return parse(await readFile(join(home, 'settings', 'notify.json'), 'utf8'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {}
    throw error
  }
}

const post = async (url: string, body: string): Promise<boolean> => {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body,
    signal: AbortSignal.timeout(PATIENCE),
  })
  return answer.ok
}

const run = ([program = '', ...args]: readonly string[], body: string): Promise<boolean> =>
  new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'ignore'], timeout: PATIENCE })
    child.once('error', () => resolve(false))
    child.once('close', (code) => resolve(code === 0))
    child.stdin.once('error', () => undefined)
    child.stdin.end(body)
  })

/**
 * Tells people by everything that the settings name. `told` is true only where somebody was to be told and everybody was;
 * a deaf webhook is an answer, not an error.
 */
export const tellPeople = async (
  settings: NotifySettings,
  notice: Notice,
): Promise<{ readonly told: boolean }> => {
  const body = JSON.stringify(notice)
  const told = await Promise.all([
    ...(settings.webhook === undefined ? [] : [post(settings.webhook, body).catch(() => false)]),
    ...(settings.command === undefined ? [] : [run(settings.command, body)]),
  ])
  return { told: told.length > 0 && told.every(Boolean) }
}
