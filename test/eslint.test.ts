import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ESLint } from 'eslint'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../', import.meta.url))
const rules = [
  'import-x/no-restricted-paths',
  'no-restricted-imports',
  '@typescript-eslint/no-restricted-imports',
  '@typescript-eslint/consistent-type-imports',
  'no-restricted-syntax',
]
const eslint = new ESLint({
  cwd: root,
  overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
  ruleFilter: ({ ruleId }) => rules.includes(ruleId),
})
/** What the fences say of a file that need not be there, were this all that stands in it. */
const said = async (file: string, code: string): Promise<readonly string[]> => {
  const [result] = await eslint.lintText(`${code}\n`, { filePath: `${root}${file}` })
  return (result?.messages ?? []).map(({ ruleId, message }) => `${ruleId ?? ''} ${message}`)
}
/** Which of these imports a new file of the folder may not have. */
const fenced = async (folder: string, imports: readonly string[]): Promise<readonly string[]> => {
  const up = '../'.repeat(folder.split('/').length)
  const found = await Promise.all(
    imports.map((path) => said(`${folder}/brand_new.ts`, `import { x } from '${up}${path}'`)),
  )
  return imports.filter((_, i) => found[i]?.length !== 0)
}

/** A file of each layer, by which to ask. */
const layer = {
  contract: 'transforms/contract/column.ts',
  statistics: 'transforms/methods/statistics/kmeans.ts',
  education: 'transforms/methods/education/threshold.ts',
  parameters: 'transforms/parameters/norm.ts',
  ledger: 'transforms/ledger/sheet.ts',
  sources: 'transforms/sources/vpr_marks.ts',
  entities: 'transforms/entities/result.ts',
  staging: 'transforms/staging/stg_vpr_marks.ts',
  core: 'transforms/core/fct_result.ts',
  indicators: 'transforms/indicators/pass_rate.ts',
  marts: 'transforms/marts/mart_trend.ts',
  editions: 'transforms/editions/official.ts',
  warehouse: 'warehouse/errors.ts',
  workflows: 'workflows/plan.ts',
  cli: 'cli/format.ts',
  reports: 'reports/folders.ts',
  examples: 'examples/municipality/normal.ts',
  bench: 'bench/measure.ts',
  test: 'test/support/home.ts',
} as const
type Layer = keyof typeof layer
const outside = ['warehouse', 'workflows', 'cli', 'reports', 'examples', 'bench', 'test'] as const

/** What a new file in a folder may import, of all layers. */
const reads: Readonly<Record<string, readonly Layer[]>> = {
  'transforms/contract': ['contract'],
  'transforms/methods': ['statistics', 'education'],
  'transforms/methods/brand_new_folder': ['statistics', 'education'],
  'transforms/methods/statistics': ['statistics'],
  'transforms/methods/education': ['statistics', 'education'],
  'transforms/parameters': ['contract', 'parameters'],
  'transforms/ledger': ['contract', 'ledger'],
  'transforms/sources': ['contract', 'parameters', 'sources'],
  'transforms/sources/parts': ['contract', 'parameters', 'sources'],
  'transforms/entities': ['contract', 'entities'],
  'transforms/staging': ['contract', 'sources', 'entities', 'staging'],
  'transforms/core': ['contract', 'statistics', 'education', 'parameters', 'entities', 'core'],
  'transforms/indicators': [
    ...(['contract', 'statistics', 'education', 'parameters', 'core'] as const),
    'indicators',
  ],
  'transforms/marts': [
    ...(['contract', 'statistics', 'education', 'parameters', 'ledger', 'core'] as const),
    ...(['indicators', 'marts'] as const),
  ],
  'transforms/checks': [
    ...(['contract', 'statistics', 'education', 'parameters', 'ledger', 'entities'] as const),
    ...(['core', 'indicators', 'marts'] as const),
  ],
  'transforms/editions': ['contract', 'marts', 'editions'],
  'transforms/brand_new_room': ['contract'],
  'transforms/brand_new_room/parts': ['contract'],
  'examples/north-carolina/sources': ['contract', 'sources'],
  'examples/north-carolina/staging': ['contract', 'parameters', 'sources', 'entities', 'staging'],
  warehouse: ['contract', 'warehouse'],
  'warehouse/readers': ['contract', 'warehouse'],
  'workflows/activities': ['warehouse', 'workflows'],
}

describe('the fences', () => {
  test.each(Object.entries(reads))(
    'let a new file of %s read its own side only',
    async (to, of) => {
      const names = Object.keys(layer) as Layer[]
      const shut = await fenced(
        to,
        names.map((name) => layer[name]),
      )
      expect(shut).toEqual(names.filter((name) => !of.includes(name)).map((name) => layer[name]))
    },
  )

  test('shut what runs transforms out of their root, as types too', async () => {
    const shut = outside.map((name) => layer[name])
    expect(await fenced('transforms', Object.values(layer))).toEqual(shut)
    expect(
      await said('transforms/brand_new.ts', `import type { X } from '../${layer.warehouse}'`),
    ).toHaveLength(1)
    expect(
      await said('transforms/brand_new.ts', `await import('../${layer.warehouse}')`),
    ).toHaveLength(1)
  })

  test('know every room of transforms/', async () => {
    const rooms = readdirSync(`${root}transforms`, { withFileTypes: true })
    for (const { name } of rooms.filter((entry) => entry.isDirectory())) {
      const own = readdirSync(`${root}transforms/${name}`).filter((file) => file.endsWith('.ts'))
      expect(own, name).not.toEqual([])
      const paths = own.map((file) => `transforms/${name}/${file}`)
      expect(await fenced(`transforms/${name}`, paths)).toEqual([])
    }
  })

  test.each(['transforms/core', 'transforms/checks', 'warehouse', 'workflows', 'cli'])(
    'let no file of %s import a type in the middle of a declaration',
    async (folder) => {
      const up = '../'.repeat(folder.split('/').length)
      const path = `${up}${layer.warehouse}`
      expect(
        await said(`${folder}/brand_new.ts`, `export type X = import('${path}').MeraError`),
      ).not.toEqual([])
    },
  )

  test('shut the forms of a project out of its own staging and parameters', async () => {
    const project = 'examples/north-carolina'
    const shut = [`${project}/staging/stg_nc_spg.ts`, `${project}/parameters/nc_subject.ts`]
    expect(await fenced(`${project}/sources`, [...shut, `${project}/shapes.ts`])).toEqual(shut)
  })

  test('take a new file of workflows/ for workflow code: no Node, no warehouse, none of what runs beside it', async () => {
    const from = (path: string): Promise<readonly string[]> =>
      said('workflows/brand_new.ts', `import { x } from '${path}'`)
    for (const path of [
      ...['node:fs', 'fs', 'node:util', 'util', 'apache-arrow', 'fflate/node', '/etc/x.ts'],
      ...['@temporalio/client', '@temporalio/workflow/lib/x', '../warehouse/errors.ts'],
      ...['../transforms/core/fct_result.ts', './client.ts', './activities/index.ts'],
    ])
      expect(await from(path), path).not.toEqual([])
    for (const path of ['@temporalio/workflow', './messages.ts', './plan.ts', './policies.ts'])
      expect(await from(path), path).toEqual([])
    for (const path of ['node:fs', './client.ts', './plan.ts'])
      expect(await said('workflows/brand_new.ts', `await import('${path}')`), path).not.toEqual([])
    expect(
      await said(
        'workflows/brand_new.ts',
        `import type { Activities } from './activities/index.ts'`,
      ),
    ).toEqual([])
  })

  test('let Node in only where a file of workflows/ runs beside the workflows, whose entry does not reach it', async () => {
    const files = readdirSync(`${root}workflows`).filter((name) => name.endsWith('.ts'))
    const isFree = await Promise.all(
      files.map(async (name) => (await said(`workflows/${name}`, `import 'node:fs'`)).length === 0),
    )
    const beside = files.filter((_, i) => isFree[i])
    expect(beside).toContain('client.ts')
    const index = files.indexOf('index.ts')
    expect(isFree[index]).toBe(false)
    for (const name of beside)
      expect(await said('workflows/index.ts', `import { x } from './${name}'`), name).toHaveLength(
        1,
      )
  })
})
