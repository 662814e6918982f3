import { StatisticsError } from './errors.ts'
import { random } from './random.ts'

const requirePartitions = (method: string, a: ArrayLike<number>, b: ArrayLike<number>): void => {
  if (a.length !== b.length || a.length === 0) {
    throw new StatisticsError(
      method,
      `partitions of ${a.length} and ${b.length} rows`,
      'pass two labellings of the same rows, at least one',
    )
  }
}

const pairs = (count: number): number => (count * (count - 1)) / 2

/**
 * The adjusted Rand index of two partitions of the same rows (Hubert & Arabie 1985): the share of pairs treated
 * alike, corrected for chance. 1 for partitions equal up to labels (also when both are trivial), 0 expected by
 * chance, negative below it.
 *
 * @param a any labels, one per row
 * @param b any labels, one per row
 * @throws StatisticsError for different lengths or no rows
 */
export const adjustedRandIndex = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  requirePartitions('adjustedRandIndex', a, b)
  const joint = new Map<number, Map<number, number>>()
  const right = new Map<number, number>()
  for (let i = 0; i < a.length; i++) {
    const row = joint.get(a[i]!) ?? new Map<number, number>()
    joint.set(a[i]!, row.set(b[i]!, (row.get(b[i]!) ?? 0) + 1))
    right.set(b[i]!, (right.get(b[i]!) ?? 0) + 1)
  }
  let together = 0
  let inA = 0
  let inB = 0
  for (const row of joint.values()) {
    let size = 0
    for (const count of row.values()) {
      together += pairs(count)
      size += count
    }
    inA += pairs(size)
  }
  for (const count of right.values()) inB += pairs(count)
  if (together === inA && together === inB) return 1
  const expected = inA * (inB / pairs(a.length))
  const most = (inA + inB) / 2
  return (together - expected) / (most - expected)
}

export interface ClusterStability {
  /** Mean Jaccard coefficient of each cluster over the resamples it took part in, 0–1; in order of label. */
  readonly perCluster: Float64Array
  /** Resamples each cluster took part in (had a row drawn). */
  readonly drawn: Int32Array
  /** Mean of `perCluster`, each cluster counting once. */
  readonly mean: number
}

/** Clusters the chosen rows: their labels, in the order of `rows`. `seed` is different for each resample. */
export type Clusterer = (rows: Int32Array, seed: number) => ArrayLike<number>

/**
 * How well each cluster is found again in bootstrap resamples (Hennig 2007, Computational Statistics & Data
 * Analysis 52): n rows are drawn with replacement, the different ones among them are clustered anew, and each
 * original cluster, cut to the rows drawn, is compared with the new cluster most like it by the Jaccard
 * coefficient |A ∩ B| / |A ∪ B|.
 *
 * @param labels the partition under test, 0 … k − 1, every number used
 * @param cluster the method that made it
 * @param options resamples (200) and the seed
 * @throws StatisticsError for labels that skip a number, or a method that returns the wrong number of labels
 */
export const bootstrapJaccard = (
  labels: ArrayLike<number>,
  cluster: Clusterer,
  options: { readonly seed: number; readonly resamples?: number },
): ClusterStability => {
  const { seed, resamples = 200 } = options
  const n = labels.length
  const k = clusterCount('bootstrapJaccard', labels)
  if (!Number.isInteger(resamples) || resamples < 1) {
    throw new StatisticsError('bootstrapJaccard', `${resamples} resamples`, 'ask for at least one')
  }
  const draw = random(seed)
  const sums = new Float64Array(k)
  const drawn = new Int32Array(k)
  for (let b = 0; b < resamples; b++) {
    const chosen = new Uint8Array(n)
    for (let i = 0; i < n; i++) chosen[draw.integer(n)] = 1
    const rows = Int32Array.from({ length: n }, (_, i) => i).filter((row) => chosen[row] === 1)
    const found = cluster(rows, draw.bits())
    if (found.length !== rows.length) {
      throw new StatisticsError(
        'bootstrapJaccard',
        `${found.length} labels for ${rows.length} rows`,
        'return one label per chosen row',
      )
    }
    const old = new Int32Array(k)
    const fresh = new Map<number, number>()
    const joint = Array.from({ length: k }, () => new Map<number, number>())
    rows.forEach((row, i) => {
      const before = labels[row]!
      const after = found[i]!
      old[before]!++
      fresh.set(after, (fresh.get(after) ?? 0) + 1)
      joint[before]!.set(after, (joint[before]!.get(after) ?? 0) + 1)
    })
    for (let m = 0; m < k; m++) {
      if (old[m] === 0) continue
      let best = 0
      for (const [after, both] of joint[m]!) {
        best = Math.max(best, both / (old[m]! + fresh.get(after)! - both))
      }
      sums[m]! += best
      drawn[m]!++
    }
  }
  const perCluster = sums.map((sum, m) => (drawn[m]! > 0 ? sum / drawn[m]! : 0))
  return { perCluster, drawn, mean: perCluster.reduce((sum, value) => sum + value, 0) / k }
}

/**
 * The number of clusters in labels 0 … k − 1.
 *
 * @throws StatisticsError for no labels, a label that is not whole and ≥ 0, or a number that is skipped
 */
export const clusterCount = (method: string, labels: ArrayLike<number>): number => {
  const used = new Set<number>()
  let most = -1
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!
    used.add(label)
    if (!Number.isInteger(label) || label < 0) most = Infinity
    if (label > most) most = label
  }
  if (used.size === 0 || used.size !== most + 1) {
    throw new StatisticsError(
      method,
      'labels are not 0 … k − 1 with every number used',
      'number the clusters from 0 without gaps',
    )
  }
  return used.size
}
