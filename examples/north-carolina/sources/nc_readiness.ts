import { field, defineSource } from '../../../transforms/contract/source.ts'
import { wholeNumber } from '../../../transforms/contract/shape.ts'
import { percent, schoolYear, unitCode } from '../shapes.ts'

export const ncReadiness = defineSource(import.meta.url, {
  title: 'Подготовка поступивших в 6 и 9 классы (acc-student-readiness)',
  version: 1,
  recognise: { headers: ['unit_code', 'grade', 'proficient'] },
  headers: [
    {
      since: 2017,
      map: { year: 'year', unit_code: 'unit_code', grade: 'grade', pct_prof: 'proficient' },
    },
  ],
  year: 'year',
  delivery: ['year'],
  fields: {
    year: field('год окончания учебного года', schoolYear, { required: true }),
    unit_code: field('код школы, округа или штата', unitCode, { required: true }),
    grade: field('класс, в который поступили', wholeNumber({ min: 0, max: 13 }), {
      required: true,
    }),
    proficient: field('учеников, освоивших программу годом раньше, %', percent),
  },
})
