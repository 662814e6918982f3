import { describe, expect, it } from 'vitest'
import { coresTogether } from '../../bench/cores.ts'

describe('coresTogether()', () => {
  it('tells how many times the work of one core all do', async () => {
    const ratio = await coresTogether()
    expect(ratio).toBeGreaterThan(0)
    expect(Number.isFinite(ratio)).toBe(true)
  })
})
