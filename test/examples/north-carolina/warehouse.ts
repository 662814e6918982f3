import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type BuildReport } from '../../../warehouse/build.ts'
import { loadCatalog } from '../../../warehouse/catalog.ts'
import { Database } from '../../../warehouse/database.ts'
import { warehouseFile } from '../../../warehouse/generation.ts'
import { openHome } from '../../../warehouse/home.ts'
import { load, type LoadReport } from '../../../warehouse/land.ts'

/** The project’s folder. */
export const project = fileURLToPath(new URL('../../../examples/north-carolina', import.meta.url))

/** A home of the example in a temporary folder, with the files given loaded and every table built. */
export interface BuiltExample {
  readonly loaded: LoadReport
  readonly built: BuildReport
  readonly again: LoadReport
  readonly database: Database
  readonly remove: () => Promise<void>
}
export const builtExample = async (paths: readonly string[]): Promise<BuiltExample> => {
  const catalog = await loadCatalog(project)
  const folder = await mkdtemp(join(tmpdir(), 'mera-north-carolina-'))
  const home = await openHome(join(folder, 'home'), { timeZone: catalog.project.timeZone })
  const loaded = await load(home, catalog.sources, paths, { workers: 1 })
  const again = await load(home, catalog.sources, paths, { workers: 1 })
  const built = await build(home, catalog)
  const database = await Database.open(warehouseFile(home, built.generation), { readOnly: true })
  return {
    loaded,
    built,
    again,
    database,
    remove: async () => {
      database.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
