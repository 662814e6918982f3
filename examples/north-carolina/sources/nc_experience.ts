import { field, defineSource } from '../../../transforms/contract/source.ts'
import { oneOf } from '../../../transforms/contract/shape.ts'
import { category, schoolYear, share, unitCode } from '../shapes.ts'

/** The experience of teachers once more, in long form: the personnel file has the same shares, so no entity is made of these. */
export const ncExperience = defineSource(import.meta.url, {
  title: 'Стаж учителей (Years of experience)',
  version: 1,
  recognise: { headers: ['experience', 'unit_code', 'share'] },
  headers: [
    {
      since: 2014,
      map: {
        Experience: 'experience',
        year: 'year',
        unit_code: 'unit_code',
        category_cd: 'category',
        pct_tch: 'share',
      },
    },
  ],
  year: 'year',
  delivery: ['year'],
  fields: {
    year: field('год окончания учебного года', schoolYear, { required: true }),
    unit_code: field('код школы, округа или штата', unitCode, { required: true }),
    category: field(
      'ступень: E — начальная, M — средняя, H — старшая, I — E и M, T — M и H, A — все',
      category,
    ),
    experience: field('группа по стажу', oneOf('0-3 Years', '4-10 Years', '10+ Years'), {
      required: true,
    }),
    share: field('доля учителей, 0–1', share),
  },
})
