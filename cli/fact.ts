import type { Catalog } from '../warehouse/catalog.ts'
import { factRules, type Facts } from '../warehouse/facts.ts'
import { assignments } from './usage.ts'

/** The option of every command that takes files in. */
export const fact = {
  type: 'string',
  multiple: true,
  value: 'имя=значение',
  doc: 'чего нет в самих файлах: year=2019, delivered_on=2026-06-20, supersedes=имя.xlsx; year= снимает сказанное раньше',
} as const
/** Facts of the command line, checked before anything is done with a file. */
export const factsOf = (words: readonly string[] | undefined, catalog: Catalog): Facts => {
  const facts = assignments(words ?? [], '--fact')
  factRules(catalog)(facts, '--fact')
  return facts
}
