import { describe, expect, it } from 'vitest'
import { filesClash } from '../../../transforms/checks/files_clash.ts'
import { result } from '../../../transforms/entities/result.ts'
import { resultGroup } from '../../../transforms/entities/result_group.ts'
import { school } from '../../../transforms/entities/school.ts'
import { sheet } from '../../../transforms/ledger/sheet.ts'
import { group, pupil, register, type Result } from '../../support/entity-rows.ts'
import { given, withTables } from '../../support/tables.ts'

const files = given(
  sheet,
  ...['aa', 'bb', 'cc'].map((_file) => ({ _file, file_name: `${_file}.xlsx` })),
)
const found = (...rows: readonly Partial<Result>[]) =>
  withTables([register, files, given(result, ...rows)], (tables) => tables.found(filesClash))

describe('filesClash', () => {
  it('finds works that two files tell under two names of one subject', async () => {
    const works = [
      pupil('1', { subject: 'Математика', _file: 'aa' }),
      pupil('1', { subject: 'МА', _file: 'bb' }),
      pupil('2', { subject: 'Математика', _file: 'aa' }),
      pupil('2', { subject: 'МА', _file: 'bb' }),
    ]
    expect(await found(...works)).toBe(1)
  })

  it('finds nothing where files tell other pupils, schools, attempts or years', async () => {
    const works = [
      pupil('1', { _file: 'aa' }),
      pupil('2', { _file: 'bb' }),
      pupil('1', { _file: 'bb', attempt: 'reserve' }),
      pupil('1', { _file: 'cc', school_year: 2025 }),
      pupil('1', { _file: 'cc', school_ref: '22' }),
    ]
    expect(await found(...works)).toBe(0)
  })

  it('finds a school that two registers of one day list, and totals that two reports tell', async () => {
    const again = (_file: string) => ({ school_code: '21', snapshot_on: '2025-09-20', _file })
    const total = (_file: string, subject: string) =>
      group({ unit_ref: 'Вся выборка', subject, _file })
    const tables = [
      files,
      given(school, again('aa'), again('bb')),
      given(resultGroup, total('bb', 'Русский язык'), total('cc', 'РУ')),
    ]
    expect(await withTables(tables, (each) => each.found(filesClash))).toBe(2)
  })
})
