import { spawn } from 'node:child_process'
import type { Notify } from '../warehouse/settings.ts'
import type { Notice } from './messages.ts'

/** A notice as people get it: where the office's own settings are at fault, with what to mend. */
export interface Told extends Notice {
  readonly message?: string
  readonly hint?: string | undefined
}

const PATIENCE = 20_000

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
    child.once('error', () => {
      resolve(false)
    })
    child.once('close', (code) => {
      resolve(code === 0)
    })
    child.stdin.once('error', () => undefined)
    child.stdin.end(body)
  })

/**
 * Tells people by everything that the office's settings name: a webhook gets a POST with the notice as JSON, a command gets
 * the same on its standard input. `told` is true only where somebody was to be told and everybody was;
 * a deaf webhook is an answer, not an error.
 */
export const tellPeople = async (
  settings: Notify,
  notice: Told,
): Promise<{ readonly told: boolean }> => {
  const body = JSON.stringify(notice)
  const told = await Promise.all([
    ...(settings.webhook === undefined ? [] : [post(settings.webhook, body).catch(() => false)]),
    ...(settings.command === undefined ? [] : [run(settings.command, body)]),
  ])
  return { told: told.length > 0 && told.every(Boolean) }
}
