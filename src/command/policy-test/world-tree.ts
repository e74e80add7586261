// Whether the scopes of a world are a tree, of types that allow it.
import { BUILT_IN_SCOPE_TYPES } from '../../policy/vocabulary.js';
import { entry, type OwnWorld } from './shape.js';
import type { Path } from './source.js';

export type Complain = (path: Path, message: string) => void;

/** In what the first migration lets the built-in types be; an organization's root is made with it. */
const BUILT_IN_INSIDE: Readonly<Record<string, readonly string[]>> = {
  Workspace: ['Tenant'],
  Project: ['Tenant', 'Workspace'],
  Environment: ['Project'],
};

/** Complains of what is not known. */
export function isIn(
  known: object,
  key: string,
  path: Path,
  what: string,
  complain: Complain,
): boolean {
  if (Object.hasOwn(known, key)) return true;
  complain(path, `there is no ${what} ${key}`);
  return false;
}

/** Whether the types of scope are others than the built-in ones, and none is within itself. */
export function checkTypes({ scopeTypes }: OwnWorld, complain: Complain): void {
  const known = { ...BUILT_IN_SCOPE_TYPES, ...scopeTypes };
  for (const [key, type] of Object.entries(scopeTypes)) {
    if (Object.hasOwn(BUILT_IN_SCOPE_TYPES, key)) {
      complain(['scopeTypes', key], 'is a built-in type');
    }
    type.in.forEach((parent, index) => {
      const path = ['scopeTypes', key, 'in', index];
      if (!isIn(known, parent, path, 'type of scope', complain)) return;
      if (isWithin(scopeTypes, parent, key)) {
        complain(path, `the type ${key} would be within itself`);
      }
    });
  }
}

function isWithin(types: OwnWorld['scopeTypes'], inner: string, outer: string): boolean {
  // A set takes in what is added to it while it is gone through.
  const above = new Set([inner]);
  for (const type of above) {
    if (type === outer) return true;
    for (const parent of entry(types, type)?.in ?? []) above.add(parent);
  }
  return false;
}

/**
 * Whether the scopes are a tree that their types allow. Answers what is above a place, itself first; nothing where that is
 * no tree.
 */
export function checkScopes(
  { organizations, scopes, scopeTypes }: OwnWorld,
  place: (path: Path, key: string) => boolean,
  complain: Complain,
): (at: string) => readonly string[] | undefined {
  const above = (at: string): readonly string[] | undefined => {
    const chain = [at];
    for (let key = at; !Object.hasOwn(organizations, key); chain.push(key)) {
      const parent = entry(scopes, key)?.in;
      if (parent === undefined || chain.includes(parent)) return undefined;
      key = parent;
    }
    return chain;
  };
  for (const [key, scope] of Object.entries(scopes)) {
    const path = ['scopes', key];
    if (!place([...path, 'in'], scope.in)) continue;
    if (above(key) === undefined) complain([...path, 'in'], 'it is within itself, or in nothing');
    const inside = entry(scopeTypes, scope.type)?.in ?? entry(BUILT_IN_INSIDE, scope.type);
    const parent = entry(scopes, scope.in)?.type ?? 'Tenant';
    if (inside === undefined) {
      complain([...path, 'type'], `there is no type of scope ${scope.type}`);
    } else if (!inside.includes(parent)) {
      const message = `a scope of the type ${scope.type} cannot be in one of the type ${parent}`;
      complain([...path, 'in'], message);
    }
  }
  return above;
}
