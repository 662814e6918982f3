import { describe, expect, it } from 'vitest'
import { vprCollection } from '../../../transforms/sources/vpr_collection.ts'
import { vprIndividual } from '../../../transforms/sources/vpr_individual.ts'
import { vprJournalWide } from '../../../transforms/sources/vpr_journal_wide.ts'
import { vprMarks } from '../../../transforms/sources/vpr_marks.ts'
import { stgVprCollectionResult } from '../../../transforms/staging/stg_vpr_collection_result.ts'
import { stgVprCollectionTask } from '../../../transforms/staging/stg_vpr_collection_task.ts'
import { stgVprCollectionTaskResult } from '../../../transforms/staging/stg_vpr_collection_task_result.ts'
import { stgVprIndividualResult } from '../../../transforms/staging/stg_vpr_individual_result.ts'
import { stgVprIndividualTask } from '../../../transforms/staging/stg_vpr_individual_task.ts'
import { stgVprIndividualTaskResult } from '../../../transforms/staging/stg_vpr_individual_task_result.ts'
import { stgVprJournalWide } from '../../../transforms/staging/stg_vpr_journal_wide.ts'
import { stgVprMarks } from '../../../transforms/staging/stg_vpr_marks.ts'
import { stage } from '../../support/bind.ts'

const report = { year: '2026', subject: 'Русский язык', grade: '4', max_raw_score: '24' } as const
const pupil = {
  ...report,
  login: 'edu980101',
  participant: '40001',
  class_group: '1',
  test_form: '2',
  raw_score: '17',
  mark: '4',
  journal_mark: '5',
} as const

describe('ВПР Ф1 as results', () => {
  it('turns a pupil’s row into one result with the journal’s mark', async () => {
    const [row] = await stage(stgVprIndividualResult, vprIndividual, [pupil])
    expect(row).toMatchObject({
      procedure: 'vpr',
      subject: 'Русский язык',
      grade: 4,
      programme_grade: 4,
      school_year: 2026,
      season: 'spring',
      attempt: 'main',
      school_ref: 'edu980101',
      school_ref_system: 'fis_oko',
      pupil_ref: '40001',
      raw_score: 17,
      max_raw_score: 24,
      mark: 4,
      test_score: null,
      journal_mark: 5,
      _row: 1,
    })
  })

  it('leaves the absent out and keeps who has no mark in the journal', async () => {
    const rows = await stage(stgVprIndividualResult, vprIndividual, [
      { ...report, login: 'edu980101', participant: '40002', test_form: 'отсутствовал' },
      { ...pupil, participant: '40003', journal_mark: 'нет отметки' },
      {
        ...report,
        login: 'edu980101',
        participant: '40004',
        test_form: 'Отсутствовал',
        raw_score: '0',
      },
    ])
    expect(rows.map((row) => [row['pupil_ref'], row['journal_mark']])).toEqual([['40003', null]])
  })

  it('keeps half points of a score', async () => {
    const [row] = await stage(stgVprIndividualResult, vprIndividual, [
      { ...pupil, raw_score: '17.5' },
    ])
    expect(row).toMatchObject({ raw_score: 17.5 })
  })

  it('puts the campaign of autumn 2020 and its programme where they belong', async () => {
    const rows = await stage(stgVprIndividualResult, vprIndividual, [
      { ...pupil, year: '2020', grade: '5', reported_on: '2020-11-02' },
      { ...pupil, year: '2022', grade: '5', reported_on: '2022-04-11' },
      { ...pupil, year: '2022', grade: '5', reported_on: '2022-10-28' },
      { ...pupil, year: '2022', grade: '5' },
    ])
    expect(
      rows.map((row) => [row['season'], row['school_year'], row['grade'], row['programme_grade']]),
    ).toEqual([
      ['autumn', 2021, 5, 4],
      ['spring', 2022, 5, 5],
      ['autumn', 2023, 5, 4],
      ['spring', 2022, 5, 5],
    ])
  })
})

describe('ВПР Ф1 as task results', () => {
  const tasks = [
    { header: '1К1 (3б)', above: 'Б', value: '2' },
    { header: '9.1 (1б)', above: 'П', value: 'X' },
    { header: '11.3 k1 (2 б)', above: 'В', value: '0' },
    { header: '12 (2б)', value: null },
  ]

  it('takes code, greatest score and difficulty from the headers', async () => {
    const works = [1, 2].map(() => ({ ...pupil, raw_score: '2', _repeated: tasks }))
    const rows = await stage(stgVprIndividualTask, vprIndividual, works)
    const [result] = await stage(stgVprIndividualTaskResult, vprIndividual, works)
    expect(
      rows
        .toSorted((a, b) => Number(a['task_order']) - Number(b['task_order']))
        .map((row) => [row['task_code'], row['max_score'], row['difficulty']]),
    ).toEqual([
      ['1К1', 3, 'basic'],
      ['9.1', 1, 'advanced'],
      ['11.3К1', 2, 'high'],
      ['12', 2, null],
    ])
    expect(new Set(rows.map((row) => row['task_list']))).toEqual(new Set([result?.['task_list']]))
  })

  it('scores X as 0 and not attempted, 0 as attempted, and gives an empty cell no score', async () => {
    const [row] = await stage(stgVprIndividualTaskResult, vprIndividual, [
      { ...pupil, raw_score: '2', _repeated: tasks },
    ])
    expect(row?.['scores']).toEqual([2, 0, 0, null])
    expect(row?.['attempted']).toEqual([true, false, true, null])
  })

  it('yields nothing for the absent', async () => {
    const absent = [{ ...pupil, test_form: 'отсутствовал', raw_score: '0', _repeated: tasks }]
    expect(await stage(stgVprIndividualTaskResult, vprIndividual, absent)).toEqual([])
    expect(await stage(stgVprIndividualTask, vprIndividual, absent)).toEqual([])
  })
})

describe('the form that schools fill in', () => {
  it('is a procedure of its own, without marks, with both variants', async () => {
    const [row] = await stage(
      stgVprCollectionResult,
      vprCollection,
      [{ ...pupil, max_raw_score: undefined, mark: undefined, second_form: '1' }].map(
        ({ max_raw_score: _, mark: __, ...rest }) => rest,
      ),
    )
    expect(row).toMatchObject({
      procedure: 'vpr_collection',
      test_form: '2/1',
      raw_score: 17,
      max_raw_score: null,
      mark: null,
      journal_mark: 5,
    })
  })

  it('yields tasks too', async () => {
    const works = [
      {
        year: '2026',
        subject: 'Математика',
        grade: '4',
        login: 'edu980101',
        participant: '40001',
        raw_score: '2',
        _repeated: [{ header: '5.1 (2б)', value: '2' }],
      },
    ]
    const [result] = await stage(stgVprCollectionTaskResult, vprCollection, works)
    expect(result).toMatchObject({ procedure: 'vpr_collection', scores: [2] })
    expect(await stage(stgVprCollectionTask, vprCollection, works)).toMatchObject([
      {
        procedure: 'vpr_collection',
        task_list: result?.['task_list'],
        task_order: 1,
        task_code: '5.1',
        max_score: 2,
        difficulty: null,
      },
    ])
  })
})

describe('ВПР Ф3 and the comparison with the journal', () => {
  const units = ['Вся выборка', 'Озёрная область', 'Тихий округ(reg98_m012)', 'edu980101'].map(
    (unit) => ({ ...report, unit }),
  )
  const expected = [
    ['country', 'Вся выборка', 'name'],
    ['region', '98', 'name'],
    ['municipality', 'Тихий округ', 'name'],
    ['school', 'edu980101', 'fis_oko'],
  ]

  it('tells the country, the region, a municipality and a school by how they are printed', async () => {
    const marks = {
      participants: '1722202',
      percent_2: '5.06',
      percent_3: '32.92',
      percent_4: '44.33',
      percent_5: '17.69',
    }
    const rows = await stage(
      stgVprMarks,
      vprMarks,
      units.map((unit) => ({ ...unit, ...marks })),
    )
    expect(rows.map((row) => [row['level'], row['unit_ref'], row['unit_ref_system']])).toEqual(
      expected,
    )
    expect(rows.map((row) => row['unit_name'])).toEqual([
      'Вся выборка',
      'Озёрная область',
      'Тихий округ',
      'edu980101',
    ])
    expect(rows[0]).toMatchObject({
      participants: 1722202,
      schools: null,
      share_2: 0.0506,
      share_3: 0.3292,
      share_4: 0.4433,
      share_5: 0.1769,
      mean_score: null,
    })
  })

  it('counts who was lowered, confirmed and raised', async () => {
    const rows = await stage(
      stgVprJournalWide,
      vprJournalWide,
      units.map((unit) => ({
        ...unit,
        participants: '10',
        lowered: '2',
        confirmed: '7',
        raised: '1',
      })),
    )
    expect(rows.map((row) => [row['level'], row['unit_ref'], row['unit_ref_system']])).toEqual(
      expected,
    )
    expect(rows[3]).toMatchObject({
      procedure: 'vpr',
      grade: 4,
      school_year: 2026,
      participants: 10,
      lowered: 2,
      confirmed: 7,
      raised: 1,
    })
  })
})
