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
    year: field('год окончания учебного года', schoolYear, { required: true }),
    unit_code: field('код школы, округа или штата', unitCode, { required: true }),
    sat_score: field('средний балл SAT', englishNumber(400, 2400)),
    sat_participation: field(
      'участники SAT к числу выпускников; больше 1, если сдавали и младшие классы',
      englishNumber(0, 3),
    ),
    attendance_target: field(
      'федеральная цель по посещаемости: Met — достигнута, Did Not Meet — нет',
      oneOf('Met', 'Did Not Meet'),
    ),
    ap_participation: field('доля учеников на курсах AP', share),
    ap_passed: field('доля экзаменов AP с баллом от 3', share),
    ib_participation: field('доля учеников на курсах IB', share),
    ib_passed: field('доля экзаменов IB с баллом от 4', share),
  },
})
