import { type Membership, PAST, type World } from '../world/types.js';
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

/** A role held at a scope, by the person or by one of their teams. */
export interface Held {
  readonly roleId: string;
  readonly scopeId: string;
}

export interface Person {
  readonly guise: Guise;
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
  if (guise === 'anonymous') return { guise, ...NOBODY };
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
  const held: Held[] = [];
  for (const membership of world.memberships) {
    const { userId: member, teamId, scopeId } = membership;
    const own = member === userId || (teamId !== null && teamIds.includes(teamId));
    if (own) held.push(...rolesNow(membership).map((roleId) => ({ roleId, scopeId })));
  }
  const person = {
    guise,
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
      const theirs = world.memberships.filter((one) => one.teamId === teamId);
      return {
        ...{ ...person, userId: null, isAdmin: false, isProvider: false, teamIds: [teamId] },
        held: theirs.flatMap((one) =>
          rolesNow(one).map((roleId) => ({ roleId, scopeId: one.scopeId })),
        ),
        operations: operationsFor(userId),
      };
    }
  }
}
