import type { VprCell } from './results.ts'
import { boundaryPlant } from './results.ts'
import {
  isOpen,
  municipality,
  nameIn,
  type ContextGroup,
  type Plant,
  type SchoolType,
} from './schools.ts'
import { markCounts } from './forms/vpr_marks.ts'
import { vprTests } from './scales.ts'
import type { World } from './world.ts'

export type SourceName =
  | 'vpr_individual'
  | 'vpr_marks'
  | 'vpr_journal'
  | 'oge_protocol'
  | 'ege_protocol'
  | 'school_register'
  | 'oo1'
  | 'staff_register'
  | 'olympiad_school'
  | 'olympiad_municipal'
  | 'medal_contenders'

/** What a loader is to do with a planted fault: `ignored` means read as meant, without a word. */
export type Expected = 'refused' | 'quarantined' | 'warning' | 'ignored'

export interface Fault {
  readonly file: string
  readonly sheet?: string
  /** Row and column counted from 1, as a spreadsheet shows them. */
  readonly row?: number
  readonly column?: number
  readonly kind: string
  readonly expected: Expected
  readonly note: string
}

export interface TruthSchool {
  readonly code: string
  readonly login: string
  readonly name: string
  readonly type: SchoolType
  readonly rural: boolean
  readonly group: ContextGroup
  readonly plant: Plant | null
  readonly pupils: Readonly<Record<string, number>>
  readonly merged: { readonly from: number; readonly successor: string } | null
  readonly renamed: { readonly from: number; readonly name: string } | null
}

export interface TruthFile {
  readonly path: string
  readonly source: SourceName | null
  readonly year: number | null
  /** Data rows that a loader is to load from this file; lines of groups, titles and totals are none. */
  readonly rows: number
}

export interface Truth {
  readonly seed: number
  readonly years: readonly [number, number]
  readonly municipality: { readonly name: string; readonly code: string; readonly region: string }
  readonly schools: readonly TruthSchool[]
  /** Codes of schools; a trend over the last three years. */
  readonly improving: readonly string[]
  readonly declining: readonly string[]
  /** Far below the municipality and below what their context lets expect. */
  readonly riskZone: readonly string[]
  /** Below the municipality, but as their context lets expect: low or red in raw results, not after allowing for context. */
  readonly contextOnly: readonly string[]
  readonly inflating: readonly {
    readonly code: string
    readonly subject: string
    readonly grades: readonly number[]
    readonly years: readonly number[]
    /** The mark at whose lowest score results bunch. */
    readonly boundaryOfMark: number
  }[]
  /** Marks in the journal far above those of ВПР, in every subject, grade and year. */
  readonly journalInflating: readonly string[]
  readonly clusters: Readonly<Record<ContextGroup, readonly string[]>>
  /** Rows to be loaded (after superseded and repeated files) by source and school year. */
  readonly rows: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly marks: readonly {
    readonly year: number
    readonly procedure: 'vpr'
    readonly subject: string
    readonly grade: number
    readonly n: number
    readonly marks: Readonly<Record<'2' | '3' | '4' | '5', number>>
    readonly sumOfPrimaryScores: number
  }[]
  readonly files: readonly TruthFile[]
  readonly faults: readonly Fault[]
}

const groups = [
  'city_favourable',
  'city_ordinary',
  'village_large',
  'village_remote',
  'adverse',
] as const satisfies readonly ContextGroup[]

/** What was planted in a world and what its files hold. */
export const makeTruth = (
  world: World,
  cells: readonly VprCell[],
  files: readonly (TruthFile & { readonly counted: boolean })[],
  faults: readonly Fault[],
): Truth => {
  const { schools } = world
  const codes = (test: (school: (typeof schools)[number]) => boolean): string[] =>
    schools.filter(test).map((school) => school.code)
  const size = new Map<string, number>()
  for (const [year, enrolments] of world.enrolments) {
    for (const { school } of enrolments) {
      const key = `${school.code}/${year}`
      size.set(key, (size.get(key) ?? 0) + 1)
    }
  }
  const rows: Record<string, Record<string, number>> = {}
  for (const file of files) {
    if (!file.counted || file.source === null || file.year === null) continue
    const years = (rows[file.source] ??= {})
    years[file.year] = (years[file.year] ?? 0) + file.rows
  }
  return {
    seed: world.seed,
    years: [world.first, world.last],
    municipality: {
      name: municipality.name,
      code: municipality.code,
      region: municipality.region,
    },
    schools: schools.map((school) => ({
      code: school.code,
      login: school.login,
      name: nameIn(school, world.last),
      type: school.type,
      rural: school.context.rural,
      group: school.group,
      plant: school.plant ?? null,
      pupils: Object.fromEntries(
        world.years
          .filter((year) => isOpen(school, year))
          .map((year) => [year, size.get(`${school.code}/${year}`) ?? 0]),
      ),
      merged: school.merged ?? null,
      renamed: school.renamed
        ? { from: school.renamed.from, name: school.renamed.shortName }
        : null,
    })),
    improving: codes((school) => school.plant === 'improving'),
    declining: codes((school) => school.plant === 'declining'),
    riskZone: codes((school) => school.plant === 'risk'),
    contextOnly: codes((school) => school.group === 'adverse' && school.plant === undefined),
    inflating: schools.flatMap((school) => {
      const plant = boundaryPlant(school)
      if (!plant) return []
      const grades = vprTests(world.last)
        .filter(({ subject }) => subject === plant.subject)
        .map(({ grade }) => grade)
      return [
        {
          code: school.code,
          subject: plant.subject,
          grades,
          years: world.years,
          boundaryOfMark: plant.mark,
        },
      ]
    }),
    journalInflating: codes((school) => school.plant === 'journal'),
    clusters: {
      city_favourable: codes((school) => school.group === groups[0]),
      city_ordinary: codes((school) => school.group === groups[1]),
      village_large: codes((school) => school.group === groups[2]),
      village_remote: codes((school) => school.group === groups[3]),
      adverse: codes((school) => school.group === groups[4]),
    },
    rows,
    marks: cells.map(({ year, subject, grade, results }) => {
      const [two = 0, three = 0, four = 0, five = 0] = markCounts(results)
      return {
        year,
        procedure: 'vpr',
        subject,
        grade,
        n: results.length,
        marks: { '2': two, '3': three, '4': four, '5': five },
        sumOfPrimaryScores: results.reduce((sum, { primary }) => sum + primary, 0),
      }
    }),
    files: files.map(({ path, source, year, rows: loaded }) => ({
      path,
      source,
      year,
      rows: loaded,
    })),
    faults,
  }
}
