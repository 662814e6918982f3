import { field, defineSource } from '../../../transforms/contract/source.ts'
import { anyText } from '../../../transforms/contract/shape.ts'
import { percent, schoolYear, unitCode } from '../shapes.ts'

/** Percents 0–100 here, while shares are 0–1 in the other files. */
export const ncDisadvantaged = defineSource(import.meta.url, {
  title: 'Доля учеников из малообеспеченных семей (acc-ed-rates)',
  version: 1,
  recognise: { headers: ['unit_code', 'disadvantaged'] },
  headers: [
    {
      since: 2017,
      map: {
        year: 'year',
        unit_code: 'unit_code',
        School_Name: 'school_name',
        pct_eds: 'disadvantaged',
      },
    },
  ],
  year: 'year',
  delivery: ['year'],
  fields: {
    year: field('год окончания учебного года', schoolYear, { required: true }),
    unit_code: field('код школы, округа или штата', unitCode, { required: true }),
    school_name: field('название школы', anyText, { harmless: true }),
    disadvantaged: field('учеников из малообеспеченных семей, %', percent),
  },
})
