import { agnes } from 'ml-hclust'
import { kmeans as mlKmeans } from 'ml-kmeans'
import { kMeans } from '../../transforms/methods/statistics/kmeans.ts'
import { matrix, type Matrix } from '../../transforms/methods/statistics/matrix.ts'
import { random } from '../../transforms/methods/statistics/random.ts'
import { cutTree, wardTree } from '../../transforms/methods/statistics/ward.ts'
import { atMost, byTurns, seconds, timed, times, type Measured, type Part } from '../measure.ts'

const SCHOOLS = 40_000
const FEATURES = 8
const CLUSTERS = 8
const SEED = 40_008
/** The largest size at which a cubic method still ends in some seconds. */
const SMALL = 1000

const schools = (rows: number): Matrix => {
  const source = random(SEED)
  const centres = Array.from({ length: CLUSTERS * FEATURES }, () => source.normal(0, 1.5))
  return matrix(
    rows,
    FEATURES,
    Float64Array.from({ length: rows * FEATURES }, (_, i) => {
      const row = Math.floor(i / FEATURES)
      return source.normal(centres[(row % CLUSTERS) * FEATURES + (i % FEATURES)])
    }),
  )
}

const rowsOf = ({ rows, columns, values }: Matrix): number[][] =>
  Array.from({ length: rows }, (_, i) =>
    Array.from(values.subarray(i * columns, (i + 1) * columns)),
  )

const inertia = (
  data: readonly number[][],
  labels: ArrayLike<number>,
  centres: readonly number[][],
): number => {
  let total = 0
  data.forEach((row, i) => {
    const centre = centres[labels[i] as number] as number[]
    row.forEach((value, j) => (total += (value - (centre[j] as number)) ** 2))
  })
  return total
}

export const clusterPart: Part = {
  key: 'clusters',
  title: `Кластеры: ${SCHOOLS.toLocaleString('ru-RU')} школ × ${FEATURES} признаков`,
  run: async (tell) => {
    const points = schools(SCHOOLS)
    const data = rowsOf(points)
    tell('k-means: одно начало, три круга по очереди')
    const starts = [1, 2, 3]
    const ours: number[] = []
    const theirs: number[] = []
    let round = 0
    const [own = 0, other = 0] = await byTurns(3, [
      () => {
        const seed = starts[round] ?? 1
        ours.push(kMeans(points, CLUSTERS, { seed, restarts: 1 }).inertia)
      },
      () => {
        const seed = starts[round++] ?? 1
        const found = mlKmeans(data, CLUSTERS, {
          initialization: 'kmeans++',
          seed,
          maxIterations: 300,
        })
        theirs.push(inertia(data, found.clusters, found.centroids))
      },
    ])
    const lines: Measured[] = [
      {
        name: 'k-means, одно начало',
        result: `${seconds(own)}; ml-kmeans ${seconds(other)}; отношение ${times(own / other)}`,
        target: atMost(own / other, 1, '≤ ×1,00'),
        note: `сумма квадратов, лучшая из трёх: ${Math.min(...ours).toFixed(0)} и ${Math.min(...theirs).toFixed(0)}`,
      },
    ]
    tell('k-means: 50 начал, как в работе')
    const full = await timed(() => kMeans(points, CLUSTERS, { seed: SEED }))
    lines.push({
      name: 'k-means, 50 начал, лучшее',
      result: seconds(full.ms),
      note: `сумма квадратов ${full.value.inertia.toFixed(0)}`,
    })
    tell(`Уорд: ${SMALL} школ против ml-hclust`)
    const few = schools(SMALL)
    const fewRows = rowsOf(few)
    const [chain = 0, cubic = 0] = await byTurns(3, [
      () => cutTree(wardTree(few), CLUSTERS),
      () => agnes(fewRows, { method: 'ward' }).group(CLUSTERS),
    ])
    lines.push({
      name: `Уорд, ${SMALL.toLocaleString('ru-RU')} школ`,
      result: `${seconds(chain)}; ml-hclust ${seconds(cubic)}; отношение ${times(chain / cubic)}`,
      target: atMost(chain / cubic, 1, '≤ ×1,00'),
      note: `ml-hclust кубичен: на ${SCHOOLS.toLocaleString('ru-RU')} школах ему нужны матрица 12,8 ГБ и около ${Math.round((cubic / 3_600_000) * (SCHOOLS / SMALL) ** 3).toLocaleString('ru-RU')} ч, поэтому сравнение на меньшем числе`,
    })
    tell('Уорд: все школы')
    const ward = await timed(() => cutTree(wardTree(points), CLUSTERS))
    lines.push({ name: `Уорд, ${SCHOOLS.toLocaleString('ru-RU')} школ`, result: seconds(ward.ms) })
    return lines
  },
}
