import { defineConfig } from 'vitest/config';

/** What takes long and is another thing on each: on the embedded database, and on the server. */
const BOTH = [
  'test/command/**',
  'test/data/clients.test.ts',
  'test/data/migrations.test.ts',
  'test/deployments/**',
  'test/identity/bootstrap.test.ts',
  'test/main.test.ts',
];

/** What starts processes that know of no server. */
const EMBEDDED = ['test/policy-test/command.test.ts', 'test/tutorial.test.ts'];

/** Generated worlds. Each file counts what its own have covered, and so needs modules of its own. */
const WORLDS = ['test/conformance/**'];

/** A few of them, embedded, where the others are on a server. */
const FEW_WORLDS = 'test/conformance/few.test.ts';

/** What else takes long: once, on the server that TEST_DATABASE_URL names, else embedded. */
const LONG = [
  'test/acceptance/answer-bytes.test.ts',
  'test/acceptance/d04-effective-scope.test.ts',
  'test/acceptance/d09-overrides.test.ts',
  'test/acceptance/d18-compiled.test.ts',
  'test/acceptance/d18-deactivation.test.ts',
  'test/acceptance/d21-deleted-scopes.test.ts',
  'test/acceptance/d21-granting.test.ts',
  'test/acceptance/d21-moved-scopes.test.ts',
  'test/acceptance/d21-tree-property.test.ts',
  'test/acceptance/d30-execution-principal.test.ts',
  'test/acceptance/d33-launching.test.ts',
  'test/acceptance/d36-firing.test.ts',
  'test/acceptance/d37-pickers.test.ts',
  'test/acceptance/d40-keys.test.ts',
  'test/acceptance/d44-audit.test.ts',
  'test/acceptance/decision-table.test.ts',
  'test/acceptance/decisions-agree.test.ts',
  'test/acceptance/entries-decided.test.ts',
  'test/acceptance/execution-noninterference.test.ts',
  'test/acceptance/explain-access.test.ts',
  'test/acceptance/hostile-fields.test.ts',
  'test/acceptance/hostile-input.test.ts',
  'test/acceptance/large-holdings.test.ts',
  'test/acceptance/nearest-misses.test.ts',
  'test/acceptance/subscriptions-bounds.test.ts',
  'test/acceptance/subscriptions-property.test.ts',
  'test/acceptance/subscriptions.test.ts',
  'test/acceptance/writes-statements.test.ts',
  'test/audit/retention.test.ts',
  'test/data/authority-locks.test.ts',
  'test/data/authority.test.ts',
  'test/data/enforce/random-where.test.ts',
  'test/data/kept.test.ts',
  'test/data/root-scope-ids.test.ts',
  'test/demo/seed-demo.test.ts',
  'test/demo/writing-tabs.test.ts',
  'test/execution/claim-cost.test.ts',
  'test/execution/scenario/scenario.test.ts',
  'test/faults/oracle.test.ts',
  'test/http/authzen-interop.test.ts',
  'test/http/browser.test.ts',
  'test/identity/holdings.test.ts',
  'test/identity/load-principal.test.ts',
  'test/policy-test/run.test.ts',
];

/** What measures its own process, which has to be one that nothing else was in. */
const ALONE = ['test/http/document-bytes.test.ts'];

/** What asks no database: once is enough. */
const WITHOUT_DATABASE = [
  'test/commands/**',
  'test/deploy/**',
  'test/graphql/**',
  'test/limits/**',
  'test/policy/**',
  'test/query/**',
  'test/schema/**',
  'test/secrets/**',
  'test/http/!(authzen|authzen-interop|browser).test.ts',
  'test/audit/redact.test.ts',
  'test/data/enforce/parse-where.test.ts',
  'test/data/freshness.test.ts',
  'test/data/prisma/!(conditions|pair-names).test.ts',
  'test/data/unreachable.test.ts',
  'test/execution/{form-values,mask}.test.ts',
  'test/execution/schedules/{cron,latest-due}.test.ts',
  'test/identity/{development-token,known-tokens,system-principal,verify-token}.test.ts',
  'test/policy-test/file.test.ts',
  'test/request/{columns,loaders,place}.test.ts',
];

interface Selection {
  readonly name: string;
  /** Whether each file has a process of its own. Importing the gateway anew takes as long as all its quick tests. */
  readonly isolate: boolean;
  readonly on?: 'embedded' | 'server';
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
}

const project = ({ name, isolate, on = 'embedded', include, exclude = [] }: Selection) => ({
  extends: true as const,
  test: {
    name,
    isolate,
    env: { HEIMDALL_TEST_ON: on },
    ...(include === undefined ? {} : { include: [...include] }),
    exclude: [...exclude],
  },
});

const server = Boolean(process.env.TEST_DATABASE_URL);
const files = (list: readonly string[]) =>
  list.map((path) => path.replace(/\*\*$/, '**/*.test.ts'));

/**
 * `npm test` runs the quick ones, embedded; `npm run test:rest` runs what takes longer, and everything
 * that asks a database on the server that TEST_DATABASE_URL names.
 */
export default defineConfig({
  // The file that node itself takes: of two copies each would find the other's errors strange.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    pool: 'forks',
    // Each worker may hold a whole PostgreSQL in its process: two fill a small machine.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 120_000,
    projects: [
      project({
        name: 'embedded',
        isolate: false,
        include: ['test/**/*.test.ts'],
        exclude: [...BOTH, ...EMBEDDED, ...WORLDS, ...LONG, ...ALONE],
      }),
      project({ name: 'embedded-alone', isolate: true, include: ALONE }),
      project({
        name: 'embedded-long',
        isolate: true,
        include: files([...BOTH, ...EMBEDDED, ...(server ? [FEW_WORLDS] : LONG)]),
      }),
      project({
        name: 'worlds',
        isolate: true,
        on: server ? 'server' : 'embedded',
        include: files(WORLDS),
        exclude: [FEW_WORLDS],
      }),
      ...(server
        ? [
            project({
              name: 'server',
              isolate: false,
              on: 'server',
              include: ['test/**/*.test.ts'],
              exclude: [...EMBEDDED, ...WORLDS, ...WITHOUT_DATABASE],
            }),
          ]
        : []),
    ],
  },
});
