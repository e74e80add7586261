import { EXECUTION, PLATFORM, type Row, rootOf } from '../world/types.js';
import { conditionHolds } from './condition.js';
import { cover } from './coverage.js';
import { isOff, isOffGlobally, type Part } from './overrides.js';
import type { Held, Person } from './person.js';
import { type Acting, actingOn, isCovered, isReachable, type Place } from './place.js';
import { homeOf, type Tree, tenantOf } from './tree.js';

export const RESOURCE: Record<Row['type'] | 'Execution', string> = {
  Membership: 'membership',
  Organization: 'organization',
  User: 'user',
  Team: 'team',
  ScopeType: 'scopeType',
  Scope: 'scope',
  Role: 'role',
  Permission: 'permission',
  Form: 'form',
  Workflow: 'workflow',
  Agent: 'agent',
  App: 'app',
  Config: 'config',
  ScopeOverride: 'scopeOverride',
  Execution: 'execution',
};
const EXECUTABLE: readonly Row['type'][] = ['Form', 'Workflow', 'Agent', 'App'];
const OWNED: readonly Row['type'][] = [...EXECUTABLE, 'Config'];
/** D8: a read grant at the organization's root also reads global rows of these. */
const READ_FROM_A_ROOT: readonly Row['type'][] = ['Config', 'Role', 'Permission', 'ScopeType'];

/** Who asks, of which world: what every decision needs. */
export interface Asking {
  readonly tree: Tree;
  readonly person: Person;
  /** Where the request acts: the header's place, or the own organization. */
  readonly place: Place;
  /** As what is held was when a batch began, which changes it; absent: as it is. */
  readonly authority?: Tree;
}

/** read = Use ∨ Manage(read), for a row by id or along a relation. */
export function mayRead(asking: Asking, row: Row): boolean {
  if (asking.person.guise === 'anonymous') return cover('D18 anonymous reads nothing', false);
  if (!isReachable(asking.tree, asking.person, row)) return false;
  const acting = actingOn(asking.person, asking.place, row);
  const manage = manages(asking, acting, row);
  if (row.type === 'Config') return cover('D17 a config is read by managing it', manage);
  const used = isFor(asking, row, 'read', 'use') && uses(asking, acting, row);
  return used || manage;
}

/** The same for the root of a list or a lookup in a place. */
export function mayReadAt(asking: Asking, place: Place, row: Row): boolean {
  return isCovered(place, row) && mayRead({ ...asking, place }, row);
}

/** Whether the person may use a row, rather than only manage it (D6). */
export function mayUse(asking: Asking, row: Row): boolean {
  const acting = actingOn(asking.person, asking.place, row);
  if (!isFor(asking, row, 'use')) return false;
  return isReachable(asking.tree, asking.person, row) && uses(asking, acting, row);
}

/** Manage(read), which management fields need (D15). */
export function mayManage(asking: Asking, row: Row): boolean {
  const acting = actingOn(asking.person, asking.place, row);
  return isReachable(asking.tree, asking.person, row) && manages(asking, acting, row);
}

/** Manage(action) on a row as it is, or as it would be (§4). */
export function may(asking: Asking, action: string, row: Row): boolean {
  if (asking.person.guise === 'anonymous') return false;
  const acting = actingOn(asking.person, asking.place, row);
  return isReachable(asking.tree, asking.person, row) && manages(asking, acting, row, action);
}

/** D18: who is no key is for everything; a key for what its list names, of this row's type. */
function isFor({ person }: Asking, row: Row, ...actions: string[]): boolean {
  const { operations } = person;
  if (operations === null) return true;
  const named = actions.some((action) => operations.includes(`${RESOURCE[row.type]}:${action}`));
  return cover('D18 a key is for it', named);
}

/** D4: in a switched place, only what is held inside of it counts. */
function counted({ tree, person }: Asking, acting: Acting): Held[] {
  return person.held.filter(({ scopeId }) => {
    if (!acting.switched) return true;
    const inside = tenantOf(tree.get('Scope', scopeId)) === acting.organizationId;
    return cover('D4 held inside the target counts there', inside);
  });
}

/** Use(P, op, r) = Tenancy ∧ r.isActive ∧ AccessLevel(P, r); tenancy is the caller's (§4, D6). */
function uses(asking: Asking, acting: Acting, row: Row): boolean {
  if (!EXECUTABLE.includes(row.type)) return false;
  if (!cover('D6 an active row can be used', row.cells.isActive === true)) return false;
  const { person, tree } = asking;
  switch (row.cells.accessLevel) {
    case 'AUTHENTICATED':
      return cover('D6 AUTHENTICATED needs a user behind', person.userId !== null);
    case 'ROLE_BASED': {
      if (cover('D12 an admin passes ROLE_BASED', person.isAdmin)) return true;
      const bound = row.many.roles ?? [];
      // A row's own scope and what flows into it; for a global row the root of the organization.
      const where =
        tenantOf(row) === null ? rootsOf(acting) : tree.inherits(row.one.scope as string);
      const holds = counted(asking, acting).some(
        ({ roleId, scopeId }) =>
          bound.includes(roleId) &&
          where.includes(scopeId) &&
          !isSwitchedOff(tree, row, scopeId, { roleId, permissionId: null }, 'read'),
      );
      return cover(`D6 ROLE_BASED on a ${tenantOf(row) === null ? 'global' : 'tenant'} row`, holds);
    }
    case 'PRIVATE':
      return cover('D6 PRIVATE is not used by anybody', false);
    default:
      return cover('D6 a level that is null or unknown denies', false);
  }
}

/** ∃ grant: reaches the row's scope ∧ pattern ∧ condition ∧ Reach (§4, D7, D8, D10, D11). */
function manages(asking: Asking, acting: Acting, row: Row, action = 'read'): boolean {
  const { tree, person, authority = tree } = asking;
  if (!isFor(asking, row, action)) return false;
  if (cover('D12 an admin manages', person.isAdmin)) return true;
  for (const { roleId, scopeId } of counted(asking, acting)) {
    const role = authority.get('Role', roleId);
    if (!grantReaches(tree, scopeId, acting, row, action)) continue;
    for (const id of role.many.permissions ?? []) {
      const { cells } = authority.get('Permission', id);
      if (cells.resourceType !== RESOURCE[row.type] || cells.action !== action) continue;
      if (!patternMatches(person, String(cells.resourcePattern), row)) continue;
      if (!conditionHolds({ tree, person, row }, cells.condition)) continue;
      if (isSwitchedOff(tree, row, scopeId, { roleId, permissionId: id }, action)) continue;
      if (reachIncludes(tree, person, String(role.cells.dataAccess), row, action)) return true;
    }
  }
  return false;
}

/** D9, at the row's own scope; of a global row where it is held and at the platform's root. */
function isSwitchedOff(tree: Tree, row: Row, heldAt: string, part: Part, action: string): boolean {
  return tenantOf(row) === null
    ? isOffGlobally(tree, heldAt, part)
    : isOff(tree, decidedAt(row, action), part);
}

/** A scope's name and meta are changed by rights at itself, all else of it by those at its parent (§2). */
const decidedAt = (row: Row, action: string): string =>
  row.type === 'Scope' && action === 'update' ? row.id : homeOf(row);

/** The root of the effective organization; none, where there is no organization. */
function rootsOf({ organizationId }: Acting): string[] {
  return organizationId === null ? [] : [rootOf(organizationId)];
}

/** D8: Y ∈ inherits(home); a global row by a grant at the platform root, or as D8 makes exceptions. */
function grantReaches(
  tree: Tree,
  heldAt: string,
  acting: Acting,
  row: Row,
  action: string,
): boolean {
  if (tenantOf(row) !== null) {
    const home = decidedAt(row, action);
    const reaches = tree.inherits(home).includes(heldAt);
    if (!reaches && tree.path(home).includes(heldAt)) cover('D8 flows past DEFINE', false);
    if (heldAt !== home) cover('D8 flows down to a row below', reaches);
    return reaches;
  }
  if (heldAt === PLATFORM) return cover('D8 the platform root manages global rows', true);
  if (!rootsOf(acting).includes(heldAt)) return false;
  if (action !== 'read') return cover('D8 a root writes global rows', false);
  return cover('D8 a root reads global rows', READ_FROM_A_ROOT.includes(row.type));
}

/** D10. Nothing is folded and nothing is a wildcard but the star itself. */
export function patternMatches(person: Person, pattern: string, row: Row): boolean {
  if (pattern === '*') return true;
  if (pattern === 'owned') {
    const owner = row.one.owner ?? null;
    return cover('D10 owned', owner !== null && owner === person.userId);
  }
  const name =
    (row.type === 'Config' || row.type === 'Permission' ? row.cells.key : row.cells.name) ?? null;
  if (pattern.endsWith('/*')) {
    const prefix = pattern.slice(0, -1);
    return cover('D10 prefix', typeof name === 'string' && name.startsWith(prefix));
  }
  return cover('D10 exact', row.id === pattern || name === pattern);
}

/** D7. Narrows one grant by the role that carries it. */
function reachIncludes(
  tree: Tree,
  person: Person,
  reach: string,
  row: Row,
  action: string,
): boolean {
  const { userId, teamIds } = person;
  if (!['OWN_DATA', 'TEAM_DATA', 'ALL_DATA'].includes(reach)) {
    return cover('D7 an unknown reach covers something', false);
  }
  if (reach === 'ALL_DATA' || tenantOf(row) === null) return true;
  const wide = reach === 'TEAM_DATA';
  if (wide && teamIds === null) return cover('D7 unresolved teams cover something', false);
  const mates = wide ? teammates(tree, teamIds ?? []) : [];
  const mine = (id: string | null | undefined): boolean => {
    if (id === null || id === undefined) return false;
    return id === userId || mates.includes(id);
  };
  if (row.type === 'User') return cover(`D7 ${reach} of users`, mine(row.id));
  if (row.type === 'Team') {
    const member = userId !== null && (row.many.members ?? []).includes(userId);
    return cover(`D7 ${reach} of teams`, member || mine(row.one.createdBy));
  }
  if (row.type === EXECUTION) {
    const { createdBy, team = null } = row.one;
    const ofTeam = wide && team !== null && (teamIds ?? []).includes(team);
    return cover(`D31 ${reach} of executions`, mine(createdBy) || ofTeam);
  }
  const reads = action === 'read';
  if (!reads && !OWNED.includes(row.type)) return cover('D7 no ownership: writes', false);
  if (!OWNED.includes(row.type)) return cover('D7 no ownership: every reach reads', true);
  const { createdBy = null, owner = null, team = null } = row.one;
  if (createdBy === null && owner === null && team === null) {
    if (!reads) return cover('D7 unowned: a narrower reach writes', false);
    return cover('D7 unowned: every reach reads', true);
  }
  const ofTeam = wide && team !== null && (teamIds ?? []).includes(team);
  return cover(`D7 ${reach}`, mine(createdBy) || mine(owner) || ofTeam);
}

/** Everybody in any of these teams. */
function teammates(tree: Tree, teamIds: readonly string[]): string[] {
  return teamIds.flatMap((id) => tree.get('Team', id).many.members ?? []);
}
