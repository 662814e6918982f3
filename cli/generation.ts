import { currentGeneration, type CheckResult } from '../warehouse/generation.ts'
import type { Home } from '../warehouse/home.ts'
import type { Call } from './command.ts'
import { plural } from './russian.ts'
import { atHome, quoted } from './shell.ts'
import type { Terminal } from './terminal.ts'

export const hasFailed = (checks: readonly CheckResult[]): boolean =>
  checks.some(({ severity, found }) => severity === 'error' && found > 0)

/** Checks of a generation that found something, errors first, each with the command that lists what it found. */
export const printFound = async (
  call: Pick<Call, 'terminal' | 'env'>,
  home: Home,
  { generation, checks }: { readonly generation: string; readonly checks: readonly CheckResult[] },
): Promise<void> => {
  const { terminal } = call
  const isPublished = (await currentGeneration(home)) === generation
  const where = `${isPublished ? '' : ` --generation ${generation}`}${atHome(home, call)}`
  for (const { check, title, severity, found, remedy } of finding(checks)) {
    terminal.print(
      `  ${sign(terminal, severity)} ${title}: ${plural(found, 'строка', 'строки', 'строк')} — mera sql --check ${quoted(check)}${where}`,
    )
    if (severity === 'error') terminal.print(`      Что делать: ${remedy}`)
  }
}
/** The same, and that all is well where it is. */
export const printChecks = async (...of: Parameters<typeof printFound>): Promise<void> => {
  await printFound(...of)
  const [{ terminal }, , { checks }] = of
  if (finding(checks).length === 0) terminal.print('Проверки пройдены')
}

const finding = (checks: readonly CheckResult[]): readonly CheckResult[] =>
  [
    ...checks.filter(({ severity }) => severity === 'error'),
    ...checks.filter(({ severity }) => severity !== 'error'),
  ].filter((check) => check.found > 0)
const sign = (terminal: Terminal, severity: CheckResult['severity']): string =>
  severity === 'error' ? terminal.paint('red', '✗') : terminal.paint('yellow', '!')
