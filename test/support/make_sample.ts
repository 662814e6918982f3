import { join } from 'node:path'
import { writeSample } from '../../examples/municipality/generate.ts'
import { build } from '../../warehouse/build.ts'
import { loadCatalog } from '../../warehouse/catalog.ts'
import { openHome } from '../../warehouse/home.ts'
import { load } from '../../warehouse/land.ts'
import { publish } from '../../warehouse/publish.ts'
import { sampleOptions, type SampleKind } from './sample.ts'

const [kind, folder] = process.argv.slice(2)
const isKind = (name: string | undefined): name is SampleKind =>
  name !== undefined && name in sampleOptions
if (folder === undefined || !isKind(kind))
  throw new Error(`make_sample.ts ${Object.keys(sampleOptions).join('|')} FOLDER`)
const files = join(folder, 'sample')
await writeSample(files, sampleOptions[kind])
const home = await openHome(join(folder, 'home'))
const catalog = await loadCatalog()
await load(home, catalog.sources, [files])
const { generation } = await build(home, catalog)
await publish(home, catalog, generation)
