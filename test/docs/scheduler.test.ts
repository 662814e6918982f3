import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { overridesOf } from '../../warehouse/overrides.ts'
import { readSettings, settingsFiles } from '../../warehouse/settings.ts'
import { readSchedules } from '../../workflows/schedules.ts'
import { catalog } from '../support/tables.ts'

/** The first example of each settings file: what stands in code after «`settings/x.json`» at the beginning of a line. */
const examples = new Map(
  [
    ...(await readFile(new URL('../../docs/scheduler.md', import.meta.url), 'utf8')).matchAll(
      /^`settings\/([^`]+)`[^{[]*`(?:``json\n)?([{[][^`]+)`/gm,
    ),
  ].map(([, file = '', example = '']) => [file, example]),
)

let home: string
let settings: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'mera-docs-'))
  settings = join(home, 'settings')
  await mkdir(settings)
})
afterEach(() => rm(home, { recursive: true, force: true }))

describe('docs/scheduler.md', () => {
  test('has an example of every settings file, and of no other', () => {
    expect([...examples.keys()].sort()).toEqual([...settingsFiles])
  })

  test.each(settingsFiles)('shows a %s that is valid and changes something', async (file) => {
    const read = async (): Promise<unknown> => {
      const found = await readSettings({ settings })
      return [found, overridesOf(found, await catalog()), await readSchedules({ settings })]
    }
    const without = await read()
    await writeFile(join(settings, file), examples.get(file) ?? '')
    expect(await read()).not.toEqual(without)
  })
})
