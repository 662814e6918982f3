import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/own_key.ts',
    // DuckDB is native code, and tests set MERA_KEY_FILE: a process each keeps both apart.
    pool: 'forks',
    maxWorkers: 2,
    // Generous: nothing is timed, and a crowded machine must not fail a right test.
    testTimeout: 300_000,
    hookTimeout: 900_000,
    teardownTimeout: 30_000,
    reporters: ['default'],
  },
})
