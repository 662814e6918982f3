import { currentGeneration } from './generation.ts'
import type { Home } from './home.ts'
import { readLedger } from './ledger.ts'

/** What readers saw, in order. */
interface Event {
  readonly generation: string
  readonly action: 'publish' | 'rollback'
}
const eventsOf = (home: Home): Promise<readonly Event[]> =>
  readLedger(home, 'history', (ledger) =>
    ledger.rows<{ generation: string; action: Event['action'] }>(
      `select generation, action from publication
       where action in ('publish', 'rollback') order by published_at, rowid`,
    ),
  )

/**
 * Generations that stand one upon another, the published one last: a publication lays one on top, a rollback takes off
 * whatever lies above the one that it brings back.
 */
export const standingPublications = async (home: Home): Promise<readonly string[]> => {
  const stack: string[] = []
  for (const { generation, action } of await eventsOf(home)) {
    if (action === 'rollback') while (stack.length > 0 && stack.at(-1) !== generation) stack.pop()
    if (stack.at(-1) !== generation) stack.push(generation)
  }
  const current = await currentGeneration(home)
  return current === undefined || stack.at(-1) === current ? stack : [...stack, current]
}

/** The generation that the last rollback took from readers, where what they see now is what it brought back. */
export const takenBack = async (home: Home): Promise<string | undefined> => {
  const events = await eventsOf(home)
  const last = events.at(-1)
  if (last?.action !== 'rollback' || last.generation !== (await currentGeneration(home)))
    return undefined
  return events.findLast(({ action }) => action === 'publish')?.generation
}

/** The generation that readers saw before the named one was last published to them, of those still kept. */
export const publishedBefore = async (
  home: Home,
  generation: string,
  kept: readonly string[],
): Promise<string | undefined> => {
  const standing = await standingPublications(home)
  const order = standing.includes(generation)
    ? standing
    : (await eventsOf(home)).map((event) => event.generation)
  const before = order.slice(0, Math.max(0, order.lastIndexOf(generation)))
  return before.filter((id) => id !== generation && kept.includes(id)).at(-1)
}

/** Whether readers have ever seen it; what they see now they have, even where a crash kept the ledger from noting it. */
export const wasPublished = async (home: Home, generation: string): Promise<boolean> =>
  (await currentGeneration(home)) === generation || (await isPublicationNoted(home, generation))

export const isPublicationNoted = async (home: Home, generation: string): Promise<boolean> => {
  const [row] = await readLedger(home, 'publication', (ledger) =>
    ledger.rows<{ n: number }>(
      `select count(*)::integer as n from publication where action = 'publish' and generation = ?`,
      [generation],
    ),
  )
  return (row?.n ?? 0) > 0
}
