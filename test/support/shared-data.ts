import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

/**
 * The folder of one set of open reference data, or undefined (and one line that says so) where it is absent.
 * It is looked for in MERA_TEST_DATA, else beside the project in `../shared/data`.
 */
export const sharedData = (name: string): string | undefined => {
  const folder = resolve(process.env['MERA_TEST_DATA'] ?? resolve(root, '../shared/data'), name)
  if (existsSync(folder)) return folder
  process.stderr.write(
    `reference data «${name}» not found in ${process.env['MERA_TEST_DATA'] ?? '../shared/data'}: its tests are skipped; set MERA_TEST_DATA\n`,
  )
  return undefined
}
