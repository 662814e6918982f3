import { massStudies } from './bunching_mass.ts'
import { limitStudies } from './limits.ts'
import { meanStudies } from './means.ts'
import { modelStudies } from './models.ts'
import { proportionStudies } from './proportions.ts'
import { relationStudies } from './relations.ts'
import { scorecardStudies } from './scorecards.ts'
import { shrinkageStudies } from './shrinkage.ts'
import type { CoverageStudy } from './study.ts'

/** Every study of the coverage of an interval, in the order in which they run. */
export const coverageStudies: readonly CoverageStudy[] = [
  ...proportionStudies,
  ...meanStudies,
  ...shrinkageStudies,
  ...relationStudies,
  ...modelStudies,
  ...limitStudies,
  ...scorecardStudies,
  ...massStudies,
]
