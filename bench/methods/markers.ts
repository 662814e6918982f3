import { Database } from '../../warehouse/database.ts'
import {
  boundaryCounts,
  boundaryExpectations,
  bunching,
  smoothReference,
} from '../../transforms/methods/education/boundary_bunching.ts'
import {
  gapOfTwo,
  journalInflation,
  journalSpread,
  tooGoodAgreement,
} from '../../transforms/methods/education/journal_marker.ts'
import { byTurns, seconds, timed, type Part } from '../measure.ts'

const SCHOOLS = 4000
const PUPILS = 450
const CELLS = 5
const HIGHEST = 24
const SCALE = { from3: 7, from4: 13, from5: 19 } as const

/** 9 M results of 4,000 schools in five tests, each school in each test 450 pupils; scores from hashes of their own numbers. */
const results = `
  select school, test, raw,
         case when raw >= ${SCALE.from5} then 5 when raw >= ${SCALE.from4} then 4 when raw >= ${SCALE.from3} then 3 else 2 end as mark,
         (2 + least(3, (raw + hash(pupil, test) % 7) // 7))::integer as journal
  from (
    select school, test, pupil,
           least(${HIGHEST}, hash(school, test, pupil) % 13 + hash(pupil, test, school) % 11 + hash(school) % 3)::integer as raw
    from range(${SCHOOLS}) as s(school), range(${CELLS}) as t(test), range(${PUPILS}) as p(pupil)
  )`

interface Cell {
  readonly school: number
  readonly test: number
  readonly compared: number
  readonly lowered: number
  readonly raised: number
  readonly gap2: number
  readonly histogram: Float64Array
}

/** One pass in SQL: counts of each school and test; the histogram as a list. */
const cellsOf = async (database: Database): Promise<Cell[]> => {
  const counts = Array.from(
    { length: HIGHEST + 1 },
    (_, score) => `count_if(raw = ${score})::integer as h${score}`,
  )
  const { length, columns } = await database.frame(
    `select school::integer as school, test::integer as test, count(*)::integer as compared, count_if(mark < journal)::integer as lowered,
            count_if(mark > journal)::integer as raised, count_if(abs(mark - journal) >= 2)::integer as gap2, ${counts.join(', ')}
     from result group by all order by test, school`,
  )
  const at = (name: string, i: number): number => Number(columns[name]?.[i])
  return Array.from({ length }, (_, i) => ({
    school: at('school', i),
    test: at('test', i),
    compared: at('compared', i),
    lowered: at('lowered', i),
    raised: at('raised', i),
    gap2: at('gap2', i),
    histogram: Float64Array.from({ length: HIGHEST + 1 }, (__, score) => at(`h${score}`, i)),
  }))
}

const journalRule = { minimumN: 10, loweredShare: 0.3, gap2Share: 0.05 } as const

const journalFlags = (cells: readonly Cell[]): number => {
  const total = (of: (cell: Cell) => number): number =>
    cells.reduce((sum, cell) => sum + of(cell), 0)
  const compared = total((cell) => cell.compared)
  const rates = [
    total((cell) => cell.lowered),
    total((cell) => cell.gap2),
    total((cell) => cell.lowered + cell.raised),
  ].map((count) => count / compared)
  const [lowered = 0, apart = 0, differing = 0] = rates
  const spreads = Array.from({ length: CELLS }, (_, test) =>
    journalSpread(
      cells
        .filter((cell) => cell.test === test)
        .map((counts) => ({ counts, referenceShare: lowered })),
    ),
  )
  let flags = 0
  for (const cell of cells) {
    if (journalInflation(cell, lowered, journalRule, spreads[cell.test]).isFlagged) flags++
    if (gapOfTwo(cell, apart, journalRule)?.isFlagged === true) flags++
    if (
      tooGoodAgreement(cell, differing, {
        minimumN: 20,
        mostDiffering: 0.05,
        referenceFrom: 0.25,
        p: 0.01,
      }).isFlagged
    )
      flags++
  }
  return flags
}

const bunchingFlags = (cells: readonly Cell[]): number => {
  let flags = 0
  for (let test = 0; test < CELLS; test++) {
    const own = cells.filter((cell) => cell.test === test)
    const all = new Float64Array(HIGHEST + 1)
    for (const { histogram } of own)
      histogram.forEach((count, score) => (all[score] = (all[score] ?? 0) + count))
    const reference = smoothReference(all, SCALE, 4)
    for (const { histogram } of own) {
      const counts = boundaryCounts(histogram, boundaryExpectations(reference, histogram), 10)
      if (bunching(counts, { pOne: 0.01, pTwo: 0.05 })?.isFlagged === true) flags++
    }
  }
  return flags
}

export const markerPart: Part = {
  key: 'markers',
  title: `Признаки необъективности: ${(SCHOOLS * PUPILS * CELLS).toLocaleString('ru-RU')} результатов, ${SCHOOLS.toLocaleString('ru-RU')} школ, ${CELLS} работ`,
  run: async (tell) => {
    const database = await Database.open(':memory:')
    try {
      tell('данные')
      await database.run(`create table result as ${results}`)
      tell('три круга')
      const counted = await timed(() => cellsOf(database))
      const cells = counted.value
      const [sql = 0, journal = 0, boundary = 0] = await byTurns(3, [
        () => cellsOf(database),
        () => journalFlags(cells),
        () => bunchingFlags(cells),
      ])
      const each = (ms: number): string =>
        `${((1000 * ms) / cells.length).toLocaleString('ru-RU', { maximumFractionDigits: 0 })} мкс на ряд`
      return [
        {
          name: 'счёт рядов в SQL',
          result: `${seconds(sql)}; рядов ${cells.length.toLocaleString('ru-RU')}`,
        },
        { name: 'O1, O2, O1′', result: `${seconds(journal)}; ${each(journal)}` },
        { name: 'O7', result: `${seconds(boundary)}; ${each(boundary)}` },
        { name: 'вместе', result: seconds(sql + journal + boundary) },
      ]
    } finally {
      database.close()
    }
  },
}
