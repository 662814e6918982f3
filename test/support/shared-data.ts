import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

/**
 * The folder of one set of open reference data, looked for in MERA_TEST_DATA, else beside the project in `../shared/data`. Where it is
 * absent: an error in CI, else undefined and one line that says so.
 */
export const sharedData = (name: string): string | undefined => {
  const place = process.env['MERA_TEST_DATA'] ?? '../shared/data'
  const folder = resolve(root, place, name)
  if (existsSync(folder)) return folder
  const missing = `reference data «${name}» not found in ${place}; set MERA_TEST_DATA`
  if (process.env['CI']) throw new Error(missing)
  process.stderr.write(`${missing}: its tests are skipped\n`)
  return undefined
}
