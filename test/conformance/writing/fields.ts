import { CASCADING, type CascadingType } from '../world/types.js';

const TYPES = Object.keys(CASCADING) as CascadingType[];

/** The mutations that worlds are written in with. */
export const FIELDS: readonly string[] = [
  ...TYPES.flatMap((type) => [
    ...['create', 'update', 'delete', 'transfer', 'move'].map((kind) => `${kind}${type}`),
    // A config has no access level to be shared by (D17).
    ...(type === 'Config' ? [] : [`share${type}`]),
    ...['create', 'update', 'delete'].map((kind) => `${kind}${type}s`),
  ]),
  'setConfig',
  'addTeamMembers',
  'removeTeamMembers',
];
