import { builtinModules } from 'node:module'
import { defineConfig } from 'eslint/config'
import importX from 'eslint-plugin-import-x'
import tseslint from 'typescript-eslint'

/** What a room may not import; the direction of DESIGN.md. */
const forbid = (rooms, message) => ({
  regex: `/(?:${rooms.join('|')})/`,
  message,
})
const fence = (files, rooms, message) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: [forbid(rooms, message)] }] },
})
const outer = ['warehouse', 'workflows', 'cli', 'reports', 'examples', 'bench', 'test']

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
      'no-console': 'error',
    },
  },
  {
    // Typed arrays are indexed within bounds that the loops around them prove.
    files: ['transforms/methods/statistics/**', 'test/**', 'bench/**'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  { files: ['cli/**', 'bench/**'], rules: { 'no-console': 'off' } },
  fence(
    ['transforms/contract/**'],
    [
      'sources',
      'staging',
      'entities',
      'core',
      'methods',
      'parameters',
      'indicators',
      'marts',
      'editions',
      'checks',
      ...outer,
    ],
    'the vocabulary imports nothing',
  ),
  fence(
    ['transforms/methods/statistics/**'],
    [
      'contract',
      'sources',
      'staging',
      'entities',
      'core',
      'parameters',
      'indicators',
      'marts',
      'editions',
      'education',
      ...outer,
    ],
    'statistics knows numbers only',
  ),
  fence(
    ['transforms/methods/education/**'],
    [
      'sources',
      'staging',
      'entities',
      'core',
      'parameters',
      'indicators',
      'marts',
      'editions',
      ...outer,
    ],
    'rules get their thresholds passed in',
  ),
  fence(
    ['transforms/sources/**', 'transforms/entities/**'],
    ['staging', 'core', 'indicators', 'marts', 'editions', ...outer],
    'a form and an entity know the contract only',
  ),
  fence(
    ['transforms/staging/**', 'examples/*/staging/**'],
    ['core', 'indicators', 'marts', 'editions', 'warehouse', 'workflows', 'cli'],
    'staging reads a source and yields an entity',
  ),
  fence(
    ['transforms/core/**'],
    ['sources', 'staging', 'indicators', 'marts', 'editions', ...outer],
    'core reads entities only: no form is known here',
  ),
  fence(
    ['transforms/indicators/**'],
    ['sources', 'staging', 'entities', 'marts', 'editions', ...outer],
    'an indicator reads core',
  ),
  fence(
    ['transforms/marts/**'],
    ['sources', 'staging', 'entities', 'editions', ...outer],
    'a mart reads core and indicators',
  ),
  fence(
    ['transforms/editions/**'],
    ['sources', 'staging', 'entities', 'core', ...outer],
    'an edition reads marts',
  ),
  fence(
    ['transforms/parameters/**', 'transforms/ledger/**', 'transforms/checks/**'],
    outer,
    'transforms import nothing of what runs them',
  ),
  fence(
    ['warehouse/**'],
    ['workflows', 'cli', 'reports', 'examples', 'bench', 'test'],
    'the warehouse knows no orchestration',
  ),
  {
    files: ['workflows/{index,run,load-files,refresh-warehouse,backfill}.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: builtinModules.filter((name) => !['assert', 'url', 'util'].includes(name)),
          patterns: [
            { regex: '^node:', message: 'a workflow runs in a sandbox without Node' },
            {
              regex: '^@temporalio/(?!workflow$)',
              message: 'a workflow imports @temporalio/workflow only',
            },
            {
              regex: '/(?:warehouse|transforms|cli|reports)/',
              message: 'a workflow passes names, never rows',
            },
          ],
        },
      ],
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: '/activities/', allowTypeImports: true, message: 'activities are types here' },
          ],
        },
      ],
    },
  },
)
