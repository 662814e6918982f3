import type { Field, Source } from '../transforms/contract/source.ts'
import { headerKey, headersOf, headerText } from './headers.ts'
import { isPersonalHeader } from './personal.ts'
import { problem, type Problem } from './problem.ts'
import { cellName, cleanText, type Sheet } from './readers/sheet.ts'
import type { Context, RepeatedColumn, Segment } from './segment.ts'

type Layout = Pick<Segment, 'columns' | 'headers' | 'repeated' | 'hashed'> & {
  refused: string | undefined
}

export const columnsOf = (
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
    (form.personal ?? []).flatMap((rule) =>
      rule.headers.map((text) => [headerKey(text), rule] as const),
    ),
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
    (name) =>
      !columns.has(name) &&
      [...map.values()].includes(name) &&
      form.fields[name]?.required !== true,
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
    ({ top, left, bottom, right }) =>
      row >= top && row <= bottom && column > left && column <= right,
  )
  return merge === undefined ? null : cleanText(sheet.rows[merge.top]?.[merge.left])
}

export const missingHeader = (
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
      if (asHash)
        return hashed.some(({ into }) => into === name) ? [] : [`«${asHash.headers[0] ?? name}»`]
      return map.has(name) || source.form.recognise.headers.includes(name)
        ? [headerText(source, name)]
        : []
    })
    if (missing.length === 0) continue
    const message = `нет обязательных столбцов: ${missing.join(', ')}${year === undefined ? '' : ` (форма ${String(year)} года)`}`
    problems.push(problem(sheet, cellName(headerRow, 0), 'header-missing', message))
    return message
  }
  return undefined
}

/** Required fields that no column holds and nothing told: in every table of the sheet. */
export const missingValue = (
  sheet: Sheet,
  source: Source,
  segments: readonly Segment[],
  problems: Problem[],
): string | undefined => {
  const lacking = segments.map(unknownFields.bind(undefined, source))
  const missing = (lacking[0] ?? []).filter((name) =>
    lacking.every((names) => names.includes(name)),
  )
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
export const exchanged = (
  sheet: Sheet,
  source: Source,
  segment: Segment,
  problems: Problem[],
): Pick<Segment, 'columns'> => {
  const columns = new Map(segment.columns)
  for (const [a, b] of source.form.exchanged ?? []) {
    const [left, right] = [columns.get(a), columns.get(b)]
    const [first, second] = [source.form.fields[a], source.form.fields[b]]
    if (left === undefined || right === undefined || first === undefined || second === undefined)
      continue
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
