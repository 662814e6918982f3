import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { codeOf } from '../../cli/complaint.ts'
import { MissingParameter } from '../../transforms/contract/parameter.ts'
import * as errors from '../../warehouse/errors.ts'
import type { Run } from '../../warehouse/journal.ts'
import { findFault, workerLog, workerLogFile } from '../../workflows/worker-log.ts'

let home: { readonly path: string }
beforeEach(async () => {
  home = { path: await mkdtemp(join(tmpdir(), 'mera-log-')) }
})
afterEach(() => rm(home.path, { recursive: true, force: true }))

const said: string[] = []
const log = () => {
  said.length = 0
  return workerLog(home, (line) => said.push(line))
}
const kept = (): Promise<string> => readFile(workerLogFile(home), 'utf8')
const trouble = {
  ...{ code: 'bad', message: 'не читается', hint: 'сохраните заново' },
  ...{ file: 'a.xlsx', sheet: 'ОМ 4', cell: 'D12' },
}

describe('findFault(home, reference)', () => {
  const holder = { pid: 7, host: 'pc', purpose: 'build' }
  const field = { file: 'notify.json', path: 'webhook', message: 'не то' }
  const expected: readonly errors.MeraError[] = [
    new errors.SettingsInvalid([field]),
    new errors.HomeLocked(trouble, holder),
    new errors.DiskFull('/srv/a'),
    ...[errors.MeraError, errors.UsageError, errors.FileUnreadable, errors.StateError].map(
      (kind) => new kind(trouble),
    ),
    ...[errors.HomeInvalid, errors.SecretInvalid, errors.ContractError, errors.CheckFailed].map(
      (kind) => new kind(trouble),
    ),
  ]
  test('an expected error of any class comes back with its words and its code', async () => {
    const classes = Object.values(errors).filter((each) => /^class /.test(String(each)))
    expect(expected.map((error) => error.constructor.name).sort()).toEqual(
      classes.map((each) => each.name).sort(),
    )
    const { onFault } = log()
    for (const [i, error] of expected.entries()) onFault(error, `ref${String(i)}.`)
    for (const [i, error] of expected.entries()) {
      const found = await findFault(home, `ref${String(i)}.`)
      const { code, message, hint, file, sheet, cell } = error
      expect(found).toMatchObject({ code, message, hint })
      expect(found).toMatchObject(JSON.parse(JSON.stringify({ file, sheet, cell })) as object)
      expect(codeOf(found)).toBe(codeOf(error))
    }
    expect(await findFault(home, 'ref0.')).toEqual(expected[0])
    expect(await findFault(home, 'ref1.')).toEqual(expected[1])
  })
  test('so does an error with a hint that is none of the warehouse’s, and an answer of the system', async () => {
    const { onFault } = log()
    const missing = new MissingParameter('parameters.risk_rule', 'minimum_n')
    onFault(missing, 'a')
    const { message, hint } = missing
    const code = 'missing-parameter'
    expect(await findFault(home, 'a')).toMatchObject({ code, message, hint })
    const denied = { code: 'EACCES', path: '/srv/a' }
    onFault(Object.assign(new Error('EACCES: permission denied'), denied), 'b')
    expect(await findFault(home, 'b')).toMatchObject(denied)
  })
  test('of an error that nobody expected only its class and place are kept: it may quote a row', async () => {
    log().onFault(new TypeError('Could not convert Иванов\nв число'), 'a')
    expect(await findFault(home, 'a')).toBeUndefined()
    const line = JSON.parse(await kept()) as { readonly stack: readonly string[] }
    expect(line).toMatchObject({ reference: 'a', class: 'TypeError' })
    expect(line.stack.join('\n')).toContain('worker-log.test.ts')
    expect(await kept()).not.toMatch(/[а-яё]/i)
  })
  test('is undefined of a line that a full disk cut, and the next is whole', async () => {
    const { onFault } = log()
    onFault(new errors.MeraError(trouble), 'cut')
    await writeFile(workerLogFile(home), (await kept()).slice(0, -9))
    onFault(new errors.MeraError(trouble), 'next')
    expect(await findFault(home, 'cut')).toBeUndefined()
    expect(await findFault(home, 'next')).toMatchObject({ message: trouble.message })
  })
  test('is undefined where nobody noted anything', async () => {
    expect(await findFault(home, 'a')).toBeUndefined()
  })
})

describe('workerLog(home, say)', () => {
  const untold: Run = {
    ...{ run: null, command: null, engine: null, started_at: null, finished_at: null },
    ...{ status: null, read: null, loaded: null, quarantined: null, replaced: null, message: null },
  }
  test('keeps every word of the SDK and says once that there are some', async () => {
    const { onSdkLine } = log()
    onSdkLine('WARN', 'Network error while sending worker heartbeat', { error: new Error('14') })
    onSdkLine('ERROR', 'Workflow task failed')
    const lines = (await kept()).trim().split('\n')
    expect(lines).toHaveLength(2)
    expect(lines[0]).toMatch(/"WARN".*worker heartbeat.*14/)
    expect(said).toEqual([expect.stringContaining(workerLogFile(home))])
  })
  test('where nothing can be kept the words of the SDK are said, and an error stops nobody', async () => {
    await writeFile(join(home.path, 'temporal'), '')
    const { onSdkLine, onFault, onUnnoted } = log()
    onFault(new errors.DiskFull(), 'a')
    onSdkLine('ERROR', 'Workflow task failed')
    onUnnoted({ ...untold, command: 'schedule yearly' }, new errors.DiskFull())
    expect(said).toEqual([
      'Библиотека Temporal предупреждает: Workflow task failed',
      'Чем кончился прогон schedule yearly, в хранилище записать не удалось',
    ])
  })
  test('keeps how a run ended that the ledger did not take, and why, and says so', async () => {
    const { onUnnoted } = log()
    const run = { ...untold, run: 'r1', command: 'schedule yearly', status: 'published' }
    onUnnoted(run, new errors.HomeLocked(trouble, { pid: 7, host: 'pc', purpose: 'build' }))
    expect(JSON.parse(await kept())).toMatchObject({
      unnoted: run,
      class: 'HomeLocked',
      words: { message: trouble.message },
    })
    expect(said).toEqual([expect.stringMatching(/schedule yearly.* не удалось.*worker\.log$/)])
  })
  test('keeps to its length, and finds what was noted before the last beginning', async () => {
    const { onSdkLine, onFault } = log()
    onFault(new errors.MeraError(trouble), 'first')
    for (let i = 0; i < 12; i++) onSdkLine('WARN', 'w'.repeat(100_000))
    expect((await readdir(join(home.path, 'temporal'))).sort()).toEqual([
      'worker.1.log',
      'worker.log',
    ])
    expect((await kept()).length).toBeLessThan(300_000)
    expect(await findFault(home, 'first')).toMatchObject({ message: trouble.message })
  })
})
