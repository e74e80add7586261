import { isFor } from './operations.js';
import type { Principal } from './principal.js';
import { equals, no, type Residual } from './residual.js';

/**
 * Which conversations are the principal's own (D35): those that their user began.
 *
 * INVARIANT: a key has them only if it is for using agents (D18); and a run, which does what a model says, has none of its
 * launcher's (D30): what it needs of its own it is handed.
 */
export function createdResidual(
  principal: Pick<Principal, 'kind' | 'userId' | 'operations'>,
): Residual {
  const { kind, userId } = principal;
  if (userId === null || kind === 'EXECUTION' || !isFor(principal, 'agent', 'use')) return no;
  return equals('createdById', userId, 'principal.userId');
}
