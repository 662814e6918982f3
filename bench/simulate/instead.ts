/** A study misses its aim and does not say what is used instead. */
export class InsteadMissing extends Error {
  readonly key: string
  readonly hint = 'напишите в поле instead, чем метод заменяется там, где промахивается'
  constructor(key: string) {
    super(`у «${key}» есть промахи, а чем метод заменяется, не сказано`)
    this.name = 'InsteadMissing'
    this.key = key
  }
}

/** «**Что вместо этого.** …»; throws where the study says nothing, so that a page never has an empty one. */
export const insteadText = ({ key, instead }: { key: string; instead: string }): string => {
  if (instead.trim() === '') throw new InsteadMissing(key)
  return `**Что вместо этого.** ${instead.trim()}`
}
