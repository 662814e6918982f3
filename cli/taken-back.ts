import { existsSync } from 'node:fs'
import { difference } from '../warehouse/diff.ts'
import { currentGeneration, warehouseFile } from '../warehouse/generation.ts'
import { takenBack } from '../warehouse/history.ts'
import type { Home } from '../warehouse/home.ts'
import { shortPaths } from './paths.ts'

/** A rollback that still stands. */
export interface TakenBack {
  /** What readers see since. */
  readonly generation: string
  /** What they saw before the rollback. */
  readonly instead: string
  /** Names of the files by which it differs and which stay loaded; empty where it is no longer kept. */
  readonly files: readonly string[]
}

export const takenBackOf = async (home: Home): Promise<TakenBack | undefined> => {
  const [generation, instead] = [await currentGeneration(home), await takenBack(home)]
  if (generation === undefined || instead === undefined) return undefined
  if (!existsSync(warehouseFile(home, instead))) return { generation, instead, files: [] }
  // A word beside the matter: generations that cannot be compared (made by another version) stop nothing.
  const { files } = await difference(home, generation, instead, { limit: 0 }).catch(() => ({
    files: [],
  }))
  const added = files.filter(({ kind }) => kind === 'added')
  const short = shortPaths(added.map(({ path }) => path))
  return {
    generation,
    instead,
    files: [...new Set(added.map(({ path, file }) => short.get(path) ?? file))].sort(),
  }
}

/** «, в том числе Кадры.xlsx, Ф1.xlsx и другие»; at most five names. */
const filesText = (files: readonly string[]): string =>
  files.length === 0
    ? ''
    : `, в том числе ${files.slice(0, 5).join(', ')}${files.length > 5 ? ' и другие' : ''}`

/** For `status`: what stands, what the next publication brings, and how to prevent it. */
export const stillTaken = ({ generation, instead, files }: TakenBack): string =>
  `Поколение ${generation} возвращено вместо ${instead} (rollback). Так и останется, пока не загружено новое; тогда соберётся всё загруженное${filesText(files)}. Чтобы исправление не вернулось, загрузите прежний файл снова с --fact supersedes=ИМЯ_ИСПРАВЛЕННОГО`

/** For `refresh` that published: what had been taken back is back. */
export const backAgain = ({ generation, instead, files }: TakenBack, now: string): string =>
  `До этого было возвращено ${generation} вместо ${instead} (rollback); ${now} снова собрано из всего загруженного${filesText(files)}. Что изменилось: mera diff ${generation} ${now}; вернуть прежнее: mera rollback`
