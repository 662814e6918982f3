import { describe, expect, it } from 'vitest'
import { bridgeSubjectName } from '../../../transforms/core/bridge_subject_name.ts'
import { dimSchoolYear } from '../../../transforms/core/dim_school_year.ts'
import { dimSubject } from '../../../transforms/core/dim_subject.ts'
import { fctResult } from '../../../transforms/core/fct_result.ts'
import { result } from '../../../transforms/entities/result.ts'
import { school } from '../../../transforms/entities/school.ts'
import { given, withTables } from '../../support/tables.ts'
import { pupil, register } from '../../support/entity-rows.ts'

describe('fctResult', () => {
  it('links a pupil of ВПР to nothing outside school and year, and a pupil of an exam by the reference', async () => {
    const rows = await withTables(
      [
        register,
        given(
          result,
          pupil('0001', { mark: 4 }),
          pupil('абв', { procedure: 'oge', grade: 9, mark: 3 }),
        ),
      ],
      (tables) => tables.read(fctResult),
    )
    expect(rows.map(({ procedure, pupil_key }) => [procedure, pupil_key])).toEqual([
      ['oge', 'абв'],
      ['vpr', 'vpr-2026-21-0001'],
    ])
  })

  it('names the version of the school that stood in that year', async () => {
    const rows = await withTables(
      [
        given(
          school,
          { school_code: '21', short_name: 'СОШ № 21', snapshot_on: '2024-09-20' },
          { school_code: '21', short_name: 'Лицей № 21', snapshot_on: '2025-09-20' },
        ),
        given(
          result,
          pupil('1', { school_year: 2024 }),
          pupil('1', { school_year: 2025 }),
          pupil('1'),
        ),
      ],
      (tables) => tables.read(fctResult),
    )
    expect(
      rows.map(({ school_year, school_version_key }) => [school_year, school_version_key]),
    ).toEqual([
      [2024, '21@0'],
      [2025, '21@0'],
      [2026, '21@2026'],
    ])
  })

  it('keeps attempts as rows of their own', async () => {
    const rows = await withTables(
      [
        register,
        given(result, pupil('1', { mark: 2 }), pupil('1', { attempt: 'september', mark: 4 })),
      ],
      (tables) => tables.read(fctResult),
    )
    expect(rows.map(({ attempt, mark }) => [attempt, mark])).toEqual([
      ['main', 2],
      ['september', 4],
    ])
  })
})

describe('bridgeSubjectName', () => {
  it('knows a subject however it is printed and infers one that no parameter names', async () => {
    const printed = ['Русский язык', ' РУССКИЙ ЯЗЫК', 'РУ', 'Ритмика']
    const rows = await withTables(
      [register, given(result, ...printed.map((subject, i) => pupil(String(i), { subject })))],
      async (tables) => ({
        names: await tables.read(bridgeSubjectName),
        inferred: await tables.read(dimSubject, 'is_inferred'),
      }),
    )
    expect(
      Object.fromEntries(rows.names.map(({ printed: name, subject }) => [name, subject])),
    ).toEqual({
      ' РУССКИЙ ЯЗЫК': 'russian',
      РУ: 'russian',
      Ритмика: 'x-ритмика',
      'Русский язык': 'russian',
    })
    expect(rows.inferred).toMatchObject([{ subject: 'x-ритмика', name: 'Ритмика' }])
  })
})

describe('dimSchoolYear', () => {
  it('has every year between the first and the last that a fact speaks of', async () => {
    const rows = await withTables(
      [given(result, pupil('1', { school_year: 2024 }), pupil('1', { school_year: 2026 }))],
      (tables) => tables.read(dimSchoolYear),
    )
    expect(rows).toEqual([
      { school_year: 2024, label: '2023/24', is_last: false },
      { school_year: 2025, label: '2024/25', is_last: false },
      { school_year: 2026, label: '2025/26', is_last: true },
    ])
  })

  it('is empty without facts', async () => {
    expect(await withTables([], (tables) => tables.read(dimSchoolYear))).toEqual([])
  })

  it('takes works that two forms deliver from one of them, by school, subject and the grade of the programme', async () => {
    const exam = { procedure: 'oge', grade: 9, programme_grade: 9 }
    const rows = await withTables(
      [
        register,
        given(
          result,
          pupil('hash of a document', { ...exam, mark: 3, precedence: 1 }),
          pupil('hash of a name', { ...exam, mark: 3, precedence: 2 }),
          pupil('another', { ...exam, subject: 'Математика', mark: 4, precedence: 2 }),
          pupil('whose class is told otherwise', { ...exam, grade: 90, mark: 4, precedence: 2 }),
          pupil('of another grade', { ...exam, programme_grade: 8, mark: 4, precedence: 2 }),
        ),
      ],
      (tables) => tables.read(fctResult),
    )
    expect(rows.map(({ subject, pupil_key }) => [subject, pupil_key]).sort()).toEqual([
      ['mathematics', 'another'],
      ['russian', 'hash of a document'],
      ['russian', 'of another grade'],
    ])
  })

  it('keeps an attempt that only one of two forms tells', async () => {
    const exam = { procedure: 'oge', grade: 9, programme_grade: 9 }
    const rows = await withTables(
      [
        register,
        given(
          result,
          pupil('a', { ...exam, mark: 2, precedence: 1 }),
          pupil('b', { ...exam, mark: 2, precedence: 2 }),
          pupil('b', { ...exam, mark: 3, precedence: 2, attempt: 'september' }),
        ),
      ],
      (tables) => tables.read(fctResult),
    )
    expect(rows.map(({ pupil_key, attempt }) => [pupil_key, attempt]).sort()).toEqual([
      ['a', 'main'],
      ['b', 'september'],
    ])
  })
})
