import type { Sheet } from './readers/sheet.ts'

export interface Problem {
  readonly sheet: string
  readonly cell: string | null
  readonly code: string
  readonly message: string
  /** A warning changes nothing about what is loaded. */
  readonly severity: 'error' | 'warning'
}
export const problem = (
  sheet: Sheet,
  cell: string | null,
  code: string,
  message: string,
  severity: Problem['severity'] = 'error',
): Problem => ({ sheet: sheet.name, cell, code, message, severity })
