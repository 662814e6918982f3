import { Database } from '../../warehouse/database.ts'
import {
  boundaryCounts,
  boundaryExpectations,
  bunching,
  smoothReference,
} from '../../transforms/methods/education/boundary_bunching.ts'
import { easyHardInversion } from '../../transforms/methods/education/easy_hard.ts'
import { identicalVectors } from '../../transforms/methods/education/identical_vectors.ts'
import {
  implausibleTails,
  tailLimits,
} from '../../transforms/methods/education/implausible_tails.ts'
import {
  gapOfTwo,
  journalInflation,
  journalSpread,
  tooGoodAgreement,
} from '../../transforms/methods/education/journal_marker.ts'
import { meanExcess } from '../../transforms/methods/education/mean_excess.ts'
import { absenceOfWeak } from '../../transforms/methods/education/participation_marker.ts'
import {
  cohortDrop,
  cohortJump,
  gradeJump,
  type RiditValue,
} from '../../transforms/methods/education/ridit_marker.ts'
import { random } from '../../transforms/methods/statistics/random.ts'
import { ridit, riditVariance } from '../../transforms/methods/statistics/ridit.ts'
import { byTurns, seconds, timed, type Part } from '../measure.ts'
import {
  absenceRule,
  agreementRule,
  bunchingRule,
  dropRule,
  easyHardRule,
  excessRule,
  gradeRule,
  identicalRule,
  journalRule,
  jumpRule,
  tailRule,
} from '../simulate/markers/rules.ts'
import {
  HIGHEST,
  PUPILS,
  SCALE,
  SCHOOLS,
  TASKS,
  TESTS,
  cellsOf,
  makeResults,
  type Cell,
} from './marker_results.ts'

/** What is known of one test over all schools. */
interface Test {
  readonly cells: readonly Cell[]
  readonly works: Float64Array
  readonly n: number
  readonly mean: number
  readonly sd: number
  readonly completion: Float64Array
}

const sumOf = (cells: readonly Cell[], of: (cell: Cell) => number): number =>
  cells.reduce((sum, cell) => sum + of(cell), 0)

const testsOf = (cells: readonly Cell[]): readonly Test[] =>
  Array.from({ length: TESTS }, (_, test) => {
    const own = cells.filter((cell) => cell.test === test)
    const works = new Float64Array(HIGHEST + 1)
    for (const { histogram } of own)
      histogram.forEach((count, score) => (works[score] = (works[score] ?? 0) + count))
    const n = sumOf(own, ({ compared }) => compared)
    const mean = works.reduce((sum, count, score) => sum + count * score, 0) / n
    return {
      cells: own,
      works,
      n,
      mean,
      sd: Math.sqrt(works.reduce((sum, count, score) => sum + count * (score - mean) ** 2, 0) / n),
      completion: Float64Array.from(
        TASKS,
        (__, task) => sumOf(own, (cell) => (cell.completion[task] ?? 0) * cell.compared) / n,
      ),
    }
  })

/** Every marker over every school and test, by the rules it is simulated by; answers how many are flagged. */
type Marker = (tests: readonly Test[]) => number

const perCell =
  (judge: (cell: Cell, test: Test) => { readonly isFlagged: boolean } | null | undefined): Marker =>
  (tests) =>
    tests.reduce(
      (flags, test) =>
        flags + test.cells.filter((cell) => judge(cell, test)?.isFlagged === true).length,
      0,
    )

const journal: Marker = (tests) => {
  const cells = tests.flatMap((test) => test.cells)
  const compared = sumOf(cells, (cell) => cell.compared)
  const lowered = sumOf(cells, (cell) => cell.lowered) / compared
  const apart = sumOf(cells, (cell) => cell.gap2) / compared
  const differing = sumOf(cells, (cell) => cell.lowered + cell.raised) / compared
  return tests.reduce((flags, test) => {
    const spread = journalSpread(test.cells.map((counts) => ({ counts, referenceShare: lowered })))
    const judged = test.cells.flatMap((cell) => [
      journalInflation(cell, lowered, journalRule, spread),
      gapOfTwo(cell, apart, journalRule),
      tooGoodAgreement(cell, differing, agreementRule),
    ])
    return flags + judged.filter((each) => each?.isFlagged === true).length
  }, 0)
}

const high = perCell(({ mean, compared }, test) =>
  meanExcess({ mean, n: compared }, test, { isAdvanced: false, isConfirmed: false }, excessRule),
)

/** A school's tests one after another as grades of one cohort, and as years of one grade. */
const jumps: Marker = (tests) => {
  const rows = tests.map(({ cells, works }) => {
    const variance = riditVariance(works)
    return cells.map(({ histogram, compared }): RiditValue => ({
      value: ridit(histogram, works).value,
      n: compared,
      variance,
    }))
  })
  let flags = 0
  for (let test = 1; test < rows.length; test++)
    rows[test]?.forEach((now, school) => {
      const before = rows[test - 1]?.[school]
      if (before === undefined) return
      if (cohortDrop(before, now, dropRule).isFlagged) flags++
      if (cohortJump(before, now, jumpRule).isFlagged) flags++
      if (gradeJump(before, now, 0.001, gradeRule).isFlagged) flags++
    })
  return flags
}

const piledUp: Marker = (tests) =>
  tests.reduce((flags, { cells, works }) => {
    const reference = smoothReference(works, SCALE, bunchingRule.degree)
    const judged = cells.map(({ histogram }) =>
      bunching(
        boundaryCounts(
          histogram,
          boundaryExpectations(reference, histogram),
          bunchingRule.minimumWindow,
        ),
        bunchingRule,
      ),
    )
    return flags + judged.filter((each) => each?.isFlagged === true).length
  }, 0)

const inverted = perCell(({ completion, compared, school }, test) =>
  easyHardInversion(
    Array.from(completion, (own, task) => ({ school: own, reference: test.completion[task] ?? 0 })),
    compared,
    { ...easyHardRule, seed: school },
  ),
)

const tails: Marker = (tests) =>
  tests.reduce((flags, { cells, sd }) => {
    const limits = tailLimits(cells, tailRule.outside)
    const judged = cells.map((cell) =>
      implausibleTails({ ...cell, n: cell.compared }, sd, limits, tailRule),
    )
    return flags + judged.filter(({ isFlagged }) => isFlagged).length
  }, 0)

const absent: Marker = (tests) => {
  const bySchool = new Map<number, number[]>()
  for (const { school, compared } of tests.flatMap(({ cells }) => cells)) {
    const participants = bySchool.get(school)
    if (participants === undefined) bySchool.set(school, [compared])
    else participants.push(compared)
  }
  return [...bySchool].filter(
    ([school, participants]) =>
      absenceOfWeak({ enrolled: PUPILS + (school % 90), participants, journal: null }, absenceRule)
        .isFlagged,
  ).length
}

/** Classes whose works O10 compares; of 9 M works there are 360,000 such classes, so some stand for all. */
const CLASSES = 200
const CLASS = 25
/** Independent pupils of differing ability: honest classes take the longest, for each is simulated until that is clear. */
const classes = (): readonly (readonly number[])[][] => {
  const source = random(20_260_901)
  return Array.from({ length: CLASSES }, () =>
    Array.from({ length: CLASS }, () => {
      const ability = source.normal(0, 1)
      return TASKS.map((of16) =>
        source.uniform() < 1 / (1 + Math.exp(-ability - (of16 - 8) / 3)) ? 1 : 0,
      )
    }),
  )
}
const copied = (all: readonly (readonly (readonly number[])[])[]): number =>
  all.filter(
    (vectors, seed) =>
      identicalVectors(
        vectors,
        TASKS.map(() => 1),
        { ...identicalRule, seed },
      )?.isFlagged === true,
  ).length

const MARKERS: readonly (readonly [name: string, marker: Marker])[] = [
  ['O1, O1′, O2', journal],
  ['O3', high],
  ['O4, O5, O6', jumps],
  ['O7', piledUp],
  ['O8', inverted],
  ['O9', tails],
  ['O11', absent],
]

export const markerPart: Part = {
  key: 'markers',
  title: `Признаки необъективности: ${(SCHOOLS * PUPILS * TESTS).toLocaleString('ru-RU')} результатов, ${SCHOOLS.toLocaleString('ru-RU')} школ, ${TESTS} работ`,
  run: async (tell) => {
    const database = await Database.open(':memory:')
    try {
      tell('данные')
      await makeResults(database)
      tell('три круга')
      const cells = (await timed(() => cellsOf(database))).value
      const tests = testsOf(cells)
      const [sql = 0, ...own] = await byTurns(3, [
        () => cellsOf(database),
        ...MARKERS.map(
          ([, marker]) =>
            () =>
              marker(tests),
        ),
      ])
      tell('одинаковые работы')
      const works = classes()
      const [alike = 0] = await byTurns(3, [() => copied(works)])
      const micro = (ms: number, of: number, what: string): string =>
        `${((1000 * ms) / of).toLocaleString('ru-RU', { maximumSignificantDigits: 2 })} мкс на ${what}`
      return [
        {
          name: 'счёт рядов в SQL',
          result: `${seconds(sql)}; рядов ${cells.length.toLocaleString('ru-RU')}`,
        },
        ...MARKERS.map(([name], i) => ({
          name,
          result: `${seconds(own[i] ?? 0)}; ${micro(own[i] ?? 0, cells.length, 'ряд')}`,
        })),
        { name: 'вместе', result: seconds(own.reduce((sum, ms) => sum + ms, sql)) },
        {
          name: 'O10',
          result: `${seconds(alike)} на ${CLASSES} классов по ${CLASS} работ; ${micro(alike, CLASSES * CLASS, 'работу')}`,
          note: 'считается по классам, а не по 9 млн сразу; O12 и O13 берутся не из результатов, а из перепроверки и порядка проведения',
        },
      ]
    } finally {
      database.close()
    }
  },
}
