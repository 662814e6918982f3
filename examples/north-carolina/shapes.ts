import { matching, oneOf, wholeNumber, type Shape } from '../../transforms/contract/shape.ts'

const english = /^-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?$/

/** A number as Americans print it: «1,792» is one thousand seven hundred ninety-two. Canonical: no commas, no trailing zeros. */
export const englishNumber = (min: number, max: number): Shape => ({
  expected: `число от ${String(min)} до ${String(max)} (запятая отделяет тысячи)`,
  parse: (cell) => {
    if (!english.test(cell)) return undefined
    const plain = cell.replaceAll(',', '')
    const value = Number(plain)
    return value >= min && value <= max
      ? plain.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '')
      : undefined
  },
})
/** A share is 0–1 in all files but those of the accountability office, which print percents. */
export const share = englishNumber(0, 1)
export const percent = englishNumber(0, 100)
export const score = englishNumber(0, 100)
export const headCount = englishNumber(0, 100_000)

/**
 * Six characters: three of the district, three of the school. A charter has a letter («00A000»), a district «LEA» in the place of the school;
 * the state is NC-SEA and the country NATION.
 */
export const unitCode = matching(
  /^(?:\d{2}[0-9A-Z](?:\d{3}|LEA)|NC-SEA|NATION)$/,
  'код школы из шести знаков, округа (010LEA), штата (NC-SEA) или страны (NATION)',
)
export const schoolYear = wholeNumber({ min: 1990, max: 2100 })
export const category = oneOf('E', 'M', 'H', 'I', 'T', 'A')
export const yes = oneOf('Y')
