/** Where and what: enough for a message that a person can act on. */
export interface Trouble {
  /** Kebab-case, stable: for programs and tests. */
  readonly code: string
  readonly message: string
  /** What to do. */
  readonly hint?: string | undefined
  readonly file?: string | undefined
  readonly sheet?: string | undefined
  readonly cell?: string | undefined
  readonly cause?: unknown
}

/** An error that is expected: it has a message for the user and never needs a stack trace. */
export class MeraError extends Error {
  readonly code: string
  readonly hint: string | undefined
  readonly file: string | undefined
  readonly sheet: string | undefined
  readonly cell: string | undefined
  constructor(trouble: Trouble) {
    super(trouble.message, trouble.cause === undefined ? undefined : { cause: trouble.cause })
    this.name = new.target.name
    this.code = trouble.code
    this.hint = trouble.hint
    this.file = trouble.file
    this.sheet = trouble.sheet
    this.cell = trouble.cell
  }
}

/** What stands for the code of an error that has none: its class, in the form of a code. */
export const classAsCode = ({ name }: Error): string =>
  name.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase()

/** The command line was wrong. */
export class UsageError extends MeraError {}
/** A file could not be read: corrupt, cut, encrypted, too big when unpacked. */
export class FileUnreadable extends MeraError {}
/** What was asked cannot be asked as things stand: nothing was published, and the same answer comes until somebody changes that. */
export class StateError extends MeraError {}
/** The folder given as home is no home, or of another version. */
export class HomeInvalid extends StateError {}
/** Another process works on this home. */
export class HomeLocked extends MeraError {
  readonly holder: { readonly pid: number; readonly host: string; readonly purpose: string }
  constructor(trouble: Trouble, holder: HomeLocked['holder']) {
    super(trouble)
    this.holder = holder
  }
}
const whatToMend = (fields: SettingsInvalid['fields']): string =>
  fields.every(({ message }) => message === SettingsInvalid.notJson)
    ? 'запись файла (кавычки, запятые, скобки)'
    : fields.every(({ path }) => path !== '')
      ? 'названные поля'
      : 'названное'
/** Settings have bad fields: all of them are listed. */
export class SettingsInvalid extends UsageError {
  /** Said of a file none of whose fields can be known. */
  static readonly notJson = 'это не JSON'
  readonly fields: readonly {
    readonly file: string
    readonly path: string
    readonly message: string
  }[]
  constructor(fields: SettingsInvalid['fields']) {
    super({
      code: 'settings-invalid',
      message: `ошибки в настройках:\n${fields
        .map(({ file, path, message }) => `  ${file}${path === '' ? '' : `, ${path}`}: ${message}`)
        .join('\n')}`,
      hint: `исправьте ${whatToMend(fields)} и повторите команду`,
    })
    this.fields = fields
  }
}
/** The key for pseudonyms is missing or not the one this home was begun with. */
export class SecretInvalid extends StateError {}
/** A declaration contradicts itself or its table: a fault of the code, not of a file. */
export class ContractError extends MeraError {}
/** A check of severity error found rows. */
export class CheckFailed extends MeraError {}
/** The disk takes no more. */
export class DiskFull extends MeraError {
  constructor(file?: string) {
    super({
      code: 'disk-full',
      message: 'на диске нет места (или исчерпана его квота)',
      hint: 'освободите место на этом диске и повторите команду',
      file,
    })
  }
}

/** An error of Node or DuckDB that says in other words that the disk is full; any other as it is. */
export const asDiskFull = (error: unknown): unknown => {
  if (!(error instanceof Error)) return error
  const { code, path } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT') return new DiskFull(path)
  return /No space left on device|Disk quota exceeded/.test(error.message) ? new DiskFull() : error
}
