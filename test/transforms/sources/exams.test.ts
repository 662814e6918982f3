import { describe, expect, it } from 'vitest'
import { readGrid, type Grid } from '../../support/grid.ts'
import { grids, russianSources } from '../../support/russian-forms.ts'

const read = (grid: Grid, path = 'протокол.xlsx') => readGrid(grid, russianSources, { path })
const people = /Тестов|Анна|Иван|Олегов/

describe('exam protocols', () => {
  it('read each exam under its own line', () => {
    const { rows, year, quarantine } = read(grids.oge_protocol)
    expect(quarantine).toEqual([])
    expect(year).toBe(2025)
    expect(
      rows.map(({ subject_code, subject, held_on }) => [subject_code, subject, held_on]),
    ).toEqual([
      ['01', 'Русский язык', '2025-06-03'],
      ['02', 'Математика', '2025-06-06'],
    ])
  })

  it('keep hashes of document and name and no name', () => {
    const { rows } = read(grids.oge_protocol)
    expect(rows[0]).toMatchObject({
      document_ref: 'ris_gia_document:9811 000001',
      name_ref: 'ris_gia_name:Тестова Анна Олеговна',
      participant: '981000001',
    })
    expect(rows[1]).toMatchObject({
      document_ref: null,
      name_ref: 'ris_gia_name:Тестов Иван',
      participant: null,
    })
    const kept = rows.flatMap(({ name_ref: _, ...row }) => Object.values(row))
    expect(kept.filter((value) => people.test(value ?? ''))).toEqual([])
  })

  it('read a school’s code with or without leading zeros', () => {
    expect(read(grids.oge_protocol).rows.map(({ school_code }) => school_code)).toEqual([
      '2101',
      '2104',
    ])
  })

  it('give one hash for a document in the protocol and in its csv', () => {
    const csv = read(grids.oge_csv, 'выгрузка/01_2025.06.03.csv')
    expect(csv.rows[0]?.['document_ref']).toBe(read(grids.oge_protocol).rows[0]?.['document_ref'])
    expect(csv.rows[0]).toMatchObject({
      subject_code: '01',
      held_on: '2025-06-03',
      year: '2025',
      school_code: '2101',
      raw_score: '28',
      mark: '4',
    })
  })

  it('read the region’s printed form with empty columns between', () => {
    const sparse: Grid = [
      ['Протокол проверки результатов'],
      ['98 - Озёрная область'],
      ['04 - Химия 2026.06.01'],
      [
        '№',
        'Код МСУ',
        null,
        'Код ОО',
        'Класс',
        null,
        'Код ППЭ',
        null,
        'Аудитория',
        'Фамилия',
        null,
        'Имя',
        'Отчество',
        'Задания с кратким ответом',
        null,
        'Задания с развёрнутым ответом',
        'Первичный балл',
        null,
        'Тестовый балл',
      ],
      [
        1,
        12,
        null,
        2101,
        '11А',
        null,
        401,
        null,
        1,
        'Тестов',
        null,
        'Иван',
        'Олегович',
        '++',
        null,
        '1(2)',
        40,
        null,
        74,
      ],
    ]
    const { source, rows } = read(sparse)
    expect(source).toBe('ege_protocol')
    expect(rows).toMatchObject([
      {
        subject: 'Химия',
        school_code: '2101',
        final_score: '74',
        participant: null,
        name_ref: 'ris_gia_name:Тестов Иван Олегович',
      },
    ])
  })

  it('know a reserve day from its line or the file’s name', () => {
    const named = grids.ege_protocol.map((row) =>
      row.map((cell) =>
        cell === '04 - Химия 2026.06.01' ? '04 - Химия 2026.06.22 (резерв)' : cell,
      ),
    )
    expect(read(named).rows[0]).toMatchObject({
      subject: 'Химия',
      held_on: '2026-06-22',
      period: 'резерв',
    })
    expect(read(grids.ege_protocol, 'ГИА-11 резерв.xlsx').rows[0]).toMatchObject({
      period: 'резерв',
    })
    expect(read(grids.ege_protocol, 'основные и резервные дни.xlsx').rows[0]).toMatchObject({
      period: null,
    })
  })

  it('quarantine a base mathematics score that is no mark, and a task above its maximum', () => {
    const base = grids.ege_protocol.map((row) =>
      row.map((cell) =>
        cell === '04 - Химия 2026.06.01' ? '22 - Математика базовая 2026.06.05' : cell,
      ),
    )
    expect(read(base).quarantine.map(({ code }) => code)).toEqual(['base-mark'])
    const over = grids.oge_protocol.map((row) =>
      row.map((cell) => (cell === '2(2)1(3)' ? '3(2)1(3)' : cell)),
    )
    expect(read(over).quarantine.map(({ code }) => code)).toEqual(['task-over-maximum'])
  })

  it('quarantine a row that names nobody', () => {
    const nobody = grids.oge_protocol.map((row) =>
      row.map((cell) => (cell === 'Тестов' || cell === 'Иван' ? null : cell)),
    )
    const { rows, quarantine } = read(nobody)
    expect(rows).toHaveLength(1)
    expect(quarantine.map(({ code }) => code)).toEqual(['participant-unknown'])
  })
})

describe('olympiad protocol', () => {
  it('reads stage and status in any spelling and drops the teacher', () => {
    const { rows, year } = read(grids.olympiad_protocol)
    expect(year).toBe(2026)
    expect(rows).toMatchObject([
      {
        stage: 'школьный',
        status: 'призёр',
        school: 'edu980101',
        participant: '70012',
        score: '61',
        max_score: '100',
      },
    ])
    expect(JSON.stringify(rows)).not.toMatch(people)
  })

  it('quarantines a score above the greatest', () => {
    const over = grids.olympiad_protocol.map((row, r) =>
      row.map((cell, c) => (r === 2 && c === 6 ? 101 : cell)),
    )
    expect(read(over).quarantine.map(({ code }) => code)).toEqual(['score-over-maximum'])
  })
})

describe('medal contenders', () => {
  it('keep exams as repeated columns and leave the total out', () => {
    const { rows, repeated, year } = read(grids.medal_contenders)
    expect(year).toBe(2026)
    expect(rows).toMatchObject([
      { school_code: '2101', participant: '981000003', degree: '2', is_awarded: 'да' },
    ])
    expect(repeated[0]).toEqual([
      ['Русский язык', '91'],
      ['Математика базовая', '5'],
    ])
  })
})
