import { wholeNumber, type Shape } from '../../contract/shape.ts'

/** Marks run from 2 to 5; 1 is not used in official procedures (DOMAIN §0.3). */
export const mark: Shape = { ...wholeNumber({ min: 2, max: 5 }), expected: 'отметка от 2 до 5' }

/** The teacher's mark of the last term; a pupil may have none. Canonical: the mark, or «нет отметки». */
export const journalMark: Shape = {
  expected: 'отметка от 2 до 5 или «нет отметки»',
  wordless: true,
  parse: (cell) =>
    /^(?:нет(?: отметки)?|н\/а|-|–|—)$/i.test(cell) ? 'нет отметки' : mark.parse(cell),
}
