import { type Named, PLATFORM, type Row, rootOf } from '../world/types.js';
import { cover } from './coverage.js';
import { isOff } from './overrides.js';
import type { Person } from './person.js';
import { homeOf, type Tree, tenantOf } from './tree.js';

/** Where a request acts (D4). */
export interface Place {
  /** Whose root counts for global rows. */
  readonly organizationId: string | null;
  /** Another organization than the person's own: only what is held inside of it counts. */
  readonly switched: boolean;
  /** Which rows a list covers. */
  readonly covers:
    | { readonly kind: 'organization' }
    | { readonly kind: 'chain' }
    | { readonly kind: 'global' }
    | { readonly kind: 'everything' };
  /** Where a nearer row of the same name counts (D3): chain(S), or the organization's root. */
  readonly chain: readonly string[];
}

/** D4: platform admins, and members of a provider who hold `organization:actIn` at its root. */
function canActAnywhere(tree: Tree, person: Person): boolean {
  if (person.isAdmin) return true;
  if (!person.isProvider) return false;
  const holds = person.held.some(({ roleId, scopeId }) => {
    const role = tree.get('Role', roleId);
    const reaches = ['OWN_DATA', 'TEAM_DATA', 'ALL_DATA'].includes(String(role.cells.dataAccess));
    return (
      reaches &&
      person.organizationId !== null &&
      scopeId === rootOf(person.organizationId) &&
      (role.many.permissions ?? []).some(
        (id) =>
          tree.get('Permission', id).cells.key === 'organization:actIn:*' &&
          // A condition is about rows, and says nothing of where one may act.
          (tree.get('Permission', id).cells.condition ?? null) === null &&
          !isOff(tree, scopeId, { roleId, permissionId: id }),
      )
    );
  });
  return cover('D4 a provider with organization:actIn acts elsewhere', holds);
}

/** Where a person is who names nothing. */
export function ownPlace({ organizationId }: Person): Place {
  return organizationId === null
    ? { organizationId, switched: false, covers: { kind: 'global' }, chain: [] }
    : {
        organizationId,
        switched: false,
        covers: { kind: 'organization' },
        chain: [rootOf(organizationId)],
      };
}

/** The place that a caller names; `fallback` where nothing is. Null: SCOPE_FORBIDDEN (D4). */
export function placeNamed(
  tree: Tree,
  person: Person,
  named: Named,
  fallback: Place = ownPlace(person),
): Place | null {
  if (named === undefined) return fallback;
  if (named === null) {
    return {
      organizationId: person.organizationId,
      switched: false,
      covers: { kind: 'global' },
      chain: [],
    };
  }
  const scope = named === PLATFORM ? undefined : scopeNamed(tree, named);
  if (!cover('D4 a named scope exists', scope !== undefined) || scope === undefined) return null;
  const organizationId = tenantOf(scope);
  const switched = organizationId !== person.organizationId;
  if (switched && !cover('D4 switching is allowed', canActAnywhere(tree, person))) return null;
  return { organizationId, switched, covers: { kind: 'chain' }, chain: tree.chain(scope.id) };
}

/** D1: where a place is named, the organization's id means its root. */
function scopeNamed(tree: Tree, named: string): Row | undefined {
  const organization = tree.find('Organization', named);
  return tree.find('Scope', organization === undefined ? named : rootOf(organization.id));
}

/** All tenants, for those who may act in any (D4); null: SCOPE_FORBIDDEN. */
export function everything(tree: Tree, person: Person, from: Place): Place | null {
  const allowed = canActAnywhere(tree, person);
  cover('D4 acrossOrganizations is allowed', allowed);
  return allowed ? { ...from, covers: { kind: 'everything' } } : null;
}

/** Which rows exist for the root of a list or a lookup in a place (D4). */
export function isCovered(place: Place, row: Row): boolean {
  const tenant = tenantOf(row);
  switch (place.covers.kind) {
    case 'everything':
      return true;
    case 'global':
      return cover('D4 scope null covers the global tier alone', tenant === null);
    case 'organization':
      return cover(
        'D4 without a scope: the organization and the global tier',
        tenant === null || tenant === place.organizationId,
      );
    case 'chain':
      return cover(
        'D4 a scope covers its chain and the global tier',
        tenant === null || place.chain.includes(homeOf(row)),
      );
  }
}

/** By id and along relations: the own tenant, those one could switch to, the global tier (D4). */
export function isReachable(tree: Tree, person: Person, row: Row): boolean {
  const tenant = tenantOf(row);
  if (tenant === null || tenant === person.organizationId) return true;
  return cover('D4 a row of another tenant is reachable by id', canActAnywhere(tree, person));
}

/** Where a row is decided: in its own tenant, "as if acting there"; a global one in the place. */
export interface Acting {
  readonly organizationId: string | null;
  readonly switched: boolean;
}

export function actingOn(person: Person, place: Place, row: Row): Acting {
  const tenant = tenantOf(row);
  if (tenant === null) return place;
  return { organizationId: tenant, switched: tenant !== person.organizationId };
}
