import { delegateOf } from '../data/prisma/reader.js';
import { residualWhere } from '../data/prisma/residual-where.js';
import { withinLimits } from '../data/prisma/too-large.js';
import { forbidden } from '../errors.js';
import type { Policy } from '../policy/define-policy.js';
import { isConstant, no, type Residual } from '../policy/residual.js';
import type { Session } from './session.js';

/**
 * D21: what goes with an organization must be the principal's to delete, each row of it: what is behind a DEFINE
 * boundary is not its owner's.
 *
 * @throws DomainError FORBIDDEN, without a number
 */
export async function assertMayDeleteAllOf(
  session: Session,
  organizationId: string,
): Promise<void> {
  if (session.principal.isPlatformAdmin) return;
  for (const policy of session.guarding.decisions.policies.values()) {
    if (policy.home?.organization !== 'organizationId' || !('delete' in policy.actions)) continue;
    await assertAllPermit(session, policy, 'delete', { organizationId });
  }
}

/** What is done with a scope and everything in it: the action on each scope, and that on each row at one. */
const WHOLE = {
  move: { scopes: 'move', rows: 'update' },
  delete: { scopes: 'delete', rows: 'delete' },
} as const;

/**
 * D21: a subtree is moved or deleted by who may do so with every scope in it, and with every row that lives there.
 *
 * @throws DomainError FORBIDDEN, without a number
 */
export async function assertMayDoWithSubtree(
  session: Session,
  scopeId: string,
  doing: keyof typeof WHOLE,
): Promise<void> {
  if (session.principal.isPlatformAdmin) return;
  const { scopes, rows } = WHOLE[doing];
  const below = { path: { has: scopeId } };
  for (const policy of session.guarding.decisions.policies.values()) {
    const { home } = policy;
    if (home?.itself !== undefined) await assertAllPermit(session, policy, scopes, below);
    // INVARIANT: what outlives its scope, as the record does, is all that stays where it was.
    else if (home?.scope === 'scopeId' && home.inherits.kind !== 'recorded') {
      for (const action of goingAlong(policy, rows, doing)) {
        await assertAllPermit(session, policy, action, { scope: below });
      }
    }
  }
}

/**
 * What is needed on rows that go along. INVARIANT: of what nobody changes, as of executions, everything that can be had on them:
 * who holds it where they come to has it then (D21). What nobody deletes keeps its scope: the database says so.
 */
function goingAlong(
  { actions }: Policy,
  action: string,
  doing: keyof typeof WHOLE,
): readonly string[] {
  if (action in actions) return [action];
  return doing === 'delete' ? [] : ['read', 'inspect', 'cancel'].filter((one) => one in actions);
}

/** Two statements whatever there is: nobody else writes there meanwhile (D18), and so the numbers are of one moment. */
async function assertAllPermit(
  { tx, guarding: { decisions } }: Session,
  { model, actions }: Policy,
  action: string,
  where: object,
): Promise<void> {
  // What nobody can do, nobody may.
  const residual: Residual = action in actions ? decisions.residual(model, action) : no;
  if (isConstant(residual, true)) return;
  const rows = delegateOf(tx, model);
  const all = await rows.count({ where });
  if (all === 0) return;
  const allowed = isConstant(residual, false)
    ? 0
    : await withinLimits(rows.count({ where: { AND: [where, residualWhere(residual)] } }));
  if (allowed < all) throw forbidden('it holds what is not permitted to go along (D21)');
}
