import { field, defineSource } from '../../../transforms/contract/source.ts'
import { anyText } from '../../../transforms/contract/shape.ts'
import { headCount, schoolYear, unitCode } from '../shapes.ts'

const pupils = (who: string) => field(`Pupils: ${who}`, headCount, { required: true })

/** Charter schools are not here. Totals past 999 have a comma between thousands. */
export const ncPupils = defineSource(import.meta.url, {
  title: 'Численность учеников по происхождению и полу (EC pupils)',
  version: 1,
  recognise: { headers: ['unit_code', 'total', 'indian_male', 'multiracial_female'] },
  headers: [
    {
      since: 2014,
      map: {
        year: 'year',
        unit_code: 'unit_code',
        '____LEA Name____': 'district',
        '___School Name___': 'school_name',
        'Indian Male': 'indian_male',
        'Indian Female': 'indian_female',
        'Asian Male': 'asian_male',
        'Asian Female': 'asian_female',
        'Hispanic Male': 'hispanic_male',
        'Hispanic Female': 'hispanic_female',
        'Black Male': 'black_male',
        'Black Female': 'black_female',
        'White Male': 'white_male',
        'White Female': 'white_female',
        'Pacific Island Male': 'pacific_male',
        'Pacific Island Female': 'pacific_female',
        'Two or More Male': 'multiracial_male',
        'Two or More Female': 'multiracial_female',
        Total: 'total',
      },
    },
  ],
  year: 'year',
  delivery: ['year'],
  rules: [
    {
      code: 'nc-pupils-total',
      broken: ({ fields }) => {
        const parts = Object.keys(fields).filter((name) => /_(?:fe)?male$/.test(name))
        const sum = parts.reduce((total, name) => total + Number(fields[name]), 0)
        return sum === Number(fields['total'])
          ? undefined
          : `итог ${String(fields['total'])} не равен сумме групп ${String(sum)}`
      },
      at: 'total',
    },
  ],
  fields: {
    year: field('School year (the year in which it ends)', schoolYear, { required: true }),
    unit_code: field('Code of the school', unitCode, { required: true }),
    district: field('Name of the district', anyText, { harmless: true }),
    school_name: field('Name of the school', anyText, { harmless: true }),
    indian_male: pupils('American Indian boys'),
    indian_female: pupils('American Indian girls'),
    asian_male: pupils('Asian boys'),
    asian_female: pupils('Asian girls'),
    hispanic_male: pupils('Hispanic boys'),
    hispanic_female: pupils('Hispanic girls'),
    black_male: pupils('Black boys'),
    black_female: pupils('Black girls'),
    white_male: pupils('White boys'),
    white_female: pupils('White girls'),
    pacific_male: pupils('Pacific Island boys'),
    pacific_female: pupils('Pacific Island girls'),
    multiracial_male: pupils('boys of two or more races'),
    multiracial_female: pupils('girls of two or more races'),
    total: pupils('all'),
  },
})
