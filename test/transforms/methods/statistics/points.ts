import fc from 'fast-check'
import { matrixOf, type Matrix } from '../../../../transforms/methods/statistics/matrix.ts'
import { random } from '../../../../transforms/methods/statistics/random.ts'

const number = fc.integer({ min: -1000, max: 1000 }).map((value) => value / 8)

/** Sets of 1–3 features whose rows are all different. */
export const pointSets = (least: number, most: number): fc.Arbitrary<number[][]> =>
  fc.integer({ min: 1, max: 3 }).chain((d) =>
    fc.uniqueArray(fc.array(number, { minLength: d, maxLength: d }), {
      minLength: least,
      maxLength: most,
      selector: (row) => row.join(),
    }),
  )

/** Clouds of `size` points around each centre, spread 1, seeded; rows of a cloud stand together. */
export const clouds = (centres: readonly number[][], size: number, seed: number): Matrix => {
  const draw = random(seed)
  return matrixOf(
    centres.flatMap((centre) =>
      Array.from({ length: size }, () => centre.map((value) => draw.normal(value, 1))),
    ),
  )
}

/** A seeded permutation of 0 … n − 1. */
export const permutation = (n: number, seed: number): number[] =>
  random(seed).shuffle(Array.from({ length: n }, (_, i) => i))
