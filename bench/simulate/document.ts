const opening = (key: string): string => `<!-- simulate:${key} -->`
const CLOSING = '<!-- /simulate -->'

/** The page lacks a place for a table, or the place has no end. */
export class PlaceMissing extends Error {
  readonly key: string
  readonly hint: string
  constructor(key: string) {
    super(`на странице нет места для таблицы «${key}»`)
    this.name = 'PlaceMissing'
    this.key = key
    this.hint = `добавьте строки «${opening(key)}» и «${CLOSING}»`
  }
}

/** The page with what stands between the markers of `key` replaced; the rest is left as it is. */
export const fill = (page: string, key: string, text: string): string => {
  const start = page.indexOf(opening(key))
  const from = start + opening(key).length
  const end = start < 0 ? -1 : page.indexOf(CLOSING, from)
  const next = start < 0 ? -1 : page.indexOf('<!-- simulate:', from)
  if (end < 0 || (next >= 0 && next < end)) throw new PlaceMissing(key)
  return `${page.slice(0, from)}\n\n${text.trim()}\n\n${page.slice(end)}`
}

/** Keys of the places of a page, in order. */
export const placesOf = (page: string): string[] =>
  [...page.matchAll(/<!-- simulate:([a-z0-9_]+) -->/g)].map((match) => match[1] as string)
