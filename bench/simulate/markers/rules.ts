/** O1, O1′. The thresholds are the defaults of DOMAIN 3.2, as parameters.objectivity_rule declares them. */
export const journalRule = { minimumN: 10, loweredShare: 0.3, gap2Share: 0.05 } as const

/** O2. */
export const agreementRule = {
  minimumN: 20,
  mostDiffering: 0.05,
  referenceFrom: 0.25,
  p: 0.01,
} as const

/** O3. */
export const excessRule = { minimumN: 10, effectAbove: 0.5 } as const

/** O4. */
export const dropRule = { minimumN: 10, from: 0.15, z: 1.96 } as const

/** O5. */
export const jumpRule = { minimumN: 10, from: 0.2, z: 1.96 } as const

/** O6. */
export const gradeRule = { minimumN: 10, z: 2.58 } as const

/** O7. */
export const bunchingRule = {
  minimumN: 20,
  degree: 4,
  minimumWindow: 10,
  pOne: 0.01,
  pTwo: 0.05,
} as const

/** O8. */
export const easyHardRule = {
  minimumPupils: 15,
  minimumTasks: 3,
  easyFrom: 0.7,
  hardTo: 0.4,
  gapFrom: 0.15,
  p: 0.05,
  permutations: 1999,
} as const

/** O9; the limits of both tails leave out so much of the schools. */
export const tailRule = { minimumN: 20, narrowBelow: 0.5, outside: 0.05 } as const

/** O10. */
export const identicalRule = {
  minimumPupils: 15,
  minimumTasks: 10,
  shareFrom: 0.2,
  p: 0.001,
  simulations: 1199,
} as const

/** O11. */
export const absenceRule = {
  minimumEnrolled: 10,
  participationBelow: 0.9,
  differenceAbove: 0.15,
} as const

/** O12. */
export const recheckRule = {
  minimumWorks: 10,
  meanFrom: 0.05,
  changedBy: 0.1,
  changedFrom: 0.2,
} as const
