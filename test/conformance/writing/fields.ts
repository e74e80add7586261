import { CASCADING, type CascadingType } from '../world/types.js';

const TYPES = Object.keys(CASCADING) as CascadingType[];

/** The mutations that worlds are written in with: of what people use, */
export const FIELDS: readonly string[] = [
  ...TYPES.flatMap((type) => [
    ...['create', 'update', 'delete', 'transfer', 'move'].map((kind) => `${kind}${type}`),
    // A config has no access level to be shared by (D17).
    ...(type === 'Config' ? [] : [`share${type}`]),
    ...['create', 'update', 'delete'].map((kind) => `${kind}${type}s`),
  ]),
  'setConfig',
  'revealConfig',
  'addTeamMembers',
  'removeTeamMembers',
];

const MADE = ['ScopeType', 'Role', 'Permission', 'Membership'];

/** and of what says who may do what, and where. */
export const FIELDS_OF_TREE: readonly string[] = [
  ...MADE.flatMap((type) =>
    ['create', 'update', 'delete'].flatMap((kind) => [`${kind}${type}`, `${kind}${type}s`]),
  ),
  ...['createScope', 'createScopes', 'updateScope', 'updateScopes', 'deleteScope'],
  ...['moveScope', 'linkScopes', 'linkScopeTypes', 'unlinkScopeTypes'],
  ...['attachPermissions', 'detachPermissions', 'assignRoles', 'unassignRoles'],
  ...['setScopeOverride', 'removeScopeOverride'],
];
