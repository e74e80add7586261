import { CATALOG } from '../catalog.js';
import type { Selection } from '../oracle/view.js';
import { CASCADING, TYPES, type TypeName } from '../world/types.js';

/** What is asked of a related row: enough to see that it is decided anew there. */
const NEAR: Partial<Record<TypeName, Selection>> = {
  Workflow: { id: true, endpoint: true, canUse: true, shadowed: true, owner: { id: true } },
  Agent: { id: true, accessLevel: true, tools: { id: true } },
  Form: { id: true, accessLevel: true, shadowed: true, workflow: { id: true } },
  Team: { id: true, members: { id: true }, createdBy: { id: true } },
  Membership: { id: true, user: { id: true }, team: { id: true }, scope: { id: true } },
  Scope: { id: true, type: { id: true } },
};

/** Every field of a type that this test knows an answer for. */
export function everythingOf(type: TypeName): Selection {
  const { cells, toOne, toMany } = CATALOG[type];
  const selection: Record<string, true | Selection> = { id: true };
  for (const cell of Object.keys(cells)) selection[cell] = true;
  for (const [relation, { to }] of [...Object.entries(toOne), ...Object.entries(toMany)]) {
    selection[relation] = NEAR[to] ?? { id: true };
  }
  if (type in CASCADING) Object.assign(selection, shadowsOf(type));
  if (type === 'Role') {
    selection.definedAt = { id: true };
  }
  if (type === 'Membership') selection.isExpired = true;
  if (type === 'Config') Object.assign(selection, { isSecret: true, value: true });
  const managed = [...Object.values(cells), ...Object.values(toOne), ...Object.values(toMany)];
  if (type === 'Role' || managed.some((one) => one.managed)) selection.canManage = true;
  return selection;
}

/** What a list is mostly asked of its rows: all fields of all rows would take long. */
export function listSelection(type: TypeName): Selection {
  return type in CASCADING ? { id: true, ...shadowsOf(type) } : { id: true };
}

function shadowsOf(type: TypeName): Selection {
  const shadows = { shadowed: true, shadowedBy: { id: true } } as const;
  return type === 'Config' ? shadows : { ...shadows, canUse: true };
}

export function print(type: TypeName, selection: Selection, prefix = ''): string {
  const parts = Object.entries(selection).map(([field, inner]) => {
    const alias = prefix === '' ? '' : `${prefix}_${field}: `;
    return inner === true ? `${alias}${field}` : `${alias}${printRelated(type, field, inner)}`;
  });
  return `{ ${parts.join(' ')} }`;
}

/** A connection is asked for the whole of it, which is short. */
function printRelated(type: TypeName, field: string, inner: Selection): string {
  const { toOne, toMany } = CATALOG[type];
  const many = toMany[field];
  const one = toOne[field]?.to ?? (field === 'definedAt' ? 'Scope' : type);
  if (many === undefined) return `${field} ${print(one, inner)}`;
  if (many.whole) return `${field} ${print(many.to, inner)}`;
  return `${field}(first: 200) { totalCount pageInfo { hasNextPage hasPreviousPage }
    edges { node ${print(many.to, inner)} } }`;
}

/** Types differ in the nullability of a field of one name, so each is asked under a name of its own. */
export const FRAGMENTS = TYPES.map(
  (type) => `... on ${type} ${print(type, everythingOf(type), type)}`,
).join('\n');
