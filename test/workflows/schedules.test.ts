import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { SettingsInvalid } from '../../warehouse/errors.ts'
import { readSchedules, YEARLY } from '../../workflows/schedules.ts'

let settings: string
beforeEach(async () => {
  settings = await mkdtemp(join(tmpdir(), 'mera-schedules-'))
})
afterEach(() => rm(settings, { recursive: true, force: true }))
const write = (value: unknown): Promise<void> =>
  writeFile(join(settings, 'schedules.json'), JSON.stringify(value))

/** What is said of a file, a line for each fault. */
const faultsOf = async (value: unknown): Promise<readonly string[]> => {
  await write(value)
  const failure: unknown = await readSchedules({ settings }).catch((error: unknown) => error)
  if (!(failure instanceof SettingsInvalid)) return []
  return failure.fields.map(({ file, path, message }) => `${file}, ${path}: ${message}`)
}
const of = (month: number, day: number) => ({ id: 'a', month, day, hour: 6 })

describe('readSchedules(home)', () => {
  test('is the first of September where there is no file, and nothing where the list is empty', async () => {
    expect(await readSchedules({ settings })).toEqual(YEARLY)
    await write([])
    expect(await readSchedules({ settings })).toEqual([])
  })

  test('gives the lines of the file', async () => {
    const schedules = [
      { id: 'yearly', month: 12, day: 31, hour: 0 },
      { id: 'after-oge-2', month: 2, day: 28, hour: 23 },
    ]
    await write(schedules)
    expect(await readSchedules({ settings })).toEqual(schedules)
  })

  test('names every fault of every line at once', async () => {
    expect(
      await faultsOf([
        { id: 'Yearly!', month: 13, day: 31, hour: 24, min: 1 },
        { id: 'a', month: 2, day: 30, hour: 6 },
        { id: 'b', month: 1, day: 1 },
        7,
      ]),
    ).toEqual([
      'schedules.json, [0].min: нет такого поля; есть: id, month, day, hour',
      'schedules.json, [0].id: ожидались от 1 до 40 строчных латинских букв, цифр и дефисов',
      'schedules.json, [0].month: ожидалось целое число от 1 до 12',
      'schedules.json, [0].hour: ожидалось целое число от 0 до 23',
      'schedules.json, [1].day: ожидалось целое число от 1 до 28: 29 февраля бывает не каждый год',
      'schedules.json, [2]: нет поля hour',
      'schedules.json, [3]: ожидался объект {…}',
    ])
  })

  test('names an id that is repeated and the line that has it', async () => {
    expect(await faultsOf([of(9, 1), { ...of(9, 1), id: 'b' }, of(7, 10)])).toEqual([
      'schedules.json, [2].id: «a» уже есть: [0].id',
    ])
  })

  test.each([
    { month: 1, day: 32, expected: 'от 1 до 31' },
    { month: 2, day: 29, expected: 'от 1 до 28: 29 февраля бывает не каждый год' },
    { month: 4, day: 31, expected: 'от 1 до 30: 31-го числа в этом месяце нет' },
    { month: 13, day: 0, expected: 'от 1 до 31' },
  ])(
    'refuses day $day of month $month, which does not come every year',
    async ({ month, day, expected }) => {
      expect(await faultsOf([of(month, day)])).toContain(
        `schedules.json, [0].day: ожидалось целое число ${expected}`,
      )
    },
  )

  test('refuses what is no list', async () => {
    await write(of(9, 1))
    await expect(readSchedules({ settings })).rejects.toThrow('schedules.json: ожидался список […]')
  })
})
