import { matrixOf, type Matrix } from '../../../../transforms/methods/statistics/matrix.ts'
import { mean, standardDeviation } from '../../../../transforms/methods/statistics/sums.ts'
import { readMatrix, readReference } from './reference.ts'

const standardised = (points: Matrix): Matrix => {
  const { rows, columns, values } = points
  const scaled = values.slice()
  for (let c = 0; c < columns; c++) {
    const column = Float64Array.from({ length: rows }, (_, i) => values[i * columns + c] ?? NaN)
    const centre = mean(column)
    const spread = standardDeviation(column) * Math.sqrt((rows - 1) / rows)
    column.forEach((x, i) => (scaled[i * columns + c] = (x - centre) / spread))
  }
  return { rows, columns, values: scaled }
}

/** The points and the known labels of a row of reference_results.csv. */
export const loadClustering = (
  folder: string,
  row: Record<string, string>,
): { points: Matrix; truth: number[] } => {
  const name = row['dataset'] ?? ''
  if (name.startsWith('sipu/')) {
    const file = `original/gagolews/${name}`
    const labels = readReference(folder, `${file}.labels0.gz`).trim().split(/\s+/)
    return { points: readMatrix(folder, `${file}.data.gz`), truth: labels.map(Number) }
  }
  const file = name === 'sklearn/iris' ? 'iris.csv' : 'wine_data.csv'
  const [, ...lines] = readReference(folder, `original/sklearn/${file}`).trim().split(/\r?\n/)
  const table = lines.map((line) => line.split(',').map(Number))
  const points = matrixOf(table.map((line) => line.slice(0, -1)))
  return {
    points: row['standardised'] === 'True' ? standardised(points) : points,
    truth: table.map((line) => line.at(-1) ?? NaN),
  }
}
