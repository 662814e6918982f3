import type { Random } from '../../../transforms/methods/statistics/random.ts'

/** A pupil as known to the simulation: what was written, what the journal says. */
export interface Pupil {
  readonly ability: number
  readonly tasks: number[]
  raw: number
  journal: number
  isPresent: boolean
}
export interface School {
  readonly planted: boolean
  readonly pupils: readonly Pupil[]
}

/** Greatest scores of the 16 tasks; from the easiest to the hardest. */
export const MAXIMA: readonly number[] = [1, 1, 2, 1, 2, 1, 1, 2, 1, 2, 1, 2, 1, 2, 2, 2]
export const HIGHEST = MAXIMA.reduce((sum, value) => sum + value, 0)
/** Primary score from which a mark begins: about 7 % of «2», 32 % of «3», 42 % of «4» in an honest region. */
export const SCALE = { from3: 7, from4: 12, from5: 18 } as const
export const SCHOOLS = 60
export const PLANTED = 6

export const markOf = (raw: number): number =>
  raw >= SCALE.from5 ? 5 : raw >= SCALE.from4 ? 4 : raw >= SCALE.from3 ? 3 : 2

const difficulty = (task: number): number => -2.2 + (4.2 * task) / (MAXIMA.length - 1)
const journalCuts = [-1.5, -0.35, 0.95] as const

export const write = (ability: number, source: Random): number[] =>
  MAXIMA.map((most, task) => {
    const chance = 1 / (1 + Math.exp(-1.2 * (ability - difficulty(task))))
    let score = 0
    for (let point = 0; point < most; point++) if (source.uniform() < chance) score++
    return score
  })

/**
 * An honest school: abilities N(μ, 0,93²), tasks by a logistic model, the journal mark from the ability seen with error and the
 * teachers' own strictness, which varies between schools by `spread`; a pupil in twenty is absent by chance.
 */
export const honestSchool = (
  n: number,
  source: Random,
  spread: number,
  mean = source.normal(0, 0.35),
): School => {
  const strictness = source.normal(0, spread)
  const pupils = Array.from({ length: n }, (): Pupil => {
    const ability = source.normal(mean, 0.93)
    const tasks = write(ability, source)
    const seen = ability + source.normal(0, 0.45) - strictness
    return {
      ability,
      tasks,
      raw: tasks.reduce((sum, score) => sum + score, 0),
      journal: 2 + journalCuts.filter((cut) => seen >= cut).length,
      isPresent: source.uniform() >= 0.05,
    }
  })
  return { planted: false, pupils }
}

/** What a school does to its results. */
export interface Mechanism {
  readonly key: string
  readonly name: string
  readonly apply: (pupils: readonly Pupil[], source: Random) => void
  /** Mean ability of the schools that do it. */
  readonly mean?: number
}

const addUp = (pupil: Pupil): void => {
  pupil.raw = pupil.tasks.reduce((sum, score) => sum + score, 0)
}

/** Points given in tasks not fully done, one after another, until the work has `raw`. */
const raise = (pupil: Pupil, raw: number): void => {
  for (let task = 0; task < MAXIMA.length && pupil.raw < raw; task++)
    while ((pupil.tasks[task] ?? 0) < (MAXIMA[task] ?? 0) && pupil.raw < raw) {
      pupil.tasks[task] = (pupil.tasks[task] ?? 0) + 1
      addUp(pupil)
    }
}
const lower = (pupil: Pupil, raw: number): void => {
  for (let task = MAXIMA.length - 1; task >= 0 && pupil.raw > raw; task--)
    while ((pupil.tasks[task] ?? 0) > 0 && pupil.raw > raw) {
      pupil.tasks[task] = (pupil.tasks[task] ?? 0) - 1
      addUp(pupil)
    }
}

export const inflation: Mechanism = {
  key: 'inflation',
  name: 'завышены отметки в журнале (половине учеников +1)',
  apply: (pupils, source) => {
    for (const pupil of pupils)
      if (source.uniform() < 0.5) pupil.journal = Math.min(5, pupil.journal + 1)
  },
}
export const boundary: Mechanism = {
  key: 'boundary',
  name: 'дотянуты до границы 70 % работ, которым не хватало 1–2 баллов',
  apply: (pupils, source) => {
    for (const pupil of pupils)
      for (const from of Object.values(SCALE))
        if ((pupil.raw === from - 1 || pupil.raw === from - 2) && source.uniform() < 0.7) {
          raise(pupil, from)
          break
        }
  },
}
export const copying: Mechanism = {
  key: 'copying',
  name: 'списано: 40 % учеников повторяют одну из трёх работ',
  apply: (pupils, source) => {
    const best = [...pupils].sort((a, b) => b.ability - a.ability).slice(2, 5)
    for (const pupil of pupils) {
      if (best.includes(pupil) || source.uniform() >= 0.4) continue
      const from = best[source.integer(best.length)]
      from?.tasks.forEach((score, task) => (pupil.tasks[task] = score))
      addUp(pupil)
    }
  },
}
export const absence: Mechanism = {
  key: 'absence',
  name: 'не пришли 80 % учеников из слабейших 20 %',
  apply: (pupils, source) => {
    const weakest = [...pupils]
      .sort((a, b) => a.ability - b.ability)
      .slice(0, Math.round(pupils.length * 0.2))
    for (const pupil of weakest) if (source.uniform() < 0.8) pupil.isPresent = false
  },
}
export const correction: Mechanism = {
  key: 'correction',
  name: 'учитель исправил трудные задания у 60 % учеников слабой школы',
  mean: -0.5,
  apply: (pupils, source) => {
    for (const pupil of pupils) {
      if (source.uniform() >= 0.6) continue
      MAXIMA.forEach((most, task) => {
        if (task >= 10 && source.uniform() < 0.8) pupil.tasks[task] = most
      })
      addUp(pupil)
    }
  },
}
/** Points given in tasks not fully done, chosen at random, whatever their difficulty. */
export const raisedThroughout: Mechanism = {
  key: 'raised_throughout',
  name: 'учитель исправил работы: 70 % учеников прибавлено по 6 баллов из 24 в любых невыполненных заданиях',
  apply: (pupils, source) => {
    for (const pupil of pupils) {
      if (source.uniform() >= 0.7) continue
      const undone = MAXIMA.flatMap((most, task) =>
        Array.from({ length: most - (pupil.tasks[task] ?? 0) }, () => task),
      )
      for (let point = 0; point < 6 && undone.length > 0; point++) {
        const [task = 0] = undone.splice(source.integer(undone.length), 1)
        pupil.tasks[task] = (pupil.tasks[task] ?? 0) + 1
      }
      addUp(pupil)
    }
  },
}
export const journalCopy: Mechanism = {
  key: 'journal_copy',
  name: 'отметка за работу подогнана под журнал у 97 % учеников',
  apply: (pupils, source) => {
    const least = [0, SCALE.from3, SCALE.from4, SCALE.from5]
    const most = [SCALE.from3 - 1, SCALE.from4 - 1, SCALE.from5 - 1, HIGHEST]
    for (const pupil of pupils) {
      if (source.uniform() >= 0.97) continue
      const step = pupil.journal - 2
      raise(pupil, least[step] ?? 0)
      lower(pupil, most[step] ?? HIGHEST)
    }
  },
}

/** A region of schools of n pupils, some of which do what the mechanism says. */
export const makeRegion = (
  n: number,
  mechanism: Mechanism,
  spread: number,
  source: Random,
): School[] =>
  Array.from({ length: SCHOOLS }, (_, i) => {
    if (i >= PLANTED) return honestSchool(n, source, spread)
    const school = honestSchool(n, source, spread, mechanism.mean)
    mechanism.apply(school.pupils, source)
    return { planted: true, pupils: school.pupils }
  })
