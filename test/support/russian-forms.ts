import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Source } from '../../transforms/contract/source.ts'
import { examForms } from './forms/exams.ts'
import { schoolForms } from './forms/schools.ts'
import { vprForms } from './forms/vpr.ts'
import type { Grid } from './grid.ts'

const folder = new URL('../../transforms/sources/', import.meta.url)

/** Every source of `transforms/sources`. */
export const russianSources: readonly Source[] = (
  await Promise.all(
    readdirSync(fileURLToPath(folder))
      .filter((file) => file.endsWith('.ts'))
      .sort()
      .map((file) => import(new URL(file, folder).href) as Promise<object>),
  )
)
  .flatMap((module) => Object.values(module) as unknown[])
  .filter((value) => value instanceof Source)
/** One small sheet of each form, as it arrives. */
export const grids = {
  ...vprForms,
  ...examForms,
  ...schoolForms,
} as const satisfies Readonly<Record<string, Grid>>
export type FormName = keyof typeof grids
