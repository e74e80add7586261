import type { Principal } from './principal.js';
import { rootScopeId } from './root-scope.js';
import { countsForGlobalRows, isOnAt } from './switches.js';

/** Where roles are asked for: at a scope, by what it inherits from (D8), or for global rows acting in an organization (D6). */
export type RolesPlace =
  | { readonly inheritsFrom: readonly string[] }
  | { readonly globalIn: string | null };

/**
 * The names of the roles that are held at a place, or inherited into it, and not disabled there (D9, D38), each once and
 * sorted. None is made up: a platform admin holds none by being one.
 */
export function roleNamesAt({ roles }: Principal, place: RolesPlace): string[] {
  const held = roles.filter((role) => {
    if ('inheritsFrom' in place) {
      const { inheritsFrom } = place;
      return role.scopeIds.some((id) => inheritsFrom.includes(id)) && isOnAt(role, inheritsFrom);
    }
    const { globalIn } = place;
    return globalIn !== null && countsForGlobalRows(role, rootScopeId(globalIn));
  });
  return [...new Set(held.map(({ name }) => name))].sort();
}
