import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface Child {
  /** Ends it as a power cut would. */
  readonly kill: () => Promise<NodeJS.Signals | null>
}
/** Starts a script of this folder in a process of its own; ready once it has said something. */
export const startChild = async (script: string, ...args: readonly string[]): Promise<Child> => {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', fileURLToPath(new URL(script, import.meta.url)), ...args],
    {
      cwd: fileURLToPath(new URL('../../', import.meta.url)),
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const exited = new Promise<NodeJS.Signals | null>((resolve) => {
    child.on('exit', (_, signal) => {
      resolve(signal)
    })
  })
  await Promise.race([new Promise((resolve) => child.stdout.once('data', resolve)), exited])
  return {
    kill: () => {
      child.kill('SIGKILL')
      return exited
    },
  }
}
