import { describe, expect, it } from 'vitest'
import { responseModel } from '../../../../transforms/methods/education/response_model.ts'
import { random } from '../../../../transforms/methods/statistics/random.ts'

describe('responseModel', () => {
  const source = random(19)
  const maxima = [1, 2, 1, 1, 3, 1, 2, 1]
  const vectors = Array.from({ length: 200 }, () => {
    const ability = source.normal(0, 1.2)
    return maxima.map((most, task) => {
      let score = 0
      for (let point = 0; point < most; point++)
        if (source.uniform() < 1 / (1 + Math.exp(task / 3 - 1 - ability))) score++
      return score
    })
  })
  const model = responseModel(vectors)

  it('draws classes with the same completion of each task and the same spread of totals', () => {
    const into = model.written.map((row) => new Uint16Array(row.length))
    const draws = 200
    const completion = maxima.map(() => 0)
    let squares = 0
    const totalOf = (row: ArrayLike<number>) =>
      Array.from(row).reduce((all, score) => all + score, 0)
    const spreadOf = (rows: readonly ArrayLike<number>[]) => {
      const totals = rows.map(totalOf)
      const mean = totals.reduce((all, total) => all + total, 0) / totals.length
      return totals.reduce((all, total) => all + (total - mean) ** 2, 0) / totals.length
    }
    for (let i = 0; i < draws; i++) {
      model.draw(source, into)
      squares += spreadOf(into) / draws
      for (const row of into)
        row.forEach((level, task) => (completion[task] = (completion[task] ?? 0) + level / draws))
    }
    completion.forEach((points, task) => {
      const wanted = vectors.reduce((all, vector) => all + (vector[task] ?? 0), 0)
      expect(Math.abs(points - wanted)).toBeLessThan(0.03 * wanted)
    })
    expect(Math.abs(squares / spreadOf(vectors) - 1)).toBeLessThan(0.05)
  })

  it('leaves a task that all solve as it is', () => {
    const solved = responseModel(vectors.map((vector) => [1, ...vector.slice(1)]))
    const into = solved.written.map((row) => new Uint16Array(row.length))
    solved.draw(random(1), into)
    expect([...(solved.levels[0] ?? [])]).toEqual([1])
    expect(into.every((row) => row[0] === 0)).toBe(true)
  })
})
