import { type Key, type Membership, PAST, type World } from '../world/types.js';
import { cover } from './coverage.js';
import { Tree, tenantOf } from './tree.js';

/** Who asks: a person as they are, or one of the stranger principals of D7 and D18. */
export const GUISES = [
  'user',
  /** The same person, but nobody could say which teams they are in (D7). */
  'teams unresolved',
  /** The same person, in teams of more members than a request carries. */
  'many teammates',
  /** An ownerless key that holds what the person holds (D18): there is no user behind it. */
  'ownerless key',
  /** A key that the person owns, for some of what they hold (D42). */
  'owned key',
  /** A key of the first of their teams at home, for some of what that holds (D42). */
  'team key',
  /** No credential (D18). */
  'anonymous',
] as const;
export type Guise = (typeof GUISES)[number];

/** Somebody as the world has them: a user in a guise, or one of its keys. */
export type Who =
  | { readonly userId: string; readonly guise: Guise }
  | { readonly keyId: string; readonly guise: 'key' };

/** A role held at a scope, by the person or by one of their teams. */
export interface Held {
  readonly roleId: string;
  readonly scopeId: string;
}

export interface Person {
  readonly who: Who;
  readonly guise: Who['guise'];
  /** What a condition calls the kind of principal (D11). */
  readonly kind: 'USER' | Key['kind'];
  /** Null: no user is behind the principal. */
  readonly userId: string | null;
  readonly organizationId: string | null;
  readonly isAdmin: boolean;
  readonly isProvider: boolean;
  /** Null: could not be resolved. */
  readonly teamIds: readonly string[] | null;
  readonly held: readonly Held[];
  /** What a key is for (D18); null: no key. */
  readonly operations: readonly string[] | null;
}

const NOBODY = {
  userId: null,
  organizationId: null,
  isAdmin: false,
  isProvider: false,
  teamIds: [],
  held: [],
  operations: null,
};

/** D48: the roles of a membership that have not ended, nor it. */
export function rolesNow({
  roleIds,
  expiresAt,
  ends,
}: Pick<Membership, 'roleIds' | 'expiresAt' | 'ends'>): readonly string[] {
  if (!cover('D48 a membership has not ended', expiresAt !== PAST)) return [];
  return roleIds.filter((id) => cover('D48 a role has not ended', ends[id] !== PAST));
}

/** The first team of a user's own organization that they are in. */
export function homeTeamOf(world: World, userId: string): string | null {
  const tree = new Tree(world);
  const home = tenantOf(tree.get('User', userId));
  const teams = tree
    .of('Team')
    .filter((team) => tenantOf(team) === home && team.many.members?.includes(userId));
  return teams.map(({ id }) => id).sort()[0] ?? null;
}

const TYPES = ['form', 'workflow', 'agent', 'app', 'config', 'team', 'user', 'scope', 'role'];

/** What a person's keys are for: most of it, and less of something else for each of them. */
export function operationsFor(userId: string): string[] {
  const seed = Number.parseInt(userId.replaceAll('-', '').slice(-6), 16);
  return TYPES.flatMap((type, index) =>
    [`${type}:read`, ...(index < 4 ? [`${type}:use`] : [])].filter(
      (_, nth) => (seed + 3 * index + 5 * nth) % 7 > 1,
    ),
  );
}

/** What the model knows of a user; null if they or their organization are inactive (D18). */
export function personOf(world: World, userId: string, guise: Guise): Person | null {
  const tree = new Tree(world);
  const kind = guise.endsWith(' key') ? 'VIRTUAL_KEY' : 'USER';
  const as = { who: { userId, guise }, guise, kind } as const;
  if (guise === 'anonymous') return { ...as, ...NOBODY };
  const user = tree.get('User', userId);
  const organization = tree.get('Organization', tenantOf(user) as string);
  // A team's key goes on without any of its members.
  const isThere = guise === 'team key' || user.cells.isActive === true;
  const active = isThere && organization.cells.isActive === true;
  if (!cover('D18 the user and their organization are active', active)) return null;
  const teamIds = tree
    .of('Team')
    .filter((team) => team.many.members?.includes(userId))
    .map((team) => team.id);
  const held = heldBy(
    world,
    (one) => one.userId === userId || (one.teamId !== null && teamIds.includes(one.teamId)),
  );
  const person = {
    ...as,
    userId,
    organizationId: organization.id,
    isAdmin: user.cells.isPlatformAdmin === true,
    isProvider: organization.cells.isProvider === true,
    teamIds,
    held,
    operations: null,
  };
  switch (guise) {
    case 'user':
    case 'many teammates':
      return person;
    case 'teams unresolved':
      return { ...person, teamIds: null };
    case 'ownerless key':
      return { ...person, userId: null, isAdmin: false, isProvider: false, teamIds: [] };
    case 'owned key':
      return { ...person, isAdmin: false, isProvider: false, operations: operationsFor(userId) };
    case 'team key': {
      const teamId = homeTeamOf(world, userId);
      if (teamId === null) return null;
      return {
        ...{ ...person, userId: null, isAdmin: false, isProvider: false, teamIds: [teamId] },
        held: heldBy(world, (one) => one.teamId === teamId),
        operations: operationsFor(userId),
      };
    }
  }
}

/** What is on these memberships and has not ended. */
const heldBy = (world: World, isTheirs: (membership: Membership) => boolean): Held[] =>
  world.memberships
    .filter(isTheirs)
    .flatMap((one) => rolesNow(one).map((roleId) => ({ roleId, scopeId: one.scopeId })));

/** The same of whoever it is. */
export const personIn = (world: World, who: Who): Person | null =>
  who.guise === 'key' ? keyIn(world, who.keyId) : personOf(world, who.userId, who.guise);

/** D42: what a key is, row by row of its table; null if it may not act (D18). */
function keyIn(world: World, keyId: string): Person | null {
  const key = world.keys.find(({ id }) => id === keyId);
  if (key === undefined) throw new Error(`no key ${keyId}`);
  const { organizationId, ownerId, teamId, operations } = key;
  if (!cover('D42 a key may act', mayAct(world, key))) return null;
  const tree = new Tree(world);
  const as = { who: { keyId, guise: 'key' }, guise: 'key', kind: key.kind } as const;
  // It never carries the bypass of who owns it.
  const person = { ...as, organizationId, operations, isAdmin: false, isProvider: false };
  if (cover('D42 a key is a user’s', ownerId !== null)) {
    const teams = tree.of('Team').filter(({ many }) => many.members?.includes(String(ownerId)));
    const teamIds = teams.map(({ id }) => id);
    const held = heldBy(
      world,
      (one) => one.userId === ownerId || teamIds.includes(String(one.teamId)),
    );
    return { ...person, userId: ownerId, teamIds, held };
  }
  if (cover('D42 a key is a team’s', teamId !== null)) {
    const held = heldBy(world, (one) => one.teamId === teamId);
    return { ...person, userId: null, teamIds: [String(teamId)], held };
  }
  const isInside = ({ scopeId }: Membership): boolean =>
    cover(
      'D18 what a key holds itself is in its organization',
      tenantOf(tree.get('Scope', scopeId)) === organizationId,
    );
  const held = heldBy(world, (one) => one.keyId === keyId && isInside(one));
  return { ...person, userId: null, teamIds: [], held };
}

/** D18, D42: it, its organization, and its owner or team, who are of that organization. */
function mayAct(world: World, key: Key): boolean {
  const tree = new Tree(world);
  const { organizationId, ownerId, teamId } = key;
  const owner = ownerId === null ? undefined : tree.get('User', ownerId);
  const team = teamId === null ? undefined : tree.get('Team', teamId);
  return (
    key.isActive &&
    key.revokedAt === null &&
    key.expiresAt !== PAST &&
    tree.get('Organization', organizationId).cells.isActive === true &&
    (owner === undefined ||
      (owner.cells.isActive === true && tenantOf(owner) === organizationId)) &&
    (team === undefined || tenantOf(team) === organizationId)
  );
}
