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
    year: field('год окончания учебного года', schoolYear, { required: true }),
    unit_code: field('код школы, округа или штата', unitCode, { required: true }),
    spending: field('долларов на ученика: чартерная школа', dollars),
    salaries: field('доля зарплат в расходах, 0–1', share),
    federal_money: field('долларов на ученика: федеральные деньги', dollars),
    local_money: field('долларов на ученика: местные деньги', dollars),
    state_money: field('долларов на ученика: деньги штата', dollars),
    district_spending: field('долларов на ученика: всего в округе', dollars),
    state_spending: field('долларов на ученика: всего в штате', dollars),
  },
})
