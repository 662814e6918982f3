import type { CheckResult } from '../warehouse/generation.ts'
import { plural } from './russian.ts'
import type { Terminal } from './terminal.ts'

export const hasFailed = (checks: readonly CheckResult[]): boolean =>
  checks.some(({ severity, found }) => severity === 'error' && found > 0)

/** Checks that found something, errors first, each with what to do. */
export const printChecks = (terminal: Terminal, checks: readonly CheckResult[]): void => {
  const found = checks.filter((check) => check.found > 0)
  const order = [...found].sort((a, b) =>
    a.severity === b.severity ? 0 : a.severity === 'error' ? -1 : 1,
  )
  for (const { title, severity, found: n, remedy } of order) {
    const sign = severity === 'error' ? terminal.paint('red', '✗') : terminal.paint('yellow', '!')
    terminal.print(`  ${sign} ${title}: ${plural(n, 'строка', 'строки', 'строк')}`)
    if (severity === 'error') terminal.print(`      Что делать: ${remedy}`)
  }
  if (found.length === 0) terminal.print('Проверки пройдены')
}
