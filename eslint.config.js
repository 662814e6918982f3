import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig } from 'eslint/config'
import importX from 'eslint-plugin-import-x'
import tseslint from 'typescript-eslint'

/** What lies in a folder imports packages and from these folders alone, be it a type. */
const fence = (target, reads, message) => ({
  target,
  from: '.',
  except: ['node_modules', ...reads],
  message,
})
/** A room of `transforms/` imports itself and these others. */
const room = (name, reads, message) => ({
  name,
  ...fence(
    `transforms/${name}`,
    [name, ...reads].map((each) => `transforms/${each}`),
    message,
  ),
})
const rooms = [
  room('contract', [], 'the vocabulary imports nothing'),
  room('methods', [], 'methods know nothing of tables'),
  room('methods/statistics', [], 'statistics knows numbers only'),
  room('methods/education', ['methods/statistics'], 'rules get their thresholds passed in'),
  room('parameters', ['contract'], 'a parameter knows the contract only'),
  room('ledger', ['contract'], 'what the warehouse notes knows the contract only'),
  room('sources', ['contract', 'parameters'], 'a form knows the contract, and names'),
  room('entities', ['contract'], 'an entity knows the contract only'),
  room('staging', ['contract', 'sources', 'entities'], 'staging reads a source, yields an entity'),
  room('core', ['contract', 'entities', 'parameters', 'methods'], 'core knows no form'),
  room('indicators', ['contract', 'core', 'parameters', 'methods'], 'an indicator reads core'),
  room(
    'marts',
    ['contract', 'core', 'indicators', 'parameters', 'methods', 'ledger'],
    'a mart reads core and indicators',
  ),
  room(
    'checks',
    ['contract', 'entities', 'core', 'indicators', 'marts', 'parameters', 'methods', 'ledger'],
    'a check asks the tables that all forms share',
  ),
  room('editions', ['contract', 'marts'], 'an edition reads marts'),
]

/** Folders of `examples/` that are projects: forms of their own over the tables of all. */
const projects = readdirSync(join(import.meta.dirname, 'examples'))
  .filter((name) => existsSync(join(import.meta.dirname, 'examples', name, 'project.ts')))
  .map((name) => `examples/${name}`)

/** The direction of DESIGN.md: what each folder may read. */
const fences = [
  fence('transforms', ['transforms'], 'transforms import nothing of what runs them'),
  ...rooms.map(({ name: _, ...zone }) => zone),
  fence(
    `transforms/!(${rooms.flatMap(({ name }) => (name.includes('/') ? [] : [name])).join('|')})/**`,
    ['transforms/contract'],
    'a new room is named in eslint.config.js, with what it reads',
  ),
  ...projects.flatMap((project) => [
    fence(
      project,
      [
        project,
        ...['contract', 'sources', 'staging', 'entities', 'parameters'].map(
          (each) => `transforms/${each}`,
        ),
      ],
      'a project declares its forms; from entities on all is shared',
    ),
    {
      target: `${project}/sources`,
      from: [
        ...['staging', 'parameters'].map((each) => `${project}/${each}`),
        ...['staging', 'entities', 'parameters'].map((each) => `transforms/${each}`),
      ],
      message: 'a form knows the contract only',
    },
  ]),
  fence('warehouse', ['warehouse', 'transforms/contract'], 'the warehouse knows no table by name'),
  fence('workflows', ['workflows', 'warehouse'], 'a workflow decides when, not what'),
]

/**
 * What of `workflows/` runs beside the workflows, in Node: clients, the worker, the server. Every other file there is taken for
 * workflow code, so that a new one is fenced until it is named here.
 */
const besideWorkflows = [
  'approval',
  'binary',
  'client',
  'config',
  'connection',
  'engine',
  'errors',
  'follow',
  'notify',
  'proxy',
  'reaching',
  'schedules',
  'server',
  'worker',
  'worker-log',
]

export default defineConfig(
  {
    ignores: ['node_modules', 'reports/node_modules', 'reports/.evidence', 'reports/build', 'data'],
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones: fences }],
      'no-console': 'error',
    },
  },
  {
    // Typed arrays are indexed within bounds that the loops around them prove.
    files: ['transforms/methods/statistics/**', 'test/**', 'bench/**'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  { files: ['cli/**', 'bench/**'], rules: { 'no-console': 'off' } },
  {
    files: ['workflows/**/*.ts'],
    ignores: ['workflows/activities/**', ...besideWorkflows.map((name) => `workflows/${name}.ts`)],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^(?!\\.{1,2}/|@temporalio/workflow$)',
              message:
                'a workflow runs in a sandbox without Node: of packages it has @temporalio/workflow',
            },
            {
              regex: '/warehouse/',
              message: 'a workflow passes names, never rows',
            },
          ],
        },
      ],
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: `/(?:activities/|(?:${besideWorkflows.join('|')})\\.ts$)`,
              allowTypeImports: true,
              message: 'what runs beside a workflow is a type here',
            },
          ],
        },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ImportExpression',
          message: 'a workflow is bundled whole and loads nothing later',
        },
      ],
    },
  },
)
