import { field, defineSource } from '../../../transforms/contract/source.ts'
import { englishNumber, schoolYear, share, unitCode } from '../shapes.ts'

const dollars = englishNumber(0, 1_000_000)

/** Only charter schools have figures of their own; a district's are repeated for each of its schools. */
export const ncFunding = defineSource(import.meta.url, {
  title: 'Расходы на ученика (Funding)',
  version: 1,
  recognise: { headers: ['unit_code', 'spending', 'salaries', 'state_money'] },
  headers: [
    {
      since: 2014,
      map: {
        year: 'year',
        unit_code: 'unit_code',
        total_expense_num: 'spending',
        salary_expense_pct: 'salaries',
        federal_perpupil_num: 'federal_money',
        local_perpupil_num: 'local_money',
        state_perpupil_num: 'state_money',
        lea_total_expense_num: 'district_spending',
        st_total_expense_num: 'state_spending',
      },
    },
  ],
  year: 'year',
  delivery: ['year'],
  fields: {
    year: field('School year (the year in which it ends)', schoolYear, { required: true }),
    unit_code: field('Code of the school, the district or the state', unitCode, { required: true }),
    spending: field('Dollars for a pupil: the charter school', dollars),
    salaries: field('Share of salaries, 0–1', share),
    federal_money: field('Federal dollars for a pupil', dollars),
    local_money: field('Local dollars for a pupil', dollars),
    state_money: field('Dollars of the state for a pupil', dollars),
    district_spending: field('Dollars for a pupil: the district', dollars),
    state_spending: field('Dollars for a pupil: the state', dollars),
  },
})
