import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { forgetSnapshot, snapshotOf } from '../../warehouse/snapshot.ts'

let folder: string
let temporary: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mera-snapshot-'))
  temporary = join(folder, 'tmp')
  await mkdir(temporary)
  file = join(folder, 'file')
})
afterEach(() => {
  vi.unstubAllEnvs()
  return rm(folder, { recursive: true, force: true })
})

/** Numbers its log and then its file, in a burst each time that it is told to go on, and leaves their times as they are: at any moment they are equal, or the log is one ahead. */
const writer = `
  const { openSync, writeSync, utimesSync } = require('node:fs')
  const { parentPort, workerData: { file, go } } = require('node:worker_threads')
  const fd = openSync(file, 'r+'), log = openSync(file + '.wal', 'r+')
  const put = (to, n) => writeSync(to, String(n).padStart(8, '0'), 0)
  parentPort.postMessage('ready')
  for (let n = 1; ; ) {
    Atomics.wait(go, 0, 0)
    Atomics.store(go, 0, 0)
    for (let i = 0; i < 200; i++, n++) {
      put(log, n)
      utimesSync(file + '.wal', 1, 1)
      put(fd, n)
      utimesSync(file, 1, 1)
    }
  }`

describe('snapshotOf(home, file)', () => {
  it('is of one moment of the file and its log, whatever the times of the files say', async () => {
    await writeFile(file, '00000000'.padEnd(1_000_000))
    await writeFile(`${file}.wal`, '00000000')
    const go = new Int32Array(new SharedArrayBuffer(4))
    const thread = new Worker(writer, { eval: true, workerData: { file, go } })
    const goOn = (): void => {
      Atomics.store(go, 0, 1)
      Atomics.notify(go, 0)
    }
    try {
      await once(thread, 'message')
      let last = 0
      goOn()
      for (let taken = 0; taken < 30 || last === 0;) {
        const copy = await snapshotOf({ temporary }, file)
        if (copy === undefined) continue
        taken++
        const numbers = await Promise.all(
          [copy, `${copy}.wal`].map(async (path) =>
            Number((await readFile(path, 'utf8')).slice(0, 8)),
          ),
        )
        const [own = NaN, log = NaN] = numbers
        expect([own, own + 1]).toContain(log)
        last = own
        await forgetSnapshot(copy)
        goOn()
      }
    } finally {
      await thread.terminate()
    }
  }, 60_000)

  it('removes what a process that was ended a day ago left, and no copy that is still asked', async () => {
    await writeFile(file, 'a')
    const left = ['old.duckdb', 'old.duckdb.wal', 'draft-of-a-file']
    const young = ['young.duckdb', 'young.duckdb.wal']
    for (const name of [...left, ...young]) await writeFile(join(temporary, name), '')
    const dayAgo = new Date(Date.now() - 25 * 3_600_000)
    for (const name of left) await utimes(join(temporary, name), dayAgo, dayAgo)
    const copy = (await snapshotOf({ temporary }, file)) ?? ''
    expect((await readdir(temporary)).sort()).toEqual([...young, basename(dirname(copy))].sort())
    await forgetSnapshot(copy)
    expect((await readdir(temporary)).sort()).toEqual(young)
  })

  it('is a place with nothing where the file is not there', async () => {
    const copy = (await snapshotOf({ temporary }, file)) ?? ''
    expect(await readdir(dirname(copy))).toEqual([])
  })

  it('lies elsewhere where the home has no place for it', async () => {
    await writeFile(file, 'a')
    await rm(temporary, { recursive: true })
    const copy = (await snapshotOf({ temporary }, file)) ?? ''
    expect(await readFile(copy, 'utf8')).toBe('a')
    expect(await readdir(folder)).toEqual(['file'])
    await forgetSnapshot(copy)
    expect(existsSync(dirname(copy))).toBe(false)
  })

  it('has what was committed during a checkpoint that broke off', async () => {
    const parts = ['', '.wal', '.wal.checkpoint', '.wal.recovery']
    for (const part of parts) await writeFile(`${file}${part}`, `in ${part}`)
    const copy = (await snapshotOf({ temporary }, file)) ?? ''
    for (const part of parts) expect(await readFile(`${copy}${part}`, 'utf8')).toBe(`in ${part}`)
  })

  it.skipIf(process.platform === 'win32')(
    'removes of what lies elsewhere only old copies',
    async () => {
      vi.stubEnv('TMPDIR', folder)
      await rm(temporary, { recursive: true })
      const [old, foreign, young] = ['mera-copy-aaaaaa', 'mera-backup', 'mera-copy-bbbbbb']
      for (const name of [old, foreign, young]) await mkdir(join(folder, name))
      const dayAgo = new Date(Date.now() - 25 * 3_600_000)
      for (const name of [old, foreign]) await utimes(join(folder, name), dayAgo, dayAgo)
      const copy = (await snapshotOf({ temporary }, file)) ?? ''
      expect((await readdir(folder)).sort()).toEqual(
        [basename(dirname(copy)), foreign, young].sort(),
      )
    },
  )
})
