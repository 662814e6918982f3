import type { Database } from '../../warehouse/database.ts'

export const SCHOOLS = 4000
export const PUPILS = 450
export const TESTS = 5
export const HIGHEST = 24
export const SCALE = { from3: 7, from4: 13, from5: 19 } as const
/** Tasks of one point each, solved by so many of 16 pupils: four easy, four of the middle, four hard. */
export const TASKS = [14, 13, 12, 12, 9, 8, 8, 9, 5, 6, 5, 4] as const

/** 9 M results of 4,000 schools in five tests, each school in each test 450 pupils; all from hashes of their own numbers. */
const results = `
  select school, test, raw, tasks,
         case when raw >= ${SCALE.from5} then 5 when raw >= ${SCALE.from4} then 4 when raw >= ${SCALE.from3} then 3 else 2 end as mark,
         (2 + least(3, (raw + hash(pupil, test) % 7) // 7))::integer as journal
  from (
    select school, test, pupil, hash(pupil, school, test, ${TASKS.length}) as tasks,
           least(${HIGHEST}, hash(school, test, pupil) % 13 + hash(pupil, test, school) % 11 + hash(school) % 3)::integer as raw
    from range(${SCHOOLS}) as s(school), range(${TESTS}) as t(test), range(${PUPILS}) as p(pupil)
  )`

/** What the markers read of one school in one test. */
export interface Cell {
  readonly school: number
  readonly test: number
  readonly compared: number
  readonly lowered: number
  readonly raised: number
  readonly gap2: number
  readonly twos: number
  readonly fives: number
  readonly mean: number
  readonly sd: number
  /** Works by primary score, 0 … HIGHEST. */
  readonly histogram: Float64Array
  /** Share of the works that solved each task. */
  readonly completion: Float64Array
}

export const makeResults = (database: Database): Promise<unknown> =>
  database.run(`create table result as ${results}`)

/** One pass in SQL: counts of each school and test, test by test; the histogram as a list. */
export const cellsOf = async (database: Database): Promise<Cell[]> => {
  const histogram = Array.from(
    { length: HIGHEST + 1 },
    (_, score) => `count_if(raw = ${String(score)})::integer as h${String(score)}`,
  )
  const solved = TASKS.map(
    (of16, task) =>
      `count_if(((tasks >> ${String(4 * task)}) & 15) < ${String(of16)})::integer as t${String(task)}`,
  )
  const { length, columns } = await database.frame(
    `select school::integer as school, test::integer as test, count(*)::integer as compared, count_if(mark < journal)::integer as lowered,
            count_if(mark > journal)::integer as raised, count_if(abs(mark - journal) >= 2)::integer as gap2,
            count_if(mark = 2)::integer as twos, count_if(mark = 5)::integer as fives, sum(raw)::integer as total, sum(raw * raw)::integer as squares,
            ${[...histogram, ...solved].join(', ')}
     from result group by all order by test, school`,
  )
  const at = (name: string, i: number): number => Number(columns[name]?.[i])
  return Array.from({ length }, (_, i) => {
    const n = at('compared', i)
    const mean = at('total', i) / n
    return {
      school: at('school', i),
      test: at('test', i),
      compared: n,
      lowered: at('lowered', i),
      raised: at('raised', i),
      gap2: at('gap2', i),
      twos: at('twos', i) / n,
      fives: at('fives', i) / n,
      mean,
      sd: Math.sqrt((at('squares', i) - n * mean ** 2) / (n - 1)),
      histogram: Float64Array.from({ length: HIGHEST + 1 }, (__, score) =>
        at(`h${String(score)}`, i),
      ),
      completion: Float64Array.from(TASKS, (__, task) => at(`t${String(task)}`, i) / n),
    }
  })
}
