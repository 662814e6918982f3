import { field, defineSource } from '../../../transforms/contract/source.ts'
import { anyText, oneOf } from '../../../transforms/contract/shape.ts'
import { schoolYear, score, unitCode } from '../shapes.ts'

const letter = oneOf('A', 'B', 'C', 'D', 'F')
const harmless = { harmless: true }

/** The file holds no year; only its path does, and every header but `unit_code` was renamed at least once. */
export const ncSpg = defineSource(import.meta.url, {
  title: 'Оценки результативности школ (School Performance Grades)',
  version: 1,
  recognise: { headers: ['unit_code', 'spg_grade', 'spg_score', 'reading_grade', 'reading_score'] },
  headers: [
    {
      since: 2014,
      map: {
        'LEA Name': 'district',
        unit_code: 'unit_code',
        'School Name': 'school_name',
        'SBE Region': 'board_region',
        'SPG Grade': 'spg_grade',
        'SPG Score': 'spg_score',
        'Reading SPG Grade': 'reading_grade',
        'Reading SPG Score': 'reading_score',
        'Math SPG Grade': 'math_grade',
        'Math SPG Score': 'math_score',
        'EVAAS Growth Status': 'growth_status',
        'EVAAS Growth Score': 'growth_score',
        'Overall Achievement Score': 'achievement',
        'Read Score': 'reading_achievement',
        'Math Score': 'math_achievement',
        'Science Score': 'science_achievement',
        'Math I Score': 'math_1_achievement',
        'English II Score': 'english_2_achievement',
        'Biology Score': 'biology_achievement',
        'The ACT Score': 'act',
        'ACT WorkKeys Score': 'act_workkeys',
        'Math Course Rigor Score': 'math_rigor',
        'Cohort Graduation Rate Standard Score': 'graduation',
      },
    },
    { since: 2015, map: { 'SBE District': 'board_region', 'State Gap Compared': 'gap' } },
    {
      since: 2016,
      map: {
        'District Name': 'district',
        'State Board Region': 'board_region',
        'Reading Score': 'reading_achievement',
        'ACT Score': 'act',
        'Passing Math III': 'math_rigor',
        '4-Year Cohort Graduation Rate Score': 'graduation',
      },
    },
    {
      since: 2017,
      map: { 'NC Math 1 Score': 'math_1_achievement', 'Passing NC Math 3': 'math_rigor' },
    },
  ],
  path: /(?<year>20\d\d)[\\/]?[^\\/0-9]*$/,
  year: 'year',
  exchanged: [
    ['reading_grade', 'reading_score'],
    ['math_grade', 'math_score'],
  ],
  delivery: ['year'],
  fields: {
    year: field('School year (the year in which it ends)', schoolYear, { required: true }),
    unit_code: field('Code of the school', unitCode, { required: true }),
    school_name: field('Name of the school', anyText, harmless),
    district: field('Name of the district', anyText, harmless),
    board_region: field(
      'Region of the state board: a code until 2014, then a name',
      anyText,
      harmless,
    ),
    spg_grade: field(
      'Performance grade; A+NG: A without an achievement gap, from 2015; I: too few data',
      oneOf('A+NG', 'A', 'B', 'C', 'D', 'F', 'I'),
    ),
    spg_score: field('Performance score, 0–100', score),
    reading_grade: field('Grade for reading', letter),
    reading_score: field('Score for reading, 0–100', score),
    math_grade: field('Grade for mathematics', letter),
    math_score: field('Score for mathematics, 0–100', score),
    growth_status: field('Growth', oneOf('Exceeded', 'Met', 'NotMet')),
    growth_score: field('Growth score of EVAAS, 0–100', score),
    achievement: field('Overall achievement, 0–100', score),
    reading_achievement: field('Achievement in reading', score),
    math_achievement: field('Achievement in mathematics', score),
    science_achievement: field('Achievement in science', score),
    math_1_achievement: field('Achievement in Math I', score),
    english_2_achievement: field('Achievement in English II', score),
    biology_achievement: field('Achievement in biology', score),
    act: field('ACT', score),
    act_workkeys: field('ACT WorkKeys', score),
    math_rigor: field('Pupils who passed a demanding course of mathematics', score),
    graduation: field('Graduation rate of the four-year cohort', score),
    gap: field('Gap against the state: Y, N', anyText, harmless),
  },
})
