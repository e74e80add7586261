import { isDomainError } from '../errors.js';
import type { Apart } from '../request/apart.js';
import { secretsOf } from './handed.js';
import { isUnderWay, leasedBy } from './leased.js';
import { maskOf } from './mask.js';
import { reachOf } from './worker.js';

/** A sign of life of a worker for one execution. */
export interface Beat {
  readonly id: string;
  readonly leaseToken: string;
  readonly progress?: unknown;
}

/** What it is answered; lost: it is another's, or nobody's, by now. */
export type Beaten =
  | { readonly id: string; readonly isLost: true }
  | {
      readonly id: string;
      readonly isLost: false;
      readonly leaseExpiresAt: Date;
      readonly isCancelRequested: boolean;
      readonly token: string;
    };

/**
 * Prolongs leases by as long as was asked for at the claim, in the order of their ids, so that no two workers wait for each other
 * (D34). What has ended already, or is over its time, is lost.
 *
 * @throws DomainError FORBIDDEN: who asks is no worker
 */
export async function heartbeat(apart: Apart, beats: readonly Beat[]): Promise<Beaten[]> {
  await reachOf(apart);
  const answers = new Map<Beat, Beaten>();
  for (const beat of [...beats].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    answers.set(beat, await prolonged(apart, beat));
  }
  return beats.map((beat) => answers.get(beat) ?? { id: beat.id, isLost: true });
}

async function prolonged(apart: Apart, { id, leaseToken, progress }: Beat): Promise<Beaten> {
  const lost = { id, isLost: true } as const;
  const row = await leasedBy(apart, id, leaseToken).catch((error: unknown) => {
    if (isDomainError(error) && error.code === 'LEASE_LOST') return null;
    throw error;
  });
  if (row === null || !isUnderWay(row) || !row.isAlive) return lost;
  const masked =
    progress === undefined
      ? null
      : JSON.stringify(maskOf(await secretsOf(apart, row.rootId))(progress));
  const [kept] = await apart.tx.$queryRaw<{ leaseExpiresAt: Date }[]>`
    UPDATE execution SET lease_expires_at = statement_timestamp() + make_interval(secs => lease_seconds),
      progress = coalesce(${masked}::jsonb, progress)
    WHERE id = ${row.id}::text::uuid RETURNING lease_expires_at AS "leaseExpiresAt"`;
  if (kept === undefined) return lost;
  const { leaseExpiresAt } = kept;
  const isCancelRequested = row.status === 'CANCELLING';
  return { id, isLost: false, leaseExpiresAt, isCancelRequested, token: row.token };
}
