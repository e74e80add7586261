import { limit } from './limit.js';

/** What subscriptions take. */
export const SUBSCRIPTION_LIMITS = {
  subscriptions: limit(
    'HEIMDALL_MAX_SUBSCRIPTIONS',
    0,
    [0, 100_000],
    'subscriptions',
    'What this process has at once; one more is LIMIT_EXCEEDED. 0: nobody can subscribe.',
  ),
  subscriptionsPerPrincipal: limit(
    'HEIMDALL_MAX_SUBSCRIPTIONS_PER_PRINCIPAL',
    20,
    [1, 100_000],
    'subscriptions',
    'The same of one user or key.',
  ),
  subscriptionBytes: limit(
    'HEIMDALL_SUBSCRIPTION_BYTES',
    256_000,
    [1_000, 99_999_999],
    'bytes',
    'What waits for one subscriber to read it; who lets more come is cut off as TOO_SLOW.',
  ),
  subscriptionsMs: limit(
    'HEIMDALL_SUBSCRIPTIONS_MS',
    5_000,
    [50, 600_000],
    'milliseconds',
    'How often it is looked for changes and ended rights where nothing was notified.',
  ),
  resumedChanges: limit(
    'HEIMDALL_MAX_RESUMED_CHANGES',
    10_000,
    [0, 1_000_000],
    'changes',
    'So many are looked through for who comes back with a cursor; after more it is CURSOR_EXPIRED.',
  ),
  changesSeconds: limit(
    'HEIMDALL_CHANGES_SECONDS',
    3_600,
    [10, 2_592_000],
    'seconds',
    'How long changes are kept for who comes back with a cursor.',
  ),
  changesRows: limit(
    'HEIMDALL_CHANGES_ROWS',
    1_000_000,
    [100, 999_999_999],
    'changes',
    'So many are kept at most.',
  ),
  changesSweepMs: limit(
    'HEIMDALL_CHANGES_SWEEP_MS',
    60_000,
    [0, 86_400_000],
    'milliseconds',
    'How often this gateway takes away those that need not be kept; 0: never, and `npm run changes:sweep` has to.',
  ),
} as const;
