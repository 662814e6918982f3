import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

const bootstrap = fileURLToPath(new URL('../../bin/bootstrap.mjs', import.meta.url))
let clone = ''

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'mera-bootstrap-'))
  mkdirSync(join(clone, 'bin'))
  cpSync(bootstrap, join(clone, 'bin', 'bootstrap.mjs'))
  writeFileSync(join(clone, 'package-lock.json'), '{}')
})
afterEach(() => {
  rmSync(clone, { recursive: true, force: true })
})

/** A fresh clone where npm says this and fails. */
const demoWhereNpmSays = (said: string): { code: number | null; text: string } =>
  demoWithNpm(`process.stderr.write(${JSON.stringify(said)}); process.exitCode = 1`)

const demoWithNpm = (program: string): { code: number | null; text: string } => {
  const npm = join(clone, 'npm.cjs')
  writeFileSync(npm, program)
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(clone, 'bin', 'bootstrap.mjs'), 'demo'],
    { encoding: 'utf8', env: { ...process.env, npm_execpath: npm } },
  )
  return { code: status, text: stderr }
}

test.each([
  [
    'npm error code EAI_AGAIN\nnpm error syscall getaddrinfo\n',
    'Зависимости не установились: реестр npm недоступен (EAI_AGAIN)',
    'подключитесь к сети',
  ],
  [
    "npm error   code: 'ECONNREFUSED',\nnpm error   address: '127.0.0.1',\n",
    'Зависимости не установились: реестр npm недоступен (ECONNREFUSED)',
    'за прокси',
  ],
  [
    'npm error code ENOSPC\nnpm error syscall write\n',
    'Зависимости не установились: на диске нет места (ENOSPC)',
    'освободите 2 ГБ',
  ],
])('a fresh clone that cannot install says why and what to do: %j', (said, why, advice) => {
  const { code, text } = demoWhereNpmSays(said)
  expect(code).toBe(3)
  expect(text).toContain(why)
  expect(text).toContain('Что делать:')
  expect(text).toContain(advice)
  expect(text).not.toContain('npm error')
})

test('of rights it names the folder that npm could not write to, and leaves what npm advises', () => {
  const { code, text } = demoWhereNpmSays(
    [
      'npm warn cleanup Failed to remove some directories: ENOSPC',
      'npm error code EACCES',
      'npm error syscall mkdir',
      'npm error path /home/office/.npm/_cacache/tmp',
      'npm error errno -13',
      'npm error Your cache folder contains root-owned files',
      'npm error   sudo chown -R 1000:1000 "/home/office/.npm"',
    ].join('\n'),
  )
  expect(code).toBe(3)
  expect(text).toContain('Зависимости не установились: нет прав на запись (EACCES)')
  expect(text).toContain('«/home/office/.npm/_cacache/tmp»')
  expect(text).toContain('sudo chown')
  expect(text).not.toContain(clone)
})

test('a warning does not decide why it failed', () => {
  const { text } = demoWhereNpmSays(
    'npm warn cleanup EPERM: operation not permitted, rmdir\nnpm error code EINTEGRITY\n',
  )
  expect(text).toContain('Зависимости не установились\n  Что делать:')
  expect(text).not.toContain('нет прав')
})

test('what npm alone knows is shown as it said it', () => {
  const { code, text } = demoWhereNpmSays('npm error code EBADENGINE\n')
  expect(code).toBe(3)
  expect(text).toContain('npm error code EBADENGINE')
  expect(text).toContain('Зависимости не установились\n  Что делать:')
})

test('without a network everything is taken from what npm has kept, where it has', () => {
  const { text } = demoWithNpm(`
    const { mkdirSync } = require('node:fs')
    const args = process.argv.slice(2)
    if (args[0] === 'ping') {
      process.stderr.write('npm error code ENOTFOUND')
      process.exitCode = 1
    } else if (args.includes('--offline')) mkdirSync('node_modules')
    else process.exitCode = 1`)
  expect(text).toContain('✓ Зависимости установлены')
})

test('a registry that knows no ping is asked for the packages all the same', () => {
  const { text } = demoWithNpm(`
    const { mkdirSync } = require('node:fs')
    const args = process.argv.slice(2)
    if (args[0] === 'ping' || args.includes('--offline')) process.exitCode = 1
    else mkdirSync('node_modules')`)
  expect(text).toContain('✓ Зависимости установлены')
})
