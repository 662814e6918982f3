/** What the system answers about files and disks, in Russian; `{}` is the path. */
const sayings: Readonly<Record<string, string>> = {
  EACCES: 'нет прав на «{}»',
  EPERM: 'нет прав на «{}»',
  EROFS: '«{}» только для чтения',
  EMFILE: 'открыто слишком много файлов («{}»)',
  ENOENT: '«{}» нет',
  ENOTDIR: 'в пути «{}» стоит файл там, где нужна папка',
  EISDIR: '«{}» — папка, а нужен файл',
  EBUSY: '«{}» занят другой программой',
}
/** Undefined where the system said nothing of a file, or nothing that has words. */
export const saidOfFile = (
  error: unknown,
  path = pathOf(error),
): { readonly said: string; readonly path: string } | undefined => {
  const said = sayings[codeOf(error)]
  return said === undefined || path === undefined
    ? undefined
    : { said: said.replace('{}', path), path }
}

/** Whether it is this user, or everybody, that may not. */
export const isForbidden = (error: unknown): boolean =>
  ['EACCES', 'EPERM', 'EROFS'].includes(codeOf(error))

const codeOf = (error: unknown): string => textField(error, 'code') ?? ''
const pathOf = (error: unknown): string | undefined => textField(error, 'path')
const textField = (error: unknown, name: 'code' | 'path'): string | undefined => {
  const value = error instanceof Error ? (error as NodeJS.ErrnoException)[name] : undefined
  return typeof value === 'string' && value !== '' ? value : undefined
}
