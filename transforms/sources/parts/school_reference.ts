import type { Shape } from '../../contract/shape.ts'

/** Login of a school in the federal assessment system. The `sch…` logins became `edu…` and name the same schools: canonical is `edu…`. */
export const schoolLogin: Shape = {
  expected: 'логин школы вида edu240123 или sch240123',
  wordless: true,
  parse: (cell) => {
    const login = cell.trim().toLowerCase()
    return /^(?:sch|edu)\d{6}$/.test(login) ? login.replace(/^sch/, 'edu') : undefined
  },
}

/** Code of a school in the regional exam system: 3–6 digits; canonical without leading zeros, because exports drop or add them. */
export const schoolCode: Shape = {
  expected: 'код школы из 3–6 цифр',
  wordless: true,
  parse: (cell) => {
    const digits = cell.replace(/[\s\u00a0]/g, '').replace(/[.,]0+$/, '')
    return /^\d{3,6}$/.test(digits) ? digits.replace(/^0+(?=\d)/, '') : undefined
  },
}
