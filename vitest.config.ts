import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // One worker process runs many files: a fresh one costs about 0.13 s of CPU per file.
    isolate: false,
    pool: 'forks',
    reporters: ['default', './.ci/reporter.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{packages,apps}/*/test/**/*.test.ts'],
          exclude: ['**/*.peer.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'peer',
          include: ['{packages,apps}/*/test/**/*.peer.test.ts'],
          isolate: true,
          fileParallelism: false,
          testTimeout: 30_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
    coverage: {
      provider: 'v8',
      include: ['{packages,apps}/*/src/**/*.ts'],
      reporter: ['text-summary', 'json-summary', 'lcov'],
      // Asked for by `coverage`, which runs the tests of core alone: children that a test starts are not counted.
      thresholds: { 'packages/core/src/**': { lines: 95 } },
    },
  },
})
