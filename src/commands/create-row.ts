import type { Row } from '../data/prisma/reader.js';
import type { Values } from '../data/prisma/writer.js';
import { isTaken } from '../data/write/sqlstate.js';
import { badInput, conflict, forbidden } from '../errors.js';
import type { Policy } from '../policy/define-policy.js';
import { evaluate } from '../policy/evaluate.js';
import type { Principal } from '../policy/principal.js';
import { linkAll, resolveReferences } from './change.js';
import { recordWrite } from './record.js';
import { isPermitted, type Session } from './session.js';
import type { Change } from './settings.js';
import { assertSomebodys } from './somebodys.js';
import type { Spot } from './spot.js';
import { uuid7 } from './uuid7.js';
import { assertSound, type Writable } from './writable.js';

/**
 * Makes a row at a spot. Decided before, on the row as it would be, so that who may not make it is told nothing
 * of what is there; and after, on the row as it is. What sets more than `create` does needs the actions that set it.
 *
 * @throws DomainError FORBIDDEN, CONFLICT, BAD_USER_INPUT
 */
export async function createRow(
  session: Session,
  writable: Writable,
  spot: Spot,
  change: Change,
  actions: readonly string[],
): Promise<Row> {
  const { model } = writable;
  const proposed = proposedRow(session, writable, spot, change);
  session.aim({ id: null, at: spot });
  const refused = actions.find((action) => !permitsProposed(session, model, action, proposed));
  if (refused !== undefined) throw notToBeMade(refused);
  assertSound(writable, proposed);
  const columns = {
    ...stamp(session, writable, spot),
    ...(await keptOf(session, writable, change)),
  };
  const resolved = await resolveReferences(session, writable, { ...change, columns }, spot.scopeId);
  assertSomebodys(resolved.values);
  const made = await session.writer.insert(model, resolved.values).catch((error: unknown) => {
    const { taken } = writable;
    throw taken !== undefined && isTaken(error) ? conflict(taken) : error;
  });
  await linkAll(session, made.id, resolved);
  // The database keeps some of what was linked on the row itself.
  const after = resolved.links.length === 0 ? made : await session.writer.reread(model, made.id);
  for (const action of actions) {
    if (!(await isPermitted(session, model, action, after))) {
      throw forbidden(`${action} is not permitted on the row that came of it`);
    }
  }
  await (await writable.watch?.(session, null))?.(after);
  const linked = Object.fromEntries(resolved.links.map(({ name, ids }) => [name, ids]));
  recordWrite(session, writable, 'create', null, { ...after, ...linked });
  return after;
}

/** What is set as it is kept: what is bound to the row's id needs to know it before. */
async function keptOf(
  session: Session,
  { keeping }: Writable,
  { columns }: Change,
): Promise<Values> {
  if (keeping === undefined) return columns;
  const id = String(columns.id ?? uuid7());
  return { ...(await keeping.keep(session, null, id, columns)), id };
}

/** What is told and recorded of a row that could not be made, whatever is there in its place (D14). */
export function notToBeMade(action: string): Error {
  return forbidden(`${action} is not permitted on such a row there`);
}

/** Who made it, who owns it, and where it lives: the gateway says so, and no client. */
function stamp(session: Session, { model }: Writable, spot: Spot): Values {
  const { userId } = session.principal;
  const policy = session.guarding.decisions.policy(model);
  const { scopeId, organizationId } = spot;
  if (policy.home?.scope !== 'scopeId') {
    // Who made a team is said of it, and gives nobody anything.
    const by = policy.ownership === 'team' ? { createdById: userId } : {};
    return { ...atRoot(policy, organizationId), ...by };
  }
  const place = { scopeId, organizationId };
  return policy.ownership === 'owned' || policy.ownership === 'key'
    ? { ...place, createdById: userId, ownerId: userId, teamId: teamOf(session.principal) }
    : place;
}

/** What a key of a team makes is the team's (D22). */
function teamOf({ keyId, userId, teams }: Principal): string | null {
  if (keyId === null || userId !== null || !teams.resolved) return null;
  return teams.ids[0] ?? null;
}

/** What lives at the root of an organization belongs to it; an organization itself to none. */
function atRoot({ home }: Policy, organizationId: string | null): Values {
  if (home?.organization !== 'organizationId') return {};
  if (organizationId === null && !home.hasGlobalRows) {
    throw badInput([
      { path: ['scope'], message: 'there is none of these without an organization' },
    ]);
  }
  return { organizationId };
}

/** Whether a row could be made at a spot, by what it would be. */
export function wouldPermit(
  session: Session,
  writable: Writable,
  action: string,
  spot: Spot,
  change: Change,
): boolean {
  const row = proposedRow(session, writable, spot, change);
  return permitsProposed(session, writable.model, action, row);
}

function proposedRow(session: Session, writable: Writable, spot: Spot, change: Change): Values {
  const row = {
    ...stamp(session, writable, spot),
    ...change.columns,
    ...foreignKeys(writable, change),
    governedBy: spot.inheritsFrom,
    scope: spot.scope,
  };
  return writable.keeping?.decidedOn(row) ?? row;
}

/** INVARIANT: what cannot be told of a row that is not there yet is not permitted. */
function permitsProposed(
  { guarding: { decisions } }: Session,
  model: string,
  action: string,
  row: Values,
): boolean {
  return evaluate(decisions.residual(model, action), row) === 'yes';
}

function foreignKeys({ references }: Writable, change: Change): Values {
  return Object.fromEntries(
    Object.entries(change.references).map(([name, id]) => [
      references.get(name)?.column ?? name,
      id,
    ]),
  );
}
