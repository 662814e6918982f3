import { field, defineSource } from '../../../transforms/contract/source.ts'
import { anyText } from '../../../transforms/contract/shape.ts'
import { headCount, schoolYear, unitCode } from '../shapes.ts'

const pupils = (who: string) => field(`учеников: ${who}`, headCount, { required: true })

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
    year: field('год окончания учебного года', schoolYear, { required: true }),
    unit_code: field('код школы', unitCode, { required: true }),
    district: field('название округа', anyText, { harmless: true }),
    school_name: field('название школы', anyText, { harmless: true }),
    indian_male: pupils('мальчики, коренные американцы'),
    indian_female: pupils('девочки, коренные американки'),
    asian_male: pupils('мальчики, азиатского происхождения'),
    asian_female: pupils('девочки, азиатского происхождения'),
    hispanic_male: pupils('мальчики, латиноамериканцы'),
    hispanic_female: pupils('девочки, латиноамериканки'),
    black_male: pupils('мальчики, чернокожие'),
    black_female: pupils('девочки, чернокожие'),
    white_male: pupils('мальчики, белые'),
    white_female: pupils('девочки, белые'),
    pacific_male: pupils('мальчики, с островов Тихого океана'),
    pacific_female: pupils('девочки, с островов Тихого океана'),
    multiracial_male: pupils('мальчики смешанного происхождения'),
    multiracial_female: pupils('девочки смешанного происхождения'),
    total: pupils('все'),
  },
})
