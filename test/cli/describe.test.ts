import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { mera } from '../support/mera.ts'

const at = { cwd: tmpdir(), env: {} }

test('the list of tables begins with what a row is, without saying «Строка» each time', async () => {
  const { code, stdout } = await mera(['describe', '--home', 'нет'], at)
  expect(code).toBe(0)
  expect(stdout).toMatch(/core\.fct_olympiad +модель +участник, предмет, этап олимпиады/)
  expect(stdout).not.toContain('Строка —')
})

test('a table’s own page says it in full', async () => {
  const { stdout } = await mera(['describe', 'fct_olympiad', '--home', 'нет'], at)
  expect(stdout).toContain('Строка — участник, предмет, этап олимпиады и учебный год.')
  expect(stdout).toMatch(/stage +VARCHAR +этап: school — школьный/)
})
