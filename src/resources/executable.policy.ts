import { atScope, definePolicy, type Policy } from '../policy/define-policy.js';
import { allOf, anyOf, managed, never, used, via } from '../policy/predicate.js';

/** What forms, workflows, agents and apps have in common (model §4): use by access level, or manage. */
export function executablePolicy(
  model: string,
  resource: 'form' | 'workflow' | 'agent' | 'app',
  declaration: {
    readonly cascadesBy: string;
    readonly open: readonly string[];
    readonly managed?: readonly string[];
  },
): Policy {
  return definePolicy(model, {
    home: atScope,
    ownership: 'owned',
    name: 'name',
    cascadesBy: declaration.cascadesBy,
    actions: {
      read: anyOf(used, managed(`${resource}:read`)),
      use: used,
    },
    fields: {
      open: [...PLACED_FIELDS, 'name', 'description', 'isActive', ...declaration.open],
      managed: [...OWNERSHIP_FIELDS, 'accessLevel', 'roles', ...(declaration.managed ?? [])],
    },
  });
}

/** Columns and relations of every row that lives at a scope. */
export const PLACED_FIELDS = ['id', 'version', 'createdAt', 'updatedAt', 'organization', 'scope'];

/** Who made and owns a row: management fields (D15). */
export const OWNERSHIP_FIELDS = ['createdBy', 'owner', 'team'];

/** A bound role is a management field of what it is bound to (D15), and a row of its own. */
export function bindingPolicy(model: string, relation: string): Policy {
  return definePolicy(model, {
    actions: { read: allOf(via(relation, 'manage'), via('role')) },
    fields: { open: [relation, 'role'] },
  });
}

/** A table of which only the database and the policies themselves make use. */
export function internalPolicy(model: string, because: string): Policy {
  return definePolicy(model, { actions: { read: never(because) }, fields: { open: [] } });
}

export function shadowPolicy(model: string): Policy {
  return internalPolicy(model, 'shadowing is a part of the cascade, not a resource');
}
