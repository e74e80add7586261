import type { Apart } from '../request/apart.js';
import { makeLease } from '../secrets/lease.js';
import { agentFor, type HandedAgent } from './agent-for.js';
import { decideClaim } from './decide.js';
import { nextOf, type Queued } from './queue.js';
import { trace } from './trace.js';
import { reachOf } from './worker.js';

/** What a worker asks for. */
export interface ClaimOptions {
  readonly queues: readonly string[];
  readonly max: number;
  readonly leaseSeconds: number;
  readonly perOrganization: number;
}

/** What a worker is handed of an execution (D34). */
export interface Claimed {
  readonly id: string;
  readonly kind: string;
  readonly organizationId: string;
  readonly scopeId: string;
  readonly workflowId: string | null;
  readonly targetName: string;
  readonly targetVersion: number;
  readonly endpoint: string | null;
  readonly agent: HandedAgent | null;
  readonly input: unknown;
  readonly attempt: number;
  readonly timeoutAt: Date;
  readonly leaseExpiresAt: Date;
  readonly leaseToken: string;
  readonly token: string;
}

/**
 * So many bytes of inputs and agents are handed out at once: the leases are there before the answer is, and would be lost
 * with one that is refused. Far below what an answer may have (HEIMDALL_MAX_ANSWER_BYTES), which counts more than these.
 */
const MOST_BYTES = 2_000_000;

type Taken = Omit<Claimed, 'agent' | 'leaseToken' | 'token'>;

/**
 * Hands executions to a worker (D34), each decided once more as its launcher (D33): what may not run any more is DENIED.
 * What is too much for one answer stays QUEUED; the first is handed out however large it is.
 *
 * @returns undefined where there is nothing to be handed out, and nothing where all that there was is denied
 * @throws DomainError FORBIDDEN: who asks is no worker
 */
export async function claim(apart: Apart, options: ClaimOptions): Promise<Claimed[] | undefined> {
  const reach = await reachOf(apart);
  const queued = await nextOf(apart, { ...options, reach });
  if (queued.length === 0) return undefined;
  const handed: Claimed[] = [];
  let bytes = 0;
  for (const one of queued) {
    const decided = await decideClaim(apart, one);
    if ('denied' in decided) await deny(apart, one, decided.denied);
    else {
      const agent = one.agentId === null ? null : await agentFor(apart, one.agentId, decided);
      bytes += one.inputBytes + Buffer.byteLength(JSON.stringify(agent));
      if (bytes > MOST_BYTES && handed.length > 0) break;
      const lease = makeLease(one.id, one.attempt + 1);
      const taken = await take(apart, one, lease.hash, options.leaseSeconds);
      handed.push({ ...taken, agent, leaseToken: lease.leaseToken, token: lease.token });
    }
  }
  return handed;
}

async function take(
  apart: Apart,
  queued: Queued,
  hash: string,
  leaseSeconds: number,
): Promise<Taken> {
  const { tx, principal } = apart;
  const { id, organizationId, scopeId } = queued;
  const [taken] = await tx.$queryRaw<Taken[]>`
    UPDATE execution e SET status = 'RUNNING', moved_by = 'claim', moved_at = statement_timestamp(), attempt = e.attempt + 1,
      lease_hash = ${hash}, lease_seconds = ${leaseSeconds}::int, worker_key_id = ${principal.keyId}::text::uuid,
      lease_expires_at = statement_timestamp() + make_interval(secs => ${leaseSeconds}::int),
      started_at = statement_timestamp(), version = e.version + 1, updated_at = statement_timestamp(),
      timeout_at = statement_timestamp() + make_interval(secs => e.timeout_seconds)
    FROM execution o LEFT JOIN workflow w ON w.id = o.workflow_id
    WHERE e.id = ${id}::text::uuid AND e.status = 'QUEUED' AND o.id = e.id
    RETURNING e.id::text, e.kind, e.organization_id::text AS "organizationId", e.scope_id::text AS "scopeId",
      e.workflow_id::text AS "workflowId", e.target_name AS "targetName", e.target_version AS "targetVersion",
      w.endpoint, e.input, e.attempt, e.timeout_at AS "timeoutAt", e.lease_expires_at AS "leaseExpiresAt"`;
  if (taken === undefined) throw new Error('an execution that is locked is not QUEUED any more');
  const { attempt } = taken;
  await trace(apart, 'claim', [
    { id, organizationId, scopeId, from: 'QUEUED', to: 'RUNNING', attempt },
  ]);
  return taken;
}

async function deny(apart: Apart, queued: Queued, reason: string): Promise<void> {
  const { id, organizationId, scopeId, attempt } = queued;
  await apart.tx.$executeRaw`
    UPDATE execution SET status = 'DENIED', moved_by = 'claim', moved_at = statement_timestamp(),
      finished_at = statement_timestamp(), reason = ${reason}, version = version + 1, updated_at = statement_timestamp()
    WHERE id = ${id}::text::uuid AND status = 'QUEUED'`;
  await trace(apart, 'claim', [
    {
      id,
      organizationId,
      scopeId,
      from: 'QUEUED',
      to: 'DENIED',
      attempt,
      reason: 'decided again at its claim (D33)',
    },
  ]);
}
