import { describe, expect, it } from 'vitest'
import {
  HIGHEST,
  MAXIMA,
  PLANTED,
  SCALE,
  SCHOOLS,
  absence,
  boundary,
  copying,
  correction,
  inflation,
  journalCopy,
  makeRegion,
  markOf,
  raisedThroughout,
  type Mechanism,
  type Pupil,
} from '../../../../bench/simulate/markers/region.ts'
import { random } from '../../../../transforms/methods/statistics/random.ts'

const schoolsOf = (mechanism: Mechanism, n = 200) => {
  const region = makeRegion(n, mechanism, 0.15, random(7))
  const pupils = (planted: boolean): Pupil[] =>
    region.filter((school) => school.planted === planted).flatMap((school) => school.pupils)
  return { region, guilty: pupils(true), honest: pupils(false) }
}
const share = (pupils: readonly Pupil[], holds: (pupil: Pupil) => boolean): number =>
  pupils.filter(holds).length / pupils.length
const vector = ({ tasks }: Pupil): string => tasks.join()

const mechanisms = [
  inflation,
  boundary,
  copying,
  absence,
  correction,
  journalCopy,
  raisedThroughout,
]

describe('a synthetic region', () => {
  it.each(mechanisms)(
    'keeps scores within the tasks and equal to their sum ($key)',
    (mechanism) => {
      const { region, guilty, honest } = schoolsOf(mechanism, 30)
      expect(region).toHaveLength(SCHOOLS)
      expect(region.filter(({ planted }) => planted)).toHaveLength(PLANTED)
      for (const { tasks, raw, journal } of [...guilty, ...honest]) {
        expect(tasks.every((score, i) => score >= 0 && score <= (MAXIMA[i] ?? 0))).toBe(true)
        expect(raw).toBe(tasks.reduce((sum, score) => sum + score, 0))
        expect(raw).toBeLessThanOrEqual(HIGHEST)
        expect(journal).toBeGreaterThanOrEqual(2)
        expect(journal).toBeLessThanOrEqual(5)
      }
    },
  )

  it('plants what each mechanism says', () => {
    const lowered = (pupil: Pupil): boolean => markOf(pupil.raw) < pupil.journal
    const inflated = schoolsOf(inflation)
    expect(share(inflated.guilty, lowered)).toBeGreaterThan(share(inflated.honest, lowered) + 0.15)

    const below = ({ raw }: Pupil): boolean => Object.values(SCALE).some((from) => raw === from - 1)
    const bunched = schoolsOf(boundary)
    expect(share(bunched.guilty, below)).toBeLessThan(share(bunched.honest, below) / 2)

    const copied = schoolsOf(copying).region.find(({ planted }) => planted)
    expect(new Set(copied?.pupils.map(vector)).size).toBeLessThan(150)

    const away = schoolsOf(absence)
    expect(share(away.guilty, ({ isPresent }) => !isPresent)).toBeGreaterThan(0.15)

    const raised = schoolsOf(raisedThroughout)
    const meanOf = (pupils: readonly Pupil[]): number =>
      pupils.reduce((sum, { raw }) => sum + raw, 0) / pupils.length
    expect(meanOf(raised.guilty)).toBeGreaterThan(meanOf(raised.honest) + 3)
    const easiest = ({ tasks }: Pupil): boolean => (tasks[0] ?? 0) === MAXIMA[0]
    const hardest = ({ tasks }: Pupil): boolean => (tasks[15] ?? 0) === MAXIMA[15]
    for (const whole of [easiest, hardest])
      expect(share(raised.guilty, whole)).toBeGreaterThan(share(raised.honest, whole))

    const agree = ({ raw, journal }: Pupil): boolean => markOf(raw) === journal
    const fitted = schoolsOf(journalCopy)
    expect(share(fitted.guilty, agree)).toBeGreaterThan(0.95)
    expect(share(fitted.honest, agree)).toBeLessThan(0.75)
  })
})
