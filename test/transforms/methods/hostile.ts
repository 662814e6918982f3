import { StatisticsError } from '../../../transforms/methods/statistics/errors.ts'
import { matrixOf, type Matrix } from '../../../transforms/methods/statistics/matrix.ts'

/** Numbers of every kind that a caller could pass: what is no number, too large, too small, of the wrong sign, between the whole ones. */
export const numbers = [
  NaN,
  Infinity,
  -Infinity,
  0,
  -0,
  5e-324,
  1e-310,
  1e-200,
  1e-9,
  0.05,
  0.3,
  0.5,
  0.999,
  1,
  2,
  2.5,
  3,
  12,
  30,
  1e3,
  1e7,
  9e15,
  1e100,
  1e200,
  1e308,
  -1,
  -0.5,
  -1e308,
]
const isBad = (value: unknown): boolean =>
  typeof value === 'number'
    ? !Number.isFinite(value)
    : ArrayBuffer.isView(value)
      ? Array.from(value as Float64Array).some(isBad)
      : typeof value === 'object' && value !== null && Object.values(value).some(isBad)
/** What came of a call. */
export const outcome = (call: () => unknown): 'number' | 'not a number' | 'refusal' | 'crash' => {
  try {
    return isBad(call()) ? 'not a number' : 'number'
  } catch (error) {
    return error instanceof StatisticsError ? 'refusal' : 'crash'
  }
}

/** Calls with two numbers put into one function, by its name. */
export type Calls = readonly (readonly [string, (a: number, b: number) => unknown])[]

/** The pairs that a call answers with what is no finite number, or at which it breaks with an error of another kind. */
export const brokenBy = (call: (a: number, b: number) => unknown): readonly string[] =>
  numbers.flatMap((a) =>
    numbers.flatMap((b) => {
      const found = outcome(() => call(a, b))
      return found === 'number' || found === 'refusal'
        ? []
        : [`${String(a)}, ${String(b)}: ${found}`]
    }),
  )

/** Six rows of two numbers with a and b among them. */
const rows = (a: number, b: number): readonly (readonly [number, number])[] => [
  [1, 2],
  [a, 1],
  [3, b],
  [b, a],
  [4, 4],
  [2, 7],
]
export const column = (a: number, b: number) => rows(a, b).map(([x]) => x)
export const other = (a: number, b: number) => rows(a, b).map(([, y]) => y)
export const points = (a: number, b: number): Matrix => matrixOf(rows(a, b))
export const thirds = [0, 1, 2, 0, 1, 2]
export const halves = [0, 0, 0, 1, 1, 1]
