import { leaseLost } from '../errors.js';
import { isUuid } from '../policy/pattern.js';
import type { Apart } from '../request/apart.js';
import { isHashOf } from '../secrets/credential.js';
import { leaseOf } from '../secrets/lease.js';
import { reachOf } from './worker.js';

/** An execution as its worker finds it, locked. */
export interface Leased {
  readonly id: string;
  readonly rootId: string;
  readonly status: string;
  readonly attempt: number;
  readonly released: number;
  readonly maxAttempts: number;
  readonly organizationId: string;
  readonly scopeId: string;
  readonly errorCode: string | null;
  readonly late: boolean;
  /** Whether its lease is not over yet. */
  readonly isAlive: boolean;
  /** Whether a result is still taken of one whose lease was lost (D32). */
  readonly isFresh: boolean;
  readonly token: string;
}

type Found = Omit<Leased, 'token'> & { readonly leaseHash: string | null };

/**
 * The execution of which somebody shows the fence of the last attempt (D34), locked until the transaction ends. What has become
 * of it is for the caller to look at.
 *
 * @throws DomainError LEASE_LOST: there is no such execution, or the fence is of no attempt or of an older one, or another key's;
 *   FORBIDDEN: who asks is no worker
 */
export async function leased(apart: Apart, id: string, leaseToken: string): Promise<Leased> {
  await reachOf(apart);
  return leasedBy(apart, id, leaseToken);
}

/** The same of one that is a worker. */
export async function leasedBy(
  { tx, principal }: Pick<Apart, 'tx' | 'principal'>,
  id: string,
  leaseToken: string,
): Promise<Leased> {
  if (!isUuid(id)) throw leaseLost();
  const [found] = await tx.$queryRaw<Found[]>`
    SELECT id::text, root_id::text AS "rootId", status, attempt, released, max_attempts AS "maxAttempts",
      organization_id::text AS "organizationId", scope_id::text AS "scopeId", error_code AS "errorCode", late,
      lease_hash AS "leaseHash", coalesce(least(lease_expires_at, timeout_at) > statement_timestamp(), false) AS "isAlive",
      coalesce(finished_at > statement_timestamp() - interval '24 hours', false) AS "isFresh"
    FROM execution WHERE id = ${id}::text::uuid AND worker_key_id = ${principal.keyId}::text::uuid
    FOR NO KEY UPDATE`;
  if (found === undefined) throw leaseLost();
  const { leaseHash, ...row } = found;
  const { token, hash } = leaseOf(leaseToken, row.id, row.attempt);
  // INVARIANT: this is the fence: what an older attempt says changes nothing.
  if (!isHashOf(hash, [leaseHash])) throw leaseLost();
  return { ...row, token };
}

/** Whether its worker has it. */
export const isUnderWay = ({ status }: Pick<Leased, 'status'>): boolean =>
  status === 'RUNNING' || status === 'CANCELLING';
