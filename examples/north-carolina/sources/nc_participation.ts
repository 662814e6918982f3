import { field, defineSource } from '../../../transforms/contract/source.ts'
import { oneOf } from '../../../transforms/contract/shape.ts'
import { englishNumber, schoolYear, share, unitCode } from '../shapes.ts'

export const ncParticipation = defineSource(import.meta.url, {
  title: 'Участие в SAT, AP и IB (School indicators)',
  version: 1,
  recognise: { headers: ['unit_code', 'sat_score', 'sat_participation', 'ap_participation'] },
  headers: [
    {
      since: 2014,
      map: {
        year: 'year',
        unit_code: 'unit_code',
        sat_avg_score_num: 'sat_score',
        sat_participation_pct: 'sat_participation',
        esea_attendance: 'attendance_target',
        ap_participation_pct: 'ap_participation',
        ap_pct_3_or_above: 'ap_passed',
        ib_participation_pct: 'ib_participation',
        ib_pct_4_or_above: 'ib_passed',
      },
    },
  ],
  year: 'year',
  delivery: ['year'],
  fields: {
    year: field('School year (the year in which it ends)', schoolYear, { required: true }),
    unit_code: field('Code of the school, the district or the state', unitCode, { required: true }),
    sat_score: field('Mean SAT score', englishNumber(400, 2400)),
    sat_participation: field(
      'Participants over graduates; above 1 where lower grades sat it too',
      englishNumber(0, 3),
    ),
    attendance_target: field('Federal attendance target', oneOf('Met', 'Did Not Meet')),
    ap_participation: field('Share of pupils in AP courses', share),
    ap_passed: field('Share of AP exams with 3 or more', share),
    ib_participation: field('Share of pupils in IB courses', share),
    ib_passed: field('Share of IB exams with 4 or more', share),
  },
})
