import type { ExecutionStatus } from '../policy/vocabulary.js';

/** Who brings an execution from one state to another (D32). */
export const MOVERS = ['launch', 'claim', 'cancel', 'worker', 'reaper'] as const;
export type Mover = (typeof MOVERS)[number];

/** One way from a state to another; from null: it is made. */
export interface Transition {
  readonly from: ExecutionStatus | null;
  readonly to: ExecutionStatus;
  readonly by: Mover;
  /** When, beyond the state: kept by whoever does it. */
  readonly when: string;
}

/**
 * All that can happen to an execution (D32). The database refuses everything else (20261207000000_executions); a test
 * compares the two.
 */
export const TRANSITIONS: readonly Transition[] = [
  { from: null, to: 'QUEUED', by: 'launch', when: 'its launcher may' },
  { from: 'QUEUED', to: 'RUNNING', by: 'claim', when: 'it is due, and its launcher still may' },
  { from: 'QUEUED', to: 'DENIED', by: 'claim', when: 'its launcher may not any more' },
  { from: 'QUEUED', to: 'CANCELLED', by: 'cancel', when: 'it or an ancestor is cancelled' },
  { from: 'QUEUED', to: 'CANCELLED', by: 'reaper', when: 'an ancestor timed out' },
  { from: 'QUEUED', to: 'FAILED', by: 'reaper', when: 'nobody claimed it in time' },
  { from: 'RUNNING', to: 'SUCCEEDED', by: 'worker', when: 'the lease is the present one' },
  { from: 'RUNNING', to: 'FAILED', by: 'worker', when: 'the lease is the present one' },
  { from: 'RUNNING', to: 'QUEUED', by: 'worker', when: 'it is given back, or tries are left' },
  { from: 'RUNNING', to: 'QUEUED', by: 'reaper', when: 'its lease is over, and tries are left' },
  { from: 'RUNNING', to: 'FAILED', by: 'reaper', when: 'its lease is over, and none are left' },
  { from: 'RUNNING', to: 'TIMED_OUT', by: 'reaper', when: 'the try took too long' },
  { from: 'RUNNING', to: 'CANCELLING', by: 'cancel', when: 'it or an ancestor is cancelled' },
  {
    from: 'RUNNING',
    to: 'CANCELLING',
    by: 'reaper',
    when: 'an ancestor timed out, or its launcher or its organization is not active',
  },
  { from: 'CANCELLING', to: 'CANCELLED', by: 'worker', when: 'the lease is the present one' },
  { from: 'CANCELLING', to: 'CANCELLED', by: 'reaper', when: 'its worker took too long' },
  { from: 'CANCELLING', to: 'TIMED_OUT', by: 'reaper', when: 'the try took too long' },
  { from: 'CANCELLING', to: 'SUCCEEDED', by: 'worker', when: 'it was finished first' },
  { from: 'CANCELLING', to: 'FAILED', by: 'worker', when: 'it was finished first' },
  { from: 'FAILED', to: 'SUCCEEDED', by: 'worker', when: 'its lease was lost: late, and once' },
  { from: 'FAILED', to: 'FAILED', by: 'worker', when: 'its lease was lost: late, and once' },
];

/** The states that others follow upon, whatever becomes of late results. */
export const LIVE: readonly ExecutionStatus[] = ['QUEUED', 'RUNNING', 'CANCELLING'];

/** The states from which somebody can bring an execution to another one. */
export function statesBefore(to: ExecutionStatus, by: Mover): readonly ExecutionStatus[] {
  return TRANSITIONS.flatMap((one) =>
    one.to === to && one.by === by && one.from !== null ? [one.from] : [],
  );
}
