import { matching, type Shape } from '../../contract/shape.ts'

/** A code without words; what does not fit is shown in the quarantine only if there is no word in it. */
export const code = (pattern: RegExp, expected: string): Shape => ({
  ...matching(pattern, expected),
  wordless: true,
})
export const participantCode = code(/^\d{3,8}$/, 'код участника из цифр')
