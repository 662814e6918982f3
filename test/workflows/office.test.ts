import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHome } from '../../warehouse/home.ts'
import { ensureSchedules, triggerSchedule } from '../../workflows/schedules.ts'
import { ServerUnavailable } from '../../workflows/errors.ts'
import { openOffice, serve } from '../../workflows/office.ts'
import { sourcesCatalog } from '../support/small-warehouse.ts'
import { ownServerOnly, testServer } from '../support/temporal.ts'

const own = await testServer()
await own?.stop()
const env = ownServerOnly()

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mera-office-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('openOffice(home, env)', () => {
  test('says what to start where no server is named and none serves the home', async () => {
    const home = await openHome(join(folder, 'idle'))
    await expect(openOffice(home, env)).rejects.toThrow(ServerUnavailable)
    await expect(serve({ home, env, onError: () => undefined })).rejects.toThrow(ServerUnavailable)
  })
})

describe.runIf(own !== undefined)('serve(options)', { timeout: 120_000 }, () => {
  test('starts a dev server beside the worker, which others find by the home, and stops both', async () => {
    const home = await openHome(join(folder, 'served'))
    const said: string[] = []
    const serving = await serve({
      home,
      catalog: await sourcesCatalog(),
      dev: true,
      env,
      say: (line) => said.push(line),
      onError: () => undefined,
    })
    expect(said.at(-1)).toMatch(/^Сервер Temporal: /)
    expect(serving.ui).toMatch(/^http:/)
    const office = await openOffice(home, env)
    expect(office.taskQueue).toBe(serving.taskQueue)
    const { client, taskQueue } = office
    await ensureSchedules(client, { taskQueue, timezone: home.timeZone })
    await triggerSchedule(client, taskQueue, 'yearly')
    const query = `TaskQueue = '${taskQueue}' and ExecutionStatus = 'Completed'`
    let completed: string[] = []
    while (completed.length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 100))
      completed = []
      for await (const { workflowId } of client.workflow.list({ query })) completed.push(workflowId)
    }
    expect(completed[0]).toContain(`${taskQueue}/refresh/yearly`)
    await office.close()
    await serving.stop()
    await expect(openOffice(home, env)).rejects.toThrow(ServerUnavailable)
  })
})
