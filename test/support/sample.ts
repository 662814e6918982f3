import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { SampleOptions } from '../../examples/municipality/generate.ts'
import type { Truth } from '../../examples/municipality/truth.ts'
import { editionFile, warehouseFile } from '../../warehouse/generation.ts'
import { openHome, type Home } from '../../warehouse/home.ts'
import { isRunning } from '../../warehouse/system.ts'

/** `small`: four schools over two years, for mechanics. `default`: the sample as it is meant. `faulty`: the one that the demo shows, with faults. */
export const sampleOptions = {
  small: { seed: 7, schools: 4, years: [2025, 2026] },
  default: {},
  faulty: { errors: true },
} as const satisfies Readonly<Record<string, SampleOptions>>
export type SampleKind = keyof typeof sampleOptions

export interface SampleHome {
  /** Where the sample's files lie. */
  readonly files: string
  /** Loaded, built and published; for reading only. */
  readonly home: Home
  readonly generation: string
  readonly warehouse: string
  readonly official: string
  /** Key file for MERA_KEY_FILE. */
  readonly key: string
  readonly truth: Truth
}

const root = fileURLToPath(new URL('../../', import.meta.url))
const cache = join(root, 'node_modules', '.cache', 'mera-samples')
const hour = 3_600_000

/**
 * A published home over the sample. It is made by the first test that asks and kept in the cache of node_modules under the hash of the
 * code that makes it, so a run makes each at most once.
 */
export const sampleHome = async (kind: SampleKind): Promise<SampleHome> => {
  const folder = join(cache, `${kind}-${await codeHash()}`)
  const done = join(folder, 'done')
  await mkdir(cache, { recursive: true })
  while (!existsSync(done)) {
    if (await take(`${folder}.lock`)) {
      try {
        if (!existsSync(done)) {
          await forgetOld(kind)
          await rm(folder, { recursive: true, force: true })
          await mkdir(folder)
          await make(kind, folder)
          await writeFile(done, '')
        }
      } finally {
        await rm(`${folder}.lock`, { recursive: true, force: true })
      }
    } else await new Promise((resolve) => setTimeout(resolve, 200))
  }
  const now = new Date()
  await utimes(done, now, now)
  const home = await openHome(join(folder, 'home'), { create: false })
  const generation = (await readFile(home.current, 'utf8')).trim()
  const files = join(folder, 'sample')
  return {
    files,
    home,
    generation,
    warehouse: warehouseFile(home, generation),
    official: editionFile(home, generation, 'official'),
    key: join(folder, 'pseudonyms.key'),
    truth: JSON.parse(await readFile(join(files, 'truth.json'), 'utf8')) as Truth,
  }
}

/** True: this process makes it. The lock of a process that is gone is taken away. */
const take = async (lock: string): Promise<boolean> => {
  try {
    await mkdir(lock)
    await writeFile(join(lock, 'pid'), String(process.pid))
    return true
  } catch {
    const pid = Number(await readFile(join(lock, 'pid'), 'utf8').catch(() => ''))
    if (pid > 0 && !isRunning(pid)) await rm(lock, { recursive: true, force: true })
    return false
  }
}
const make = (kind: SampleKind, folder: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const script = fileURLToPath(new URL('make_sample.ts', import.meta.url))
    const child = spawn(process.execPath, ['--import', 'tsx', script, kind, folder], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, MERA_KEY_FILE: join(folder, 'pseudonyms.key') },
    })
    let complaint = ''
    child.stderr.on('data', (text: Buffer) => (complaint += text.toString()))
    child.on('error', reject)
    child.on('exit', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`the ${kind} sample was not made:\n${complaint}`))
    })
  })

/** Samples of code that is no more; what another run may still read is younger than an hour. */
const forgetOld = async (kind: SampleKind): Promise<void> => {
  for (const name of await readdir(cache)) {
    if (!name.startsWith(`${kind}-`) || name.endsWith('.lock')) continue
    const used = await stat(join(cache, name, 'done')).catch(() => undefined)
    if (used !== undefined && Date.now() - used.mtimeMs > hour)
      await rm(join(cache, name), { recursive: true, force: true })
  }
}

const codeHash = async (): Promise<string> => {
  const hash = createHash('sha256').update(process.version)
  for (const room of ['transforms', 'warehouse', 'examples/municipality']) {
    const names = await readdir(join(root, room), { recursive: true })
    for (const name of names.filter((file) => file.endsWith('.ts')).sort())
      hash.update(name).update(await readFile(join(root, room, name)))
  }
  return hash
    .update(await readFile(join(root, 'package-lock.json')))
    .update(await readFile(fileURLToPath(new URL('make_sample.ts', import.meta.url))))
    .digest('hex')
    .slice(0, 16)
}
