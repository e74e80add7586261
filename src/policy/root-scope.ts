// No two objects share an id (D1), and yet each of an organization and its root scope tells the other's:
// they differ in the digit that says the version of a UUID.
const VERSION_DIGIT = 14;

/** The id of an organization's root scope: the organization's, a UUIDv7, as a UUIDv8 (D1). */
export function rootScopeId(organizationId: string): string {
  return withVersion(organizationId, '8');
}

/**
 * The organization whose root scope has this id (D1); null for the id of another scope.
 * INVARIANT: whatever the database has under an id of this form is a root, if that organization exists.
 */
export function organizationRootedAt(scopeId: string): string | null {
  return scopeId.charAt(VERSION_DIGIT) === '8' ? withVersion(scopeId, '7') : null;
}

function withVersion(id: string, version: string): string {
  return `${id.slice(0, VERSION_DIGIT)}${version}${id.slice(VERSION_DIGIT + 1)}`;
}
