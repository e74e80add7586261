import type { Limits } from '../limits/limits.js';
import type { ConditionalGrant, Grant, HeldRole, Principal } from '../policy/principal.js';
import { ACTIONS, isWord } from '../policy/vocabulary.js';
import { deepFreeze } from './deep-freeze.js';

/** What memberships carry. */
export interface HeldRow {
  readonly roles: readonly HeldRole[];
  readonly grants: readonly (Grant | ConditionalGrant)[];
}

/** What is known of whoever holds something. */
interface HoldingRow extends HeldRow {
  readonly organizationId: string;
  readonly teamIds: readonly string[];
  /** Null: nothing is held with TEAM_DATA, or they are more than a request should carry. */
  readonly teamMemberIds: readonly string[] | null;
  readonly readAt: Date;
  readonly validUntil: string | null;
}

/** What the one statement of `loadPrincipal` answers. */
export interface PrincipalRow extends HoldingRow {
  readonly userId: string;
  readonly isPlatformAdmin: boolean;
  readonly isProvider: boolean;
}

/** What the one statement of `loadTeams` answers. */
export interface TeamRow extends HoldingRow {
  readonly teamId: string;
}

/** Makes the frozen principal of a user from its row. */
export function principalFromRow(row: PrincipalRow, limits: Limits): Principal {
  const { userId, isPlatformAdmin, isProvider } = row;
  const who = { kind: 'USER', label: `user:${userId}`, userId } as const;
  return deepFreeze({ ...who, isPlatformAdmin, isProvider, ...holdingFrom(row, limits) });
}

/**
 * The same of a team, as a key of the team alone is: without a user, and so with nothing that is somebody's own, and without
 * anybody's bypass (D42).
 */
export function principalOfTeam(row: TeamRow, limits: Limits): Principal {
  const who = { kind: 'API_KEY', label: `team:${row.teamId}`, userId: null } as const;
  const none = { isPlatformAdmin: false, isProvider: false };
  return deepFreeze({ ...who, ...none, ...holdingFrom(row, limits) });
}

type Holding = Pick<
  Principal,
  'organizationId' | 'teams' | 'roles' | 'grants' | 'conditional' | 'readAt' | 'validUntil'
>;

/** Somebody, with other holdings than theirs. */
export const principalHolding = (principal: Principal, held: HeldRow): Principal =>
  deepFreeze({ ...principal, ...heldFrom(held) });

const heldFrom = ({
  roles,
  grants,
}: HeldRow): Pick<Holding, 'roles' | 'grants' | 'conditional'> => ({
  roles,
  grants: grants.filter((grant) => isKnown(grant) && !isConditional(grant)),
  conditional: grants.filter((grant) => isConditional(grant)).filter(isKnown),
});

function holdingFrom(row: HoldingRow, { teamMentions }: Limits): Holding {
  return {
    organizationId: row.organizationId,
    teams: { resolved: true, ids: row.teamIds, memberIds: mentioned(row, teamMentions) },
    ...heldFrom(row),
    readAt: row.readAt.toISOString(),
    validUntil: row.validUntil,
  };
}

/**
 * The teammates, unless conditions would be too long for a statement (D7): one names them once for each
 * grant that it cannot put together with another.
 */
function mentioned(
  { teamMemberIds, grants }: HoldingRow,
  mentions: number,
): readonly string[] | null {
  if (teamMemberIds === null) return null;
  const times = new Map<string, number>();
  for (const { resourceType, action, dataAccess } of grants) {
    if (dataAccess !== 'TEAM_DATA') continue;
    const key = `${resourceType}:${action}`;
    times.set(key, (times.get(key) ?? 0) + 1);
  }
  const most = Math.max(0, ...times.values());
  return most * teamMemberIds.length > mentions ? null : teamMemberIds;
}

/** INVARIANT: by whether there is a condition, be it null in JSON or anything else that is none. */
function isConditional(grant: Grant | ConditionalGrant): grant is ConditionalGrant {
  return Object.hasOwn(grant, 'condition');
}

/**
 * Of a type that the gateway owns, a stored permission of another version is no action of this one; of a type that
 * only others know, any word is. One that reads `*`, or is no word, is none of either (D10).
 */
function isKnown({ resourceType, action }: Grant): boolean {
  const actions: Readonly<Record<string, readonly string[]>> = ACTIONS;
  if (!Object.hasOwn(actions, resourceType)) return isWord(resourceType) && isWord(action);
  return actions[resourceType]?.includes(action) === true;
}
