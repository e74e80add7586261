import type { Limits } from '../limits/limits.js';
import { isFor } from '../policy/operations.js';
import type { ConditionalGrant, Grant, HeldRole, Principal } from '../policy/principal.js';
import { ACTIONS, isWord, type PrincipalKind } from '../policy/vocabulary.js';
import { deepFreeze } from './deep-freeze.js';

/** What the one statement of `loadPrincipal` answers. */
export interface PrincipalRow {
  /** Null of a key that no user owns. */
  readonly userId: string | null;
  readonly organizationId: string;
  readonly isPlatformAdmin: boolean;
  readonly isProvider: boolean;
  readonly teamIds: readonly string[];
  /** Null: nothing is held with TEAM_DATA, or they are more than a request should carry. */
  readonly teamMemberIds: readonly string[] | null;
  readonly roles: readonly HeldRole[];
  readonly grants: readonly (Grant | ConditionalGrant)[];
  readonly readAt: Date;
  readonly validUntil: string | null;
  readonly keyId: string | null;
  readonly operations: readonly string[] | null;
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
  { teamMentions }: Limits,
  kind: keyof typeof LABELS & PrincipalKind = 'USER',
): Principal {
  const isKey = kind !== 'USER';
  if (isKey !== (row.keyId !== null)) throw new Error('a principal is of another kind');
  const operations = isKey ? (row.operations ?? []) : null;
  const isCounted = (grant: Grant): boolean =>
    isKnown(grant) && isFor({ operations }, grant.resourceType, grant.action);
  return deepFreeze({
    kind,
    label: `${LABELS[kind]}:${row.keyId ?? row.userId}`,
    userId: row.userId,
    keyId: row.keyId,
    operations,
    organizationId: row.organizationId,
    isPlatformAdmin: row.isPlatformAdmin,
    isProvider: row.isProvider,
    teams: { resolved: true, ids: row.teamIds, memberIds: mentioned(row, teamMentions) },
    roles: row.roles,
    grants: row.grants.filter((grant) => isCounted(grant) && !isConditional(grant)),
    conditional: row.grants.filter((grant) => isConditional(grant)).filter(isCounted),
    readAt: row.readAt.toISOString(),
    validUntil: row.validUntil,
  });
}

/**
 * The teammates, unless conditions would be too long for a statement (D7): one names them once for each
 * grant that it cannot put together with another.
 */
function mentioned(
  { teamMemberIds, grants }: PrincipalRow,
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
