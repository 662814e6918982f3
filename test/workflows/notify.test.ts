import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Notice } from '../../workflows/messages.ts'
import { tellPeople } from '../../workflows/notify.ts'

let home = ''
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'mera-notify-'))
})
afterAll(() => rm(home, { recursive: true, force: true }))

const notice: Notice = {
  kind: 'failed',
  workflow: 'refresh/archive',
  stage: 'build',
  error: 'ContractError',
}
const node = (code: string): string[] => [process.execPath, '-e', code]

describe('tellPeople(settings, notice)', () => {
  test('posts the notice to the webhook', async () => {
    const bodies: string[] = []
    let status = 200
    const server = createServer((request, response) => {
      let body = ''
      request.setEncoding('utf8').on('data', (part: string) => (body += part))
      request.on('end', () => {
        bodies.push(`${request.method ?? ''} ${body}`)
        response.writeHead(status).end()
      })
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    const webhook = `http://127.0.0.1:${address.port}/hook`
    expect(await tellPeople({ webhook }, notice)).toEqual({ told: true })
    expect(bodies).toEqual([`POST ${JSON.stringify(notice)}`])
    status = 500
    expect(await tellPeople({ webhook }, notice, 1)).toEqual({ told: false })
    expect(bodies).toHaveLength(4)
    server.close()
    server.closeAllConnections()
    expect(await tellPeople({ webhook }, notice, 1)).toEqual({ told: false })
  })

  test('asks a webhook that was deaf for a moment again', async () => {
    let asked = 0
    const server = createServer((request, response) => {
      request.resume().on('end', () => response.writeHead(asked++ === 0 ? 503 : 200).end())
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const webhook = `http://127.0.0.1:${String(port)}/hook`
    expect(await tellPeople({ webhook }, notice, 1)).toEqual({ told: true })
    expect(asked).toBe(2)
    server.close()
    server.closeAllConnections()
  })

  test('runs the command with the notice on its input', async () => {
    const file = join(home, 'notice.json')
    const code = `process.stdin.pipe(require('fs').createWriteStream(${JSON.stringify(file)}))`
    expect(await tellPeople({ command: node(code) }, notice)).toEqual({ told: true })
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(notice)
  })

  test('a command that fails or is not there is an answer, not an error', async () => {
    expect(await tellPeople({ command: node('process.exit(1)') }, notice)).toEqual({ told: false })
    expect(await tellPeople({ command: ['no-such-program'] }, notice)).toEqual({ told: false })
    expect(await tellPeople({}, notice)).toEqual({ told: false })
  })
})
