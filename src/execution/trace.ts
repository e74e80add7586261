import type { AuditEntry } from '../audit/entry.js';
import { record } from '../audit/record.js';
import type { Principal } from '../policy/principal.js';
import type { Apart } from '../request/apart.js';

/** A transition, as the record has it (D32, D44). */
export interface Traced {
  readonly id: string;
  readonly organizationId: string;
  readonly scopeId: string;
  readonly from: string;
  readonly to: string;
  readonly attempt: number;
  /** INVARIANT: nothing of why it was denied, which is for who inspects the execution alone. */
  readonly reason?: string;
}

/** Has transitions recorded in their own transaction, as done by a worker, a claim or the reaper. */
export async function trace(
  {
    tx,
    principal,
    requestId,
  }: Pick<Apart, 'tx'> & {
    readonly principal: Principal;
    readonly requestId?: string | undefined;
  },
  action: string,
  traced: readonly Traced[],
): Promise<void> {
  const entries = traced.map(
    ({ id, organizationId, scopeId, from, to, attempt, reason }): AuditEntry => ({
      principal,
      place: {
        organizationId,
        switched: principal.organizationId !== null && organizationId !== principal.organizationId,
        coverage: { kind: 'organization', organizationId },
        chain: [],
        includeShadowed: false,
      },
      action: `execution:${action}`,
      resourceType: 'execution',
      resourceId: id,
      organizationId,
      scopeId,
      outcome: to === 'DENIED' ? 'DENIED' : 'PERMITTED',
      before: { id, status: from },
      after: { id, status: to, attempt },
      ...(reason === undefined ? {} : { reason }),
      ...(requestId === undefined ? {} : { requestId }),
    }),
  );
  await record(tx, ...entries);
}
