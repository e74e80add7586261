import { whereaboutsOf } from '../../commands/aim.js';
import type { Session } from '../../commands/session.js';
import type { Row } from '../../data/prisma/reader.js';

/** Has it recorded that the value of a secret was told, and why, with all else that the command does (D16, D19). */
export function recordReveal(session: Session, row: Row, reason: string): void {
  const { principal, place, requestId, guarding } = session;
  session.entries.push({
    principal,
    place,
    action: 'config:reveal',
    resourceType: 'config',
    resourceId: row.id,
    ...whereaboutsOf(guarding.decisions.policy('Config'), row),
    outcome: 'PERMITTED',
    reason,
    ...(requestId === undefined ? {} : { requestId }),
  });
}
