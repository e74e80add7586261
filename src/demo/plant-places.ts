import type { Prisma } from '../data/generated/client.js';
import { rootScopeId } from '../policy/root-scope.js';
import { BUILT_IN_SCOPE_TYPES, PLATFORM_ROOT_ID } from '../policy/vocabulary.js';
import { DEMO_IDS } from './ids.js';
import { keysIn, type Part } from './part.js';
import {
  isScope,
  ORGANIZATIONS,
  type OrganizationKey,
  organizationOf,
  type PlaceKey,
  SCOPE_TYPES,
  SCOPES,
  type ScopeTypeKey,
} from './places.js';

/** Where a row is, as its columns say it. */
export interface Place {
  readonly scopeId: string;
  readonly organizationId: string | null;
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
export async function plantPlaces(tx: Prisma.TransactionClient, part: Part): Promise<void> {
  const types = keysIn(SCOPE_TYPES, part);
  await tx.organization.createMany({
    data: organizationsIn(part).map((key) => ({
      id: DEMO_IDS.organizations[key],
      name: ORGANIZATIONS[key].name,
      domain: ORGANIZATIONS[key].domain,
      isProvider: 'isProvider' in ORGANIZATIONS[key],
      isActive: !('isInactive' in ORGANIZATIONS[key]),
    })),
  });
  await tx.scopeType.createMany({
    data: types.map((key) => ({
      id: DEMO_IDS.scopeTypes[key],
      name: SCOPE_TYPES[key].name,
      permissionMode: SCOPE_TYPES[key].permissionMode,
      organizationId: DEMO_IDS.organizations[SCOPE_TYPES[key].organization],
    })),
  });
  await tx.scopeTypeEdge.createMany({
    data: types.flatMap((key) => {
      const { inside, contains } = SCOPE_TYPES[key];
      return [
        ...inside.map((parent) => ({ parentTypeId: typeId(parent), childTypeId: typeId(key) })),
        ...contains.map((child) => ({ parentTypeId: typeId(key), childTypeId: typeId(child) })),
      ];
    }),
  });
  await tx.scope.createMany({
    data: keysIn(SCOPES, part).map((key) => {
      const scope = SCOPES[key];
      return {
        id: DEMO_IDS.scopes[key],
        typeId: typeId(scope.type),
        parentId: placeOf('parent' in scope ? scope.parent : scope.organization).scopeId,
        organizationId: DEMO_IDS.organizations[scope.organization],
        externalId: key,
        name: scope.name,
        meta: 'meta' in scope ? scope.meta : {},
      };
    }),
  });
}

function typeId(type: keyof typeof BUILT_IN_SCOPE_TYPES | ScopeTypeKey): string {
  return Object.hasOwn(SCOPE_TYPES, type)
    ? DEMO_IDS.scopeTypes[type as ScopeTypeKey]
    : BUILT_IN_SCOPE_TYPES[type as keyof typeof BUILT_IN_SCOPE_TYPES];
}

function organizationsIn(part: Part): OrganizationKey[] {
  return (Object.keys(ORGANIZATIONS) as OrganizationKey[]).filter(part);
}
