import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { calendarDate } from '../transforms/contract/shape.ts'
import { SettingsInvalid } from './errors.ts'
import type { Home } from './home.ts'
import { saidBySystem } from './system.ts'

/** Every file of `settings/` that is read, here or by schedules; `docs/scheduler.md` describes each. */
export const settingsFiles = [
  'approvals.json',
  'expected-deliveries.json',
  'notify.json',
  'parameters.json',
  'privacy.json',
  'schedules.json',
  'school-aliases.json',
] as const
export type SettingsFile = (typeof settingsFiles)[number]

/** What an office sets for itself: files of `settings/`, each of which may be absent. */
export interface Settings {
  /** parameters.json: rows that stand over shared ones, by table: {"risk_norm": [{…}]}. */
  readonly parameters: Readonly<
    Record<string, readonly Readonly<Record<string, string | number | boolean | null>>[]>
  >
  /** school-aliases.json: [{"code": "sch221234", "school": "2101"}]. */
  readonly schoolAliases: readonly SchoolAlias[]
  /** expected-deliveries.json. */
  readonly expectedDeliveries: readonly ExpectedDelivery[]
  /** approvals.json. */
  readonly approvals: Approvals
  /** notify.json: {"webhook": "https://…"} or {"command": ["program", "argument"]}. */
  readonly notify: Notify
  /** privacy.json: forms whose columns of people are dropped instead of refused. */
  readonly dropPersonal: readonly string[]
}
export interface SchoolAlias {
  /** A code, login or name that files use. */
  readonly code: string
  /** The school's code in the register. */
  readonly school: string
}
export interface ExpectedDelivery {
  /** Name of the form. */
  readonly source: string
  /** Calendar year in which the school year ends. */
  readonly year: number
  /** ISO date by which it should have come. */
  readonly due?: string
  /** False: this year it is not required. */
  readonly required: boolean
}
export interface Approvals {
  /** A publication waits for somebody's word. */
  readonly beforePublishing: boolean
  /** How long it waits, hours. */
  readonly waitHours: number
  /** Who may give it; empty: anybody who can reach the command. */
  readonly approvers: readonly string[]
}
export interface Notify {
  readonly webhook?: string
  readonly command?: readonly string[]
}

/** A day of the calendar in its canonical text. */
export const isDay = (value: unknown): value is string =>
  typeof value === 'string' && calendarDate.parse(value) === value

type Faults = { file: string; path: string; message: string }[]

const reading =
  ({ settings }: Pick<Home, 'settings'>, faults: Faults) =>
  async (file: SettingsFile): Promise<Reader | undefined> => {
    const path = join(settings, file)
    if (!existsSync(path)) return undefined
    try {
      return new Reader(file, '', JSON.parse(await readFile(path, 'utf8')) as unknown, faults)
    } catch (error) {
      const said = saidBySystem(error)
      const message = said === undefined ? SettingsInvalid.notJson : `не читается: ${said}`
      faults.push({ file, path: '', message })
      return undefined
    }
  }

const notifyOf = (notify: Reader | undefined): Notify => ({
  ...notify?.only('webhook', 'command').optional('webhook', (value) => value.address()),
  ...notify?.optional('command', (value) => value.items((item) => item.text())),
})

/** Reads and checks one file, undefined where there is none. @throws SettingsInvalid with its every bad field. */
export const readSettingsFile = async <T>(
  home: Pick<Home, 'settings'>,
  name: SettingsFile,
  read: (file: Reader) => T,
): Promise<T | undefined> => {
  const faults: Faults = []
  const file = await reading(home, faults)(name)
  const value = file && read(file)
  if (faults.length > 0) throw new SettingsInvalid(faults)
  return value
}

/** Whom to tell, whatever is wrong with the other settings: it may be what is to be told. @throws SettingsInvalid */
export const readNotify = async (home: Pick<Home, 'settings'>): Promise<Notify> =>
  (await readSettingsFile(home, 'notify.json', notifyOf)) ?? {}

/** Reads and checks all settings. @throws SettingsInvalid with every bad field. */
export const readSettings = async (home: Pick<Home, 'settings'>): Promise<Settings> => {
  const { settings, fault } = await examineSettings(home)
  if (fault !== undefined) throw fault
  return settings
}

/** All settings, and what is wrong with them; what a file says whose field is bad is not to be used. */
export const examineSettings = async (
  home: Pick<Home, 'settings'>,
): Promise<{ readonly settings: Settings; readonly fault: SettingsInvalid | undefined }> => {
  const faults: Faults = []
  const read = reading(home, faults)
  const parameters = (await read('parameters.json'))?.entries((rows) =>
    rows.items((row) => row.scalars()),
  )
  const schoolAliases = (await read('school-aliases.json'))?.items((item): SchoolAlias => ({
    code: item.only('code', 'school').at('code').text(),
    school: item.at('school').text(),
  }))
  const expectedDeliveries = (await read('expected-deliveries.json'))?.items(
    (item): ExpectedDelivery => ({
      source: item.only('source', 'year', 'due', 'required').at('source').text(),
      year: item.at('year').whole(2000, 2100),
      ...item.optional('due', (value) => value.date()),
      required: item.has('required') ? item.at('required').truth() : true,
    }),
  )
  const approvals = (await read('approvals.json'))?.only(
    'beforePublishing',
    'waitHours',
    'approvers',
  )
  const notify = notifyOf(await read('notify.json'))
  const privacy = (await read('privacy.json'))?.only('dropPersonal')
  const settings: Settings = {
    parameters: parameters ?? {},
    schoolAliases: schoolAliases ?? [],
    expectedDeliveries: expectedDeliveries ?? [],
    approvals: {
      beforePublishing:
        approvals?.has('beforePublishing') === true && approvals.at('beforePublishing').truth(),
      waitHours:
        approvals?.has('waitHours') === true ? approvals.at('waitHours').whole(1, 8760) : 72,
      approvers:
        approvals?.has('approvers') === true
          ? approvals.at('approvers').items((item) => item.text())
          : [],
    },
    notify,
    dropPersonal:
      privacy?.has('dropPersonal') === true
        ? privacy.at('dropPersonal').items((item) => item.text())
        : [],
  }
  return { settings, fault: faults.length > 0 ? new SettingsInvalid(faults) : undefined }
}

/** A value of a settings file and where it stands; a bad one is noted and a harmless one given, so that all faults are found at once. */
class Reader {
  readonly #file: string
  readonly #path: string
  readonly #value: unknown
  readonly #faults: Faults
  constructor(file: string, path: string, value: unknown, faults: Faults) {
    this.#file = file
    this.#path = path
    this.#value = value
    this.#faults = faults
  }
  #fault<T>(message: string, instead: T): T {
    this.#faults.push({ file: this.#file, path: this.#path, message })
    return instead
  }
  #child(step: string, value: unknown): Reader {
    return new Reader(
      this.#file,
      this.#path === '' ? step : `${this.#path}.${step}`,
      value,
      this.#faults,
    )
  }
  #isObject(): boolean {
    return typeof this.#value === 'object' && this.#value !== null && !Array.isArray(this.#value)
  }
  #object(): Readonly<Record<string, unknown>> {
    return this.#isObject()
      ? (this.#value as Record<string, unknown>)
      : this.#fault('ожидался объект {…}', {})
  }
  /** Notes every field that is none of these: a mistyped one would be a setting that nobody made. */
  only(...names: readonly string[]): this {
    for (const name of Object.keys(this.#object()))
      if (!names.includes(name))
        this.#child(name, null).#fault(`нет такого поля; есть: ${names.join(', ')}`, undefined)
    return this
  }
  has(name: string): boolean {
    return this.#isObject() && Object.hasOwn(this.#object(), name)
  }
  /** A field that must be there; what is no object has none to miss, and `only` has noted it. */
  at(name: string): Reader {
    if (this.has(name)) return this.#child(name, this.#object()[name])
    if (this.#isObject()) this.#fault(`нет поля ${name}`, undefined)
    return new Reader('', '', '', [])
  }
  optional<K extends string, T>(name: K, read: (value: Reader) => T): { readonly [P in K]?: T } {
    return this.has(name) ? ({ [name]: read(this.at(name)) } as { [P in K]: T }) : {}
  }
  items<T>(read: (item: Reader) => T): readonly T[] {
    if (!Array.isArray(this.#value)) return this.#fault('ожидался список […]', [])
    return this.#value.map((item: unknown, i) => read(this.#child(`[${String(i)}]`, item)))
  }
  entries<T>(read: (item: Reader) => T): Readonly<Record<string, T>> {
    return Object.fromEntries(
      Object.entries(this.#object()).map(([name, value]) => [name, read(this.#child(name, value))]),
    )
  }
  scalars(): Readonly<Record<string, string | number | boolean | null>> {
    return Object.fromEntries(
      Object.entries(this.#object()).map(([name, value]) => [
        name,
        value === null || ['string', 'number', 'boolean'].includes(typeof value)
          ? (value as string | number | boolean | null)
          : this.#child(name, value).#fault('ожидались текст, число, да/нет или null', null),
      ]),
    )
  }
  text(): string {
    return typeof this.#value === 'string' && this.#value.trim() !== ''
      ? this.#value
      : this.#fault('ожидался текст', '')
  }
  truth(): boolean {
    return typeof this.#value === 'boolean'
      ? this.#value
      : this.#fault('ожидалось true или false', false)
  }
  /** An id that is none of `taken`, which tells where each stands. */
  id(taken: Map<string, string>): string {
    const value = this.#value
    if (typeof value !== 'string' || !/^[a-z0-9-]{1,40}$/.test(value))
      return this.#fault('ожидались от 1 до 40 строчных латинских букв, цифр и дефисов', '')
    const first = taken.get(value)
    if (first !== undefined) return this.#fault(`«${value}» уже есть: ${first}`, value)
    taken.set(value, this.#path)
    return value
  }
  whole(min: number, max: number, because = ''): number {
    const value = this.#value
    return Number.isInteger(value) && (value as number) >= min && (value as number) <= max
      ? (value as number)
      : this.#fault(`ожидалось целое число от ${String(min)} до ${String(max)}${because}`, min)
  }
  date(): string {
    const value = this.#value
    return isDay(value) ? value : this.#fault('ожидалась дата вида 2026-06-30', '')
  }
  address(): string {
    const value = this.#value
    return typeof value === 'string' && /^https?:\/\/\S+$/.test(value)
      ? value
      : this.#fault('ожидался адрес вида https://…', '')
  }
}
