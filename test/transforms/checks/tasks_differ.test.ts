import { describe, expect, it } from 'vitest'
import { tasksDiffer } from '../../../transforms/checks/tasks_differ.ts'
import { result } from '../../../transforms/entities/result.ts'
import { taskResult } from '../../../transforms/entities/task_result.ts'
import { pupil, register } from '../../support/entity-rows.ts'
import { given, withTables } from '../../support/tables.ts'

describe('tasksDiffer', () => {
  const work = { raw_score: 5, _file: 'a', _sheet: '1', _row: 9 }
  const found = (scores: readonly (number | null)[], ref = '0001') =>
    withTables(
      [
        register,
        given(result, pupil('0001', work)),
        given(taskResult, {
          procedure: 'vpr',
          subject: 'Русский язык',
          grade: 4,
          school_year: 2026,
          season: 'spring',
          attempt: 'main',
          school_ref: '21',
          school_ref_system: 'register',
          pupil_ref: ref,
          task_list: 'a',
          scores: [...scores],
          attempted: scores.map(() => true),
          _file: 'b',
          _sheet: '1',
          _row: 3,
        }),
      ],
      (tables) => tables.found(tasksDiffer),
    )

  it('finds a work whose tasks do not add up to its score, from whichever files they came', async () => {
    expect(await found([2, 2])).toBe(1)
  })

  it('finds nothing where they add up, a missing cell counting as no task', async () => {
    expect(await found([2, null, 3])).toBe(0)
  })

  it('finds nothing in a work without tasks', async () => {
    expect(await found([2, 2], '0002')).toBe(0)
  })
})
