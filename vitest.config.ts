import { defineConfig } from 'vitest/config'

// Packages resolve to each other's sources. Vitest hands these conditions to the worker's Node as well, which loads
// everything outside of this repository: `module` and `browser` would make it load bundler builds.
const conditions = ['@throughline/source', 'node', 'development|production']

/**
 * Only what hangs takes this long. What is waited for comes at once on an idle machine, and late on one that starts
 * browsers and databases meanwhile: that is no failure.
 */
const patience = (ms: number) => ({
  testTimeout: ms,
  hookTimeout: ms,
  expect: { poll: { timeout: ms / 2 } },
})

/** Unit, property and integration tests run on the sources; `e2e` drives the built app in Chromium. */
export default defineConfig({
  // The app's own paths, as its compiler has them.
  resolve: { conditions, alias: [{ find: /^@\//, replacement: `${import.meta.dirname}/apps/web/src/` }] },
  ssr: { resolve: { conditions } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            'packages/*/src/**/*.test.{ts,tsx}',
            'apps/web/**/*.test.{ts,tsx}',
            'scripts/**/*.test.ts',
            'bench/**/*.test.ts',
          ],
          exclude: ['**/node_modules/**', '**/dist/**', '**/.next/**'],
          ...patience(60_000),
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          ...patience(120_000),
          // Most of them wait for processes and clocks: three keep two cores busy.
          maxWorkers: 3,
        },
      },
      {
        extends: true,
        test: {
          // The faults that are not those of a data directory, once more with the streams in Redis.
          name: 'e2e-redis',
          include: ['e2e/faults/{crash,resume,runs}.test.ts'],
          env: { FAULT_ENGINE: 'redis' },
          ...patience(120_000),
          maxWorkers: 3,
        },
      },
    ],
  },
})
