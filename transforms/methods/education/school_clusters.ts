import { gowerDistances, type GowerFeature } from '../statistics/gower.ts'
import { kMeans } from '../statistics/kmeans.ts'
import { kMedoids } from '../statistics/kmedoids.ts'
import { matchLabels } from '../statistics/matching.ts'
import { matrix, matrixOfColumns, type Matrix } from '../statistics/matrix.ts'
import { classicalScaling, firstPrincipalComponent } from '../statistics/principal_component.ts'
import { random } from '../statistics/random.ts'
import { robustScores, winsorise } from '../statistics/scaling.ts'
import { silhouetteOfDistances, silhouetteOfPoints } from '../statistics/silhouette.ts'
import { adjustedRandIndex, bootstrapJaccard } from '../statistics/stability.ts'
import { quantile } from '../statistics/sums.ts'
import { atLeast, isBelow } from './threshold.ts'

/** One context feature of all schools: a number (NaN: missing) or a category. Never a result. */
export interface ContextFeature {
  readonly name: string
  readonly kind: 'numeric' | 'category'
  readonly values: ArrayLike<number>
}
/** Every number comes from parameters.cluster_rule. */
export interface ClusterRule {
  readonly clusterFrom: number
  readonly kmeansFrom: number
  readonly mostClusters: number
  /** Clusters are at most so many that there are this many schools for each. */
  readonly schoolsPerCluster: number
  readonly smallestCluster: number
  readonly silhouetteFrom: number
  /** Mean silhouettes that differ by no more are equal: fewer clusters win. */
  readonly silhouetteTie: number
  readonly patternsFrom: number
  readonly bootstraps: number
  readonly starts: number
  readonly neighbours: number
  readonly winsorShare: number
  readonly seed: number
}
export interface Grouping {
  /** `none`: too few schools or no structure; all are in group 0. */
  readonly algorithm: 'none' | 'k-medoids' | 'k-means'
  readonly labels: Int32Array
  readonly clusters: number
  /** Mean silhouette, −1…1; null without clusters. */
  readonly silhouette: number | null
  /** Mean bootstrap Jaccard coefficient, 0–1; null without clusters. */
  readonly stability: number | null
}
export interface ContextMap {
  /** n × 2: near schools have near contexts. */
  readonly map: Matrix
  /** Row numbers of the most similar schools, nearest first. */
  readonly neighbours: readonly (readonly number[])[]
}

/** Schools above which silhouette and stability are taken on a seeded sample: they cost the square of the number. */
const sampleSize = 800

/**
 * Groups schools by context (DOMAIN 3.8): fewer than `clusterFrom` — no clusters; below `kmeansFrom` — k-medoids on Gower distances;
 * else k-means on winsorised robust z scores. Of the k whose smallest cluster holds `smallestCluster` schools and whose mean silhouette is at
 * least `silhouetteFrom`, the one with the largest silhouette is taken that bootstraps find again (`patternsFrom`), fewer clusters where
 * silhouettes are equal; where there is none, there are no clusters.
 */
export const groupSchools = (features: readonly ContextFeature[], rule: ClusterRule): Grouping => {
  const n = features[0]?.values.length ?? 0
  const none: Grouping = {
    algorithm: 'none',
    labels: new Int32Array(n),
    clusters: 1,
    silhouette: null,
    stability: null,
  }
  if (n < rule.clusterFrom || features.length === 0) return none
  const space = spaceOf(features, rule)
  const mostClusters = Math.min(rule.mostClusters, Math.floor(n / rule.schoolsPerCluster))
  const candidates: { k: number; labels: Int32Array; silhouette: number }[] = []
  for (let k = 2; k <= mostClusters; k++) {
    const labels = space.cluster(k, undefined, rule.seed)
    if (smallest(labels, k) < rule.smallestCluster) continue
    candidates.push({ k, labels, silhouette: space.silhouette(labels) })
  }
  const sample = sampled(n, rule.seed)
  const of = (rows: Int32Array): Int32Array => Int32Array.from(rows, (row) => sample[row] ?? 0)
  for (const chosen of byMerit(candidates, rule)) {
    const stability = bootstrapJaccard(
      Int32Array.from(sample, (row) => chosen.labels[row] ?? 0),
      (rows, seed) => space.cluster(chosen.k, of(rows), seed),
      { seed: rule.seed, resamples: rule.bootstraps },
    ).mean
    if (isBelow(stability, rule.patternsFrom)) continue
    return {
      algorithm: space.algorithm,
      labels: chosen.labels,
      clusters: chosen.k,
      silhouette: chosen.silhouette,
      stability,
    }
  }
  return none
}

/** Schools on a map of their contexts, and the most similar to each, in the space that `groupSchools` groups them in. */
export const mapSchools = (features: readonly ContextFeature[], rule: ClusterRule): ContextMap => {
  const space = spaceOf(features, rule)
  return { map: space.map(), neighbours: space.neighbours(rule.neighbours) }
}

const spaceOf = (features: readonly ContextFeature[], rule: ClusterRule): Space => {
  const complete = features.map((feature) => ({
    ...feature,
    values:
      feature.kind === 'numeric' ? prepared(feature.values, rule.winsorShare) : feature.values,
  }))
  const n = features[0]?.values.length ?? 0
  return n < rule.kmeansFrom ? gowerSpace(complete) : pointSpace(complete, rule)
}

/** The clearest first; of those as clear as the first that is left, the one with fewest clusters. */
const byMerit = <T extends { readonly k: number; readonly silhouette: number }>(
  candidates: readonly T[],
  { silhouetteFrom, silhouetteTie }: ClusterRule,
): readonly T[] => {
  const left = candidates.filter(({ silhouette }) => atLeast(silhouette, silhouetteFrom))
  const ordered: T[] = []
  while (left.length > 0) {
    const best = Math.max(...left.map(({ silhouette }) => silhouette))
    const at = left.findIndex(({ silhouette }) => atLeast(silhouette, best - silhouetteTie))
    ordered.push(...left.splice(at, 1))
  }
  return ordered
}

/**
 * This year's labels in last year's numbers, matched on the schools of both years; `agreement` is the adjusted Rand index there.
 * New clusters take new numbers.
 */
export const keepLabels = (
  before: ReadonlyMap<string, number>,
  schools: readonly string[],
  labels: Int32Array,
): { readonly labels: Int32Array; readonly agreement: number | null } => {
  const both = schools.flatMap((school, i) => {
    const old = before.get(school)
    return old === undefined ? [] : [[old, labels[i] ?? 0] as const]
  })
  if (both.length < 2) return { labels, agreement: null }
  const oldNumbers = [...new Set(both.map(([old]) => old))].sort((a, b) => a - b)
  const newNumbers = [...new Set(both.map(([, now]) => now))].sort((a, b) => a - b)
  const old = both.map(([number]) => oldNumbers.indexOf(number))
  const now = both.map(([, number]) => newNumbers.indexOf(number))
  const match = matchLabels(old, now)
  let next = Math.max(...before.values()) + 1
  const renamed = new Map<number, number>()
  newNumbers.forEach((number, i) => {
    const matched = match.oldOfNew[i] ?? -1
    renamed.set(number, matched >= 0 ? (oldNumbers[matched] ?? 0) : next++)
  })
  return {
    labels: Int32Array.from(labels, (label) => renamed.get(label) ?? label + next),
    agreement: adjustedRandIndex(old, now),
  }
}

interface Space {
  readonly algorithm: 'k-medoids' | 'k-means'
  readonly cluster: (k: number, rows: Int32Array | undefined, seed: number) => Int32Array
  readonly silhouette: (labels: Int32Array) => number
  readonly map: () => Matrix
  readonly neighbours: (m: number) => readonly (readonly number[])[]
}

const gowerSpace = (features: readonly ContextFeature[]): Space => {
  const distances = gowerDistances(
    features.map(({ kind, values }): GowerFeature => ({ kind, values })),
  )
  const n = distances.rows
  const part = (rows: Int32Array): Matrix => {
    const cut = matrix(rows.length, rows.length)
    rows.forEach((a, i) => {
      rows.forEach((b, j) => (cut.values[i * rows.length + j] = distances.values[a * n + b] ?? 0))
    })
    return cut
  }
  return {
    algorithm: 'k-medoids',
    cluster: (k, rows) =>
      kMedoids(rows === undefined ? distances : part(rows), Math.min(k, rows?.length ?? n)).labels,
    silhouette: (labels) => silhouetteOfDistances(distances, labels).mean,
    map: () => classicalScaling(distances).coordinates,
    neighbours: (m) =>
      Array.from({ length: n }, (_, row) =>
        nearest(n, row, m, (other) => distances.values[row * n + other] ?? 0),
      ),
  }
}

const pointSpace = (features: readonly ContextFeature[], rule: ClusterRule): Space => {
  const points = matrixOfColumns(
    features.map(({ kind, values }) =>
      kind === 'numeric' ? robustScores(Float64Array.from(values)) : values,
    ),
  )
  const { rows: n, columns: d } = points
  const part = (rows: ArrayLike<number>): Matrix => {
    const cut = matrix(rows.length, d)
    for (let i = 0; i < rows.length; i++)
      cut.values.set(points.values.subarray((rows[i] ?? 0) * d, ((rows[i] ?? 0) + 1) * d), i * d)
    return cut
  }
  const sample = sampled(n, rule.seed)
  return {
    algorithm: 'k-means',
    cluster: (k, rows, seed) =>
      kMeans(rows === undefined ? points : part(rows), k, {
        seed,
        restarts: rows === undefined ? rule.starts : 3,
      }).labels,
    silhouette: (labels) =>
      silhouetteOfPoints(
        part(sample),
        Int32Array.from(sample, (row) => labels[row] ?? 0),
      ).mean,
    map: () => {
      const first = firstPrincipalComponent(points)
      const rest = matrix(n, d, points.values.slice())
      for (let i = 0; i < n; i++)
        for (let j = 0; j < d; j++)
          rest.values[i * d + j] =
            (rest.values[i * d + j] ?? 0) - (first.scores[i] ?? 0) * (first.loadings[j] ?? 0)
      const second = d > 1 ? firstPrincipalComponent(rest).scores : new Float64Array(n)
      return matrixOfColumns([first.scores, second])
    },
    neighbours: (m) =>
      Array.from({ length: n }, (_, row) =>
        nearest(n, row, m, (other) => {
          let sum = 0
          for (let j = 0; j < d; j++) {
            const gap = (points.values[row * d + j] ?? 0) - (points.values[other * d + j] ?? 0)
            sum += gap * gap
          }
          return sum
        }),
      ),
  }
}

/** Missing values take the median, extremes are cut. */
const prepared = (values: ArrayLike<number>, share: number): Float64Array => {
  const known = Float64Array.from(values).filter((value) => !Number.isNaN(value))
  const middle = known.length === 0 ? 0 : quantile(known, 0.5)
  return winsorise(
    Float64Array.from(values, (value) => (Number.isNaN(value) ? middle : value)),
    share,
  )
}
const smallest = (labels: Int32Array, k: number): number => {
  const sizes = new Int32Array(k)
  for (const label of labels) sizes[label] = (sizes[label] ?? 0) + 1
  return Math.min(...sizes)
}
const sampled = (n: number, seed: number): readonly number[] => {
  const all = Array.from({ length: n }, (_, i) => i)
  return n <= sampleSize
    ? all
    : random(seed)
        .shuffle(all)
        .slice(0, sampleSize)
        .sort((a, b) => a - b)
}
const nearest = (
  n: number,
  row: number,
  m: number,
  distance: (other: number) => number,
): number[] => {
  const best: { other: number; gap: number }[] = []
  for (let other = 0; other < n; other++) {
    if (other === row) continue
    const gap = distance(other)
    if (best.length === m && gap >= (best.at(-1)?.gap ?? 0)) continue
    const at = best.findIndex((kept) => gap < kept.gap)
    best.splice(at < 0 ? best.length : at, 0, { other, gap })
    if (best.length > m) best.pop()
  }
  return best.map(({ other }) => other)
}
