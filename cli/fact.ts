import { assignments } from './usage.ts'

/** The option of every command that takes files in. */
export const fact = {
  type: 'string',
  multiple: true,
  value: 'имя=значение',
  doc: 'чего нет в самих файлах: year=2019, delivered_on=2026-06-20, supersedes=имя.xlsx',
} as const
export const factsOf = (words: readonly string[] | undefined): Readonly<Record<string, string>> =>
  assignments(words ?? [], '--fact')
