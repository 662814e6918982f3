import { mkdtemp, rm } from 'node:fs/promises'
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { writeSample } from '../../examples/municipality/generate.ts'
import { Source } from '../../transforms/contract/source.ts'
import { project } from '../../transforms/project.ts'
import type { Catalog } from '../../warehouse/catalog.ts'

const sources = fileURLToPath(new URL('../../transforms/sources/', import.meta.url))

/** What arrives and nothing that is made of it: a catalog whose build takes moments. */
export const sourcesCatalog = async (): Promise<Catalog> => {
  const modules = await Promise.all(
    readdirSync(sources)
      .filter((file) => file.endsWith('.ts'))
      .sort()
      .map((file) => import(pathToFileURL(join(sources, file)).href) as Promise<object>),
  )
  const found = modules
    .flatMap((module) => Object.values(module) as unknown[])
    .filter((value) => value instanceof Source)
  return {
    project,
    steps: found.map((table) => ({ kind: 'source', table })),
    sources: found,
    stagings: [],
    indicators: [],
    editions: [],
    checks: [],
  }
}

export interface SmallSample {
  /** The folder of all that belongs to a test: sample, homes, key. */
  readonly folder: string
  /** Where the files lie. */
  readonly files: string
  /** Key file for MERA_KEY_FILE: with one key, homes have the same content. */
  readonly key: string
  readonly remove: () => Promise<void>
}

/** Three schools over one year, in a scratch folder. */
export const smallSample = async (): Promise<SmallSample> => {
  const folder = await mkdtemp(join(tmpdir(), 'mera-small-'))
  const files = join(folder, 'sample')
  await writeSample(files, { seed: 7, schools: 3, years: [2026, 2026] })
  return {
    folder,
    files,
    key: join(folder, 'pseudonyms.key'),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
