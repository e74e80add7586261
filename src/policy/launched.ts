import { isFor } from './operations.js';
import type { Principal } from './principal.js';
import { equals, no, or, type Residual } from './residual.js';

/**
 * Which executions are the principal's own launches (D31): those of the same user, whose keys launch for them; of a key
 * without a user its own.
 *
 * INVARIANT: a key sees what it launched itself; what else its owner did only if it is for reading executions (D18).
 */
export function launchedResidual(
  action: string,
  principal: Pick<Principal, 'userId' | 'keyId' | 'operations'>,
): Residual {
  const { userId, keyId } = principal;
  // INVARIANT: whoever says nothing of a key has none.
  const byKey = typeof keyId === 'string' ? equals('launcherKeyId', keyId, 'principal.keyId') : no;
  if (userId === null) return byKey;
  const needed = action === 'cancel' ? 'cancel' : 'read';
  const byUser = equals('createdById', userId, 'principal.userId');
  return isFor(principal, 'execution', needed) ? or(byUser, byKey) : byKey;
}
