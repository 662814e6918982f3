import { build } from '../../warehouse/build.ts'
import { loadCatalog } from '../../warehouse/catalog.ts'
import { openHome } from '../../warehouse/home.ts'

/** Builds a home and tells each table before it is made, so that a test can end the process in the middle. */
const [path] = process.argv.slice(2)
if (path === undefined) throw new Error('build_home.ts HOME')
await build(await openHome(path, { create: false }), await loadCatalog(), {
  full: true,
  onProgress: (done, total, table) => {
    process.stdout.write(`${String(done)}/${String(total)} ${table}\n`)
  },
})
