import { existsSync } from 'node:fs'
import { difference, type FileChange } from '../warehouse/diff.ts'
import { currentGeneration, warehouseFile } from '../warehouse/generation.ts'
import { takenBack } from '../warehouse/history.ts'
import type { Home } from '../warehouse/home.ts'
import { readLedger } from '../warehouse/ledger.ts'
import { withdrawnFiles } from '../warehouse/withdraw.ts'
import { shortPaths } from './paths.ts'

/** A rollback that still stands. */
export interface TakenBack {
  /** What readers see since. */
  readonly generation: string
  /** What they saw before the rollback. */
  readonly instead: string
  /** The files by which it differs, which the next publication brings back: not those withdrawn; empty where it is no longer kept. */
  readonly added: readonly FileChange[]
}

export const takenBackOf = async (home: Home): Promise<TakenBack | undefined> => {
  const [generation, instead] = [await currentGeneration(home), await takenBack(home)]
  if (generation === undefined || instead === undefined) return undefined
  return { generation, instead, added: await addedBetween(home, generation, instead) }
}
/** For `--json`. */
export const takenBackJson = (taken: TakenBack | undefined) =>
  taken === undefined
    ? null
    : { generation: taken.generation, instead: taken.instead, files: namesOf(taken.added) }

const addedBetween = async (
  home: Home,
  from: string,
  to: string,
): Promise<readonly FileChange[]> => {
  if (!existsSync(warehouseFile(home, to))) return []
  // A word beside the matter: generations that cannot be compared (made by another version) stop nothing.
  const { files } = await difference(home, from, to, { limit: 0 }).catch(() => ({ files: [] }))
  const withdrawn = await readLedger(home, 'taken back', withdrawnFiles)
  const isOut = new Set(withdrawn.map(({ sha256 }) => sha256.slice(0, 16)))
  return files.filter(({ kind, file }) => kind === 'added' && !isOut.has(file))
}
const namesOf = (files: readonly FileChange[]): readonly string[] => {
  const short = shortPaths(files.map(({ path }) => path))
  return [...new Set(files.map(({ path, file }) => short.get(path) ?? file))].sort()
}

/** «, в том числе Кадры.xlsx, Ф1.xlsx и другие»; at most five names. */
const filesText = (files: readonly FileChange[]): string => {
  const names = namesOf(files)
  return names.length === 0
    ? ''
    : `, в том числе ${names.slice(0, 5).join(', ')}${names.length > 5 ? ' и другие' : ''}`
}

/** For `status`: what stands, what the next publication brings, and how to prevent it. */
export const stillTaken = ({ generation, instead, added }: TakenBack): string =>
  [
    `Поколение ${generation} возвращено вместо ${instead} (rollback).`,
    'Так и останется, пока не загружены и не отозваны файлы и не изменены настройки;',
    `тогда соберётся всё загруженное${filesText(added)}.`,
    ...(added.length === 0
      ? []
      : [
          'Чтобы исправление не вернулось, отзовите исправленный файл (mera withdraw ФАЙЛ), затем выполните mera refresh',
        ]),
  ].join(' ')

/** For `refresh` that published: of what had been taken back, what is back. */
export const backAgain = async (home: Home, taken: TakenBack, now: string): Promise<string> => {
  const { generation, instead, added } = taken
  const wasTaken = new Set(added.map(({ file }) => file))
  const back =
    added.length === 0
      ? []
      : (await addedBetween(home, generation, now)).filter(({ file }) => wasTaken.has(file))
  const isGone = added.length > 0 && back.length === 0
  return [
    `До этого было возвращено ${generation} вместо ${instead} (rollback);`,
    isGone
      ? `${now} собрано из всего загруженного, но того, что было снято, в нём нет: эти файлы заменены или отозваны.`
      : `${now} снова собрано из всего загруженного${filesText(back)}.`,
    `Что изменилось: mera diff ${generation} ${now}; вернуть прежнее: mera rollback`,
  ].join(' ')
}
