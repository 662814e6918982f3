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
    year: field('год окончания учебного года', schoolYear, { required: true }),
    unit_code: field('код школы', unitCode, { required: true }),
    school_name: field('название школы', anyText, harmless),
    district: field('название округа', anyText, harmless),
    board_region: field('регион совета штата: до 2014 года код, затем название', anyText, harmless),
    spg_grade: field(
      'оценка результативности; A+NG — A без разрыва между группами (с 2015 года), I — данных мало',
      oneOf('A+NG', 'A', 'B', 'C', 'D', 'F', 'I'),
    ),
    spg_score: field('балл результативности, 0–100', score),
    reading_grade: field('оценка за чтение', letter),
    reading_score: field('балл за чтение, 0–100', score),
    math_grade: field('оценка за математику', letter),
    math_score: field('балл за математику, 0–100', score),
    growth_status: field(
      'прирост: Exceeded — выше ожидаемого, Met — как ожидалось, NotMet — ниже',
      oneOf('Exceeded', 'Met', 'NotMet'),
    ),
    growth_score: field('балл прироста EVAAS, 0–100', score),
    achievement: field('достижения в целом, 0–100', score),
    reading_achievement: field('достижения в чтении, 0–100', score),
    math_achievement: field('достижения в математике, 0–100', score),
    science_achievement: field('достижения в естественных науках, 0–100', score),
    math_1_achievement: field('достижения по курсу Math I, 0–100', score),
    english_2_achievement: field('достижения по курсу English II, 0–100', score),
    biology_achievement: field('достижения в биологии, 0–100', score),
    act: field('балл за экзамен ACT, 0–100', score),
    act_workkeys: field('балл за экзамен ACT WorkKeys, 0–100', score),
    math_rigor: field('прошли сложный курс математики, 0–100', score),
    graduation: field('доля окончивших школу за четыре года, 0–100', score),
    gap: field('разрыв между группами больше, чем по штату: Y — да, N — нет', anyText, harmless),
  },
})
