import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openHome, type Home } from '../../warehouse/home.ts'

export interface Scratch {
  readonly folder: string
  /** A home of its own in the folder; with a folder to copy it begins as that home. */
  readonly home: (name: string, like?: string) => Promise<Home>
  readonly remove: () => Promise<void>
}

/**
 * A folder that a test may fill. The key for pseudonyms is the one given, else a new one in the folder: it is never the user's own, and
 * homes with one key have equal content.
 */
export const scratch = async (key?: string): Promise<Scratch> => {
  const folder = await mkdtemp(join(tmpdir(), 'mera-test-'))
  const before = process.env['MERA_KEY_FILE']
  process.env['MERA_KEY_FILE'] = key ?? join(folder, 'pseudonyms.key')
  return {
    folder,
    home: async (name, like) => {
      const path = join(folder, name)
      if (like !== undefined) await cp(like, path, { recursive: true })
      return openHome(path)
    },
    remove: async () => {
      if (before === undefined) delete process.env['MERA_KEY_FILE']
      else process.env['MERA_KEY_FILE'] = before
      await rm(folder, { recursive: true, force: true })
    },
  }
}
