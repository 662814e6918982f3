import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { build } from '../../warehouse/build.ts'
import { currentGeneration, readManifest } from '../../warehouse/generation.ts'
import { scratch, type Scratch } from '../support/home.ts'
import { sampleHome, type SampleHome } from '../support/sample.ts'
import { catalog } from '../support/tables.ts'

describe('a build over the sample', () => {
  let place: Scratch
  let small: SampleHome
  beforeAll(async () => {
    small = await sampleHome('small')
    place = await scratch(small.key)
  })
  afterAll(() => place.remove())

  it('that was ended in the middle is taken up by the next, with the same content', async () => {
    const home = await place.home('killed', small.home.path)
    const before = await readManifest(home, small.generation)
    const script = fileURLToPath(new URL('../support/build_home.ts', import.meta.url))
    const child = spawn(process.execPath, ['--import', 'tsx', script, home.path], {
      cwd: fileURLToPath(new URL('../../', import.meta.url)),
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (told: Buffer) => {
        if (/\b(?:[3-9]\d)\/\d+ /.test(told.toString())) child.kill('SIGKILL')
      })
      child.on('exit', () => {
        resolve()
      })
    })
    expect(child.signalCode).toBe('SIGKILL')
    expect((await readdir(home.generations)).sort()).toEqual(['g00001', 'g00002.tmp'])
    expect(await currentGeneration(home)).toBe('g00001')
    const report = await build(home, await catalog(), { full: true })
    expect(report).toMatchObject({ generation: 'g00002', contentHash: before.contentHash })
    expect(existsSync(join(home.generations, 'g00002.tmp'))).toBe(false)
  })

  it('has no broken promise and finds nothing wrong in files without faults', async () => {
    const { checks } = await readManifest(small.home, small.generation)
    expect(checks.filter(({ found }) => found > 0)).toEqual([])
  })
})
