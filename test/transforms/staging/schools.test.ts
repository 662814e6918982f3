import { describe, expect, it } from 'vitest'
import { oo1Extract } from '../../../transforms/sources/oo1_extract.ts'
import { schoolRegister } from '../../../transforms/sources/school_register.ts'
import { staffRegister } from '../../../transforms/sources/staff_register.ts'
import { stgOo1Extract } from '../../../transforms/staging/stg_oo1_extract.ts'
import { stgSchoolRegister } from '../../../transforms/staging/stg_school_register.ts'
import { stgStaffRegister } from '../../../transforms/staging/stg_staff_register.ts'
import { stage } from '../../support/bind.ts'

describe('school register', () => {
  const school = {
    snapshot_on: '2025-09-01',
    school_code: '2101',
    login: 'edu980101',
    full_name: 'Муниципальное бюджетное общеобразовательное учреждение «Лицей № 1»',
    short_name: 'МБОУ «Лицей № 1»',
    school_type: 'лицей',
    municipality: 'Тихий округ',
    locality: 'город',
    founder: 'Администрация муниципального округа',
    distance_km: '2.5',
    is_branch: 'нет',
    opened_on: '1974-09-01',
  } as const

  it('turns a row into a school’s snapshot', async () => {
    const [row] = await stage(stgSchoolRegister, schoolRegister, [school])
    expect(row).toMatchObject({
      school_code: '2101',
      login: 'edu980101',
      school_type: 'lyceum',
      municipality_code: 'Тихий округ',
      municipality_name: 'Тихий округ',
      region_code: '98',
      is_rural: false,
      founder: 'municipal',
      distance_km: 2.5,
      is_branch: false,
      opened_on: '1974-09-01',
      closed_on: null,
      successor_code: null,
      snapshot_on: '2025-09-01',
    })
  })

  it('takes the municipality’s code out of its name', async () => {
    const { login: _, ...nameless } = school
    const rows = await stage(stgSchoolRegister, schoolRegister, [
      { ...nameless, municipality: 'Тихий округ (reg24_m007)' },
      nameless,
    ])
    expect(
      rows.map((row) => [row['municipality_code'], row['municipality_name'], row['region_code']]),
    ).toEqual([
      ['reg24_m007', 'Тихий округ', '24'],
      ['Тихий округ', 'Тихий округ', 'all'],
    ])
  })

  it('knows types, founders and localities by how offices write them', async () => {
    const types = ['СОШ', 'ООШ', 'НОШ', 'Гимназия', 'СОШ с углублённым изучением', 'интернат']
    const rows = await stage(
      stgSchoolRegister,
      schoolRegister,
      types.map((school_type) => ({ ...school, school_type })),
    )
    expect(rows.map((row) => row['school_type'])).toEqual([
      'secondary',
      'lower_secondary',
      'primary',
      'gymnasium',
      'advanced',
      'other',
    ])
    const founders = [
      'Министерство образования области',
      'ООО «Росток»',
      'Автономная некоммерческая организация «Ступени»',
      'Минобороны России',
    ]
    const founded = await stage(
      stgSchoolRegister,
      schoolRegister,
      founders.map((founder) => ({ ...school, founder, locality: 'село' })),
    )
    expect(founded.map((row) => [row['founder'], row['is_rural']])).toEqual([
      ['regional', true],
      ['private', true],
      ['private', true],
      ['federal', true],
    ])
  })
})

describe('ОО-1', () => {
  const line = (section: string, line_code: string, ...values: readonly (string | null)[]) => ({
    autumn: '2024',
    school_code: '2101',
    section,
    line_code,
    _repeated: values.map((value, i) => ({ header: String(i + 3), value })),
  })

  it('describes the school year that the September begins', async () => {
    const rows = await stage(stgOo1Extract, oo1Extract, [line('1', '12', '500')])
    expect(rows).toMatchObject([
      {
        school_ref: '2101',
        school_ref_system: 'register',
        school_year: 2025,
        measure: 'pupils',
        value: 500,
      },
    ])
  })

  it('maps cells to measures and leaves the rest alone', async () => {
    const rows = await stage(
      stgOo1Extract,
      oo1Extract,
      [
        line('1', '4', '52', '2', '0', '3', '1', '2'),
        line('1', '12', '500', '22', '40', '30', '9', '11'),
        line('2', '02', '30', '28', '10', '9', '4', '0.5'),
        line('2', '07', '36', '33', '12', '10', '5', '0.5'),
        line('3', '01', '5'),
        line('4', '04', '7'),
      ],
      ['measure'],
    )
    expect(Object.fromEntries(rows.map((row) => [row['measure'], row['value']]))).toEqual({
      pupils_grade_4: 52,
      pupils: 500,
      class_sets: 22,
      second_shift_pupils: 40,
      sen_pupils: 30,
      disabled_pupils: 9,
      non_native_pupils: 11,
      teachers: 36,
      teachers_highest_category: 12,
      teachers_novice: 5,
      teachers_ageing: 7,
      vacancies: 0.5,
      vacant_hours: 9,
      planned_hours: 657,
    })
  })

  it('yields no measure where the cell is empty', async () => {
    const rows = await stage(stgOo1Extract, oo1Extract, [line('1', '12', '500', null)])
    expect(rows.map((row) => row['measure'])).toEqual(['pupils'])
  })
})

describe('staff register', () => {
  const teacher = {
    snapshot_on: '2024-10-01',
    employee_ref: 'hash',
    school_code: '2101',
    post: 'учитель',
    subject: 'Физика',
    rate: '1.25',
    weekly_hours: '22.5',
    birth_year: '1988',
    sex: 'ж',
    education: 'высшее',
    experience_years: '12',
    teaching_years: '10',
    category: 'высшая',
    trained_on: '2023-05-18',
    trained_hours: '72',
    is_external: 'нет',
  } as const

  it('turns a row into an employee of a school year', async () => {
    const [row] = await stage(stgStaffRegister, staffRegister, [teacher])
    expect(row).toMatchObject({
      employee_ref: 'hash',
      school_ref: '2101',
      school_ref_system: 'register',
      snapshot_on: '2024-10-01',
      school_year: 2025,
      post: 'учитель',
      is_teaching: true,
      subject: 'Физика',
      rate: 1.25,
      weekly_hours: 22.5,
      birth_year: 1988,
      sex: 'f',
      education: 'higher',
      experience_years: 12,
      teaching_years: 10,
      category: 'highest',
      trained_on: '2023-05-18',
      trained_hours: 72,
      is_external: false,
    })
  })

  it('tells who teaches from who directs, and both halves of a calendar year', async () => {
    const posts = [
      'учитель-логопед',
      'Педагог-психолог',
      'директор',
      'заместитель директора, учитель',
      'бухгалтер',
    ]
    const rows = await stage(
      stgStaffRegister,
      staffRegister,
      posts.map((post) => ({ ...teacher, post, snapshot_on: '2025-03-01' })),
    )
    expect(rows.map((row) => row['is_teaching'])).toEqual([true, true, false, false, false])
    expect(rows.map((row) => row['school_year'])).toEqual([2025, 2025, 2025, 2025, 2025])
  })

  it('keeps categories apart and an unknown one empty', async () => {
    const { category: _, ...uncategorised } = teacher
    const rows = await stage(stgStaffRegister, staffRegister, [
      { ...teacher, category: 'соответствие занимаемой должности' },
      { ...teacher, category: 'нет' },
      { ...teacher, education: 'среднее профессиональное' },
      uncategorised,
    ])
    expect(rows.map((row) => row['category'])).toEqual(['conformity', 'none', 'highest', null])
    expect(rows.map((row) => row['education'])).toEqual([
      'higher',
      'higher',
      'vocational',
      'higher',
    ])
  })
})
