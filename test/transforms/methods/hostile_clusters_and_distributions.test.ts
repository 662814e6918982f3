import { describe, expect, it } from 'vitest'
import * as d from '../../../transforms/methods/statistics/distributions.ts'
import { gapStatistic } from '../../../transforms/methods/statistics/gap.ts'
import { gowerDistances, nearestByGower } from '../../../transforms/methods/statistics/gower.ts'
import { kMeans, nearestCentre } from '../../../transforms/methods/statistics/kmeans.ts'
import { kMedoids, nearestMedoid } from '../../../transforms/methods/statistics/kmedoids.ts'
import { assignCheapest } from '../../../transforms/methods/statistics/matching.ts'
import {
  euclideanDistances,
  matrix,
  matrixOf,
} from '../../../transforms/methods/statistics/matrix.ts'
import { classicalScaling } from '../../../transforms/methods/statistics/principal_component.ts'
import { randomSlope } from '../../../transforms/methods/statistics/random_slope.ts'
import { silhouetteOfPoints } from '../../../transforms/methods/statistics/silhouette.ts'
import { adjustedRandIndex } from '../../../transforms/methods/statistics/stability.ts'
import { twoRandomIntercepts } from '../../../transforms/methods/statistics/two_random_intercepts.ts'
import { cutTree, wardTree } from '../../../transforms/methods/statistics/ward.ts'
import { type Calls, brokenBy, column, halves, points, thirds } from './hostile.ts'

const calls: Calls = [
  ['binomialPmf', (a, b) => d.binomialPmf(a, 9, b)],
  ['binomialPmf by its n', (a, b) => d.binomialPmf(a, b, 0.3)],
  ['binomialCdf', (a, b) => d.binomialCdf(a, b, 0.3)],
  ['binomialTail', (a, b) => d.binomialTail(a, b, 0.3)],
  ['binomialQuantile', (a, b) => d.binomialQuantile(0.3, a, b)],
  ['betaBinomialPmf', (a, b) => d.betaBinomialPmf(a, b, 2, 3)],
  ['betaBinomialCdf', (a, b) => d.betaBinomialCdf(a, b, 2, 3)],
  ['betaBinomialTail', (a, b) => d.betaBinomialTail(a, b, 2, 3)],
  ['betaTail', (a, b) => d.betaTail(0.3, a, b)],
  ['normalTwoSided', (a) => d.normalTwoSided(a)],
  ['tTwoSided', (a, b) => d.tTwoSided(a, b)],
  ['kMeans', (a, b) => kMeans(points(a, b), 2, { seed: 1, restarts: 2 })],
  ['kMeans into as many as asked', (a) => kMeans(points(1, 2), a, { seed: 1, restarts: 2 })],
  [
    'nearestCentre',
    (a, b) =>
      nearestCentre(
        points(a, b),
        matrixOf([
          [1, 2],
          [3, 4],
        ]),
      ),
  ],
  ['wardTree', (a, b) => wardTree(points(a, b))],
  ['cutTree', (a) => cutTree(wardTree(points(1, 2)), a)],
  ['euclidean kMedoids', (a, b) => kMedoids(euclideanDistances(points(a, b)), 2)],
  [
    'kMedoids',
    (a, b) =>
      kMedoids(
        matrixOf([
          [0, a, 1],
          [a, 0, b],
          [1, b, 0],
        ]),
        2,
      ),
  ],
  ['nearestMedoid', (a, b) => nearestMedoid(matrixOf([[a, b]]))],
  ['silhouetteOfPoints', (a, b) => silhouetteOfPoints(points(a, b), halves)],
  [
    'gapStatistic',
    (a, b) => gapStatistic(points(a, b), 2, { seed: 1, references: 2, restarts: 1 }),
  ],
  ['adjustedRandIndex', (a, b) => adjustedRandIndex([a, b, 1], [1, 2, a])],
  [
    'assignCheapest',
    (a, b) =>
      assignCheapest(
        matrixOf([
          [a, 1],
          [2, b],
        ]),
      ),
  ],
  [
    'gowerDistances',
    (a, b) =>
      gowerDistances([
        { kind: 'numeric', values: [a, b, 1] },
        { kind: 'category', values: [1, 2, 1] },
      ]),
  ],
  [
    'nearestByGower',
    (a, b) => nearestByGower([{ kind: 'numeric', values: [3, 2, 1], range: a, weight: b }], 0, 2),
  ],
  ['classicalScaling', (a, b) => classicalScaling(euclideanDistances(points(a, b)))],
  [
    'randomSlope',
    (a, b) => randomSlope(matrix(6, 0), column(a, b), [1, 2, 3, 1, 2, 3].map(Number), halves),
  ],
  [
    'twoRandomIntercepts',
    (a, b) => twoRandomIntercepts(matrix(6, 0), column(a, b), halves, thirds),
  ],
]

describe.each(calls)('%s', (_, call) => {
  it('gives finite numbers or refuses, whatever numbers it gets', () => {
    expect(brokenBy(call)).toEqual([])
  })
})
