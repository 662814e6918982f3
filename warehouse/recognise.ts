import type { Field, Source } from '../transforms/contract/source.ts'
import { headerIndex, headerKey, headersOf } from './headers.ts'
import { isPersonalHeader } from './personal.ts'
import { cellName, cleanText, type GridRow, type Sheet } from './readers/sheet.ts'

export type Teller = 'block' | 'above' | 'sheet-name' | 'fact' | 'path'
/** A value that holds for many rows, and where it was found. */
export interface Told {
  readonly value: string
  readonly by: Teller
}
export interface Problem {
  readonly sheet: string
  readonly cell: string | null
  readonly code: string
  readonly message: string
  /** A warning changes nothing about what is loaded. */
  readonly severity: 'error' | 'warning'
}
export interface RepeatedColumn {
  readonly column: number
  readonly header: string
  readonly above: string | null
}
export interface HashedColumns {
  readonly into: string
  readonly system: string
  readonly columns: readonly number[]
}
/** One table of a sheet: which column holds what, and the values told for all its rows. Rows from 0; `end` is not included. */
export interface Segment {
  readonly headerRow: number
  readonly start: number
  readonly end: number
  readonly columns: ReadonlyMap<string, number>
  readonly headers: GridRow
  readonly repeated: readonly RepeatedColumn[]
  readonly hashed: readonly HashedColumns[]
  readonly told: ReadonlyMap<string, Told>
}
export interface Context {
  /** From --fact and delivery.json. */
  readonly facts: Readonly<Record<string, string>>
  /** Where the file came from. */
  readonly path: string
  /** Forms whose columns of people are dropped instead of refused. */
  readonly dropPersonal: ReadonlySet<string>
}
export interface Recognised {
  readonly source: Source
  readonly year: number | null
  readonly segments: readonly Segment[]
  readonly problems: readonly Problem[]
  /** Why the sheet is not loaded. */
  readonly refused: string | undefined
}
export interface Unrecognised {
  readonly source: null
  readonly problems: readonly Problem[]
  /** More than one form claims it. */
  readonly refused: string | undefined
}

/** How far down a header is looked for. */
const depth = 60

/** Which form a sheet is, by its content alone, and how it is to be read. The sheet's joined cells must have been filled down. */
export const recognise = (
  sheet: Sheet,
  sources: readonly Source[],
  context: Context,
): Recognised | Unrecognised => {
  const { claims, nearest } = claimants(sheet, sources)
  const [first, second] = claims
  if (first === undefined) return { source: null, problems: nearest, refused: undefined }
  if (second !== undefined) {
    const message = `лист подходит сразу под несколько форм: ${claims.map(({ source }) => `«${source.form.title}»`).join(', ')}`
    return {
      source: null,
      refused: message,
      problems: [problem(sheet, null, 'form-ambiguous', message)],
    }
  }
  return layout(sheet, first.source, first.headerRow, context)
}

/** Forms that claim the sheet; a test holds that there is never more than one. */
export const claimants = (
  sheet: Sheet,
  sources: readonly Source[],
): {
  claims: readonly { readonly source: Source; readonly headerRow: number }[]
  nearest: readonly Problem[]
} => {
  const index = headerIndex(sources)
  const rows = sheet.rows.slice(0, depth)
  const headerRows = new Map<number, number>()
  const closest = new Map<number, ReadonlySet<string>>()
  rows.forEach((row, r) => {
    if (row.length === 0) return
    for (const [i, fields] of index.found(row)) {
      const needed = sources[i]?.form.recognise.headers.length ?? 0
      const known = headerRows.get(i)
      if (fields.size === needed && (known === undefined || known === r - 1)) headerRows.set(i, r)
      if (fields.size > (closest.get(i)?.size ?? 0)) closest.set(i, fields)
    }
  })
  const claims = sources.flatMap((source, i) => {
    const headerRow = headerRows.get(i)
    return headerRow !== undefined && titled(sheet, source, headerRow) ? [{ source, headerRow }] : []
  })
  return { claims, nearest: claims.length > 0 ? [] : nearestForm(sheet, sources, closest) }
}

const titled = (sheet: Sheet, source: Source, headerRow: number): boolean => {
  const { recognise: told, block } = source.form
  const { title } = told
  if (title === undefined) return true
  const opening = block === undefined ? -1 : sheet.rows.findIndex((row) => block.test(joined(row)))
  const end = opening >= 0 && opening < headerRow ? opening : headerRow
  return sheet.rows.slice(0, end).some((row) => row.some((cell) => cell !== null && title.test(cell)))
}

const nearestForm = (
  sheet: Sheet,
  sources: readonly Source[],
  closest: ReadonlyMap<number, ReadonlySet<string>>,
): readonly Problem[] => {
  const near = sources
    .map((source, i) => {
      const found = closest.get(i) ?? new Set()
      const share = found.size / Math.max(source.form.recognise.headers.length, 1)
      const title = source.form.recognise.title !== undefined && titled(sheet, source, depth)
      return { source, found, weight: share + (title ? 1 : 0) }
    })
    .filter(({ weight }) => weight >= 0.6)
    .sort((a, b) => b.weight - a.weight || (a.source.name < b.source.name ? -1 : 1))[0]
  if (near === undefined) return []
  const missing = near.source.form.recognise.headers.filter((name) => !near.found.has(name))
  const detail =
    missing.length === 0
      ? 'но заголовок формы над таблицей другой'
      : `но нет столбцов: ${missing.map((name) => headerText(near.source, name)).join(', ')}`
  return [
    problem(sheet, null, 'header-drift', `похоже на форму «${near.source.form.title}», ${detail}`),
  ]
}

/** How the form prints a field, for messages. */
export const headerText = (source: Source, name: string): string => {
  for (const entry of source.form.headers)
    for (const [text, target] of Object.entries(entry.map)) if (target === name) return `«${text}»`
  return `«${name}»`
}

/** A row's cells that are not empty, joined: what patterns for lines see. */
export const joined = (row: GridRow): string => {
  let out = ''
  for (const cell of row) {
    const text = cleanText(cell)
    if (text !== null) out = out === '' ? text : `${out} | ${text}`
  }
  return out
}

export const problem = (
  sheet: Sheet,
  cell: string | null,
  code: string,
  message: string,
  severity: Problem['severity'] = 'error',
): Problem => ({ sheet: sheet.name, cell, code, message, severity })

const layout = (sheet: Sheet, source: Source, headerRow: number, context: Context): Recognised => {
  const { form } = source
  const problems: Problem[] = []
  const opened = blockLines(sheet, source)
  const top = opened[0] !== undefined && opened[0].row < headerRow ? opened[0].row : headerRow
  const common = toldForAll(sheet, source, top, context, problems)
  const segments: Segment[] = []
  let refused: string | undefined
  let current = headerRow < (opened[0]?.row ?? Infinity) ? headerRow : undefined
  const spans =
    opened.length === 0
      ? [{ row: -1, told: new Map<string, Told>() }]
      : current === undefined
        ? opened
        : [{ row: -1, told: new Map<string, Told>() }, ...opened]
  spans.forEach((span, i) => {
    const end = spans[i + 1]?.row ?? sheet.rows.length
    const own = i === 0 && current !== undefined ? current : headerIn(sheet, source, span.row + 1, end)
    current = own ?? current
    if (current === undefined) return
    const start = own === undefined ? span.row + 1 : own + 1
    const told = merged(sheet, source, common, span.told, problems)
    const year = yearOf(source, told)
    const columns = columnsOf(sheet, source, current, year, context, problems)
    refused ??= columns.refused
    segments.push({ headerRow: current, start, end, told, ...columns })
  })
  const first = segments.find(({ told }) => yearOf(source, told) !== undefined) ?? segments[0]
  const year = first === undefined ? undefined : yearOf(source, first.told)
  refused ??= missingHeader(sheet, source, segments, year, problems)
  refused ??= missingValue(sheet, source, segments, problems)
  if (refused === undefined && sheet.hidden)
    problems.push(problem(sheet, null, 'sheet-hidden', 'лист скрыт, но прочитан', 'warning'))
  const seen = new Set<string>()
  return {
    source,
    year: year ?? null,
    segments: segments.map((segment) => ({ ...segment, ...exchanged(sheet, source, segment, problems) })),
    problems: problems.filter(({ cell, code, message }) => {
      const key = `${cell ?? ''} ${code} ${message}`
      return seen.has(key) ? false : seen.add(key)
    }),
    refused,
  }
}

const blockLines = (
  sheet: Sheet,
  source: Source,
): readonly { readonly row: number; readonly told: ReadonlyMap<string, Told> }[] => {
  const { block } = source.form
  if (block === undefined) return []
  return sheet.rows.flatMap((row, r) => {
    const found = block.exec(joined(row))
    return found ? [{ row: r, told: named(source, found, 'block') }] : []
  })
}

const headerIn = (sheet: Sheet, source: Source, from: number, to: number): number | undefined => {
  const index = headerIndex(single(source))
  const needed = source.form.recognise.headers.length
  let found: number | undefined
  for (let r = from; r < Math.min(to, from + depth); r++) {
    if ((index.found(sheet.rows[r] ?? []).get(0)?.size ?? 0) === needed) found = r
    else if (found !== undefined) break
  }
  return found
}
const singles = new WeakMap<Source, readonly Source[]>()
const single = (source: Source): readonly Source[] => {
  const known = singles.get(source) ?? [source]
  singles.set(source, known)
  return known
}

/** Named groups that matched, as canonical values; what does not fit its field is left out. */
const named = (source: Source, found: RegExpExecArray, by: Teller): Map<string, Told> => {
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
const toldForAll = (
  sheet: Sheet,
  source: Source,
  top: number,
  context: Context,
  problems: Problem[],
): ReadonlyMap<string, Told> => {
  const { form } = source
  const told = new Map<string, Told>()
  for (const row of sheet.rows.slice(0, top)) {
    if (row.length === 0) continue
    const line = joined(row)
    for (const pattern of form.above ?? []) {
      const found = pattern.exec(line)
      if (found) for (const [name, value] of named(source, found, 'above')) if (!told.has(name)) told.set(name, value)
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
        problem(sheet, null, 'fact-invalid', `указанное значение «${name}» не подходит: ожидалось ${field.shape.expected}`),
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

const merged = (
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

export const yearOf = (source: Source, told: ReadonlyMap<string, Told>): number | undefined => {
  const { year } = source.form
  const value = year === undefined ? undefined : told.get(year)?.value
  const number = value === undefined ? Number.NaN : Number(value)
  return Number.isInteger(number) ? number : undefined
}

type Layout = Pick<Segment, 'columns' | 'headers' | 'repeated' | 'hashed'> & { refused: string | undefined }

const columnsOf = (
  sheet: Sheet,
  source: Source,
  headerRow: number,
  year: number | undefined,
  context: Context,
  problems: Problem[],
): Layout => {
  const { form } = source
  const headers = (sheet.rows[headerRow] ?? []).map(cleanText)
  const map = headersOf(source, year)
  const personal = new Map(
    (form.personal ?? []).flatMap((rule) => rule.headers.map((text) => [headerKey(text), rule] as const)),
  )
  const mayDrop = context.dropPersonal.has(source.name) || context.dropPersonal.has(source.id)
  const columns = new Map<string, number>()
  const repeated: RepeatedColumn[] = []
  const hashed = new Map<string, { into: string; system: string; columns: number[] }>()
  const unknown: string[] = []
  let refused: string | undefined
  headers.forEach((header, column) => {
    if (header === null) return
    const key = headerKey(header)
    const rule = personal.get(key)
    if (rule?.action === 'drop') return
    if (rule?.action === 'hash') {
      const group = hashed.get(rule.into) ?? { into: rule.into, system: rule.system, columns: [] }
      group.columns.push(column)
      hashed.set(rule.into, group)
      return
    }
    const name = rule === undefined ? map.get(key) : undefined
    if (name !== undefined) {
      const known = columns.get(name)
      if (known === undefined) columns.set(name, column)
      else if (!alike(sheet, headerRow, known, column)) {
        refused ??= `два столбца с одним смыслом: ${headerText(source, name)}`
        problems.push(problem(sheet, cellName(headerRow, column), 'header-twice', refused))
      }
      return
    }
    if (rule === undefined && form.repeated?.header.test(header) === true) {
      repeated.push({ column, header, above: aboveOf(sheet, headerRow, column) })
      return
    }
    if (rule?.action === 'refuse' || isPersonalHeader(key)) {
      if (mayDrop) return
      refused ??= `на листе есть персональные данные (столбец «${header}»), в этой форме их быть не должно`
      problems.push(problem(sheet, cellName(headerRow, column), 'personal-data', refused))
      return
    }
    unknown.push(header)
  })
  const absent = Object.keys(form.fields).filter(
    (name) => !columns.has(name) && [...map.values()].includes(name) && form.fields[name]?.required !== true,
  )
  if (absent.length > 0 && unknown.length > 0)
    problems.push(
      problem(
        sheet,
        cellName(headerRow, 0),
        'column-absent',
        `нет столбцов ${absent.map((name) => headerText(source, name)).join(', ')}; незнакомые столбцы: ${unknown
          .slice(0, 8)
          .map((text) => `«${text}»`)
          .join(', ')}${unknown.length > 8 ? '…' : ''}`,
        'warning',
      ),
    )
  return { columns, headers, repeated, hashed: [...hashed.values()], refused }
}

/** Two columns under synonyms of one header do no harm when they say the same. */
const alike = (sheet: Sheet, headerRow: number, a: number, b: number): boolean =>
  sheet.rows.slice(headerRow + 1).every((row) => cleanText(row[a]) === cleanText(row[b]))

const aboveOf = (sheet: Sheet, headerRow: number, column: number): string | null => {
  const row = headerRow - 1
  if (row < 0) return null
  const own = cleanText(sheet.rows[row]?.[column])
  if (own !== null) return own
  const merge = sheet.merges.find(
    ({ top, left, bottom, right }) => row >= top && row <= bottom && column > left && column <= right,
  )
  return merge === undefined ? null : cleanText(sheet.rows[merge.top]?.[merge.left])
}

const missingHeader = (
  sheet: Sheet,
  source: Source,
  segments: readonly Segment[],
  year: number | undefined,
  problems: Problem[],
): string | undefined => {
  const map = new Set(headersOf(source, year).values())
  for (const { columns, headerRow, told, hashed } of segments) {
    const missing = Object.entries(source.form.fields).flatMap(([name, { required }]) => {
      const needed = required || source.form.recognise.headers.includes(name)
      const asHash = (source.form.personal ?? []).find(
        (rule) => rule.action === 'hash' && rule.into === name,
      )
      if (!needed || columns.has(name) || told.has(name)) return []
      if (asHash) return hashed.some(({ into }) => into === name) ? [] : [`«${asHash.headers[0] ?? name}»`]
      return map.has(name) || source.form.recognise.headers.includes(name) ? [headerText(source, name)] : []
    })
    if (missing.length === 0) continue
    const message = `нет обязательных столбцов: ${missing.join(', ')}${year === undefined ? '' : ` (форма ${String(year)} года)`}`
    problems.push(problem(sheet, cellName(headerRow, 0), 'header-missing', message))
    return message
  }
  return undefined
}

/** Required fields that no column holds and nothing told: in every table of the sheet. */
const missingValue = (
  sheet: Sheet,
  source: Source,
  segments: readonly Segment[],
  problems: Problem[],
): string | undefined => {
  const lacking = segments.map(unknownFields.bind(undefined, source))
  const missing = (lacking[0] ?? []).filter((name) => lacking.every((names) => names.includes(name)))
  if (missing.length === 0) return undefined
  const message = `неизвестно: ${missing.join(', ')} — этого нет ни на листе, ни в имени файла`
  problems.push(
    problem(
      sheet,
      null,
      'value-missing',
      `${message}; укажите ${missing.map((name) => `--fact ${name}=…`).join(' ')} или файл delivery.json рядом`,
    ),
  )
  return message
}
export const unknownFields = (source: Source, segment: Segment): readonly string[] =>
  Object.entries(source.form.fields).flatMap(([name, { required }]) =>
    required &&
    !segment.columns.has(name) &&
    !segment.told.has(name) &&
    !segment.hashed.some(({ into }) => into === name)
      ? [name]
      : [],
  )

/** Pairs of headers known to arrive exchanged: the assignment that more cells fit stands; equal counts leave what is written. */
const exchanged = (
  sheet: Sheet,
  source: Source,
  segment: Segment,
  problems: Problem[],
): Pick<Segment, 'columns'> => {
  const columns = new Map(segment.columns)
  for (const [a, b] of source.form.exchanged ?? []) {
    const [left, right] = [columns.get(a), columns.get(b)]
    const [first, second] = [source.form.fields[a], source.form.fields[b]]
    if (left === undefined || right === undefined || first === undefined || second === undefined) continue
    const fits = (field: Field, column: number): number => {
      let count = 0
      for (let r = segment.start; r < segment.end; r++) {
        const text = cleanText(sheet.rows[r]?.[column])
        if (text !== null && field.shape.parse(text) !== undefined) count++
      }
      return count
    }
    if (fits(first, right) + fits(second, left) <= fits(first, left) + fits(second, right)) continue
    columns.set(a, right).set(b, left)
    problems.push(
      problem(
        sheet,
        cellName(segment.headerRow, Math.min(left, right)),
        'headers-exchanged',
        `заголовки ${headerText(source, a)} и ${headerText(source, b)} перепутаны местами: прочитано по значениям`,
        'warning',
      ),
    )
  }
  return { columns }
}
