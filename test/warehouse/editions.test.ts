import { describe, expect, it } from 'vitest'
import { integer, text } from '../../transforms/contract/column.ts'
import { disclose } from '../../transforms/contract/edition.ts'
import { defineModel } from '../../transforms/contract/table.ts'
import { sql } from 'kysely'
import { disclosedColumns, editionColumns, officeOf } from '../../warehouse/editions.ts'

const mart = defineModel(new URL('../../transforms/marts/mart_toy.ts', import.meta.url).href, {
  doc: 'Toy.',
  grain: ['name'],
  columns: { name: text('Name'), note: text('Note'), amount: integer('Amount') },
  select: () => sql`select 'a' as name, 'b' as note, 1 as amount`,
})

describe('disclosedColumns', () => {
  it('puts another column of the row in the place of what is masked', () => {
    expect(
      disclosedColumns(
        disclose({
          mart,
          mask: { when: 'amount < 5', columns: { name: { column: 'note' }, amount: null } },
          without: ['note'],
        }),
      ),
    ).toBe(
      `case when amount < 5 then "note" else "name" end::VARCHAR as "name", case when amount < 5 then null else "amount" end::INTEGER as "amount"`,
    )
  })
})

describe('editionColumns', () => {
  it('lists what an audience gets of each mart, the publication and the checks', () => {
    const columns = editionColumns(
      { tables: [disclose({ mart, without: ['note'] })] },
      { schools: integer('Schools') },
    )
    expect(columns['mart_toy']).toEqual({ name: 'VARCHAR', amount: 'INTEGER' })
    expect(columns['mart_publication']).toMatchObject({ generation: 'VARCHAR', schools: 'INTEGER' })
    expect(columns['mart_check']).toMatchObject({ title: 'VARCHAR', found: 'INTEGER' })
  })
})

describe('officeOf', () => {
  const own = { title: 'Качество образования', office: 'Управление образования' }
  const other = { title: 'Школы Северной Каролины' }
  it('heads a home that nobody named by its project, and any other by its own name', () => {
    expect(officeOf({ office: '' }, other)).toBe('Школы Северной Каролины')
    expect(officeOf({ office: '' }, own)).toBe('Управление образования')
    expect(officeOf({ office: 'Отдел образования' }, other)).toBe('Отдел образования')
  })
})
