import { existsSync } from 'node:fs'
import { rulesOf, type Catalog } from './catalog.ts'
import { CheckFailed, StateError } from './errors.ts'
import {
  currentGeneration,
  editionFile,
  hasNoNumbers,
  listGenerations,
  pinned,
  readManifest,
  removeGeneration,
  setCurrent,
  setPinned,
} from './generation.ts'
import { isPublicationNoted, publishedBefore, wasPublished } from './history.ts'
import type { Home } from './home.ts'
import { withLedger } from './ledger.ts'
import { withLock } from './lock.ts'

export interface Publication {
  readonly generation: string
  readonly contentHash: string
  /** The generation that stood before. */
  readonly previous: string | undefined
  readonly isNew: boolean
}
export interface PublishOptions {
  readonly approvedBy?: string
  /** Generations kept besides the published and the pinned ones. */
  readonly keep?: number
}

/**
 * Makes a built generation the one that readers see, with its editions. A failing check of severity `error` stops it, and the first one needs
 * a number to show.
 * @throws CheckFailed, StateError
 */
export const publish = (
  home: Home,
  catalog: Catalog,
  generation: string,
  options: PublishOptions = {},
): Promise<Publication> =>
  withLock(home, 'publish', async () => {
    const manifest = await readManifest(home, generation)
    const failed = manifest.checks.filter(
      ({ severity, found }) => severity === 'error' && found > 0,
    )
    const [first] = failed
    if (first !== undefined)
      throw new CheckFailed({
        code: 'check-failed',
        message: `поколение ${generation} не опубликовано: ${failed.map(({ title, found }) => `${title} (${String(found)})`).join('; ')}`,
        hint: `${first.remedy.replace(/\.$/, '')}; какие строки: mera sql --check "${first.check}" --generation ${generation}`,
      })
    const previous = await currentGeneration(home)
    if (previous === undefined && hasNoNumbers(manifest))
      throw new StateError({
        code: 'nothing-to-show',
        message: `поколение ${generation} не опубликовано: в нём нет ни одного значения показателя`,
        hint: 'сначала загрузите результаты: mera refresh ПАПКА',
      })
    if (previous === generation) {
      if (!(await isPublicationNoted(home, generation)))
        await record(home, generation, 'publish', manifest.contentHash, options.approvedBy)
      return { generation, contentHash: manifest.contentHash, previous, isNew: false }
    }
    const lacking = catalog.editions.find(
      ({ name }) => !existsSync(editionFile(home, generation, name)),
    )
    if (manifest.rules !== rulesOf(catalog) || lacking !== undefined)
      throw new StateError({
        code: 'rules-changed',
        message: `поколение ${generation} не опубликовано: ${lacking === undefined ? 'правила проверок и изданий с тех пор изменились' : `в нём нет издания «${lacking.name}»`}`,
        hint: 'постройте новое: mera build',
      })
    await setCurrent(home, generation)
    await record(home, generation, 'publish', manifest.contentHash, options.approvedBy)
    await prune(home, options.keep ?? 5)
    return { generation, contentHash: manifest.contentHash, previous, isNew: true }
  })

/** Puts the generation published before the current one back, of those that no rollback took back; once more, the one before that. */
export const rollback = (home: Home): Promise<Publication> =>
  withLock(home, 'rollback', async () => {
    const current = await currentGeneration(home)
    const before =
      current === undefined
        ? undefined
        : await publishedBefore(home, current, await listGenerations(home))
    if (before === undefined)
      throw new StateError({
        code: 'nothing-to-roll-back',
        message: 'предыдущего опубликованного поколения нет',
        hint: 'mera status показывает, какие поколения есть',
      })
    const manifest = await readManifest(home, before)
    await setCurrent(home, before)
    await record(home, before, 'rollback', manifest.contentHash, undefined)
    return { generation: before, contentHash: manifest.contentHash, previous: current, isNew: true }
  })

/** Keeps a generation for ever; by default the published one. */
export const pin = (home: Home, generation?: string): Promise<string> =>
  withLock(home, 'pin', async () => {
    const id = generation ?? (await currentGeneration(home))
    if (id === undefined)
      throw new StateError({
        code: 'nothing-published',
        message: 'ещё ничего не опубликовано',
        hint: 'сначала выполните mera refresh',
      })
    await readManifest(home, id)
    await setPinned(home, [...(await pinned(home)), id])
    await withLedger(home, 'pin', (ledger) =>
      ledger.insert('publication', [
        {
          generation: id,
          run: null,
          action: 'pin',
          published_at: new Date().toISOString(),
          approved_by: null,
          content_hash: null,
        },
      ]),
    )
    return id
  })

/** Removes a built generation that was never published. */
export const discard = (home: Home, generation: string): Promise<void> =>
  withLock(home, 'discard', async () => {
    if ((await pinned(home)).includes(generation) || (await wasPublished(home, generation))) return
    await removeGeneration(home, generation)
  })

const record = (
  home: Home,
  generation: string,
  action: string,
  contentHash: string,
  approvedBy: string | undefined,
): Promise<void> =>
  withLedger(home, action, (ledger) =>
    ledger.insert('publication', [
      {
        generation,
        run: null,
        action,
        published_at: new Date().toISOString(),
        approved_by: approvedBy ?? null,
        content_hash: contentHash,
      },
    ]),
  )

const prune = async (home: Home, keep: number): Promise<void> => {
  const safe = new Set([await currentGeneration(home), ...(await pinned(home))])
  const old = (await listGenerations(home)).slice(0, -keep)
  for (const generation of old) if (!safe.has(generation)) await removeGeneration(home, generation)
}
