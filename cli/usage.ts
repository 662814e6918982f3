import { UsageError } from '../warehouse/errors.ts'

export const usageError = (message: string, hint: string): UsageError =>
  new UsageError({ code: 'usage', message, hint })

/** Which of the words is meant: the only one that begins so or is shortened so, else the nearest by edits, where it is near at all. */
export const closest = (said: string, words: readonly string[]): string | undefined => {
  const longer = words.filter((word) => said.length > 1 && word.startsWith(said))
  if (longer.length === 1) return longer[0]
  const shortened = words.filter((word) => said.length > 1 && isShortFor(said, word))
  if (shortened.length === 1) return shortened[0]
  const [best] = words
    .map((word) => ({ word, far: distance(said, word) }))
    .sort((a, b) => a.far - b.far)
  return best !== undefined && best.far <= Math.max(1, Math.floor(said.length / 3))
    ? best.word
    : undefined
}

/** «md» is short for «markdown»: the same first letter, the others in their order. */
const isShortFor = (said: string, word: string): boolean => {
  let at = 0
  for (const letter of word) if (letter === said[at]) at++
  return at === said.length && word.startsWith(said[0] ?? '')
}

/** Levenshtein distance. */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next.push(
        Math.min(
          (row[j] ?? 0) + 1,
          (next[j - 1] ?? 0) + 1,
          (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
        ),
      )
    row = next
  }
  return row[b.length] ?? 0
}

/** Whole number of an option, within bounds. */
export const wholeOption = (
  name: string,
  text: string | undefined,
  min: number,
  max: number,
): number | undefined => {
  if (text === undefined) return undefined
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= min && value <= max) return value
  throw usageError(
    `--${name} ${text}: не подходит`,
    `нужно целое число от ${String(min)} до ${String(max)}`,
  )
}

/** School years of `--years A..B`, by the years in which they end, both included; unless told, the bounds are those of settings. */
export const yearsOption = (
  text: string,
  min = 2000,
  max = 2100,
): readonly [from: number, to: number] => {
  const [, first, last] = /^(\d{4})\.\.(\d{4})$/.exec(text) ?? []
  const [from, to] = [Number(first), Number(last)]
  if (from >= min && from <= to && to <= max) return [from, to]
  throw usageError(
    `--years ${text}: не подходит`,
    `нужно, например, 2023..2026; годы — от ${String(min)} до ${String(max)}`,
  )
}

/** `a=b` words as a record. */
export const assignments = (
  words: readonly string[],
  where: string,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=')
      if (at < 1)
        throw usageError(`${where}: «${word}» не вида имя=значение`, 'например, year=2026')
      return [word.slice(0, at).trim(), word.slice(at + 1).trim()] as const
    }),
  )
