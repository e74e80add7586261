import type { Limits } from '../limits/limits.js';
import { isFor } from '../policy/operations.js';
import type { ConditionalGrant, Grant, HeldRole, Principal } from '../policy/principal.js';
import { ACTIONS, isWord, type PrincipalKind } from '../policy/vocabulary.js';
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
  /** Null of a key that no user owns. */
  readonly userId: string | null;
  readonly isPlatformAdmin: boolean;
  readonly isProvider: boolean;
  readonly keyId: string | null;
  readonly operations: readonly string[] | null;
}

/** What the one statement of `loadTeams` answers. */
export interface TeamRow extends HoldingRow {
  readonly teamId: string;
}

/** What logs call a principal of a kind, before its id. */
const LABELS = { USER: 'user', API_KEY: 'apiKey', VIRTUAL_KEY: 'virtualKey' } as const;

/**
 * Makes the frozen principal of a user or a key from its row.
 *
 * INVARIANT: a key holds no grant that it is not for (D18), and one without a list is for nothing.
 */
export function principalFromRow(
  row: PrincipalRow,
  limits: Limits,
  kind: keyof typeof LABELS & PrincipalKind = 'USER',
): Principal {
  const { userId, keyId, isPlatformAdmin, isProvider } = row;
  const isKey = kind !== 'USER';
  if (isKey !== (keyId !== null)) throw new Error('a principal is of another kind');
  const operations = isKey ? (row.operations ?? []) : null;
  const label = `${LABELS[kind]}:${keyId ?? userId}`;
  const who = { kind, label, userId, keyId, operations, isPlatformAdmin, isProvider };
  return deepFreeze({ ...who, ...holdingFrom(row, limits, operations) });
}

/**
 * The same of a team, as a key of the team alone is: without a user, and so with nothing that is somebody's own, and without
 * anybody's bypass (D42). It is asked about, and signs in nowhere: no list of operations cuts what it holds.
 */
export function principalOfTeam(row: TeamRow, limits: Limits): Principal {
  const who = { kind: 'API_KEY', label: `team:${row.teamId}`, userId: null } as const;
  const none = { keyId: null, operations: null, isPlatformAdmin: false, isProvider: false };
  return deepFreeze({ ...who, ...none, ...holdingFrom(row, limits, null) });
}

type Holding = Pick<
  Principal,
  'organizationId' | 'teams' | 'roles' | 'grants' | 'conditional' | 'readAt' | 'validUntil'
>;

/** Somebody, with other holdings than theirs. */
export const principalHolding = (principal: Principal, held: HeldRow): Principal =>
  deepFreeze({ ...principal, ...heldFrom(held, principal.operations) });

function heldFrom(
  { roles, grants }: HeldRow,
  operations: Principal['operations'],
): Pick<Holding, 'roles' | 'grants' | 'conditional'> {
  const isCounted = (grant: Grant): boolean =>
    isKnown(grant) && isFor({ operations }, grant.resourceType, grant.action);
  return {
    roles,
    grants: grants.filter((grant) => isCounted(grant) && !isConditional(grant)),
    conditional: grants.filter((grant) => isConditional(grant)).filter(isCounted),
  };
}

function holdingFrom(
  row: HoldingRow,
  { teamMentions }: Limits,
  operations: Principal['operations'],
): Holding {
  return {
    organizationId: row.organizationId,
    teams: { resolved: true, ids: row.teamIds, memberIds: mentioned(row, teamMentions) },
    ...heldFrom(row, operations),
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
