import { grouped } from '../../contract/computation.ts'

export interface Unit {
  readonly level: string
  readonly unit_key: string
}
interface Counted extends Unit {
  readonly n: number | null
}
interface Whole {
  readonly whole: number
  readonly parts: readonly number[]
}
/** Which schools a unit of several has, and in which unit of a level a school is. */
export interface Membership {
  readonly schoolsOf: (unit: Unit) => readonly string[]
  readonly unitOf: (level: string, school: string) => string | undefined
}
export const membershipOf = (
  members: readonly (Unit & { readonly school_key: string })[],
): Membership => {
  const schools = new Map<string, Map<string, string[]>>()
  const units = new Map<string, Map<string, string>>()
  for (const { level, unit_key, school_key } of members) {
    const ofLevel = schools.get(level) ?? new Map<string, string[]>()
    schools.set(level, ofLevel)
    const ofUnit = ofLevel.get(unit_key)
    if (ofUnit === undefined) ofLevel.set(unit_key, [school_key])
    else ofUnit.push(school_key)
    const unitOf = units.get(level) ?? new Map<string, string>()
    units.set(level, unitOf)
    unitOf.set(school_key, unit_key)
  }
  return {
    schoolsOf: ({ level, unit_key }) => schools.get(level)?.get(unit_key) ?? [],
    unitOf: (level, school) => units.get(level)?.get(school),
  }
}

/**
 * Sums among the numbers of one indicator, procedure, subject, grade and year, rows being told by number: a unit and its schools; a unit, the
 * units of another level that lie in it whole and its other schools (so also those that have no unit of that level); a unit and all units of a
 * level that have as many people together, whatever their schools.
 */
export const unitSums = (
  rows: readonly Counted[],
  cell: readonly number[],
  { schoolsOf, unitOf }: Membership,
): readonly Whole[] => {
  const ofLevel = grouped(cell, (row) => rows[row]?.level ?? '')
  const keyOf = (row: number): string => rows[row]?.unit_key ?? ''
  const schools = (ofLevel.get('school') ?? []).map((row) => ({ row, key: keyOf(row) }))
  const levels = [...ofLevel.keys()].filter((level) => level !== 'school')
  const own = new Map(
    levels.map((level) => [level, grouped(schools, ({ key }) => unitOf(level, key))]),
  )
  const sums: Whole[] = []
  for (const level of levels) {
    const wholes = ofLevel.get(level) ?? []
    for (const whole of wholes) {
      const parts = own.get(level)?.get(keyOf(whole)) ?? []
      if (parts.length > 0) sums.push({ whole, parts: parts.map(({ row }) => row) })
    }
    for (const between of levels) {
      if (between === level) continue
      const units = ofLevel.get(between) ?? []
      const people = units.reduce((all, row) => all + (rows[row]?.n ?? 0), 0)
      /** The unit of `level` in which all schools of a unit lie. */
      const around = (unit_key: string): string | undefined => {
        const counted = (own.get(between)?.get(unit_key) ?? []).map(({ key }) => key)
        const inside = counted.length > 0 ? counted : schoolsOf({ level: between, unit_key })
        const found = new Set(inside.map((key) => unitOf(level, key)))
        return found.size === 1 ? [...found][0] : undefined
      }
      const inside = grouped(units, (row) => around(keyOf(row)))
      for (const whole of wholes) {
        const parts = inside.get(keyOf(whole)) ?? []
        const covered = new Set(parts.map(keyOf))
        const others = (own.get(level)?.get(keyOf(whole)) ?? []).filter(
          ({ key }) => !covered.has(unitOf(between, key) ?? ''),
        )
        if (parts.length > 0)
          sums.push({ whole, parts: [...parts, ...others.map(({ row }) => row)] })
        if (people === rows[whole]?.n) sums.push({ whole, parts: units })
      }
    }
  }
  return sums
}
