/**
 * The house has one direction (docs: architecture). A room may use the rooms on the steps below its
 * own, never those above it or beside it; a leaf may be used by all.
 */
const STEPS = [
  // What is typed: it starts main, or does one thing on the database and ends.
  { command: '^src/command/' },
  { main: '^src/(main|sharing)\\.ts$' },
  // The demo world is sown by main and scripts alone; nothing that serves requests knows of it.
  { assemble: '^src/assemble\\.ts$', demo: '^src/demo/' },
  { http: '^src/http/' },
  { schema: '^src/schema\\.ts$', identity: '^src/identity/' },
  // Either answers what is asked: field by field, or as one statement.
  { resources: '^src/resources/', read: '^src/read/' },
  { graphql: '^src/graphql/' },
  // What is launched and what becomes of it: by the steps of commands.
  { execution: '^src/execution/' },
  // Asking decides and writes nothing, and neither does telling what was changed; none knows of the others.
  { commands: '^src/commands/', decisions: '^src/decisions/', live: '^src/live/' },
  // What writes calls it; resolvers read the record as they read everything.
  { audit: '^src/audit/' },
  { request: '^src/request/' },
  // What several processes know together: who asks how often, and documents by their hashes.
  { shared: '^src/shared/' },
  // It encrypts and decrypts, and decides nothing: who may is known above.
  { secrets: '^src/secrets/' },
  { data: '^src/data/' },
  { query: '^src/query/' },
  { policy: '^src/policy/' },
];
const ENV = '^src/env\\.ts$';
const ERRORS = '^src/errors\\.ts$';
const LIMITS = '^src/limits/';
const METRICS = '^src/metrics/';
const TELEMETRY = '^src/telemetry/';
const LEAVES = [ENV, ERRORS, LIMITS, METRICS, TELEMETRY];
const GENERATED = '^src/data/generated/';
// Where a client without enforcement is opened.
const SYSTEM_CLIENT = '^src/data/clients(/|\\.ts$)';
const OUTSIDE = '^(test|scripts|bench|interop|examples)/';

const rooms = STEPS.flatMap((step, index) =>
  Object.entries(step).map(([name, path]) => ({ name, path, index })),
);

/** What a room must not import: every other room that is not on a lower step. */
const oneWay = rooms.map((room) => ({
  name: `one-way-${room.name}`,
  comment: `${room.name} may use the rooms on lower steps alone.`,
  severity: 'error',
  from: { path: room.path },
  to: {
    path: rooms
      .filter((other) => other.name !== room.name && other.index <= room.index)
      .map((other) => other.path),
  },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...oneWay.filter((rule) => rule.to.path.length > 0),
    {
      name: 'every-file-in-a-room',
      comment: 'A file outside of every room would escape these rules: add its room to STEPS.',
      severity: 'error',
      from: { path: '^src/', pathNot: [...rooms.map((room) => room.path), ...LEAVES] },
      to: {},
    },
    {
      name: 'no-strange-room',
      comment: 'The same for a file that imports nothing.',
      severity: 'error',
      from: {},
      to: { path: '^src/', pathNot: [...rooms.map((room) => room.path), ...LEAVES] },
    },
    {
      name: 'env-for-main',
      comment: 'Settings are read once, by the composition root, and handed on as values.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/(main|sharing)\\.ts$', '^src/command/', ENV] },
      to: { path: ENV },
    },
    {
      name: 'leaves',
      comment:
        'Leaves import nothing of the house but each other: env and metrics the limits, all of them errors.',
      severity: 'error',
      from: { path: LEAVES },
      to: { path: '^src/', pathNot: [ERRORS, LIMITS, METRICS, TELEMETRY] },
    },
    {
      name: 'errors-import-nothing',
      severity: 'error',
      from: { path: ERRORS },
      to: {},
    },
    {
      name: 'policy-is-pure',
      comment: 'Policies are data and their interpreters do no I/O (docs: architecture).',
      severity: 'error',
      from: { path: '^src/policy/' },
      to: { pathNot: ['^src/policy/', ERRORS] },
    },
    {
      name: 'generated-client-in-data',
      comment: 'Only data may build a client; others may use the types.',
      severity: 'error',
      from: { pathNot: ['^src/data/', '^test/'] },
      to: { path: GENERATED, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'system-client-short-list',
      comment: 'INVARIANT: the client without enforcement is out of reach of resolvers.',
      severity: 'error',
      from: {
        pathNot: [
          '^src/(main|assemble|sharing)\\.ts$',
          '^src/request/context\\.ts$',
          '^src/(command|identity|data|demo|shared)/',
          '^(test|scripts|bench)/',
        ],
      },
      to: { path: SYSTEM_CLIENT },
    },
    {
      name: 'no-way-out-of-src',
      comment: 'What runs in production does not lean on what tests, measures or shows it.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: OUTSIDE },
    },
    {
      name: 'examples-from-outside',
      comment: 'What another team would write knows the schema, and nothing of the house.',
      severity: 'error',
      from: { path: '^examples/' },
      to: { path: '^(src|test|scripts|bench|interop)/' },
    },
    { name: 'no-cycles', severity: 'error', from: { pathNot: GENERATED }, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-development-packages',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', GENERATED] },
    // It has packages of its own.
    exclude: { path: '^examples/react/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.d.ts', '.json'],
    },
  },
};
