import type { MarkerStudy } from './marker_study.ts'
import { otherMechanismStudies } from './other_mechanism_studies.ts'
import { resultStudies } from './result_studies.ts'
import { schoolStudies } from './school_studies.ts'

export const markerStudies: readonly MarkerStudy[] = [
  ...schoolStudies,
  ...resultStudies,
  ...otherMechanismStudies,
]
