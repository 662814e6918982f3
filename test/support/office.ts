import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readWorkbook } from '../../warehouse/readers/index.ts'
import { workbook } from '../../warehouse/workbook.ts'
import { mera as run, type Ran } from './mera.ts'
import { sampleHome, type SampleHome } from './sample.ts'

export interface LoadJson {
  readonly read: number
  readonly loaded: number
  readonly quarantined: number
  readonly files: readonly {
    readonly path: string
    readonly sha256: string
    readonly status: string
    readonly sheets: readonly Record<string, unknown>[]
    readonly problems: readonly Record<string, unknown>[]
    readonly replacedBy?: readonly string[]
    readonly replaces?: readonly string[]
  }[]
}
export interface BuildJson extends LoadJson {
  readonly status: string
  readonly generation: string
  readonly contentHash: string
  readonly built: readonly { readonly table: string; readonly rows: number; readonly ms: number }[]
  readonly unchanged: number
  readonly checks: readonly Record<string, unknown>[]
}
export interface StatusJson {
  readonly published: {
    readonly generation: string
    readonly contentHash: string
    readonly tables: readonly Record<string, unknown>[]
    readonly checks: readonly Record<string, unknown>[]
  }
  readonly deliveries: readonly Record<string, unknown>[]
  readonly pinned: readonly string[]
  readonly waiting: string | null
  readonly rolledBack: { readonly files: readonly string[] } | null
  readonly files: number
  readonly replaced: { readonly files: readonly Record<string, unknown>[] }
  readonly runs: readonly Record<string, unknown>[]
  readonly publications: readonly Record<string, unknown>[]
  readonly workflows: unknown
}

/** A folder in which somebody works with `mera`: the small sample is loaded and published in its `data`. */
export interface Office {
  readonly cwd: string
  readonly sample: SampleHome
  readonly mera: (...args: readonly string[]) => Promise<Ran>
  readonly status: () => Promise<StatusJson>
  /** The staff register again under another name, some employees shorter. */
  readonly corrected: (name: string, without: number) => Promise<string>
  readonly remove: () => Promise<void>
}

export const staffFile = join('2025-2026', 'Кадры.xlsx')

export const openOffice = async (): Promise<Office> => {
  const sample = await sampleHome('small')
  const cwd = await mkdtemp(join(tmpdir(), 'mera-cli-'))
  await cp(sample.home.path, join(cwd, 'data'), { recursive: true })
  const mera = (...args: readonly string[]): Promise<Ran> =>
    run(args, { cwd, env: { MERA_KEY_FILE: sample.key } })
  return {
    cwd,
    sample,
    mera,
    status: async () => (await mera('status', '--json')).json() as unknown as StatusJson,
    corrected: async (name, without) => {
      const [sheet] = await readWorkbook(join(sample.files, staffFile))
      if (sheet === undefined) throw new Error('the staff register has no sheet')
      const rows = sheet.rows.filter((row) => row.some((cell) => cell !== null))
      await mkdir(join(cwd, 'исправленное'), { recursive: true })
      const file = join(cwd, 'исправленное', name)
      await writeFile(file, workbook({ name: sheet.name, rows: rows.slice(0, -without) }))
      return file
    },
    remove: () => rm(cwd, { recursive: true, force: true }),
  }
}
