import { CATALOG } from '../catalog.js';
import type { TypeName } from '../world/types.js';
import type { Single } from './write.js';

/** The rows that a write names by their ids, but places, which may be named unseen (D4). */
export function namedIn(write: Single): (readonly [TypeName, string])[] {
  const given: (readonly [TypeName, string])[] = [];
  const all = (type: TypeName, ids: readonly (string | undefined)[]) => {
    for (const id of ids) if (id !== undefined) given.push([type, id]);
  };
  if ('id' in write) given.push([write.type, write.id]);
  switch (write.kind) {
    case 'addMembers':
    case 'removeMembers':
      all('User', write.users);
      break;
    case 'createScope':
      all('ScopeType', [write.of]);
      break;
    case 'link':
    case 'unlink':
      for (const { parent, child } of write.links) all('ScopeType', [parent, child]);
      break;
    case 'attachPermissions':
    case 'detachPermissions':
      all('Permission', write.permissions);
      break;
    case 'assignRoles':
    case 'unassignRoles':
      all('Role', write.roles);
      break;
    case 'setOverride':
      all('Role', [write.role]);
      all('Permission', [write.permission]);
      break;
  }
  if (!('set' in write)) return given;
  const { toOne, toMany } = CATALOG[write.type];
  for (const [part, value] of Object.entries(write.set)) {
    const to = toOne[part]?.to ?? toMany[part]?.to;
    if (to !== undefined) all(to, [value ?? []].flat().map(String));
  }
  return given;
}
