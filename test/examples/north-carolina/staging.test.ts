import { afterEach, describe, expect, it } from 'vitest'
import { ncDisadvantaged } from '../../../examples/north-carolina/sources/nc_disadvantaged.ts'
import { ncPersonnel } from '../../../examples/north-carolina/sources/nc_personnel.ts'
import { ncProfile } from '../../../examples/north-carolina/sources/nc_profile.ts'
import { ncSpg } from '../../../examples/north-carolina/sources/nc_spg.ts'
import { stgNcDisadvantaged } from '../../../examples/north-carolina/staging/stg_nc_disadvantaged.ts'
import { stgNcPersonnel } from '../../../examples/north-carolina/staging/stg_nc_personnel.ts'
import { stgNcProfile } from '../../../examples/north-carolina/staging/stg_nc_profile.ts'
import { stgNcSchool } from '../../../examples/north-carolina/staging/stg_nc_school.ts'
import { stgNcSpg } from '../../../examples/north-carolina/staging/stg_nc_spg.ts'
import type { Columns } from '../../../transforms/contract/column.ts'
import type { Staging } from '../../../transforms/contract/entity.ts'
import type { Fields, Source } from '../../../transforms/contract/source.ts'
import { compileQuery } from '../../../warehouse/compile.ts'
import { Database, quote, type Row } from '../../../warehouse/database.ts'

const opened: Database[] = []
afterEach(() => {
  for (const db of opened.splice(0)) db.close()
})

/** What a staging file makes of the rows given; fields that a row does not name are empty. */
const staged = async <F extends Fields, C extends Columns>(
  source: Source<F>,
  staging: Staging<C>,
  rows: readonly { readonly [K in keyof F]?: string }[],
): Promise<readonly Row[]> => {
  const db = await Database.open(':memory:')
  opened.push(db)
  const columns = Object.entries(source.columns).map(([name, { type }]) => ({ name, type }))
  await db.run(`create schema ${quote(source.schema)}`)
  await db.run(
    `create table ${source.id} (${columns.map(({ name, type }) => `${quote(name)} ${type}`).join(', ')})`,
  )
  await db.append(
    source.id,
    columns,
    rows.map((row, i): Row => ({
      ...(row as Readonly<Record<string, string>>),
      _file: 'f',
      _sheet: '',
      _row: i + 2,
      _delivery: '2016',
    })),
  )
  return db.rows(`select * from (${compileQuery(staging.select()).sql}) order by all`)
}
const pick = (rows: readonly Row[], ...names: readonly string[]): readonly unknown[] =>
  rows.map((row) => names.map((name) => row[name]))

describe('performance grades', () => {
  it('give every school a row for all subjects, with or without a score', async () => {
    const rows = await staged(ncSpg, stgNcSpg, [
      { year: '2016', unit_code: '010303', spg_grade: 'A+NG', spg_score: '85' },
      { year: '2016', unit_code: '010304', spg_grade: 'I' },
      { year: '2016', unit_code: '010305' },
    ])
    expect(pick(rows, 'unit_ref', 'subject', 'mean_score', 'grade_label')).toEqual([
      ['010303', 'all', 85, 'A+NG'],
      ['010304', 'all', null, 'I'],
      ['010305', 'all', null, null],
    ])
  })

  it('give reading and mathematics rows only where they were scored', async () => {
    const rows = await staged(ncSpg, stgNcSpg, [
      {
        year: '2016',
        unit_code: '010304',
        spg_grade: 'C',
        spg_score: '66',
        reading_grade: 'C',
        reading_score: '61',
        math_grade: 'C',
        math_score: '69',
      },
    ])
    expect(pick(rows, 'subject', 'mean_score')).toEqual([
      ['Math', 69],
      ['Reading', 61],
      ['all', 66],
    ])
  })
})

describe('the register', () => {
  const rows = [
    { year: '2016', unit_code: '010LEA', category: 'E', ownership: 'P', district: 'Alamance' },
    { year: '2016', unit_code: 'NC-SEA', category: 'E' },
    {
      year: '2016',
      unit_code: '76A000',
      category: 'T',
      ownership: 'C',
      school_name: 'Uwharrie',
      district: 'Charter',
    },
    {
      year: '2016',
      unit_code: '76A000',
      category: 'T',
      ownership: 'C',
      school_name: 'Uwharrie',
      district: 'Charter',
      pupils: '750',
    },
    {
      year: '2016',
      unit_code: '010304',
      category: 'E',
      ownership: 'P',
      school_name: 'Wilson',
      district: 'Alamance',
      pupils: '539',
      title1: 'Y',
    },
  ]

  it('yields schools only: no district and no state', async () => {
    const schools = await staged(ncProfile, stgNcSchool, rows)
    expect(pick(schools, 'school_code', 'school_type', 'municipality_code', 'snapshot_on')).toEqual(
      [
        ['010304', 'elementary', '010', '2015-09-01'],
        ['76A000', 'middle_high', 'charter', '2015-09-01'],
      ],
    )
  })

  it('keeps the fuller of two rows of one school', async () => {
    const [, charter] = await staged(ncProfile, stgNcSchool, rows)
    expect(charter?.['_row']).toBe(5)
  })

  it('gives pupils of charter schools, which the enrolment file leaves out, and of them only', async () => {
    const context = await staged(ncProfile, stgNcProfile, rows)
    const pupils = context.filter(
      ({ measure }) => typeof measure === 'string' && measure.startsWith('pupils'),
    )
    expect(pick(pupils, 'school_ref', 'measure', 'value')).toEqual([
      ['010304', 'pupils_listed', 539],
      ['76A000', 'pupils', 750],
      ['76A000', 'pupils_listed', 750],
    ])
  })

  it('reads a blank under Title I as no', async () => {
    const context = await staged(ncProfile, stgNcProfile, rows)
    const title1 = context.filter(({ measure }) => measure === 'title1')
    expect(pick(title1, 'school_ref', 'value')).toEqual([
      ['010304', 1],
      ['76A000', 0],
    ])
  })
})

describe('the range of grades', () => {
  it('has kindergarten below the first grade, and none where the school is ungraded', async () => {
    const ranges = ['PK-5', 'K-8', '9-13', 'PK-K', 'UN-GR', 'SP-ED']
    const context = await staged(
      ncProfile,
      stgNcProfile,
      ranges.map((range, i) => ({
        year: '2016',
        unit_code: `01030${String(i)}`,
        grade_range: range,
      })),
    )
    const grades = context.filter(
      ({ measure }) => typeof measure === 'string' && measure.startsWith('grade_'),
    )
    expect(pick(grades, 'school_ref', 'measure', 'value')).toEqual([
      ['010300', 'grade_highest', 5],
      ['010300', 'grade_lowest', -1],
      ['010301', 'grade_highest', 8],
      ['010301', 'grade_lowest', 0],
      ['010302', 'grade_highest', 13],
      ['010302', 'grade_lowest', 9],
      ['010303', 'grade_highest', 0],
      ['010303', 'grade_lowest', -1],
    ])
  })
})

describe('staffing', () => {
  it('is one row per measure that is known, from the fuller row', async () => {
    const rows = await staged(ncPersonnel, stgNcPersonnel, [
      { year: '2016', unit_code: '76A000', teachers: '3', licensed: '1' },
      {
        year: '2016',
        unit_code: '76A000',
        teachers: '49',
        licensed: '0.755',
        lateral_entry: '0.082',
      },
      { year: '2016', unit_code: '010LEA', teachers: '1000' },
    ])
    expect(pick(rows, 'school_ref', 'measure', 'value')).toEqual([
      ['76A000', 'teachers', 49],
      ['76A000', 'teachers_lateral_entry_share', 0.082],
      ['76A000', 'teachers_licensed_share', 0.755],
    ])
  })
})

describe('economically disadvantaged pupils', () => {
  it('become a share of what is delivered as percent', async () => {
    const rows = await staged(ncDisadvantaged, stgNcDisadvantaged, [
      { year: '2017', unit_code: '00A000', disadvantaged: '44.8' },
      { year: '2017', unit_code: 'NC-SEA', disadvantaged: '49.2' },
    ])
    expect(pick(rows, 'school_ref', 'value')).toEqual([['00A000', 0.448]])
  })
})
