import type { Columns } from '../transforms/contract/column.ts'
import type {
  ParameterRow,
  ParameterRows,
  ParameterTable,
} from '../transforms/contract/parameter.ts'
import type { Catalog } from './catalog.ts'
import { SettingsInvalid } from './errors.ts'
import type { Home } from './home.ts'
import { isDay, readSettings, type SchoolAlias, type Settings } from './settings.ts'

type Given = Readonly<Record<string, string | number | boolean | null>>
type Fault = SettingsInvalid['fields'][number]

const everywhere = { scope: 'all', valid_from: null, valid_to: null, tag: 'S' }

/**
 * The office's parameter rows as rows of their tables; a column that is not said is that of the shared row of the same key.
 * @throws SettingsInvalid with every table, column, key and value that the declarations do not know
 */
export const overridesOf = (
  settings: Pick<Settings, 'parameters' | 'schoolAliases' | 'expectedDeliveries' | 'dropPersonal'>,
  catalog: Catalog,
): readonly ParameterRows[] => {
  const tables = new Map(
    catalog.steps.flatMap((step): [string, ParameterTable][] =>
      step.kind === 'parameter' ? [[step.table.name, step.table]] : [],
    ),
  )
  const faults: Fault[] = formFaults(settings, catalog)
  const found = Object.entries(settings.parameters).flatMap(([name, rows]): ParameterRows[] => {
    const table = tables.get(name)
    if (table === undefined) {
      faults.push({
        file: 'parameters.json',
        path: name,
        message: `нет таблицы параметров «${name}»; есть: ${[...tables.keys()].join(', ')}`,
      })
      return []
    }
    return [
      {
        table,
        rows: rows.map((given, i) => {
          const row = completed(table, given)
          for (const message of faultsOf(table, given, row, catalog))
            faults.push({ file: 'parameters.json', path: `${name}.[${String(i)}]`, message })
          return row
        }),
      },
    ]
  })
  if (faults.length > 0) throw new SettingsInvalid(faults)
  const alias = tables.get('school_alias')
  return alias === undefined ? found : [...found, aliasRows(alias, settings.schoolAliases)]
}

/** What is wrong with the office's settings as they stand now: of an error of another process only the class is heard. */
export const settingsFault = async (
  home: Pick<Home, 'settings'>,
  catalog: Catalog,
): Promise<SettingsInvalid | undefined> => {
  try {
    overridesOf(await readSettings(home), catalog)
    return undefined
  } catch (error) {
    if (error instanceof SettingsInvalid) return error
    throw error
  }
}

const completed = (table: ParameterTable, given: Given): ParameterRow<Columns> => {
  const shared = table.definition.rows.find((row) =>
    table.definition.grain.every((name) => row[name] === given[name]),
  )
  return {
    ...shared,
    ...everywhere,
    source: 'settings/parameters.json',
    ...given,
  }
}

const faultsOf = (
  table: ParameterTable,
  given: Given,
  row: ParameterRow<Columns>,
  { indicators }: Catalog,
): readonly string[] => {
  const faults: string[] = []
  for (const name of Object.keys(given))
    if (!(name in table.columns))
      faults.push(`нет столбца «${name}»; есть: ${Object.keys(table.columns).join(', ')}`)
  for (const [name, { type, nullable }] of Object.entries(table.columns)) {
    const value = row[name] ?? null
    if (value === null ? !nullable : !fits(type, value))
      faults.push(
        value === null
          ? `не указан столбец «${name}»`
          : `${name}: ожидалось ${expected(type)}, а стоит ${JSON.stringify(value)}`,
      )
  }
  const isThreshold = table.definition.grain.join() === 'name' && 'meaning' in table.columns
  const known = table.definition.rows.map(({ name }) => name)
  if (isThreshold && !known.includes(row['name']))
    faults.push(`нет числа «${String(row['name'])}»; есть: ${[...new Set(known)].join(', ')}`)
  const indicator = indicators.find(({ name }) => name === row['indicator'])
  if ('indicator' in table.columns && indicator === undefined && row['indicator'] !== 'all')
    faults.push(
      `нет показателя «${String(row['indicator'])}»; есть: ${indicators.map(({ name }) => name).join(', ')}`,
    )
  const value = row['value']
  if (indicator?.passport.unit === 'share' && typeof value === 'number' && (value < 0 || value > 1))
    faults.push(`value: доля — число от 0 до 1, а стоит ${String(value)}`)
  return faults
}

const fits = (type: string, value: unknown): boolean => {
  if (type === 'INTEGER') return Number.isInteger(value)
  if (/^(DOUBLE|DECIMAL)/.test(type)) return typeof value === 'number'
  if (type === 'BOOLEAN') return typeof value === 'boolean'
  if (type === 'DATE') return isDay(value)
  return typeof value === 'string' && value.trim() !== ''
}
const expected = (type: string): string =>
  type === 'INTEGER'
    ? 'целое число'
    : /^(DOUBLE|DECIMAL)/.test(type)
      ? 'число'
      : type === 'BOOLEAN'
        ? 'true или false'
        : type === 'DATE'
          ? 'дата вида 2026-06-30'
          : 'текст'

/** Forms that the settings name and nothing declares. */
const formFaults = (
  { expectedDeliveries, dropPersonal }: Pick<Settings, 'expectedDeliveries' | 'dropPersonal'>,
  { sources }: Catalog,
): Fault[] => {
  const names = sources.map(({ name }) => name)
  // Personal columns are dropped by a form's id too.
  const known = new Set(sources.flatMap(({ name, id }) => [name, id]))
  const fault = (file: Fault['file'], path: string, said: string): Fault => ({
    file,
    path,
    message: `нет формы «${said}»; есть: ${names.join(', ')}`,
  })
  return [
    ...expectedDeliveries.flatMap(({ source }, i) =>
      names.includes(source)
        ? []
        : [fault('expected-deliveries.json', `[${String(i)}].source`, source)],
    ),
    ...dropPersonal.flatMap((form, i) =>
      known.has(form) ? [] : [fault('privacy.json', `dropPersonal.[${String(i)}]`, form)],
    ),
  ]
}

const aliasRows = (table: ParameterTable, aliases: readonly SchoolAlias[]): ParameterRows => ({
  table,
  rows: aliases.flatMap(({ code, school }) =>
    ['fis_oko', 'ris_gia', 'register'].map((system) => ({
      school_ref_system: system,
      school_ref: code,
      school_code: school,
      source: 'settings/school-aliases.json',
      ...everywhere,
    })),
  ),
})
