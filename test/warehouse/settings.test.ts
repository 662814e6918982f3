import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SettingsInvalid } from '../../warehouse/errors.ts'
import { readNotify, readSettings } from '../../warehouse/settings.ts'

let settings: string
beforeEach(async () => {
  settings = await mkdtemp(join(tmpdir(), 'mera-settings-'))
})
afterEach(() => rm(settings, { recursive: true, force: true }))
const write = (file: string, value: unknown): Promise<void> =>
  writeFile(join(settings, file), typeof value === 'string' ? value : JSON.stringify(value))

describe('readSettings(home)', () => {
  it('has a default for every file that is absent', async () => {
    expect(await readSettings({ settings })).toEqual({
      parameters: {},
      schoolAliases: [],
      expectedDeliveries: [],
      approvals: { beforePublishing: false, waitHours: 72, approvers: [] },
      notify: {},
      dropPersonal: [],
    })
  })

  it('says of a file that is no JSON, or is not to be read, what is to be mended', async () => {
    const fault = (): Promise<unknown> =>
      readSettings({ settings }).catch((error: unknown) => error)
    await write('privacy.json', '{"dropPersonal": [')
    expect(await fault()).toMatchObject({
      message: 'ошибки в настройках:\n  privacy.json: это не JSON',
      hint: 'исправьте запись файла (кавычки, запятые, скобки) и повторите команду',
    })
    await write('approvals.json', { beforePublishing: 'да' })
    expect(await fault()).toMatchObject({ hint: 'исправьте названное и повторите команду' })
    await rm(join(settings, 'privacy.json'))
    expect(await fault()).toMatchObject({ hint: 'исправьте названные поля и повторите команду' })
    await mkdir(join(settings, 'notify.json'))
    expect(await fault()).toMatchObject({
      message: expect.stringContaining(
        'notify.json: не читается: это папка, а нужен файл',
      ) as string,
    })
  })

  it('reads all that an office may set', async () => {
    await write('parameters.json', {
      risk_norm: [{ indicator: 'low_share', value: 0.2, valid_to: null }],
    })
    await write('school-aliases.json', [{ code: 'sch221234', school: '2101' }])
    await write('expected-deliveries.json', [
      { source: 'vpr_marks', year: 2026, due: '2026-06-30' },
    ])
    await write('approvals.json', { beforePublishing: true, approvers: ['отдел'] })
    await write('notify.json', { command: ['mail', 'отдел'] })
    await write('privacy.json', { dropPersonal: ['vpr_individual'] })
    expect(await readSettings({ settings })).toEqual({
      parameters: { risk_norm: [{ indicator: 'low_share', value: 0.2, valid_to: null }] },
      schoolAliases: [{ code: 'sch221234', school: '2101' }],
      expectedDeliveries: [{ source: 'vpr_marks', year: 2026, due: '2026-06-30', required: true }],
      approvals: { beforePublishing: true, waitHours: 72, approvers: ['отдел'] },
      notify: { command: ['mail', 'отдел'] },
      dropPersonal: ['vpr_individual'],
    })
  })

  it('refuses a field that does not exist: a mistyped one would switch approval off in silence', async () => {
    await write('approvals.json', { beforePublishng: true, approvers: ['X'] })
    await expect(readSettings({ settings })).rejects.toThrow(
      'approvals.json, beforePublishng: нет такого поля; есть: beforePublishing, waitHours, approvers',
    )
  })

  it('refuses dates of an alias: it holds in every year, and nothing would heed them', async () => {
    await write('school-aliases.json', [{ code: 'a', school: 'b', to: '2025-12-31' }])
    await expect(readSettings({ settings })).rejects.toThrow(
      'school-aliases.json, [0].to: нет такого поля; есть: code, school',
    )
  })

  it('refuses a day that the calendar does not have', async () => {
    await write('expected-deliveries.json', [{ source: 'x', year: 2026, due: '2026-02-31' }])
    await expect(readSettings({ settings })).rejects.toThrow(
      'expected-deliveries.json, [0].due: ожидалась дата вида 2026-06-30',
    )
    await write('expected-deliveries.json', [{ source: 'x', year: 2026, due: '2028-02-29' }])
    const { expectedDeliveries } = await readSettings({ settings })
    expect(expectedDeliveries[0]?.due).toBe('2028-02-29')
  })

  it('says once of what is no object that it is none, and misses no fields in it', async () => {
    await write('school-aliases.json', ['sch221234'])
    await expect(readSettings({ settings })).rejects.toMatchObject({
      fields: [{ file: 'school-aliases.json', path: '[0]', message: 'ожидался объект {…}' }],
    })
  })

  it('lists every bad field of every file at once', async () => {
    await write('school-aliases.json', [{ code: '' }])
    await write('expected-deliveries.json', [{ source: 'x', year: '2026', due: '31.12.2025' }])
    await write('notify.json', '{')
    await write('privacy.json', { dropPersonal: 'vpr' })
    const failure = (await readSettings({ settings }).catch(
      (error: unknown) => error,
    )) as SettingsInvalid
    expect(failure).toBeInstanceOf(SettingsInvalid)
    expect(failure.fields.map(({ file, path }) => `${file} ${path}`).sort()).toEqual([
      'expected-deliveries.json [0].due',
      'expected-deliveries.json [0].year',
      'notify.json ',
      'privacy.json dropPersonal',
      'school-aliases.json [0]',
      'school-aliases.json [0].code',
    ])
    expect(failure.message).toContain('[0].year: ожидалось целое число от 2000 до 2100')
  })
})

describe('readNotify(home)', () => {
  it('knows whom to tell where other settings are at fault, and names its own faults', async () => {
    const command = ['mail', 'отдел']
    await write('notify.json', { command })
    await write('approvals.json', { beforePublishing: 'да' })
    expect(await readNotify({ settings })).toEqual({ command })
    await write('notify.json', { webhok: 'https://…' })
    await expect(readNotify({ settings })).rejects.toThrow(
      'notify.json, webhok: нет такого поля; есть: webhook, command',
    )
  })
})
