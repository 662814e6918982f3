/** What the system answers about files, disks and programs, in Russian. */
const sayings: Readonly<Record<string, string>> = {
  EACCES: 'нет прав',
  EPERM: 'нет прав',
  EROFS: 'доступно только для чтения',
  ENOENT: 'такого файла или папки нет',
  EEXIST: 'такое имя уже занято',
  ENOTDIR: 'в пути стоит файл там, где нужна папка',
  EISDIR: 'это папка, а нужен файл',
  ENOTEMPTY: 'папка не пуста',
  ELOOP: 'ссылки ведут по кругу',
  ENAMETOOLONG: 'имя слишком длинное',
  EBUSY: 'занято другой программой',
  ETXTBSY: 'занято другой программой',
  EMFILE: 'открыто слишком много файлов',
  ENFILE: 'открыто слишком много файлов',
  ENOSPC: 'на диске нет места',
  EDQUOT: 'исчерпана квота диска',
  EIO: 'диск не читается или не пишется',
  ENOEXEC: 'это не программа для этой системы',
}
/** Undefined where that is none of these. */
export const saidBySystem = (error: unknown): string | undefined =>
  sayings[systemError(error)?.code ?? '']
/** The same with the path that it is about. */
export const saidOfPath = (error: unknown): string | undefined => {
  const said = saidBySystem(error)
  const path = systemError(error)?.path
  return said === undefined || path === undefined ? said : `«${path}»: ${said}`
}

/** Whether it is this user, or everybody, that may not. */
export const isForbidden = (error: unknown): boolean =>
  ['EACCES', 'EPERM', 'EROFS'].includes(systemError(error)?.code ?? '')

/** Whether a process of this number runs on this machine, be it another user's. */
export const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return systemError(error)?.code === 'EPERM'
  }
}

const systemError = (error: unknown): NodeJS.ErrnoException | undefined =>
  error instanceof Error ? error : undefined
