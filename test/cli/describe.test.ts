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

test('a check says what it finds, when it matters, what to do and how to see the rows', async () => {
  const { code, stdout } = await mera(['describe', 'mark_off_scale', '--home', 'нет'], at)
  expect(code).toBe(0)
  expect(stdout).toMatch(/^mark_off_scale — проверка, предупреждение\nОтметка не по шкале\nЧто: /)
  expect(stdout).toMatch(/\nКогда важно: .+\nЧто делать: .+\nНа что смотрит: core\./)
  expect(stdout).toContain('mera sql --check mark_off_scale')
})

test('checks stand in the list, by name at their tables, and in the document', async () => {
  const list = await mera(['describe', '--home', 'нет'], at)
  expect(list.stdout).toMatch(/\nmark_off_scale +предупреждение +Отметка не по шкале\n/)
  const { stdout } = await mera(['describe', 'dim_test_version', '--home', 'нет'], at)
  expect(stdout).toContain('Проверки: Отметка не по шкале (mark_off_scale)')
  const document = await mera(['describe', '--markdown', '--home', 'нет'], at)
  expect(document.stdout).toMatch(/## Проверки\n[^]*\| mark_off_scale \| предупреждение \|/)
})

test('a table’s own page says it in full', async () => {
  const { stdout } = await mera(['describe', 'fct_olympiad', '--home', 'нет'], at)
  expect(stdout).toContain('Строка — участник, предмет, этап олимпиады и учебный год.')
  expect(stdout).toMatch(/stage +VARCHAR +этап: school — школьный/)
})
