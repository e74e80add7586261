import type { Disabled } from '../data/system-queries.js';
import { evaluate, type Row } from '../policy/evaluate.js';
import type { Grant, HeldRole, Principal } from '../policy/principal.js';
import { isOnAt } from '../policy/switches.js';
import { DATA_ACCESS, type DataAccess } from '../policy/vocabulary.js';
import type { Context } from '../request/context.js';
import { rootOf } from '../request/place.js';
import type { Facts } from './decide-row.js';
import { residualOf } from './inspected.js';
import { anyRowAt, type Spot } from './spot.js';

/** One change that would permit what is not: nothing else has to change with it. */
export interface NearestMiss {
  readonly change: 'ASSIGN_ROLE' | 'SHARE_WITH_ROLE' | 'CHANGE_REACH';
  readonly roleId: string;
  /** Where the role would have to be assigned. */
  readonly scopeId: string | null;
}

const MOST = 3;
/** So many roles are tried; whoever has more of them is told of those that come first by name. */
const MOST_ROLES = 200;

interface RoleRow extends Row {
  readonly id: string;
  readonly name: string;
  readonly scopeId: string;
  readonly dataAccess: DataAccess;
  readonly permissions: readonly {
    readonly permissionId: string;
    readonly permission: PermissionRow | null;
  }[];
}

interface PermissionRow {
  readonly resourceType: string;
  readonly action: string;
  readonly resourcePattern: string;
  readonly contentBytes: number;
}

interface Candidate extends NearestMiss {
  /** How dear it is: to share one resource costs least, and a role costs what comes with it. */
  readonly weight: number;
  readonly gives: readonly Grant[];
  readonly principal: Principal;
  readonly row: Row;
}

/**
 * The smallest single changes that would permit an action on a row, for who may make them there: roles to assign, roles to share
 * with, a role's reach to widen. Each is tried in memory by the same residuals that decide.
 *
 * INVARIANT: it names roles that the asker may read, and goes by permissions of them that they may read; of what they
 * could not do themselves nothing is said.
 */
export async function nearestMisses(
  context: Context,
  facts: Facts,
  spot: Spot,
  action: string,
): Promise<readonly NearestMiss[]> {
  const { organizationId } = spot;
  // What is global is the platform's to give.
  if (organizationId === null) return [];
  const [found, path, disabled] = await Promise.all([
    rolesOf(context, organizationId),
    context.findScope(spot.scopeId).then((one) => one?.path ?? []),
    context.findDisabled(spot.inheritsFrom),
  ]);
  const roles = found.flatMap((role) => withoutDisabled(role, disabled));
  const candidates = [
    ...shared(context, facts, roles, action),
    ...assigned(
      context,
      facts,
      roles.filter(({ scopeId }) => path.includes(scopeId)),
      spot,
    ),
    ...widened(context, facts, roles, spot),
  ];
  return minimal(candidates.filter((one) => permits(facts, one, action)))
    .sort((a, b) => a.weight - b.weight)
    .slice(0, MOST)
    .map(({ change, roleId, scopeId }) => ({ change, roleId, scopeId }));
}

/** Those that do not give all that another one gives, and more: whoever asks for an editor is not told to make an owner. */
function minimal(candidates: readonly Candidate[]): Candidate[] {
  const given = candidates.map(({ gives }) => new Set(gives.map((one) => JSON.stringify(one))));
  return candidates.filter(({ change }, index) => {
    const all = given[index] ?? new Set();
    return !given.some(
      (less, other) =>
        candidates[other]?.change === change &&
        less.size < all.size &&
        [...less].every((one) => all.has(one)),
    );
  });
}

/** The row is as it is, or would be; the principal as they would be. */
function permits({ policy, subject, where }: Facts, { principal, row }: Candidate, action: string) {
  const { policies } = subject.as.decisionsAt(where);
  const deciding = { policies, principal, place: where };
  return ['read', action].every(
    (need) => evaluate(residualOf(deciding, policy, need), row) === 'yes',
  );
}

function* assigned(
  context: Context,
  { subject, row, here }: Facts,
  roles: readonly RoleRow[],
  spot: Spot,
): Generator<Candidate> {
  const decisions = context.decisionsAt(here);
  const anyRole = anyRowAt(decisions.policy('Role'), spot);
  if (evaluate(decisions.residual('Role', 'assign'), anyRole) !== 'yes') return;
  const { principal } = subject.as;
  const scopeIds = [spot.scopeId];
  for (const role of roles) {
    if (!isWhollyKnown(role)) continue;
    const given = grantsOf(role, role.dataAccess, scopeIds);
    if (!given.every((one) => isHeld(context.principal, one, spot))) continue;
    const held: HeldRole = { roleId: role.id, name: role.name, scopeIds };
    yield {
      change: 'ASSIGN_ROLE',
      roleId: role.id,
      scopeId: spot.scopeId,
      weight: 10 + role.permissions.length,
      gives: given,
      row,
      principal: {
        ...principal,
        roles: [...principal.roles, held],
        grants: [...principal.grants, ...given],
      },
    };
  }
}

function* shared(
  context: Context,
  { subject, row, here, model, policy }: Facts,
  roles: readonly RoleRow[],
  action: string,
): Generator<Candidate> {
  if (row.accessLevel !== 'ROLE_BASED' || !['read', 'use'].includes(action)) return;
  if (policy.actions.share === undefined) return;
  if (evaluate(context.decisionsAt(here).residual(model, 'share'), row) !== 'yes') return;
  const { principal } = subject.as;
  const bound = row.roleIds as readonly string[];
  for (const { roleId } of principal.roles) {
    if (bound.includes(roleId) || !roles.some(({ id }) => id === roleId)) continue;
    const opened = { ...row, roleIds: [...bound, roleId] };
    const share = { change: 'SHARE_WITH_ROLE', roleId, scopeId: null, weight: 1 } as const;
    yield { ...share, gives: [], row: opened, principal };
  }
}

function* widened(
  context: Context,
  { subject, row, here }: Facts,
  roles: readonly RoleRow[],
  spot: Spot,
): Generator<Candidate> {
  const update = context.decisionsAt(here).residual('Role', 'update');
  const { principal } = subject.as;
  for (const role of roles) {
    const scopeIds = principal.roles
      .filter(({ roleId }) => roleId === role.id)
      .flatMap((held) => held.scopeIds.filter((id) => spot.inheritsFrom.includes(id)));
    if (role.dataAccess === 'ALL_DATA' || scopeIds.length === 0 || !isWhollyKnown(role)) continue;
    if (evaluate(update, role) !== 'yes') continue;
    const given = grantsOf(role, 'ALL_DATA', scopeIds);
    if (!given.every((one) => isHeld(context.principal, one, spot))) continue;
    yield {
      change: 'CHANGE_REACH',
      roleId: role.id,
      scopeId: null,
      weight: 5 + role.permissions.length,
      gives: given,
      row,
      principal: {
        ...principal,
        grants: [...principal.grants, ...given],
      },
    };
  }
}

/** What the asker may not read, or counts on a condition, they might not hold: nothing is promised of such a role. */
const isWhollyKnown = ({ permissions }: RoleRow): boolean =>
  permissions.every(({ permission }) => permission !== null && permission.contentBytes === 0);

/** What of a role would count there. What is lifted again by a nearer override is left out as well: nothing is promised of it. */
function withoutDisabled(role: RoleRow, disabled: readonly Disabled[]): RoleRow[] {
  const concerns = (one: Disabled, permissionId: string | null): boolean =>
    (one.roleId === null || one.roleId === role.id) && one.permissionId === permissionId;
  if (disabled.some((one) => concerns(one, null))) return [];
  const permissions = role.permissions.filter(
    ({ permissionId }) => !disabled.some((one) => concerns(one, permissionId)),
  );
  return [{ ...role, permissions }];
}

/** D21: nobody gives what they do not hold there. */
function isHeld(giver: Principal, given: Grant, { inheritsFrom }: Spot): boolean {
  const reachOf = ({ dataAccess }: Grant): number => DATA_ACCESS.indexOf(dataAccess);
  return (
    giver.isPlatformAdmin ||
    giver.grants.some(
      (grant) =>
        grant.resourceType === given.resourceType &&
        grant.action === given.action &&
        (grant.pattern === '*' || grant.pattern === given.pattern) &&
        reachOf(grant) >= reachOf(given) &&
        grant.scopeIds.some((id) => inheritsFrom.includes(id)) &&
        isOnAt(grant, inheritsFrom),
    )
  );
}

/** INVARIANT: a permission with a condition gives nothing here: nobody has asked whether it holds (D11). */
function grantsOf(
  { permissions }: RoleRow,
  dataAccess: DataAccess,
  scopeIds: readonly string[],
): Grant[] {
  return permissions.flatMap(({ permission }) => {
    if (permission === null || permission.contentBytes > 0) return [];
    const { resourceType, action, resourcePattern: pattern } = permission;
    return [{ resourceType, action, pattern, dataAccess, scopeIds }];
  });
}

async function rolesOf(context: Context, organizationId: string): Promise<readonly RoleRow[]> {
  const place = rootOf(organizationId, context.principal);
  const permission = {
    select: { columns: ['resourceType', 'action', 'resourcePattern', 'contentBytes'] },
  };
  const query = {
    model: 'Role',
    order: [
      { field: 'name', direction: 'asc' },
      { field: 'id', direction: 'asc' },
    ],
    page: { take: MOST_ROLES },
    select: {
      columns: ['id', 'name', 'scopeId', 'dataAccess', 'organizationId', 'governedBy'],
      relations: {
        permissions: { select: { columns: ['permissionId'], relations: { permission } } },
      },
    },
  } as const;
  const tiers = (['tenant', 'global'] as const).map((tier) =>
    context.readerAt(place, { kind: 'placed', tier }).find(query),
  );
  return (await Promise.all(tiers)).flat() as unknown as RoleRow[];
}
