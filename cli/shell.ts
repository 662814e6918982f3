import { relative, resolve } from 'node:path'
import type { Home } from '../warehouse/home.ts'
import type { Call } from './command.ts'

/** A word as a shell takes it for one, quoted only where it must be. */
export const quoted = (word: string): string =>
  /^[\p{L}\d_.,:=@%+/-]+$/u.test(word)
    ? word
    : /["$`\\!]/.test(word)
      ? `'${word.replaceAll("'", `'\\''`)}'`
      : `"${word}"`

/** ` --home …` for commands that are to be repeated; empty where they find the home without it. */
export const atHome = ({ path }: Pick<Home, 'path'>, { env }: Pick<Call, 'env'>): string => {
  if (path === resolve(env['MERA_HOME'] || 'data')) return ''
  const near = relative('', path)
  return ` --home ${quoted(near === '' || near.startsWith('..') ? path : near)}`
}
