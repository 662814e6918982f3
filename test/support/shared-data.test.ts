import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { sharedData } from './shared-data.ts'

const folder = mkdtempSync(join(tmpdir(), 'mera-shared-data-'))
mkdirSync(join(folder, 'present'))
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

describe('sharedData(name)', () => {
  it('is the folder where MERA_TEST_DATA has it', () => {
    vi.stubEnv('MERA_TEST_DATA', folder)
    expect(sharedData('present')).toBe(join(folder, 'present'))
  })

  it('fails in CI where the data are absent', () => {
    vi.stubEnv('MERA_TEST_DATA', folder)
    vi.stubEnv('CI', 'true')
    expect(() => sharedData('absent')).toThrow('set MERA_TEST_DATA')
  })

  it('says elsewhere in one line that its tests are skipped', () => {
    vi.stubEnv('MERA_TEST_DATA', folder)
    vi.stubEnv('CI', '')
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    expect(sharedData('absent')).toBeUndefined()
    expect(said.mock.calls).toEqual([
      [expect.stringMatching(/^reference data «absent».*skipped\n$/)],
    ])
  })
})
