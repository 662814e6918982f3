import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { open, readFile, rename, rm, readdir, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { HomeInvalid, MeraError } from './errors.ts'
import { makeFolder } from './folder.ts'
import { isForbidden, saidBySystem } from './system.ts'

/** Raised when an older Mera could not read what a newer one wrote. */
export const homeFormat = 1

/** Where an office keeps everything: what arrived, what was read of it, what was published. */
export interface Home {
  readonly path: string
  /** Made once; also names the key file. */
  readonly id: string
  /** Empty where nobody named it. */
  readonly office: string
  /** IANA name. */
  readonly timeZone: string
  readonly settings: string
  /** Files for runs that a schedule starts: nobody is there to pass them any. */
  readonly inbox: string
  readonly archive: string
  readonly parsed: string
  readonly ledger: string
  readonly generations: string
  /** Small file that names the published generation. */
  readonly current: string
  readonly lock: string
  readonly temporary: string
}
export interface HomeOptions {
  readonly office?: string
  /** Of a home that is made now; UTC by default. */
  readonly timeZone?: string
  /** False: an absent home is an error. */
  readonly create?: boolean
}

/** Opens a home and makes it where there is none. */
export const openHome = async (path: string, options: HomeOptions = {}): Promise<Home> => {
  const root = resolve(path)
  const file = join(root, 'home.json')
  if (!(await isThere(file))) {
    if (options.create === false)
      throw new HomeInvalid({
        code: 'home-missing',
        message:
          (await isThere(root)) && !(await stat(root)).isDirectory()
            ? `«${root}» — файл, а не папка хранилища`
            : `в папке «${root}» нет хранилища`,
        hint: 'укажите папку хранилища в --home или загрузите в него первый файл: mera load ПАПКА',
        file: root,
      })
    await makeFolder(root)
    await refuseForeign(root)
    const first = {
      formatVersion: homeFormat,
      id: randomUUID(),
      office: options.office ?? '',
      timeZone: options.timeZone ?? 'UTC',
    }
    if (!existsSync(file)) await writeAtomically(file, `${JSON.stringify(first, null, 2)}\n`)
  }
  const { id, office, timeZone } = await readHome(file)
  const home: Home = {
    path: root,
    id,
    office,
    timeZone,
    settings: join(root, 'settings'),
    inbox: join(root, 'inbox'),
    archive: join(root, 'archive'),
    parsed: join(root, 'parsed'),
    ledger: join(root, 'ledger.duckdb'),
    generations: join(root, 'generations'),
    current: join(root, 'current'),
    lock: join(root, 'lock'),
    temporary: join(root, 'tmp'),
  }
  for (const folder of [
    home.settings,
    home.inbox,
    home.archive,
    home.parsed,
    home.generations,
    home.temporary,
  ])
    await makeFolder(folder).catch((error: unknown) => {
      // Whoever may only read a home does without a folder that is not there; a writer is told by the lock.
      if (!(error instanceof MeraError && isForbidden(error.cause))) throw error
    })
  return home
}

/** Throws where it may not be known. */
const isThere = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    (error: unknown) => {
      if (isForbidden(error)) throw error
      return false
    },
  )

const refuseForeign = async (root: string): Promise<void> => {
  const present = (await readdir(root)).filter((name) => !name.startsWith('.'))
  if (present.length > 0)
    throw new HomeInvalid({
      code: 'home-foreign',
      message: `в папке «${root}» уже есть другие файлы, и это не хранилище`,
      hint: 'укажите в --home пустую или новую папку',
      file: root,
    })
}

interface HomeFile {
  readonly formatVersion: number
  readonly id: string
  readonly office: string
  readonly timeZone: string
  /** Whose forms the home is built with. */
  readonly project?: HomeProject
}
export interface HomeProject {
  readonly name: string
  /** Absolute; null: the forms that Mera itself has. */
  readonly folder: string | null
}

/** Whose forms a home was begun with, as its home.json says. */
export const readProject = async (home: Pick<Home, 'path'>): Promise<HomeProject | undefined> =>
  (await readHome(join(home.path, 'home.json'))).project
export const writeProject = async (
  home: Pick<Home, 'path'>,
  project: HomeProject,
): Promise<void> => {
  const file = join(home.path, 'home.json')
  const known = JSON.parse(await readFile(file, 'utf8')) as object
  await writeAtomically(file, `${JSON.stringify({ ...known, project }, null, 2)}\n`)
}

const readHome = async (file: string): Promise<HomeFile> => {
  const invalid = (message: string, hint: string): HomeInvalid =>
    new HomeInvalid({ code: 'home-invalid', message, hint, file })
  let value: unknown
  try {
    value = JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    if (saidBySystem(error) !== undefined) throw error
    throw invalid(
      `файл «${file}» испорчен: это не JSON`,
      'восстановите этот файл из резервной копии',
    )
  }
  const { formatVersion, id, office, timeZone, project } = (value ?? {}) as Partial<
    Record<keyof HomeFile, unknown>
  >
  if (typeof formatVersion === 'number' && formatVersion > homeFormat)
    throw invalid(
      `хранилище сделано более новой версией программы (формат ${String(formatVersion)}, известен ${String(homeFormat)})`,
      'обновите программу',
    )
  const zone = typeof timeZone === 'string' ? knownZone(timeZone) : undefined
  if (
    formatVersion !== homeFormat ||
    typeof id !== 'string' ||
    typeof office !== 'string' ||
    zone === undefined ||
    (project !== undefined && !isProject(project))
  )
    throw invalid(
      `в файле «${file}» неверны поля ${[
        formatVersion !== homeFormat && 'formatVersion',
        typeof id !== 'string' && 'id',
        typeof office !== 'string' && 'office',
        zone === undefined && 'timeZone',
        project !== undefined && !isProject(project) && 'project',
      ]
        .filter((name) => name !== false)
        .join(', ')}`,
      'исправьте названные поля; пояс времени пишется как Europe/Moscow',
    )
  return {
    formatVersion,
    id,
    office,
    timeZone: zone,
    ...(project === undefined ? {} : { project }),
  }
}
const isProject = (value: unknown): value is HomeProject => {
  if (typeof value !== 'object' || value === null) return false
  const { name, folder } = value as Partial<Record<keyof HomeProject, unknown>>
  return typeof name === 'string' && (folder === null || typeof folder === 'string')
}
/** The name as everybody knows it, a server that runs schedules too: case matters there. */
const knownZone = (name: string): string | undefined => {
  try {
    return new Intl.DateTimeFormat('ru', { timeZone: name }).resolvedOptions().timeZone
  } catch {
    return undefined
  }
}

/** Whoever reads sees the old file or the new one, never a part; what was written survives a power cut. */
export const writeAtomically = async (
  path: string,
  content: string | Uint8Array,
): Promise<void> => {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`)
  const file = await open(temporary, 'wx')
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
  try {
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}
