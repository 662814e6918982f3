import { field, defineSource } from '../../../transforms/contract/source.ts'
import { anyText } from '../../../transforms/contract/shape.ts'
import { englishNumber, schoolYear, share, unitCode } from '../shapes.ts'

const perHundred = englishNumber(0, 10_000)

export const ncEnvironment = defineSource(import.meta.url, {
  title: 'Посещаемость и дисциплина (Environment)',
  version: 1,
  recognise: { headers: ['unit_code', 'attendance', 'crimes', 'short_suspensions'] },
  headers: [
    {
      since: 2014,
      map: {
        year: 'year',
        unit_code: 'unit_code',
        School_Name: 'school_name',
        avg_daily_attend_pct: 'attendance',
        crime_per_c_num: 'crimes',
        short_susp_per_c_num: 'short_suspensions',
        long_susp_per_c_num: 'long_suspensions',
        expelled_per_c_num: 'expulsions',
        stud_internet_comp_num: 'pupils_per_computer',
        books_per_student: 'books_per_pupil',
      },
    },
  ],
  year: 'year',
  delivery: ['year'],
  fields: {
    year: field('год окончания учебного года', schoolYear, { required: true }),
    unit_code: field('код школы, округа или штата', unitCode, { required: true }),
    school_name: field('название школы', anyText, { harmless: true }),
    attendance: field('средняя ежедневная посещаемость, 0–1', share),
    crimes: field('правонарушений и случаев насилия на 100 учеников', perHundred),
    short_suspensions: field('кратких отстранений от занятий на 100 учеников', perHundred),
    long_suspensions: field('долгих отстранений от занятий на 100 учеников', perHundred),
    expulsions: field('исключений на 100 учеников', perHundred),
    pupils_per_computer: field('учеников на компьютер с интернетом', perHundred),
    books_per_pupil: field('книг библиотеки на ученика', perHundred),
  },
})
