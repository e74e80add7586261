import type { Row } from '../data/prisma/reader.js';
import type { Values } from '../data/prisma/writer.js';
import { databaseClock } from '../data/write/database-clock.js';
import { forbidden } from '../errors.js';
import type { Policy } from '../policy/define-policy.js';
import { evaluate } from '../policy/evaluate.js';
import { patternResidual } from '../policy/pattern.js';
import { rootScopeId } from '../policy/root-scope.js';
import { isHeldOn, type Session } from './session.js';
import { unexpired } from './unexpired.js';
import { actionsOnRows, type Writable } from './writable.js';

/**
 * D21: permissions go by names (D10), and so a new name can give a row away: to whom a pattern permits what is
 * called so. Who renames it so must hold on it whatever any such permission that is held there permits.
 *
 * @throws DomainError FORBIDDEN
 */
export async function assertNameGivesNothing(
  session: Session,
  writable: Writable,
  before: Row,
  after: Values,
): Promise<void> {
  const { policy, model, resource } = writable;
  const { principal, tx } = session;
  if (policy.name === undefined || before[policy.name] === after[policy.name]) return;
  if (principal.isPlatformAdmin) return;
  const lacked: string[] = [];
  for (const action of actionsOnRows(writable)) {
    if (!(await isHeldOn(session, model, action, before))) lacked.push(action);
  }
  if (lacked.length === 0) return;
  // What has ended gives nothing (D48).
  const counts = unexpired(await databaseClock(tx));
  const held = await tx.permission.findMany({
    where: {
      resourceType: resource,
      action: { in: lacked },
      resourcePattern: { notIn: ['*', 'owned'] },
      roles: {
        some: {
          role: {
            assignments: {
              some: {
                ...counts,
                membership: { ...counts, scopeId: { in: reaching(policy, before) } },
              },
            },
          },
        },
      },
    },
    select: { resourcePattern: true },
  });
  const catches = (pattern: string, row: Values): boolean =>
    evaluate(patternResidual(policy, pattern, principal), row) === 'yes';
  const given = held.some(
    ({ resourcePattern }) => catches(resourcePattern, after) && !catches(resourcePattern, before),
  );
  if (given) throw forbidden('the name would give it away (D21)');
}

/** The scopes whose grants reach a row (D8): inherits(home), and of a scope inherits(itself), too. */
export function reaching({ home }: Policy, row: Row): string[] {
  if (home === undefined) return [];
  const { kind, field } = home.inherits;
  const value = row[field];
  // A root inherits from itself alone.
  if (kind === 'root') return [rootScopeId(String(value))];
  const own = home.itself === undefined ? [] : row[home.itself];
  return [value, own].flatMap((ids) => (Array.isArray(ids) ? ids.map(String) : []));
}
