import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Home } from '../../../warehouse/home.ts'
import { warehouseSteps } from '../../../workflows/activities/steps.ts'
import { scratch, type Scratch } from '../../support/home.ts'
import { catalogOf } from '../../support/mini.ts'

// A webhook that is deaf is asked again at once.
vi.mock('node:timers/promises', async (original) => ({
  ...(await original<object>()),
  setTimeout: () => Promise.resolve(),
}))

let place: Scratch
let home: Home
let server: Server
let status = 200
let asked = 0
beforeEach(async () => {
  place = await scratch()
  home = await place.home('home')
  asked = 0
  server = createServer((request, response) => {
    asked++
    request.resume().on('end', () => response.writeHead(status).end())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(async () => {
  server.close()
  server.closeAllConnections()
  await place.remove()
})

/** What the worker says of a notice that it was to deliver by these settings. */
const saidOf = async (
  settings: object,
): Promise<{ readonly told: boolean; readonly said: readonly string[] }> => {
  await writeFile(join(home.settings, 'notify.json'), JSON.stringify(settings))
  const said: string[] = []
  const steps = warehouseSteps({ home, catalog: catalogOf([]), say: (line) => said.push(line) })({
    signal: new AbortController().signal,
    onProgress: () => undefined,
  })
  const { told } = await steps.notify({
    ...{ kind: 'failed', workflow: 'refresh/archive', stage: 'build' },
    error: 'ContractError',
  })
  return { told, said }
}
const webhook = (): object => ({
  webhook: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/hook`,
})

describe('warehouseSteps(world).notify(notice)', () => {
  test('says of a webhook that refused three times that nobody was told, and what to look at', async () => {
    status = 503
    const { told, said } = await saidOf(webhook())
    expect([told, asked]).toEqual([false, 3])
    expect(said).toEqual([expect.stringMatching(/не доставлено: .*settings\/notify\.json/)])
  })
  test('says so of a command that fails too', async () => {
    const { told, said } = await saidOf({ command: [process.execPath, '-e', 'process.exit(1)'] })
    expect(told).toBe(false)
    expect(said).toEqual([expect.stringContaining('не доставлено')])
  })
  test('says nothing where people were told, or nobody was to be', async () => {
    status = 200
    expect(await saidOf(webhook())).toEqual({ told: true, said: [] })
    expect(await saidOf({})).toEqual({ told: false, said: [] })
  })
})
