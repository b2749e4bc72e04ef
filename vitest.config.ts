import { defineConfig } from 'vitest/config'

// Packages resolve to each other's sources. Vitest hands these conditions to the worker's Node as well, which loads
// everything outside of this repository: `module` and `browser` would make it load bundler builds.
const conditions = ['@throughline/source', 'node', 'development|production']

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
          testTimeout: 20_000,
          hookTimeout: 20_000,
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Most of them wait for processes and clocks: three keep two cores busy.
          maxWorkers: 3,
          expect: { poll: { timeout: 20_000 } },
        },
      },
      {
        extends: true,
        test: {
          // The faults that are not those of a data directory, once more with the streams in Redis.
          name: 'e2e-redis',
          include: ['e2e/faults/{crash,resume,runs}.test.ts'],
          env: { FAULT_ENGINE: 'redis' },
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 3,
          expect: { poll: { timeout: 20_000 } },
        },
      },
    ],
  },
})
