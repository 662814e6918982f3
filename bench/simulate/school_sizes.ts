/** Pupils of the schools of a region whose judged schools have n of them. */
export interface SchoolSizes {
  readonly label: string
  readonly of: (n: number) => readonly number[]
  /** So many schools, the first ones, are judged. */
  readonly judged: number
}

export const equal = (schools: number): SchoolSizes => ({
  label: `${schools} школ`,
  of: (n) => Array.from({ length: schools }, () => n),
  judged: schools,
})

const OTHERS = [5, 10, 10, 20, 40, 100, 200] as const

/** One school among others from the smallest to the largest of a municipality. */
export const unequal: SchoolSizes = {
  label: `школа среди семи других размеров (${OTHERS.join(', ')})`,
  of: (n) => [n, ...OTHERS],
  judged: 1,
}

/** The school of each pupil, school by school. */
export const schoolsOf = (sizes: readonly number[]): Int32Array =>
  Int32Array.from(sizes.flatMap((size, school) => Array.from({ length: size }, () => school)))
