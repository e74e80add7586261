import { ACTIONS, type ResourceType, type SYSTEM_ROLES } from './vocabulary.js';

export type SystemRole = keyof typeof SYSTEM_ROLES;

/** What is read of nothing but what it is for: credentials, and what everybody did. */
const NOT_FOR_VIEWERS: readonly string[] = ['virtualKey', 'apiKey', 'audit', 'execution'];

/** D34: held by nobody but whom a platform admin gives it: who works is handed the tokens of launchers. */
const FOR_NOBODY: readonly string[] = ['execution:work'];

const NOT_FOR_ADMINS: readonly string[] = [
  'organization:delete',
  'user:viewAs',
  'execution:inspect',
  'conversation:inspect',
];

const EDITED: readonly string[] = ['form', 'workflow', 'agent', 'app', 'config'];
const EDITS: readonly string[] = ['create', 'update', 'delete'];

const owns = (type: string, action: string): boolean => !FOR_NOBODY.includes(`${type}:${action}`);

const views = (type: string, action: string): boolean =>
  (action === 'read' && !NOT_FOR_VIEWERS.includes(type)) ||
  `${type}:${action}` === 'organization:actIn';

/**
 * What each system role permits of the vocabulary, on all rows (D7): said here once, and completed in the database when
 * the vocabulary has grown.
 */
const PERMITS: Readonly<Record<SystemRole, (type: string, action: string) => boolean>> = {
  Owner: owns,
  Admin: (type, action) => owns(type, action) && !NOT_FOR_ADMINS.includes(`${type}:${action}`),
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
