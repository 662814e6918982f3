import type { Check } from '../transforms/contract/check.ts'
import { Computation } from '../transforms/contract/computation.ts'
import { Entity } from '../transforms/contract/entity.ts'
import { Indicator, type Passport } from '../transforms/contract/indicator.ts'
import { Table } from '../transforms/contract/table.ts'
import { parentsOf, promisesOf, type Catalog, type Step } from './catalog.ts'
import { builder, compileQuery } from './compile.ts'
import { UsageError } from './errors.ts'
import type { CheckResult } from './generation.ts'

export type TableKind =
  'source' | 'entity' | 'model' | 'computation' | 'indicator' | 'parameter' | 'ledger'
export interface ColumnDescription {
  readonly name: string
  readonly type: string
  readonly doc: string
  readonly nullable: boolean
  /** Table and column that must hold its value. */
  readonly references?: string
  /** Russian: where a form's column has its value from; of the repeated cells, what they hold. */
  readonly place?: string
}
export interface TableDescription {
  readonly table: string
  readonly kind: TableKind
  readonly doc: string
  readonly grain: readonly string[]
  readonly columns: readonly ColumnDescription[]
  readonly parents: readonly string[]
  readonly children: readonly string[]
  /** Declared checks that read it. What every table promises (grain, values, references) is proved besides. */
  readonly checks: readonly {
    readonly name: string
    readonly title: string
    readonly severity: 'error' | 'warning'
  }[]
  /** Editions that show it. */
  readonly editions: readonly string[]
  /** What an indicator says of itself, its unit included. */
  readonly passport?: Passport
}

/** The dictionary, in the order of lineage: made from the declarations, so it cannot be out of date. */
export const describeCatalog = (catalog: Catalog): readonly TableDescription[] => {
  const children = new Map<string, string[]>()
  for (const step of catalog.steps)
    for (const parent of parentsOf(step))
      children.set(parent, [...(children.get(parent) ?? []), step.table.id])
  const checks = catalog.checks.map((check) => ({
    name: check.name,
    title: check.title,
    severity: check.severity,
    reads: new Set(compileQuery(check.select(builder)).parents),
  }))
  return catalog.steps.map((step) => {
    const { table } = step
    const promises = promisesOf(table)
    return {
      table: table.id,
      kind: kindOf(step),
      doc: docOf(step),
      grain: promises?.grain ?? (step.kind === 'parameter' ? step.table.definition.grain : []),
      columns: Object.entries(table.columns).map(([name, { type, doc, nullable }]) => ({
        name,
        type,
        doc,
        nullable,
        ...referenceOf(name, promises?.references?.[name]),
        ...placeIn(step, name),
      })),
      parents: parentsOf(step),
      children: children.get(table.id) ?? [],
      checks: checks
        .filter(({ reads }) => reads.has(table.id))
        .map(({ name, title, severity }) => ({ name, title, severity })),
      editions: catalog.editions
        .filter(({ tables }) => tables.some(({ mart }) => mart.id === table.id))
        .map(({ name }) => name),
      ...(table instanceof Indicator ? { passport: table.passport } : {}),
    }
  })
}

const referenceOf = (
  column: string,
  target: Table | readonly [Table, string] | undefined,
): { references?: string } => {
  if (target === undefined) return {}
  const [table, key] = target instanceof Table ? ([target, column] as const) : target
  return { references: `${table.id}.${key}` }
}
const placeIn = (step: Step, column: string): { place?: string } => {
  if (step.kind !== 'source') return {}
  const { fields, headers, personal = [], repeated } = step.table.form
  if (column === '_cells' && repeated !== undefined) return { place: repeated.doc }
  if (!(column in fields)) return {}
  for (const { map } of headers)
    for (const [header, name] of Object.entries(map))
      if (name === column) return { place: `столбец «${header}»` }
  const hashed = personal.find((rule) => rule.action === 'hash' && rule.into === column)
  return {
    place:
      hashed === undefined
        ? 'сказано над таблицей, в имени листа или файла либо в --fact'
        : `вместо столбцов ${hashed.headers.map((header) => `«${header}»`).join(', ')}`,
  }
}
/** What a column means, for people: its doc, where its value stands in a form, what it refers to. */
export const meaningOf = ({ doc, place, references }: ColumnDescription): string =>
  `${doc}${place === undefined ? '' : ` (${place})`}${references === undefined ? '' : ` → ${references}`}`

const unitTitles: Readonly<Record<Passport['unit'], string>> = {
  share: 'доля, от 0 до 1',
  points: 'баллы',
  mark: 'отметка',
  count: 'количество',
  ratio: 'отношение',
}
export const unitTitle = (unit: Passport['unit']): string => unitTitles[unit]

const severities: Readonly<Record<Check['severity'], string>> = {
  error: 'ошибка',
  warning: 'предупреждение',
}
export const severityTitle = (severity: Check['severity']): string => severities[severity]

const kindOf = ({ kind, table }: Step): TableKind =>
  kind !== 'sql'
    ? kind
    : table instanceof Entity
      ? 'entity'
      : table instanceof Indicator
        ? 'indicator'
        : table instanceof Computation
          ? 'computation'
          : 'model'
const docOf = (step: Step): string =>
  step.kind === 'source'
    ? step.table.form.title
    : step.kind === 'parameter'
      ? step.table.definition.doc
      : (promisesOf(step.table)?.doc ?? '')

/**
 * A table by its id, or by its name where one table only has it.
 * @param isCheckToo whether a check of that name was looked for too, and is not there.
 * @throws UsageError naming what is near.
 */
export const stepOf = (
  catalog: Catalog,
  name: string,
  { isCheckToo = false }: { readonly isCheckToo?: boolean } = {},
): Step => {
  const wanted = name.toLowerCase()
  const named = catalog.steps.filter(({ table }) => table.id === wanted || table.name === wanted)
  const [step, ...others] = named.some(({ table }) => table.id === wanted)
    ? named.filter(({ table }) => table.id === wanted)
    : named
  if (step !== undefined && others.length === 0) return step
  const ids = (named.length > 1 ? named : catalog.steps)
    .map(({ table }) => table.id)
    .filter((id) => named.length > 1 || id.includes(wanted.split('.').at(-1) ?? ''))
    .slice(0, 8)
  throw new UsageError({
    code: named.length > 1 ? 'table-ambiguous' : 'table-missing',
    message:
      named.length > 1
        ? `таблиц с именем «${name}» несколько`
        : `таблицы ${isCheckToo ? 'или проверки ' : ''}«${name}» нет`,
    hint:
      ids.length > 0
        ? `${named.length > 1 ? 'укажите одну' : 'похожие'}: ${ids.join(', ')}`
        : `все таблицы${isCheckToo ? ' и проверки' : ''}: mera describe`,
  })
}

/** The query that makes a table, complete, so that it can be pasted into any DuckDB shell. */
export const sqlOf = (step: Step): string => {
  switch (step.kind) {
    case 'sql':
      return step.query.sql
    case 'computation':
      return Object.entries(step.inputs)
        .map(([name, { sql }]) => `-- вход «${name}»; дальше считает программа\n${sql}`)
        .join(';\n\n')
    default:
      return `select ${Object.keys(step.table.columns).join(', ')}\nfrom ${step.table.id}`
  }
}

const kinds: Readonly<Record<TableKind, string>> = {
  source: 'форма',
  entity: 'сущность',
  model: 'модель',
  computation: 'вычисление',
  indicator: 'показатель',
  parameter: 'параметры',
  ledger: 'журнал',
}
export const kindTitle = (kind: TableKind): string => kinds[kind]

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
/** The dictionary as a document. */
export const describeMarkdown = (tables: readonly TableDescription[]): string =>
  tables
    .map((table) =>
      [
        `## ${table.table}`,
        '',
        `${table.doc} (${kinds[table.kind]})`,
        ...(table.passport === undefined
          ? []
          : [
              '',
              `**${table.passport.title}** (${table.passport.catalogue}): ${table.passport.definition}`,
              '',
              `Формула: ${table.passport.formula}. Единица: ${unitTitle(table.passport.unit)}. Интервал: ${table.passport.interval}.`,
            ]),
        '',
        ...(table.grain.length > 0 ? [`Ключ: ${table.grain.join(', ')}`, ''] : []),
        '| столбец | тип | пусто | смысл |',
        '| --- | --- | --- | --- |',
        ...table.columns.map(
          (column) =>
            `| ${column.name} | ${column.type} | ${column.nullable ? 'да' : 'нет'} | ${cell(meaningOf(column))} |`,
        ),
        ...list('Из чего', table.parents),
        ...list('Что из неё', table.children),
        ...list(
          'Проверки',
          table.checks.map(
            ({ name, title, severity }) => `${title} (${name}, ${severityTitle(severity)})`,
          ),
        ),
        ...list('Издания', table.editions),
        '',
      ].join('\n'),
    )
    .join('\n')
/** Checks as a chapter of that document. */
export const checksMarkdown = (checks: readonly Omit<CheckResult, 'found'>[]): string =>
  [
    '## Проверки',
    '',
    '| проверка | вид | находит | когда важно | что делать |',
    '| --- | --- | --- | --- | --- |',
    ...checks.map(
      ({ check, title, severity, what, when, remedy }) =>
        `| ${check} | ${severityTitle(severity)} | ${cell(`${title}. ${what}`)} | ${cell(when)} | ${cell(remedy)} |`,
    ),
    '',
  ].join('\n')
const list = (title: string, items: readonly string[]): readonly string[] =>
  items.length === 0 ? [] : ['', `${title}: ${items.join(', ')}`]
