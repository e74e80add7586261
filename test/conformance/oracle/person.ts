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
}

const NOBODY = {
  userId: null,
  organizationId: null,
  isAdmin: false,
  isProvider: false,
  teamIds: [],
  held: [],
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

/** What the model knows of a user; null if they or their organization are inactive (D18). */
export function personOf(world: World, userId: string, guise: Guise): Person | null {
  const tree = new Tree(world);
  if (guise === 'anonymous') return { guise, ...NOBODY };
  const user = tree.get('User', userId);
  const organization = tree.get('Organization', tenantOf(user) as string);
  const active = user.cells.isActive === true && organization.cells.isActive === true;
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
  };
  switch (guise) {
    case 'user':
    case 'many teammates':
      return person;
    case 'teams unresolved':
      return { ...person, teamIds: null };
    case 'ownerless key':
      return { ...person, userId: null, isAdmin: false, isProvider: false, teamIds: [] };
  }
}
