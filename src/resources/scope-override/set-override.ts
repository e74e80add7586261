import { resolveReferences } from '../../commands/change.js';
import { changeRow } from '../../commands/change-row.js';
import { createRow, notToBeMade, wouldPermit } from '../../commands/create-row.js';
import type { Named } from '../../commands/locate.js';
import type { Session } from '../../commands/session.js';
import type { Change } from '../../commands/settings.js';
import { actingAt } from '../../commands/spot.js';
import type { Writable } from '../../commands/writable.js';
import type { Row } from '../../data/prisma/reader.js';
import { badInput, conflict, isDomainError } from '../../errors.js';
import { assertMayLift } from './lift.js';
import { assertHoldsRegainedAt, type Target } from './target.js';

interface Wanted {
  readonly scope: string | null | undefined;
  readonly version: number | null | undefined;
  /** The state, and what it is of. */
  readonly change: Change;
}

/**
 * Sets the override of a permission, a role, or the one in the other, at a scope (D9): the one that is there for the same is
 * changed. To lift takes more than to disable: see `assertMayLift`. Whoever disables sees what they disable: a hidden role
 * or permission is none (D14).
 *
 * @throws DomainError FORBIDDEN, CONFLICT, BAD_USER_INPUT
 */
export async function setScopeOverride(
  request: Session,
  writable: Writable,
  { scope, version, change }: Wanted,
): Promise<Row> {
  const { spot, there: session } = await actingAt(request, scope);
  session.aim({ id: null, at: spot });
  const given = Object.values(change.references).filter((id) => id !== null);
  if (given.length === 0) {
    throw badInput([{ path: [], message: 'a permission or a role is to be named, or both' }]);
  }
  const { values } = await resolveReferences(session, writable, change, spot.scopeId);
  const target: Target = {
    permissionId: (values.permissionId ?? null) as string | null,
    roleId: (values.roleId ?? null) as string | null,
  };
  const found = await session.tx.scopeOverride.findFirst({
    where: { scopeId: spot.scopeId, ...target },
    select: { id: true, state: true },
  });
  const row =
    found === null
      ? await make(session, writable, spot, change, version)
      : await switchOver(session, writable, spot, { id: found.id, version }, change);
  if (row.state === 'enabled') await assertMayLift(session, spot, target);
  if (row.state === 'enabled' && found?.state !== 'enabled') {
    await assertHoldsRegainedAt(session, spot, target);
  }
  return row;
}

type Spot = Parameters<typeof createRow>[2];

function make(
  session: Session,
  writable: Writable,
  spot: Spot,
  change: Change,
  version: Wanted['version'],
): Promise<Row> {
  if (version !== undefined && version !== null) {
    throw conflict('there is none of this version: it was removed meanwhile');
  }
  return createRow(session, writable, spot, change, ['create']);
}

async function switchOver(
  session: Session,
  writable: Writable,
  spot: Spot,
  named: Named,
  change: Change,
): Promise<Row> {
  const { columns } = change;
  try {
    const state: Change = { columns, references: {}, links: {} };
    return await changeRow(session, writable, 'update', named, state);
  } catch (error) {
    if (!isDomainError(error) || error.code !== 'NOT_FOUND') throw error;
    session.aim({ id: null, at: spot });
    // A hidden one occupies its place (D14), as who could not set one there is not told.
    throw wouldPermit(session, writable, 'create', spot, change)
      ? conflict('the name is taken there')
      : notToBeMade('create');
  }
}
