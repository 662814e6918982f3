import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Notify } from '../warehouse/settings.ts'
import type { Notice } from './messages.ts'

/** A notice as people get it: where the office's own settings are at fault, with what to mend. */
export interface Told extends Notice {
  readonly message?: string
  readonly hint?: string | undefined
}

const PATIENCE = 15_000
/** A webhook that is deaf for a moment is asked again. */
const TRIES = 3
const PAUSE = 2_000

const post = async (url: string, body: string, pause: number): Promise<boolean> => {
  for (let i = 1; i <= TRIES; i++) {
    if (await postOnce(url, body).catch(() => false)) return true
    if (i < TRIES) await sleep(pause)
  }
  return false
}
const postOnce = async (url: string, body: string): Promise<boolean> => {
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
  pause = PAUSE,
): Promise<{ readonly told: boolean }> => {
  const body = JSON.stringify(notice)
  const told = await Promise.all([
    ...(settings.webhook === undefined ? [] : [post(settings.webhook, body, pause)]),
    ...(settings.command === undefined ? [] : [run(settings.command, body)]),
  ])
  return { told: told.length > 0 && told.every(Boolean) }
}
