import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { advicesOn, reasonTitle } from '../../cli/reasons.ts'
import { loadCatalog } from '../../warehouse/catalog.ts'

const nc = fileURLToPath(new URL('../../examples/north-carolina', import.meta.url))

describe('reasonTitle(code)', () => {
  test('every reason for quarantine has a Russian name, and a code in kebab-case', async () => {
    const catalogs = await Promise.all([loadCatalog(), loadCatalog(nc)])
    const codes = new Set([
      'value-unfit',
      'value-missing',
      ...catalogs.flatMap(({ sources }) =>
        sources.flatMap(({ form }) => (form.rules ?? []).map(({ code }) => code)),
      ),
    ])
    expect(codes.size).toBeGreaterThan(10)
    for (const code of codes) {
      expect(code).toMatch(/^[a-z]+(?:-[a-z]+)*$/)
      expect(reasonTitle(code), code).toMatch(/^[а-яё]/)
    }
  })
  test('a code of somebody’s own form stands for itself', () => {
    expect(reasonTitle('my-rule')).toBe('my-rule')
  })
})

describe('advicesOn(problems)', () => {
  test('says what to do once, however many problems ask for it', () => {
    const advices = advicesOn([
      { code: 'personal-data', severity: 'error' },
      { code: 'value-unfit', severity: 'row' },
      { code: 'task-over-maximum', severity: 'row' },
      { code: 'personal-data', severity: 'error' },
    ])
    expect(advices).toHaveLength(2)
    expect(advices[0]).toContain('персональными данными')
    expect(advices[1]).toContain('исправьте в источнике')
  })
  test('is silent where the problem says it itself', () => {
    expect(advicesOn([{ code: 'file-corrupt', severity: 'error' }])).toEqual([])
  })
})
