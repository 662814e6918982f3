import { normalQuantile, normalShare } from './normal.ts'
import { Random } from './random.ts'
import { breakYear, type Procedure, type SubjectCode } from './scales.ts'

/** Percentages of the marks 2, 3, 4, 5, two decimals, summing to 100. */
export type Shares = readonly [number, number, number, number]
/** Where marks 3, 4, 5 begin on the latent scale (standard normal in the country). */
export type Cuts = readonly [number, number, number]

const vpr: Readonly<Record<string, Shares>> = {
  russian4: [5.4, 33.6, 43.9, 17.1],
  maths4: [3.9, 23.8, 43.1, 29.2],
  world4: [3.1, 23.4, 54.6, 18.9],
  russian5: [12.2, 36.7, 35.9, 15.2],
  maths5: [10.6, 34.1, 35.4, 19.9],
  russian6: [14.1, 39.4, 34.2, 12.3],
  maths6: [12.4, 45.3, 34.4, 7.9],
  history6: [9.1, 39.6, 36.8, 14.5],
  biology6: [8.6, 41.7, 38.1, 11.6],
  russian7: [15.2, 42.9, 32.4, 9.5],
  maths7: [11.8, 46.4, 32.6, 9.2],
  russian8: [16.3, 36.2, 34.6, 12.9],
  maths8: [12.1, 52.2, 29.8, 5.9],
  maths_advanced7: [6.4, 38.7, 38.4, 16.5],
}

const oge: Readonly<Record<string, Shares>> = {
  russian: [4.8, 32.6, 33.9, 28.7],
  maths: [8.9, 42.3, 37.1, 11.7],
  social: [7.1, 43.2, 37.9, 11.8],
  geography: [6.3, 35.8, 36.5, 21.4],
  biology: [4.6, 41.9, 41.3, 12.2],
  informatics: [6.2, 39.4, 38.2, 16.2],
}

const cumulative = (shares: Shares): [number, number, number] => [
  shares[0] / 100,
  (shares[0] + shares[1]) / 100,
  (shares[0] + shares[1] + shares[2]) / 100,
]

export const cutsOf = (shares: Shares): Cuts => {
  const [c3, c4, c5] = cumulative(shares)
  return [normalQuantile(c3), normalQuantile(c4), normalQuantile(c5)]
}

const hundredths = (parts: readonly number[]): Shares => {
  const total = parts.reduce((sum, part) => sum + part, 0)
  const scaled = parts.map((part) => (part / total) * 10000)
  const whole = scaled.map(Math.floor)
  let left = 10000 - whole.reduce((sum, part) => sum + part, 0)
  const order = scaled
    .map((part, i) => [part - Math.floor(part), i] as const)
    .sort((a, b) => b[0] - a[0])
  for (const [, i] of order) {
    if (left <= 0) break
    whole[i] = (whole[i] ?? 0) + 1
    left -= 1
  }
  const [p2 = 0, p3 = 0, p4 = 0, p5 = 0] = whole.map((part) => part / 100)
  return [p2, p3, p4, p5]
}

/** Shares of marks of a population whose mean lies `mean` standard deviations above the country's. */
export const sharesAt = (cuts: Cuts, mean: number): Shares => {
  const [a, b, c] = cuts.map((cut) => normalShare(cut - mean))
  const [x = 0, y = 0, z = 0] = [a, b, c]
  return hundredths([x, y - x, z - y, 1 - z])
}

/** The country's row «Вся выборка». Invented, but for ВПР 2026 Russian in grade 4. */
export const federalShares = (
  procedure: Procedure,
  subject: SubjectCode,
  grade: number,
  year: number,
): Shares => {
  if (procedure === 'ege') return [2.8, 27.6, 40.3, 29.3]
  if (procedure === 'vpr' && subject === 'russian' && grade === 4 && year === 2026) {
    return [5.06, 32.92, 44.33, 17.69]
  }
  const base = procedure === 'oge' ? oge[subject] : vpr[`${subject}${grade}`]
  if (!base) throw new RangeError(`no federal shares for ${procedure} ${subject} ${grade}`)
  const drift = new Random(0, 'federal', procedure, subject, grade, year).normal() * 0.025
  const harder = procedure === 'vpr' && year >= breakYear ? -0.07 : 0
  return sharesAt(cutsOf(base), drift + harder)
}

/** Schools and participants behind the row «Вся выборка». */
export const federalSize = (subject: SubjectCode, grade: number, year: number) => {
  if (subject === 'russian' && grade === 4 && year === 2026)
    return { schools: 35589, pupils: 1722202 }
  const random = new Random(0, 'federal size', subject, grade, year)
  const part = subject === 'russian' || subject === 'maths' ? 1 : 0.33
  const pupils = Math.round(
    (1_745_000 - 46_000 * (grade - 4)) * part * (1 + random.normal() * 0.01),
  )
  return { schools: Math.round(36_100 * (part < 1 ? 0.8 : 1) + random.normal() * 150), pupils }
}

/** Mean of the region against the country, in standard deviations. */
export const regionMean = -0.08

export const regionSize = (subject: SubjectCode, grade: number, year: number) => {
  const random = new Random(0, 'region size', subject, grade, year)
  const part = subject === 'russian' || subject === 'maths' ? 1 : 0.33
  return {
    schools: Math.round(468 * (part < 1 ? 0.8 : 1) + random.normal() * 3),
    pupils: Math.round((12_300 - 330 * (grade - 4)) * part * (1 + random.normal() * 0.012)),
  }
}

interface EgeReference {
  readonly mean: number
  readonly sd: number
  /** True where the mean stands in the domain specification; every SD is invented. */
  readonly known: boolean
}

const egeMeans: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  russian: [
    [2023, 68.43],
    [2024, 63.88],
    [2025, 60.7],
  ],
  maths_profile: [
    [2024, 62.6],
    [2025, 62],
  ],
  physics: [
    [2024, 63.21],
    [2025, 61.79],
  ],
}
const egeUsual: Readonly<Record<string, readonly [mean: number, sd: number]>> = {
  russian: [61.2, 15.8],
  maths_profile: [58.4, 17.2],
  physics: [58.1, 15.1],
  biology: [54.6, 17.4],
  history: [57.9, 18.1],
  social: [56.3, 17.6],
  informatics: [56.7, 20.3],
}

/** Mean and standard deviation of ЕГЭ test scores in the country. */
export const egeFederal = (subject: SubjectCode, year: number): EgeReference => {
  const usual = egeUsual[subject]
  if (!usual) throw new RangeError(`no ЕГЭ reference for ${subject}`)
  const known = egeMeans[subject]?.find(([of]) => of === year)?.[1]
  return { mean: known ?? usual[0], sd: usual[1], known: known !== undefined }
}

/** Shares of ОГЭ marks in the country, for parameters scoped `sample`. */
export const ogeFederal = (subject: SubjectCode, year: number): Shares =>
  federalShares('oge', subject, 9, year)
