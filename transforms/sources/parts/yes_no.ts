import type { Shape } from '../../contract/shape.ts'

/** Canonical: «да» or «нет». */
export const yesNo: Shape = {
  expected: '«да» или «нет»',
  wordless: true,
  parse: (cell) => {
    if (/^(?:да|\+|1)$/i.test(cell)) return 'да'
    return /^(?:нет|-|–|—|0)$/i.test(cell) ? 'нет' : undefined
  },
}
