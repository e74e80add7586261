import { defineConfig } from 'vitest/config';

/** Every test runs on the embedded database, and once more on a real server if one is named. */
const databases = process.env.TEST_DATABASE_URL ? ['embedded', 'server'] : ['embedded'];

export default defineConfig({
  // The file that node itself takes: of two copies each would find the other's errors strange.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    // Each worker may hold a whole PostgreSQL in its process: two fill a small machine.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 120_000,
    projects: databases.map((database) => ({
      extends: true,
      test: {
        name: database,
        env: { HEIMDALL_TEST_ON: database },
        // Generated worlds take minutes: once is enough here, and npm run conformance takes a server.
        exclude: database === 'server' ? ['test/conformance/**'] : [],
      },
    })),
  },
});
