import { spawn } from 'node:child_process'
import { constants, setPriority } from 'node:os'
import { MeraError } from '../warehouse/errors.ts'
import { whoWaits } from '../warehouse/lock.ts'

export type Progress = (line: string) => void

/** The site could not be made: what failed, what its tool said last, what to do. */
export class SiteError extends MeraError {
  readonly details: string

  constructor(
    code: 'site-install' | 'site-build' | 'site-render' | 'interrupted',
    message: string,
    hint: string,
    details = '',
  ) {
    super({ code, message, hint })
    this.details = details
  }
}

/** The user stopped the command, by now or while the site was made. */
export const interrupted = (): SiteError =>
  new SiteError(
    'interrupted',
    'Сборка сайта прервана: сайт остался прежним, на опубликованные данные это не влияет',
    'Чтобы собрать его, выполните mera reports build',
  )

/** The environment without what a test runner sets: Vite would take it for a development build. */
const outerEnvironment = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined || /^(VITE|VITEST|TEST$|DEV$|PROD$|MODE$|SSR$|NODE_ENV$)/.test(name)
        ? []
        : [[name, value] as const],
    ),
  )

interface ToolOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  readonly onLine?: (line: string) => void
  /** Whether it gives way to whatever else the computer has to do. */
  readonly givesWay?: boolean
}

const giveWay = (pid: number | undefined): void => {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_LOW)
  } catch {
    // It has ended, or the system does not let us: it goes on as it is.
  }
}

/** Runs a program and gives its exit code with everything it wrote. It is ended, and a SiteError thrown, where the user stops the command. */
export const runTool = (
  command: string,
  parameters: readonly string[],
  { cwd, env = {}, onLine, givesWay = false }: ToolOptions,
): Promise<{ code: number; output: string }> =>
  new Promise((done, fail) => {
    const signal = whoWaits()?.signal
    if (signal?.aborted === true) throw interrupted()
    const child = spawn(command, parameters, {
      cwd,
      env: { ...outerEnvironment(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    if (givesWay) giveWay(child.pid)
    let output = ''
    const take = (chunk: Buffer): void => {
      const text = chunk.toString()
      output += text
      if (onLine) for (const line of text.split('\n')) if (line.trim()) onLine(line.trim())
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    const stop = (): void => {
      child.kill()
    }
    signal?.addEventListener('abort', stop, { once: true })
    child.on('error', fail)
    child.on('close', (code) => {
      signal?.removeEventListener('abort', stop)
      if (signal?.aborted === true) fail(interrupted())
      else done({ code: code ?? 1, output })
    })
  })

/** The last lines of a tool's output: what a person needs of it. */
export const tail = (output: string, lines = 15): string =>
  output.trim().split('\n').slice(-lines).join('\n')

/** A page's query that failed, as DuckDB words it; it leaves the exit code 0, so only the output tells. */
export interface FailedQuery {
  /** Its name on the page, where the output has it. */
  readonly name: string | undefined
  readonly why: string
  readonly details: string
}
export const failedQuery = (output: string): FailedQuery | undefined => {
  const lines = output.split('\n')
  const at = lines.findIndex((line) =>
    /Error in Query|Binder Error|Catalog Error|Parser Error/.test(line),
  )
  if (at < 0) return undefined
  const [, name, why] = /^(\S+) \| Error in Query! (.*)$/.exec(lines[at] ?? '') ?? []
  return { name, why: why ?? lines[at] ?? '', details: lines.slice(at, at + 6).join('\n') }
}

/** What the shell's build says against a page: the page's file under reports/pages, and the fault. */
export const faultOfPage = (output: string): { page: string; why: string } | undefined => {
  const [, why, folder] =
    /^\[vite-plugin-svelte\] (.*)\nfile: .*?\/src\/pages\/(.*?)\+page\.md/m.exec(output) ?? []
  if (why === undefined || folder === undefined) return undefined
  return { page: `${folder.replace(/\/$/, '') || 'index'}.md`, why }
}
