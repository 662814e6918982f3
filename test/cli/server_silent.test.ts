import { writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from '../../cli/main.ts'
import type { Home } from '../../warehouse/home.ts'
import { scratch, type Scratch } from '../support/home.ts'
import { ownServerOnly } from '../support/temporal.ts'

let place: Scratch
let home: Home
/** Nobody listens there. */
let address = ''
beforeAll(async () => {
  place = await scratch()
  home = await place.home('home')
  const free = createServer()
  await new Promise<void>((done) => free.listen(0, '127.0.0.1', done))
  address = `127.0.0.1:${String((free.address() as AddressInfo).port)}`
  await new Promise((done) => free.close(done))
})
afterAll(() => place.remove())

const mera = async (
  args: readonly string[],
  env: Readonly<Record<string, string>> = { TEMPORAL_ADDRESS: address },
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> => {
  const [out, err] = [new PassThrough(), new PassThrough()]
  const code = await run([...args, '--home', home.path], {
    out: out as unknown as NodeJS.WriteStream,
    err: err as unknown as NodeJS.WriteStream,
    env: { ...ownServerOnly(), ...env },
    signal: new AbortController().signal,
  })
  return { code, out: String(out.read()), err: String(err.read()) }
}

describe('where the Temporal server does not answer', () => {
  test.each([['worker'], ['schedule list'], ['schedule ensure'], ['approve']])(
    'mera %s ends with 3 and some lines of Russian that say which, why and what to do',
    async (command) => {
      const { code, err } = await mera(command.split(' '))
      const lines = err.trimEnd().split('\n')
      expect([code, lines.length]).toEqual([3, 4])
      for (const line of lines) expect(line).toMatch(/[а-яё]/i)
      expect(lines[0]).toBe(`Ошибка: сервер Temporal ${address} не отвечает`)
      expect(lines[2]).toContain('никто не слушает')
      expect(lines[3]).toMatch(/Что делать: проверьте адрес.*mera refresh ПАПКА --engine local/)
    },
  )
  test('mera status shows all that it knows, and that it does not know of runs', async () => {
    const { code, out, err } = await mera(['status'])
    expect([code, out]).toEqual([0, expect.stringContaining('Ещё ничего не опубликовано')])
    expect(err).toContain(`Идут ли прогоны, не узнать: сервер Temporal ${address} не отвечает\n`)
    expect(err).toMatch(/ {2}Что делать: проверьте адрес/)
    expect(JSON.parse((await mera(['status', '--json'])).out)).toMatchObject({ workflows: null })
  })
  test.each([['an address without a server'], ['no address']])(
    'mera schedule ensure says what is wrong with schedules.json, with %s',
    async (which) => {
      const file = join(home.settings, 'schedules.json')
      await writeFile(file, JSON.stringify([{ id: 'yearly', month: 13, day: 1, hour: 6 }]))
      const env = which === 'no address' ? {} : { TEMPORAL_ADDRESS: address }
      const { code, err } = await mera(['schedule', 'ensure'], env)
      expect([code, err]).toEqual([2, expect.stringContaining('schedules.json, [0].month')])
      await writeFile(file, '[]')
    },
  )
})
