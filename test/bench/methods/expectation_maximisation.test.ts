import { describe, expect, it } from 'vitest'
import { plainReml } from '../../../bench/methods/expectation_maximisation.ts'
import { matrix } from '../../../transforms/methods/statistics/matrix.ts'
import { random } from '../../../transforms/methods/statistics/random.ts'
import { randomIntercept } from '../../../transforms/methods/statistics/random_intercept.ts'

describe('plain REML', () => {
  it('comes to the variances that the profiled likelihood finds', () => {
    const source = random(3)
    const effects = Float64Array.from({ length: 40 }, () => source.normal(0, 0.5))
    const group = Int32Array.from({ length: 900 }, () => source.integer(40))
    const x = Float64Array.from({ length: 900 }, () => source.normal())
    const y = x.map(
      (value, i) => 2 + value + (effects[group[i] as number] as number) + source.normal(),
    )
    const plain = plainReml(x, y, group, 40)
    const fit = randomIntercept(matrix(900, 1, x), y, group)
    expect(plain.varianceBetween).toBeCloseTo(fit.varianceBetween, 6)
    expect(plain.varianceWithin).toBeCloseTo(fit.varianceWithin, 6)
  })
})
