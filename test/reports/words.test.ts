import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { reportsFolder } from '../../reports/folders.ts'

const page = (name: string): string => readFileSync(join(reportsFolder, 'pages', name), 'utf8')

describe('the words of a trend', () => {
  it.each(['trends.md', 'methods.md'])('are explained by the rule in %s', (name) => {
    const [, stable, uncertain] =
      /«→ Стабильно»: (.*)«≈ Неопределённо»: (.*)/.exec(page(name)) ?? []
    expect(stable).toMatch(/меньше порога, и весь .*интервал .*± границы.*stable_interval/)
    expect(uncertain).toMatch(/^(нет ни|ни то, ни)/)
  })

  it('are not explained by what is true of a stable series as well', () => {
    expect(page('trends.md')).not.toContain('задевает ноль')
  })
})
