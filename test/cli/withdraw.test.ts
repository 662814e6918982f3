import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sha256Of, readWhole } from '../../warehouse/archive.ts'
import { openOffice, type BuildJson, type LoadJson, type Office } from '../support/office.ts'

let office: Office
/** The staff register with fewer employees, which replaced the right one. */
let path = ''
/** Content hash of what was published without it. */
let right = ''
let file: { readonly path: string; readonly sha256: string }
beforeAll(async () => {
  office = await openOffice()
  right = (await office.status()).published.contentHash
  path = await office.corrected('Кадры (чужие).xlsx', 40)
  file = { path, sha256: sha256Of(await readWhole(path)) }
  await office.mera('refresh', path, '--no-site')
})
afterAll(() => office.remove())

const withdrawnIn = async (): Promise<unknown> =>
  (await office.mera('status', '--json')).json()['withdrawn']

describe('mera withdraw', () => {
  test('says what it took out and what to do next, and the second time that it was so', async () => {
    const first = await office.mera('withdraw', path, '--reason', 'чужой район')
    const second = await office.mera('withdraw', 'Кадры (чужие).xlsx', '--json')
    expect([first.code, second.code]).toEqual([0, 0])
    expect(first.stdout).toBe(
      `Отозван: ${path} (SHA-256 ${file.sha256.slice(0, 12)})\nПодействует при следующем построении: mera refresh\n`,
    )
    expect(second.json()).toEqual({ withdrawn: [], restored: [], unchanged: [file] })
    const { stdout } = await office.mera('status')
    expect(stdout).toContain('(не действуют: отозваны 1)')
    expect(stdout).toContain(
      `  Кадры (чужие).xlsx — отозван: чужой район; вернуть: mera withdraw --undo ${file.sha256.slice(0, 12)}\n`,
    )
    expect(stdout).toMatch(/withdraw \(в этом процессе\): ничего не изменилось\n.*отозваны файлы\n/)
    expect(await withdrawnIn()).toMatchObject([{ ...file, reason: 'чужой район' }])
  })

  test('has its rows gone and what it replaced back in what is published next', async () => {
    const before = (await office.status()).published.generation
    const report = (
      await office.mera('refresh', '--no-site', '--json')
    ).json() as unknown as BuildJson
    expect(report).toMatchObject({ status: 'published', contentHash: right })
    const { json } = await office.mera('diff', '--json')
    const { files } = json() as { files: readonly Record<string, unknown>[] }
    expect(files.map(({ kind, file: digits }) => [kind, digits])).toContainEqual([
      'removed',
      file.sha256.slice(0, 16),
    ])
    const { code, stdout } = await office.mera(
      ...['trace', 'sources.staff_register', `_file=${file.sha256.slice(0, 16)}`],
      ...['--generation', before, '--limit', '1'],
    )
    expect(code).toBe(0)
    expect(stdout).toContain(path)
  })

  test('lets the folder with the file be loaded on: it stays out, with code 0', async () => {
    const { code, stdout } = await office.mera('load', join(office.cwd, 'исправленное'))
    expect(code).toBe(0)
    expect(stdout).toBe(
      `Файлов: 1 (отозваны 1)\n  Кадры (чужие).xlsx — отозван: чужой район; вернуть: mera withdraw --undo ${file.sha256.slice(0, 12)}\n`,
    )
    const report = (await office.mera('load', path, '--json')).json() as unknown as LoadJson
    expect([report.read, report.loaded]).toEqual([0, 0])
    expect(report.files).toMatchObject([{ ...file, status: 'withdrawn', reason: 'чужой район' }])
  })

  test('--undo brings the file back, and the second time says that it was there', async () => {
    const undo = ['withdraw', '--undo', file.sha256.slice(0, 12)]
    expect((await office.mera(...undo, '--json')).json()).toEqual({
      withdrawn: [],
      restored: [file],
      unchanged: [],
    })
    expect((await office.mera(...undo)).stdout).toMatch(/^И не был отозван: .*\nНичего не измен/)
    expect(await withdrawnIn()).toEqual([])
    const { stdout } = await office.mera('refresh', '--no-site')
    expect(stdout).toContain('опубликовано')
    expect((await office.mera('diff')).stdout).toContain('Кадры (чужие).xlsx')
  })

  test.each([
    [['нет такого.xlsx'], 'файла «нет такого.xlsx» хранилище не получало'],
    [['.xlsx'], 'файла «.xlsx» хранилище не получало'],
    [['--undo', 'x', '--reason', 'y'], '--undo его возвращает'],
    [[], 'не хватает: файла'],
  ])('%j ends with code 2 and says what to do', async (words, said) => {
    const { code, stderr } = await office.mera('withdraw', ...words)
    expect(code).toBe(2)
    expect(stderr).toContain(said)
    expect(stderr).toContain('Что делать: ')
  })
})
