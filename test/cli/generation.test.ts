import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { printChecks } from '../../cli/generation.ts'
import { Terminal } from '../../cli/terminal.ts'
import { setCurrent, type CheckResult } from '../../warehouse/generation.ts'
import type { Home } from '../../warehouse/home.ts'
import { scratch, type Scratch } from '../support/home.ts'

const result = (check: string, severity: CheckResult['severity'], found: number): CheckResult => ({
  check,
  title: `О ${check}`,
  severity,
  found,
  what: 'Что.',
  when: 'Когда.',
  remedy: 'Исправьте.',
})

describe('printChecks(call, home, manifest)', () => {
  let place: Scratch
  let home: Home
  beforeAll(async () => {
    place = await scratch()
    home = await place.home('home')
    await setCurrent(home, 'g00001')
  })
  afterAll(() => place.remove())
  const printed = async (generation: string, ...checks: readonly CheckResult[]) => {
    let text = ''
    const out = { write: (more: string | Uint8Array) => (text += String(more)) !== '' }
    const terminal = new Terminal({ out, err: out, json: false })
    await printChecks({ terminal, env: { MERA_HOME: home.path } }, home, { generation, checks })
    return text.replaceAll('\u00a0', ' ')
  }

  test('ends each check that found something with the command that lists its rows, errors first', async () => {
    expect(
      await printed(
        'g00001',
        result('odd', 'warning', 3),
        result('fine', 'error', 0),
        result('core.x:not-null mark', 'error', 1),
      ),
    ).toBe(
      [
        '  ✗ О core.x:not-null mark: 1 строка — mera sql --check "core.x:not-null mark"',
        '      Что делать: Исправьте.',
        '  ! О odd: 3 строки — mera sql --check odd',
        '',
      ].join('\n'),
    )
  })
  test('names the generation where readers see another', async () => {
    expect(await printed('g00002', result('odd', 'warning', 3))).toContain(
      'mera sql --check odd --generation g00002\n',
    )
  })
  test('says that all is well where nothing was found', async () => {
    expect(await printed('g00001', result('fine', 'error', 0))).toBe('Проверки пройдены\n')
  })
})
