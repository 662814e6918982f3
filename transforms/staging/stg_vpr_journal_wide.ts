import { sql } from 'kysely'
import { defineStaging } from '../contract/entity.ts'
import { journalComparison } from '../entities/journal_comparison.ts'
import { vprJournalWide } from '../sources/vpr_journal_wide.ts'
import { procedure, schoolYear } from './parts/vpr_campaign.ts'
import { level, unitRef, unitRefSystem } from './parts/vpr_unit.ts'

export const stgVprJournalWide = defineStaging(import.meta.url, {
  yields: journalComparison,
  select: () => sql`
    select
      ${procedure} as procedure,
      subject as subject,
      cast(grade as integer) as grade,
      ${schoolYear} as school_year,
      ${level} as level,
      ${unitRef} as unit_ref,
      ${unitRefSystem} as unit_ref_system,
      cast(participants as integer) as participants,
      cast(lowered as integer) as lowered,
      cast(confirmed as integer) as confirmed,
      cast(raised as integer) as raised,
      _file,
      _sheet,
      _row
    from ${vprJournalWide}`,
})
