import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { interrupted } from '../../reports/tool.ts'
import { openOffice, type Office } from '../support/office.ts'
import { said } from '../support/said.ts'

const render = vi.hoisted(() => () => Promise.reject(interrupted()))
vi.mock('../../cli/site.ts', async (original) => ({
  ...(await original<object>()),
  siteReady: () => Promise.resolve(true),
  siteRenderer: () => render,
  renderAgain: render,
}))

let office: Office
beforeAll(async () => {
  office = await openOffice()
  const file = await office.corrected('Кадры (исправлено).xlsx', 1)
  await office.mera('refresh', file, '--no-site')
})
beforeEach(() => {
  vi.stubEnv('MERA_KEY_FILE', office.sample.key)
  return () => vi.unstubAllEnvs()
})
afterAll(() => office.remove())

test.each([
  ['rollback', 'Опубликовано снова поколение g00001, вместо g00002'],
  ['publish', 'Опубликовано поколение g00002 вместо g00001'],
  ['refresh', 'Читателям открыто поколение g00002; осталось обновить страницы сайта'],
])('mera %s that is stopped while it renders the site has said what stands', async (name, line) => {
  const { code, out, err } = await said([name, '--home', join(office.cwd, 'data')])
  expect([code, `${out}${err}`.split('\n')]).toEqual([3, expect.arrayContaining([line])])
  expect(err).toContain('Ошибка: Сборка сайта прервана')
})
