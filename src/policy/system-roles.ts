import { ACTIONS, type ResourceType, type SYSTEM_ROLES } from './vocabulary.js';

export type SystemRole = keyof typeof SYSTEM_ROLES;

/** What is read of nothing but what it is for: credentials, and what everybody did. */
const NOT_FOR_VIEWERS: readonly string[] = ['virtualKey', 'apiKey', 'audit'];

const EDITED: readonly string[] = ['form', 'workflow', 'agent', 'app', 'config'];
const EDITS: readonly string[] = ['create', 'update', 'delete'];

const views = (type: string, action: string): boolean =>
  (action === 'read' && !NOT_FOR_VIEWERS.includes(type)) ||
  `${type}:${action}` === 'organization:actIn';

/**
 * What each system role permits of the vocabulary, on all rows (D7): said here once, and completed in the database when
 * the vocabulary has grown.
 */
const PERMITS: Readonly<Record<SystemRole, (type: string, action: string) => boolean>> = {
  Owner: () => true,
  Admin: (type, action) => !['organization:delete', 'user:viewAs'].includes(`${type}:${action}`),
  Editor: (type, action) =>
    views(type, action) || (EDITED.includes(type) && EDITS.includes(action)),
  Viewer: views,
  Member: (type, action) =>
    ['organization:read', 'organization:actIn', 'scope:read', 'scopeType:read'].includes(
      `${type}:${action}`,
    ),
};

/** One action of the vocabulary, and the system roles that permit it. */
export interface BuiltInPermission {
  readonly resourceType: ResourceType;
  readonly action: string;
  readonly roles: readonly SystemRole[];
}

/** Every action of the vocabulary. */
export function builtInPermissions(): BuiltInPermission[] {
  const names = Object.keys(PERMITS) as SystemRole[];
  return (Object.keys(ACTIONS) as ResourceType[]).flatMap((resourceType) =>
    ACTIONS[resourceType].map((action) => ({
      resourceType,
      action,
      roles: names.filter((name) => PERMITS[name](resourceType, action)),
    })),
  );
}
