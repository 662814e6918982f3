import type { Field, Source } from '../transforms/contract/source.ts'
import { problem, type Problem } from './problem.ts'
import { cleanText, lineOf, type Sheet } from './readers/sheet.ts'
import type { Context } from './segment.ts'

export type Teller = 'block' | 'above' | 'sheet-name' | 'fact' | 'path'
/** A value that holds for many rows, and where it was found. */
export interface Told {
  readonly value: string
  readonly by: Teller
}
/** Named groups that matched, as canonical values; what does not fit its field is left out. */
export const named = (source: Source, found: RegExpExecArray, by: Teller): Map<string, Told> => {
  const told = new Map<string, Told>()
  for (const [name, raw] of Object.entries(found.groups ?? {})) {
    const field: Field | undefined = source.form.fields[name]
    const text = cleanText(raw)
    if (field === undefined || text === null) continue
    const value = field.shape.parse(text)
    if (value !== undefined) told.set(name, { value, by })
  }
  return told
}

/** Values that hold for the whole sheet: above the header, then the sheet's name, then facts, then the path. */
export const toldForAll = (
  sheet: Sheet,
  source: Source,
  top: number,
  context: Context,
  problems: Problem[],
): ReadonlyMap<string, Told> => {
  const { form } = source
  const told = new Map<string, Told>()
  for (let r = 0; r < top; r++) {
    const line = lineOf(sheet, r)
    if (line === '') continue
    for (const pattern of form.above ?? []) {
      const found = pattern.exec(line)
      if (found)
        for (const [name, value] of named(source, found, 'above'))
          if (!told.has(name)) told.set(name, value)
    }
  }
  const offer = (others: ReadonlyMap<string, Told>): void => {
    for (const [name, other] of others) {
      const known = told.get(name)
      if (known === undefined) told.set(name, other)
      else disagreement(sheet, source, name, known, other, problems)
    }
  }
  const bySheet = form.sheetName?.exec(sheet.name)
  if (bySheet) offer(named(source, bySheet, 'sheet-name'))
  offer(factsOf(sheet, source, context.facts, problems))
  const byPath = form.path?.exec(context.path)
  if (byPath) offer(named(source, byPath, 'path'))
  return told
}

const factsOf = (
  sheet: Sheet,
  source: Source,
  facts: Readonly<Record<string, string>>,
  problems: Problem[],
): ReadonlyMap<string, Told> => {
  const told = new Map<string, Told>()
  for (const [name, raw] of Object.entries(facts)) {
    const field: Field | undefined = source.form.fields[name]
    if (field === undefined) continue
    const value = field.shape.parse(cleanText(raw) ?? '')
    if (value === undefined)
      problems.push(
        problem(
          sheet,
          null,
          'fact-invalid',
          `указанное значение «${name}» не подходит, ожидалось: ${field.shape.expected}`,
        ),
      )
    else told.set(name, { value, by: 'fact' })
  }
  return told
}

const tellers: Readonly<Record<Teller, string>> = {
  block: 'строке раздела',
  above: 'заголовке листа',
  'sheet-name': 'имени листа',
  fact: 'сведениях о поставке',
  path: 'имени файла',
}
/** What the content says stands; the office hears that something else says otherwise. */
const disagreement = (
  sheet: Sheet,
  source: Source,
  name: string,
  stands: { readonly value: string; readonly by: Teller | 'column' },
  other: Told,
  problems: Problem[],
): void => {
  if (stands.value.toLowerCase() === other.value.toLowerCase()) return
  const where = stands.by === 'column' ? 'столбце' : tellers[stands.by]
  const shown = source.form.fields[name]?.harmless === true
  const message = shown
    ? `«${name}»: в ${where} «${stands.value}», а в ${tellers[other.by]} «${other.value}»; взято первое`
    : `«${name}»: в ${where} не то же, что в ${tellers[other.by]}; взято первое`
  problems.push(problem(sheet, null, 'told-otherwise', message, 'warning'))
}

export const merged = (
  sheet: Sheet,
  source: Source,
  common: ReadonlyMap<string, Told>,
  own: ReadonlyMap<string, Told>,
  problems: Problem[],
): ReadonlyMap<string, Told> => {
  if (own.size === 0) return common
  const told = new Map(common)
  for (const [name, value] of own) {
    const other = common.get(name)
    if (other !== undefined) disagreement(sheet, source, name, value, other, problems)
    told.set(name, value)
  }
  return told
}

/** The school year that is told for a sheet or a table in it. */
export const yearOf = ({ form }: Source, told: ReadonlyMap<string, Told>): number | undefined =>
  schoolYearOf(form, form.year === undefined ? undefined : told.get(form.year)?.value)
/** The school year that a form's value of its year speaks of: a date stands for the school year it falls into. */
export const schoolYearOf = (
  { yearBegins }: Pick<Source['form'], 'yearBegins'>,
  value: string | null | undefined,
): number | undefined => {
  const [, calendar, month] = /^(\d{4})(?:-(\d{2})-\d{2})?$/.exec(value ?? '') ?? []
  if (calendar === undefined) return undefined
  const isAutumn = month === undefined ? yearBegins === true : Number(month) >= 9
  return Number(calendar) + (isAutumn ? 1 : 0)
}
