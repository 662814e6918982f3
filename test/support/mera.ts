import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly bytes: Buffer
  readonly stderr: string
  /** The one object that `--json` printed. */
  readonly json: () => Record<string, unknown>
}
export interface RunOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
}

/** The program as a person runs it: a process of its own, through its bin, without anybody's Temporal settings. */
export const mera = (args: readonly string[], { cwd, env = {} }: RunOptions): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const own = Object.entries(process.env).filter(
      ([name]) => !name.startsWith('TEMPORAL_') && !name.startsWith('MERA_'),
    )
    const child = spawn(process.execPath, [join(root, 'bin', 'mera.mjs'), ...args], {
      cwd,
      env: { ...Object.fromEntries(own), MERA_KEY_FILE: join(cwd, 'pseudonyms.key'), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    child.once('error', reject)
    child.once('close', (code) => {
      const bytes = Buffer.concat(out)
      const stdout = bytes.toString('utf8')
      resolve({
        code,
        stdout,
        bytes,
        stderr: Buffer.concat(err).toString('utf8'),
        json: () => JSON.parse(stdout) as Record<string, unknown>,
      })
    })
  })
