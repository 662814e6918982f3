import { Writable } from 'node:stream'
import { run } from '../../cli/main.ts'

export interface Said {
  readonly code: number
  readonly out: string
  readonly err: string
}
export interface SaidOptions {
  /** Called as soon as the command has said something beside its answer, the first time. */
  readonly onNote?: () => void
  readonly signal?: AbortSignal
}
/** A command in this process: what it says, and its code. */
export const said = async (
  args: readonly string[],
  { onNote, signal = new AbortController().signal }: SaidOptions = {},
): Promise<Said> => {
  const texts = { out: '', err: '' }
  const into = (name: 'out' | 'err'): NodeJS.WriteStream =>
    new Writable({
      write: (chunk: Buffer, _, done) => {
        const isFirst = texts[name] === ''
        texts[name] += chunk.toString()
        if (isFirst && name === 'err') onNote?.()
        done()
      },
    }) as unknown as NodeJS.WriteStream
  const world = { out: into('out'), err: into('err'), env: process.env, signal }
  return { code: await run(args, world), ...texts }
}
