import { describe, expect, it } from 'vitest'
import { subjectUnknown } from '../../../transforms/checks/subject_unknown.ts'
import { bridgeSubjectName } from '../../../transforms/core/bridge_subject_name.ts'
import { result } from '../../../transforms/entities/result.ts'
import { pupil, register } from '../../support/entity-rows.ts'
import { given, withTables } from '../../support/tables.ts'

describe('subjectUnknown', () => {
  it('finds a subject printed as no parameter row prints it', async () => {
    const works = given(result, pupil('1'), pupil('1', { subject: 'Хождение строем' }))
    expect(await withTables([register, works], (tables) => tables.found(subjectUnknown))).toBe(1)
  })

  it('knows the levels of a subject as subjects of their own', async () => {
    const printed = [
      'Математика (базовый уровень)',
      'Математика (углублённый уровень)',
      'Математика (углубленный уровень)',
      'Физика (базовый уровень)',
      'Физика (углублённый уровень)',
    ]
    const works = given(result, ...printed.map((subject, i) => pupil(String(i), { subject })))
    await withTables([register, works], async (tables) => {
      expect(await tables.found(subjectUnknown)).toBe(0)
      const rows = await tables.read(bridgeSubjectName)
      expect(Object.fromEntries(rows.map(({ printed, subject }) => [printed, subject]))).toEqual({
        'Математика (базовый уровень)': 'mathematics',
        'Математика (углублённый уровень)': 'mathematics_advanced',
        'Математика (углубленный уровень)': 'mathematics_advanced',
        'Физика (базовый уровень)': 'physics',
        'Физика (углублённый уровень)': 'physics_advanced',
      })
    })
  })
})
