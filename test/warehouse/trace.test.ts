import { describe, expect, it } from 'vitest'
import { Database } from '../../warehouse/database.ts'
import { trace } from '../../warehouse/trace.ts'
import { sampleHome } from '../support/sample.ts'
import { catalog } from '../support/tables.ts'

describe('trace(home, catalog, table, where)', () => {
  it('leads every kind of finding to rows of files, through the computations that found it', async () => {
    const sample = await sampleHome('default')
    const database = await Database.open(sample.warehouse, { readOnly: true })
    const findings = await database.rows<{ kind: string; school_key: string; indicator: string }>(
      'select kind, min_by(school_key, sort) as school_key, min_by(indicator, sort) as indicator from marts.mart_finding group by all order by all',
    )
    database.close()
    expect(findings.length).toBeGreaterThan(1)
    for (const finding of findings) {
      const traced = await trace(
        sample.home,
        await catalog(),
        'mart_finding',
        { ...finding },
        { limit: 0, generation: sample.generation },
      )
      expect(traced.rows, finding.kind).toBeGreaterThan(0)
      expect(traced.sourceRows, finding.kind).toBeGreaterThan(0)
    }
  })
})
