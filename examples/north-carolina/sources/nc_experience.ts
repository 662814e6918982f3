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
    year: field('School year (the year in which it ends)', schoolYear, { required: true }),
    unit_code: field('Code of the school, the district or the state', unitCode, { required: true }),
    category: field('E, M, H; I: E and M; T: M and H; A: all', category),
    experience: field('Band', oneOf('0-3 Years', '4-10 Years', '10+ Years'), { required: true }),
    share: field('Share of teachers, 0–1', share),
  },
})
