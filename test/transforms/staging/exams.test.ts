import { describe, expect, it } from 'vitest'
import { egeProtocol } from '../../../transforms/sources/ege_protocol.ts'
import { medalContenders } from '../../../transforms/sources/medal_contenders.ts'
import { ogeCsv } from '../../../transforms/sources/oge_csv.ts'
import { ogeProtocol } from '../../../transforms/sources/oge_protocol.ts'
import { olympiadProtocol } from '../../../transforms/sources/olympiad_protocol.ts'
import { stgEgeProtocol } from '../../../transforms/staging/stg_ege_protocol.ts'
import { stgMedalContenders } from '../../../transforms/staging/stg_medal_contenders.ts'
import { stgOgeCsv } from '../../../transforms/staging/stg_oge_csv.ts'
import { stgOgeProtocol } from '../../../transforms/staging/stg_oge_protocol.ts'
import { stgOlympiadProtocol } from '../../../transforms/staging/stg_olympiad_protocol.ts'
import { stage } from '../../support/bind.ts'

const oge = {
  subject_code: '01',
  subject: 'Русский язык',
  held_on: '2025-06-03',
  year: '2025',
  school_code: '2101',
  class_group: '9А',
  participant: '981000001',
  document_ref: 'document-hash',
  name_ref: 'name-hash',
  raw_score: '28',
  mark: '4',
} as const

describe('ОГЭ protocol', () => {
  it('turns a row into a result known by its document', async () => {
    const [row] = await stage(stgOgeProtocol, ogeProtocol, [oge])
    expect(row).toMatchObject({
      procedure: 'oge',
      subject: 'Русский язык',
      grade: 9,
      programme_grade: 9,
      school_year: 2025,
      attempt: 'main',
      held_on: '2025-06-03',
      school_ref: '2101',
      school_ref_system: 'ris_gia',
      pupil_ref: 'document-hash',
      class_group: '9А',
      raw_score: 28,
      mark: 4,
      test_score: null,
    })
  })

  it('falls back on the participant’s code, then on the name', async () => {
    const { document_ref: _, ...undocumented } = oge
    const { participant: __, ...named } = undocumented
    const rows = await stage(stgOgeProtocol, ogeProtocol, [undocumented, named])
    expect(rows.map((row) => row['pupil_ref'])).toEqual(['981000001', 'name-hash'])
  })

  it('tells September, a named reserve day and a second date from the main attempt', async () => {
    const rows = await stage(stgOgeProtocol, ogeProtocol, [
      oge,
      { ...oge, held_on: '2025-06-24' },
      { ...oge, held_on: '2025-09-05' },
      { ...oge, document_ref: 'other', held_on: '2025-06-24' },
      { ...oge, document_ref: 'third', held_on: '2025-06-24', period: 'резервный день' },
    ])
    expect(rows.map((row) => row['attempt'])).toEqual([
      'main',
      'reserve',
      'september',
      'main',
      'reserve',
    ])
    expect(new Set(rows.map((row) => row['school_year']))).toEqual(new Set([2025]))
  })

  it('knows ГВЭ by its code or name', async () => {
    const rows = await stage(stgOgeProtocol, ogeProtocol, [
      { ...oge, subject_code: '51' },
      { ...oge, subject: 'Математика ГВЭ' },
    ])
    expect(rows.map((row) => row['procedure'])).toEqual(['gve9', 'gve9'])
  })

  it('takes grade 9 where no class is printed', async () => {
    const { class_group: _, ...classless } = oge
    const [row] = await stage(stgOgeProtocol, ogeProtocol, [classless])
    expect(row).toMatchObject({ grade: 9, class_group: null })
  })
})

describe('ОГЭ csv', () => {
  it('names subjects by the region’s codes and shows a code it does not know', async () => {
    const { subject: _, participant: __, ...row } = oge
    const rows = await stage(stgOgeCsv, ogeCsv, [
      { ...row, subject_code: '09' },
      { ...row, subject_code: '52' },
      { ...row, subject_code: '77' },
    ])
    expect(rows.map((found) => [found['procedure'], found['subject']])).toEqual([
      ['oge', 'Обществознание'],
      ['gve9', 'Математика'],
      ['oge', 'код 77'],
    ])
  })
})

describe('ЕГЭ protocol', () => {
  const ege = {
    subject_code: '02',
    subject: 'Математика профильная',
    held_on: '2026-06-02',
    year: '2026',
    school_code: '2101',
    class_group: '11Б',
    participant: '981000002',
    raw_score: '15',
    final_score: '74',
  } as const

  it('has a test score, and a mark instead in base mathematics', async () => {
    const rows = await stage(stgEgeProtocol, egeProtocol, [
      ege,
      { ...ege, subject_code: '22', subject: 'Математика базовая', final_score: '5' },
    ])
    expect(
      rows.map((row) => [row['procedure'], row['grade'], row['test_score'], row['mark']]),
    ).toEqual([
      ['ege', 11, 74, null],
      ['ege_base', 11, null, 5],
    ])
  })
})

describe('olympiad protocol', () => {
  it('translates stage and status and keeps the school’s reference with its system', async () => {
    const row = {
      year: '2026',
      stage: 'муниципальный',
      subject: 'История',
      participant: '70012',
      grade: '8',
      score: '61.5',
      max_score: '80',
    } as const
    const rows = await stage(stgOlympiadProtocol, olympiadProtocol, [
      { ...row, school: 'edu980101', status: 'призёр' },
      { ...row, school: '2101', status: 'победитель' },
    ])
    expect(rows).toMatchObject([
      {
        school_year: 2026,
        stage: 'municipal',
        school_ref: 'edu980101',
        school_ref_system: 'fis_oko',
        pupil_ref: '70012',
        grade: 8,
        score: 61.5,
        max_score: 80,
        status: 'prize_winner',
      },
      { school_ref: '2101', school_ref_system: 'register', status: 'winner' },
    ])
  })
})

describe('medal contenders', () => {
  const contender = {
    year: '2026',
    school_code: '2101',
    participant: '981000003',
    degree: '1',
  } as const

  it('has one row for each exam taken', async () => {
    const rows = await stage(
      stgMedalContenders,
      medalContenders,
      [
        {
          ...contender,
          is_awarded: 'да',
          _repeated: [
            { header: 'Русский язык', value: '91' },
            { header: 'Физика' },
            { header: 'Математика базовая', value: '5' },
          ],
        },
      ],
      ['subject'],
    )
    expect(rows.map((row) => [row['subject'], row['test_score'], row['is_awarded']])).toEqual([
      ['Математика базовая', 5, true],
      ['Русский язык', 91, true],
    ])
  })

  it('keeps a contender without exams', async () => {
    const rows = await stage(stgMedalContenders, medalContenders, [
      { ...contender, is_awarded: 'нет', _repeated: [{ header: 'Физика' }] },
      { ...contender, participant: '981000004', degree: '2' },
    ])
    expect(
      rows.map((row) => [row['subject'], row['test_score'], row['is_awarded'], row['degree']]),
    ).toEqual([
      ['all', null, false, 1],
      ['all', null, null, 2],
    ])
  })
})
