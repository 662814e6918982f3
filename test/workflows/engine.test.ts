import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { codeOf } from '../../cli/complaint.ts'
import { writeSample } from '../../examples/municipality/generate.ts'
import { loadCatalog } from '../../warehouse/catalog.ts'
import type { Catalog } from '../../warehouse/catalog.ts'
import { currentGeneration, listGenerations, readManifest } from '../../warehouse/generation.ts'
import { FileUnreadable, SettingsInvalid } from '../../warehouse/errors.ts'
import { openHome } from '../../warehouse/home.ts'
import type { Home } from '../../warehouse/home.ts'
import { receive } from '../../warehouse/land.ts'
import { discard, publish } from '../../warehouse/publish.ts'
import { withLedger } from '../../warehouse/ledger.ts'
import { warehouseSteps } from '../../workflows/activities/steps.ts'
import { approverOf, fateOf, noteApproval } from '../../workflows/approval.ts'
import {
  approve,
  cancelRun,
  hasWorker,
  connect,
  runningRuns,
  startRefresh,
  waitingRuns,
} from '../../workflows/client.ts'
import { follow } from '../../workflows/follow.ts'
import { openEngine, taskQueueOf } from '../../workflows/engine.ts'
import type { Engine, EngineOptions } from '../../workflows/engine.ts'
import { RunFailed } from '../../workflows/errors.ts'
import { historyToJson, payloadsOf } from '../support/histories.ts'
import { smallSample, sourcesCatalog } from '../support/small-warehouse.ts'
import type { SmallSample } from '../support/small-warehouse.ts'
import { ownServerOnly, testServer } from '../support/temporal.ts'

const own = await testServer()

let sample: SmallSample
let catalog: Catalog
let names: readonly string[] = []
const before = process.env['MERA_KEY_FILE']

beforeAll(async () => {
  sample = await smallSample()
  catalog = await sourcesCatalog()
  names = (await readdir(sample.files, { recursive: true })).filter((name) => name.includes('.'))
  process.env['MERA_KEY_FILE'] = sample.key
}, 60_000)
afterAll(async () => {
  if (before === undefined) delete process.env['MERA_KEY_FILE']
  else process.env['MERA_KEY_FILE'] = before
  await own?.stop()
  await sample.remove()
})

const newHome = (name: string): Promise<Home> => openHome(join(sample.folder, name))
const deliver = async (home: Home): Promise<string[]> =>
  (await receive(home, [sample.files])).map(({ sha256 }) => sha256)
/** A later delivery: another municipality's one year. */
const another = async (home: Home): Promise<string[]> => {
  const folder = join(sample.folder, 'another')
  await writeSample(folder, { seed: 8, schools: 2, years: [2026, 2026] })
  return (await receive(home, [folder])).map(({ sha256 }) => sha256)
}
const local = (home: Home, options: Partial<EngineOptions> = {}): Promise<Engine> =>
  openEngine({ engine: 'local', home, catalog, ...options })
const settings = async (home: Home, file: string, value: unknown): Promise<void> => {
  await mkdir(home.settings, { recursive: true })
  await writeFile(join(home.settings, file), JSON.stringify(value))
}
const recorded = (home: Home): Promise<readonly { files: number; once: number; rows: number }[]> =>
  withLedger(home, 'test', (ledger) =>
    ledger.rows(
      'select count(*)::integer as files, count(distinct sha256)::integer as once, sum(loaded)::integer as rows from file',
    ),
  )

describe('openEngine(options), local', { timeout: 120_000 }, () => {
  test('loads, builds and publishes, and a second time does nothing', async () => {
    const home = await newHome('local')
    const files = await deliver(home)
    const engine = await local(home)
    const first = await engine.refresh({ files })
    expect(first).toMatchObject({ status: 'published', published: { generation: 'g00001' } })
    expect(first.load.files).toBe(new Set(files).size)
    expect(first.load.loaded).toBeGreaterThan(1000)
    expect(first.load.read).toBe(first.load.loaded + first.load.quarantined)
    const second = await engine.refresh({ files })
    expect(second).toMatchObject({
      status: 'unchanged',
      load: { read: 0, files: 0, unchanged: first.load.files },
      build: { generation: 'g00001', built: [], contentHash: first.build.contentHash },
    })
    expect(await listGenerations(home)).toEqual(['g00001'])
  })

  test('takes the inbox, and reads archived years again only where forms changed', async () => {
    const home = await newHome('inbox')
    const engine = await local(home)
    expect(await engine.refresh({ collect: true })).toMatchObject({ load: { files: 0 } })
    await writeSample(home.inbox, { seed: 7, schools: 2, years: [2026, 2026] })
    await rm(join(home.inbox, 'delivery.json'))
    const { load } = await engine.refresh({ collect: true })
    expect(load.files).toBeGreaterThan(5)
    const again = await engine.backfill({ from: 2026, to: 2026 })
    expect(again).toMatchObject({ status: 'unchanged', load: { files: 0, read: 0 } })
    expect(again.load.unchanged).toBeGreaterThan(3)
  })

  test('leaves what waits for approval, and never goes back behind what is published', async () => {
    const home = await newHome('waiting')
    await settings(home, 'approvals.json', { beforePublishing: true })
    const engine = await local(home)
    expect(await engine.refresh({ files: await deliver(home) })).toMatchObject({
      status: 'waiting',
    })
    expect(await currentGeneration(home)).toBeUndefined()
    await settings(home, 'approvals.json', { beforePublishing: false })
    expect(await engine.refresh({ files: await another(home) })).toMatchObject({
      status: 'published',
    })
    const steps = warehouseSteps({ home, catalog })({
      signal: new AbortController().signal,
      onProgress: () => undefined,
    })
    expect(await currentGeneration(home)).toBe('g00002')
    const [first, second] = await Promise.all([
      readManifest(home, 'g00001'),
      readManifest(home, 'g00002'),
    ])
    expect(await steps.publish(first)).toEqual({ missed: 'overtaken', current: 'g00002' })
    expect(await steps.publish({ ...first, contentHash: 'of another' })).toEqual({
      missed: 'removed',
      current: 'g00002',
    })
    expect(await steps.publish(second)).toMatchObject({ generation: 'g00002' })
    expect(await steps.discard(second)).toEqual({ fate: 'published' })
    expect(await steps.discard({ ...first, contentHash: 'of another' })).toEqual({
      fate: 'removed',
    })
    expect(await listGenerations(home)).toEqual(['g00001', 'g00002'])
    expect(await steps.discard(first)).toEqual({ fate: 'overtaken' })
    expect(await listGenerations(home)).toEqual(['g00002'])
  })
})

describe('warehouseSteps(world)', () => {
  test('tells people what is wrong with the settings, even those that say nothing of whom to tell', async () => {
    const home = await newHome('told')
    const told = join(sample.folder, 'told.json')
    const code = `process.stdin.pipe(require('fs').createWriteStream(${JSON.stringify(told)}))`
    await settings(home, 'notify.json', { command: [process.execPath, '-e', code] })
    await settings(home, 'approvals.json', { beforePublishing: 'да' })
    const steps = warehouseSteps({ home, catalog })({
      signal: new AbortController().signal,
      onProgress: () => undefined,
    })
    const notice = { kind: 'failed', workflow: 'refresh/archive', stage: 'build' } as const
    expect(await steps.notify({ ...notice, error: 'SettingsInvalid' })).toEqual({ told: true })
    expect(JSON.parse(await readFile(told, 'utf8'))).toEqual({
      ...notice,
      error: 'SettingsInvalid',
      message: 'ошибки в настройках:\n  approvals.json, beforePublishing: ожидалось true или false',
      hint: 'исправьте названные поля и повторите команду',
    })
    expect(await steps.notify({ ...notice, error: 'ContractError' })).toEqual({ told: true })
    expect(JSON.parse(await readFile(told, 'utf8'))).toEqual({ ...notice, error: 'ContractError' })
  })

  test('tells people that settings are at fault even where it cannot say which', async () => {
    const home = await newHome('told-less')
    await settings(home, 'notify.json', {
      command: [process.execPath, '-e', 'process.stdin.resume()'],
    })
    const steps = warehouseSteps({ home, project: join(sample.folder, 'nowhere') })({
      signal: new AbortController().signal,
      onProgress: () => undefined,
    })
    const notice = { kind: 'failed', workflow: 'refresh/archive', stage: 'build' } as const
    expect(await steps.notify({ ...notice, error: 'SettingsInvalid' })).toEqual({ told: true })
  })
})

describe.runIf(own !== undefined)('openEngine(options), temporal', { timeout: 180_000 }, () => {
  if (own === undefined) return
  const { server } = own
  const env = { ...ownServerOnly(), TEMPORAL_ADDRESS: server.address }
  const temporal = (home: Home, options: Partial<EngineOptions> = {}): Promise<Engine> =>
    openEngine({ engine: 'temporal', home, catalog, env, ...options })
  const journalOf = (home: Home): string => `${home.path}.journal`
  /** A worker in a process of its own. */
  const otherWorker = (home: Home, how: string): ReturnType<typeof spawn> => {
    const script = fileURLToPath(new URL('./stalling_worker.ts', import.meta.url))
    return spawn(
      process.execPath,
      [
        ...['--import', 'tsx', script],
        ...[server.address, taskQueueOf(home, env), home.path, journalOf(home), how],
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    )
  }
  const waiting = async (home: Home): Promise<{ workflowId: string }> => {
    const { client, close } = await connect(server)
    try {
      for (;;) {
        const runs = await runningRuns(client, taskQueueOf(home, env))
        const run = runs.find(({ progress }) => progress?.stage === 'approval')
        if (run !== undefined) return run
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    } finally {
      await close()
    }
  }

  test('gives the content that the local engine gives, and its history holds no path and no name', async () => {
    const here = await newHome('same-local')
    const whole = await loadCatalog()
    const engineHere = await local(here, { catalog: whole })
    const expected = await engineHere.refresh({ files: await deliver(here) })
    const there = await newHome('same-temporal')
    const said: string[] = []
    const engine = await temporal(there, { catalog: whole, say: (line) => said.push(line) })
    const files = await deliver(there)
    const result = await engine.refresh({ files })
    expect(result.status).toBe('published')
    expect(result.build.contentHash).toBe(expected.build.contentHash)
    expect(result.load).toEqual(expected.load)
    expect(said).toEqual(['Исполнитель Temporal: в этом же процессе'])
    expect(await engine.refresh({ files })).toMatchObject({
      status: 'unchanged',
      load: { files: 0 },
    })
    await engine.close()

    const { client, close } = await connect(server)
    for await (const { workflowId } of client.workflow.list({
      query: `TaskQueue = '${taskQueueOf(there, env)}'`,
    })) {
      const history = await client.workflow.getHandle(workflowId).fetchHistory()
      const text = historyToJson(history)
      const payloads = payloadsOf(text)
      expect(payloads.join('\n')).toContain(files[0])
      for (const part of [text, ...payloads]) {
        expect(part).not.toMatch(/[а-яё]/i)
        expect(part).not.toContain(sample.folder)
        for (const name of names) expect(part).not.toContain(name)
      }
    }
    await close()
  })

  test('publishes after an approval, and the ledger knows whose', async () => {
    const home = await newHome('approved')
    await settings(home, 'approvals.json', { beforePublishing: true, approvers: ['methodist'] })
    const engine = await temporal(home)
    const run = engine.refresh({ files: await deliver(home) })
    await waiting(home)
    expect(await currentGeneration(home)).toBeUndefined()
    const { client, close } = await connect(server)
    await approve(client, taskQueueOf(home, env), {
      decision: 'publish',
      before: (generation) => noteApproval(home, generation, 'methodist'),
    })
    await close()
    expect(await run).toMatchObject({ status: 'published' })
    await engine.close()
    const rows = await withLedger(home, 'test', (ledger) =>
      ledger.rows<{ by: string }>('select approved_by as by from publication'),
    )
    expect(rows.map(({ by }) => by)).toEqual(['methodist'])
    expect(await approverOf(home, 'g00001')).toBe('methodist')
  })

  test('two runs that wait for one generation hear one word, and a late one says what happened', async () => {
    const home = await newHome('two-waiting')
    await settings(home, 'approvals.json', { beforePublishing: true })
    const engine = await temporal(home)
    const files = await deliver(home)
    const first = engine.refresh({ files })
    await waiting(home)
    const { client, close } = await connect(server)
    const taskQueue = taskQueueOf(home, env)
    const both = startRefresh(client, taskQueue, {}).then((handle) => follow(client, handle))
    while ((await waitingRuns(client, taskQueue)).length < 2)
      await new Promise((resolve) => setTimeout(resolve, 50))
    await approve(client, taskQueue, { decision: 'publish' })
    expect((await first).status).toBe('published')
    expect((await both).status).toBe('published')

    const late = engine.refresh({ files: await another(home) })
    await waiting(home)
    const [one] = await waitingRuns(client, taskQueue)
    const { generation = '', contentHash } = one ?? {}
    expect(await fateOf(home, generation, contentHash)).toBeUndefined()
    await discard(home, generation)
    expect(await fateOf(home, generation, contentHash)).toBe('removed')
    await approve(client, taskQueue, { decision: 'publish' })
    expect(await late).toMatchObject({
      status: 'overtaken',
      published: null,
      missed: { missed: 'removed', current: 'g00001' },
    })
    await close()
    await engine.close()
    expect(await currentGeneration(home)).toBe('g00001')
  })

  test('a run whose generation was published while no worker answered ends with the next worker', async () => {
    const home = await newHome('published-past')
    await settings(home, 'approvals.json', { beforePublishing: true })
    const files = await deliver(home)
    const first = await temporal(home)
    const { client, close } = await connect(server)
    const handle = await startRefresh(client, taskQueueOf(home, env), { files })
    await waiting(home)
    await first.close()
    await publish(home, catalog, 'g00001')
    const second = await temporal(home)
    expect(await follow(client, handle)).toMatchObject({
      status: 'published',
      published: { generation: 'g00001' },
    })
    await second.close()
    await close()
  })

  test('cancellation leaves the published generation untouched', async () => {
    const home = await newHome('cancelled')
    const engine = await temporal(home)
    await engine.refresh({ files: await deliver(home) })
    const published = await currentGeneration(home)
    await settings(home, 'approvals.json', { beforePublishing: true })
    const run = engine.refresh({ files: await another(home) })
    const ended = expect(run).rejects.toMatchObject({ reason: 'cancelled' })
    const { workflowId } = await waiting(home)
    expect(await listGenerations(home)).toHaveLength(2)
    const { client, close } = await connect(server)
    await cancelRun(client, workflowId)
    await close()
    await ended
    expect(await currentGeneration(home)).toBe(published)
    expect(await listGenerations(home)).toEqual([published])
    await engine.close()
  })

  test('what goes wrong is told in full where the worker is at hand', async () => {
    const home = await newHome('failing')
    await settings(home, 'approvals.json', { beforePublishing: 'да' })
    const engine = await temporal(home)
    const error: unknown = await engine
      .refresh({ files: await deliver(home) })
      .catch((each: unknown) => each)
    expect(error).not.toBeInstanceOf(RunFailed)
    expect(error).toMatchObject({ code: 'settings-invalid' })
    await engine.close()
    expect(await currentGeneration(home)).toBeUndefined()
  })

  const faults: readonly {
    readonly title: string
    readonly spoil: (home: Home, files: readonly string[]) => Promise<void>
    readonly kind: object
    readonly code: number
  }[] = [
    {
      title: 'a fault of the settings',
      spoil: (home) => settings(home, 'approvals.json', { beforePublishing: 'да' }),
      kind: SettingsInvalid,
      code: 2,
    },
    {
      title: 'a damaged archive',
      spoil: async (home, [sha256 = '']) => {
        for (const name of await readdir(home.archive, { recursive: true }))
          if (name.includes(sha256)) {
            await chmod(join(home.archive, name), 0o600)
            await writeFile(join(home.archive, name), 'damaged')
          }
      },
      kind: FileUnreadable,
      code: 1,
    },
  ]
  test.each(faults)(
    '$title is told in full where the worker is not at hand, and no history holds it',
    async ({ title, spoil, kind, code }) => {
      const home = await newHome(`failing-elsewhere ${title}`)
      const files = await deliver(home)
      await spoil(home, files)
      const taskQueue = taskQueueOf(home, env)
      const said = (engine: Engine): Promise<unknown> =>
        engine.refresh({ files }).catch((error: unknown) => error)
      const expected = await said(await local(home))
      expect(expected).toBeInstanceOf(kind)
      const worker = otherWorker(home, 'works')
      const { client, close } = await connect(server)
      try {
        while (!(await hasWorker(client, taskQueue)))
          await new Promise((resolve) => setTimeout(resolve, 50))
        const engine = await temporal(home)
        const error = await said(engine)
        await engine.close()
        expect(error).toEqual(expected)
        expect(codeOf(error)).toBe(code)
        for await (const { workflowId } of client.workflow.list({
          query: `TaskQueue = '${taskQueue}'`,
        })) {
          const text = historyToJson(await client.workflow.getHandle(workflowId).fetchHistory())
          for (const part of [text, ...payloadsOf(text)]) expect(part).not.toMatch(/[а-яё]/i)
        }
      } finally {
        worker.kill('SIGKILL')
        await close()
      }
    },
  )

  test('a worker killed in the middle: another finishes the run, and nothing is loaded twice', async () => {
    const here = await newHome('killed-local')
    const expected = await (await local(here)).refresh({ files: await deliver(here) })
    const home = await newHome('killed')
    const files = await deliver(home)
    const taskQueue = taskQueueOf(home, env)
    const { client, close } = await connect(server)
    const first = otherWorker(home, 'stalls')
    let second: ReturnType<typeof spawn> | undefined
    try {
      const handle = await startRefresh(client, taskQueue, { files })
      while ((await readFile(journalOf(home), 'utf8').catch(() => '')) !== 'stalls\n')
        await new Promise((resolve) => setTimeout(resolve, 50))
      const loaded = await recorded(home)
      expect(await hasWorker(client, taskQueue)).toBe(true)
      const gone = once(first, 'exit')
      first.kill('SIGKILL')
      await gone
      expect(await hasWorker(client, taskQueue)).toBe(false)
      second = otherWorker(home, 'works')
      const result = await follow(client, handle)
      expect(result.status).toBe('published')
      expect(result.build.contentHash).toBe(expected.build.contentHash)
      expect(await recorded(home)).toEqual(loaded)
      const [counts] = loaded
      expect(counts?.files).toBe(counts?.once)
      expect(counts?.rows).toBe(expected.load.loaded)
    } finally {
      first.kill('SIGKILL')
      second?.kill('SIGKILL')
      await close()
    }
  })
})
