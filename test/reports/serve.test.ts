import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fileOf, serveSite } from '../../reports/serve.ts'

const folder = mkdtempSync(join(tmpdir(), 'mera-serve-'))
const site = join(folder, 'site')
let server: { url: string; close(): Promise<void> }

beforeAll(async () => {
  mkdirSync(join(site, 'schools'), { recursive: true })
  writeFileSync(join(site, 'index.html'), 'overview')
  writeFileSync(join(site, 'schools/index.html'), 'schools')
  writeFileSync(join(site, 'engine.wasm'), 'wasm')
  writeFileSync(join(site, '404.html'), 'nothing here')
  mkdirSync(join(site, 'data'))
  writeFileSync(join(site, 'data/schools.json'), JSON.stringify(['s1', 'x-ris 9']))
  writeFileSync(join(folder, 'secret'), 'outside')
  server = await serveSite(site)
})

afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

it('gives a folder its index and every file its type', async () => {
  const schools = await fetch(new URL('schools/', server.url))
  expect(await schools.text()).toBe('schools')
  expect(schools.headers.get('content-type')).toBe('text/html; charset=utf-8')
  const wasm = await fetch(new URL('engine.wasm', server.url))
  expect(wasm.headers.get('content-type')).toBe('application/wasm')
})

it('answers 404 with the page of the site, and the page of a school not rendered with 200', async () => {
  const missing = await fetch(new URL('nowhere', server.url))
  expect([missing.status, await missing.text()]).toEqual([404, 'nothing here'])
  expect((await fetch(new URL('schools/s1/', server.url))).status).toBe(200)
  expect((await fetch(new URL('schools/s1', server.url))).status).toBe(200)
  expect((await fetch(new URL('schools/x-ris%209/', server.url))).status).toBe(200)
  expect((await fetch(new URL('schools/s1.json', server.url))).status).toBe(404)
  expect((await fetch(new URL('schools/s2/', server.url))).status).toBe(404)
})

it.each([
  '/../secret',
  '/%2e%2e/secret',
  '/..%2fsecret',
  '/schools/..%2f..%2fsecret',
  '/%00',
  '/%E0%A4%A',
])('gives nothing outside its folder: %s', (address) => {
  expect(fileOf(site, address)).toBeUndefined()
})

it('takes only GET and HEAD, and listens on this machine alone', async () => {
  expect((await fetch(server.url, { method: 'POST' })).status).toBe(405)
  const head = await fetch(server.url, { method: 'HEAD' })
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([
    200,
    '8',
    '',
  ])
  expect(new URL(server.url).hostname).toBe('127.0.0.1')
})
