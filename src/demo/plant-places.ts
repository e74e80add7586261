import type { Prisma } from '../data/generated/client.js';
import { rootScopeId } from '../policy/root-scope.js';
import { BUILT_IN_SCOPE_TYPES, PLATFORM_ROOT_ID } from '../policy/vocabulary.js';
import { DEMO_IDS } from './ids.js';
import {
  ORGANIZATIONS,
  type OrganizationKey,
  type PlaceKey,
  SCOPE_TYPES,
  SCOPES,
  type ScopeKey,
  type ScopeTypeKey,
} from './places.js';

/** Where a row is, as its columns say it. */
export interface Place {
  readonly scopeId: string;
  readonly organizationId: string | null;
}

/** The organization that a place belongs to; the platform root belongs to none. */
export function organizationOf(place: PlaceKey): OrganizationKey | null {
  if (place === 'platform') return null;
  return isScope(place) ? SCOPES[place].organization : place;
}

/** The columns of a row at a place. */
export function placeOf(key: PlaceKey): Place {
  const organization = organizationOf(key);
  if (organization === null) return { scopeId: PLATFORM_ROOT_ID, organizationId: null };
  const organizationId = DEMO_IDS.organizations[organization];
  const scopeId = isScope(key) ? DEMO_IDS.scopes[key] : rootScopeId(organizationId);
  return { scopeId, organizationId };
}

/** Makes the organizations (the database makes their root scopes), their types and their scopes. */
export async function plantPlaces(tx: Prisma.TransactionClient): Promise<void> {
  await tx.organization.createMany({
    data: entries(ORGANIZATIONS).map(([key, organization]) => ({
      id: DEMO_IDS.organizations[key],
      name: organization.name,
      domain: organization.domain,
      isProvider: 'isProvider' in organization,
      isActive: !('isInactive' in organization),
    })),
  });
  await tx.scopeType.createMany({
    data: entries(SCOPE_TYPES).map(([key, { name, permissionMode, organization }]) => ({
      id: DEMO_IDS.scopeTypes[key],
      name,
      permissionMode,
      organizationId: DEMO_IDS.organizations[organization],
    })),
  });
  await tx.scopeTypeEdge.createMany({
    data: entries(SCOPE_TYPES).flatMap(([key, { inside, contains }]) => [
      ...inside.map((parent) => ({ parentTypeId: typeId(parent), childTypeId: typeId(key) })),
      ...contains.map((child) => ({ parentTypeId: typeId(key), childTypeId: typeId(child) })),
    ]),
  });
  await tx.scope.createMany({
    data: entries(SCOPES).map(([key, scope]) => ({
      id: DEMO_IDS.scopes[key],
      typeId: typeId(scope.type),
      parentId: placeOf('parent' in scope ? scope.parent : scope.organization).scopeId,
      organizationId: DEMO_IDS.organizations[scope.organization],
      externalId: key,
      name: scope.name,
      meta: 'meta' in scope ? scope.meta : {},
    })),
  });
}

function isScope(place: PlaceKey): place is ScopeKey {
  return Object.hasOwn(SCOPES, place);
}

function typeId(type: keyof typeof BUILT_IN_SCOPE_TYPES | ScopeTypeKey): string {
  return Object.hasOwn(SCOPE_TYPES, type)
    ? DEMO_IDS.scopeTypes[type as ScopeTypeKey]
    : BUILT_IN_SCOPE_TYPES[type as keyof typeof BUILT_IN_SCOPE_TYPES];
}

function entries<T extends object>(table: T): [keyof T, T[keyof T]][] {
  return Object.entries(table) as [keyof T, T[keyof T]][];
}
