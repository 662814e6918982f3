import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Homes of tests take their key from a folder of the run, so that none is left in the user's configuration. */
export default async (): Promise<() => Promise<void>> => {
  const folder = await mkdtemp(join(tmpdir(), 'mera-test-key-'))
  process.env['MERA_KEY_FILE'] = join(folder, 'pseudonyms.key')
  return () => rm(folder, { recursive: true, force: true })
}
