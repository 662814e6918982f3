import { field, defineSource } from '../../../transforms/contract/source.ts'
import { anyText } from '../../../transforms/contract/shape.ts'
import { headCount, schoolYear, unitCode } from '../shapes.ts'

export const ncClassSize = defineSource(import.meta.url, {
  title: 'Наполняемость классов (Profile metrics)',
  version: 1,
  recognise: { headers: ['unit_code', 'level', 'class_size', 'district_class_size'] },
  headers: [
    {
      since: 2014,
      map: {
        year: 'year',
        unit_code: 'unit_code',
        level: 'level',
        size: 'class_size',
        lea_size: 'district_class_size',
        st_size: 'state_class_size',
      },
    },
  ],
  year: 'year',
  delivery: ['year'],
  fields: {
    year: field('год окончания учебного года', schoolYear, { required: true }),
    unit_code: field('код школы, округа или штата', unitCode, { required: true }),
    level: field('класс 00–13 или учебный курс', anyText, { required: true, harmless: true }),
    class_size: field('средняя наполняемость класса в школе', headCount),
    district_class_size: field('средняя наполняемость класса в округе', headCount),
    state_class_size: field('средняя наполняемость класса в штате', headCount),
  },
})
