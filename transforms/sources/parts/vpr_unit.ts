import type { Shape } from '../../contract/shape.ts'
import { schoolLogin } from './school_reference.ts'

/**
 * Group of pupils in a report. A school («МБОУ СОШ № 1 (edu240101)») is its login, because names and their quotes change between downloads
 * of one report; a municipality is «name(reg24_m012)»; the country and the region are their names.
 */
export const vprUnit: Shape = {
  expected: 'название территории или школы с логином в скобках',
  parse: (cell) => {
    const login = /\(\s*((?:sch|edu)\d{6})\s*\)/i.exec(cell)?.[1]
    if (login !== undefined) return schoolLogin.parse(login)
    return cell.replace(
      /\s*\(\s*(reg\d{2}_m\d{3})\s*\)\s*$/i,
      (_, code: string) => `(${code.toLowerCase()})`,
    )
  },
}
