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
    year: field('School year (the year in which it ends)', schoolYear, { required: true }),
    unit_code: field('Code of the school, the district or the state', unitCode, { required: true }),
    school_name: field('Name of the school', anyText, { harmless: true }),
    attendance: field('Average daily attendance, 0–1', share),
    crimes: field('Acts of crime or violence for 100 pupils', perHundred),
    short_suspensions: field('Short suspensions for 100 pupils', perHundred),
    long_suspensions: field('Long suspensions for 100 pupils', perHundred),
    expulsions: field('Expulsions for 100 pupils', perHundred),
    pupils_per_computer: field('Pupils for a computer with internet', perHundred),
    books_per_pupil: field('Library books for a pupil', perHundred),
  },
})
