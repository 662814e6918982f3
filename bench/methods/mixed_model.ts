import { matrix } from '../../transforms/methods/statistics/matrix.ts'
import { random } from '../../transforms/methods/statistics/random.ts'
import { randomIntercept } from '../../transforms/methods/statistics/random_intercept.ts'
import { byTurns, seconds, times, type Measured, type Part } from '../measure.ts'
import { plainReml, type PlainFit } from './expectation_maximisation.ts'

const ROWS = 90_000
const SCHOOLS = 2600
const SEED = 90_000

export const mixedModelPart: Part = {
  key: 'reml',
  title: `Смешанная модель (REML): ${ROWS.toLocaleString('ru-RU')} учеников, ${SCHOOLS.toLocaleString('ru-RU')} школ`,
  run: async (tell) => {
    const lines: Measured[] = []
    for (const between of [0.35, 0.03]) {
      const source = random(SEED)
      const effects = Float64Array.from({ length: SCHOOLS }, () => source.normal(0, between))
      const group = Int32Array.from({ length: ROWS }, () => source.integer(SCHOOLS))
      const x = Float64Array.from({ length: ROWS }, () => source.normal())
      const y = x.map(
        (value, i) =>
          3 + 0.6 * value + (effects[group[i] as number] as number) + source.normal(0, 0.8),
      )
      tell(`σᵤ = ${between}: по очереди с EM, три круга`)
      let ours = { varianceBetween: 0, varianceWithin: 0 }
      let plain: PlainFit = { varianceBetween: 0, varianceWithin: 0, rounds: 0 }
      const [own = 0, other = 0] = await byTurns(3, [
        () => (ours = randomIntercept(matrix(ROWS, 1, x), y, group)),
        () => (plain = plainReml(x, y, group, SCHOOLS)),
      ])
      lines.push({
        name: `REML, σᵤ = ${between.toLocaleString('ru-RU')}`,
        result: `${seconds(own)}; EM (шагов ${plain.rounds}, до 10⁻⁹) ${seconds(other)}; отношение ${times(own / other)}`,
        note: `σ²ᵤ ${ours.varianceBetween.toPrecision(8)} и ${plain.varianceBetween.toPrecision(8)}; σ²ₑ ${ours.varianceWithin.toPrecision(8)} и ${plain.varianceWithin.toPrecision(8)}`,
      })
    }
    return lines
  },
}
