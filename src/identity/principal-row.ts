import type { Grant, HeldRole, Principal } from '../policy/principal.js';
import { ACTIONS } from '../policy/vocabulary.js';
import { deepFreeze } from './deep-freeze.js';

/** What the one statement of `loadPrincipal` answers. */
export interface PrincipalRow {
  readonly userId: string;
  readonly organizationId: string;
  readonly isPlatformAdmin: boolean;
  readonly isProvider: boolean;
  readonly teamIds: readonly string[];
  /** Null: nothing is held with TEAM_DATA, or they are more than a request should carry. */
  readonly teamMemberIds: readonly string[] | null;
  readonly roles: readonly HeldRole[];
  readonly grants: readonly Grant[];
}

/** Makes the frozen principal of a user from its row. */
export function principalFromRow(row: PrincipalRow): Principal {
  return deepFreeze({
    kind: 'USER',
    label: `user:${row.userId}`,
    userId: row.userId,
    organizationId: row.organizationId,
    isPlatformAdmin: row.isPlatformAdmin,
    isProvider: row.isProvider,
    teams: { resolved: true, ids: row.teamIds, memberIds: row.teamMemberIds },
    roles: row.roles,
    grants: row.grants.filter(isKnown),
  });
}

/** A stored permission of another version, or one that reads `*`, is no action of this one. */
function isKnown({ resourceType, action }: Grant): boolean {
  const actions: Readonly<Record<string, readonly string[]>> = ACTIONS;
  return Object.hasOwn(actions, resourceType) && actions[resourceType]?.includes(action) === true;
}
