/**
 * Puts together what is held at the same scopes, so that a residual asks for those scopes once.
 * INVARIANT: what is held stays with its own scopes: nothing held at one place counts at another (§6.3).
 */
export function byScopes<T extends { readonly scopeIds: readonly string[] }>(
  held: readonly T[],
): { readonly scopeIds: readonly string[]; readonly held: readonly T[] }[] {
  const groups = new Map<string, { scopeIds: readonly string[]; held: T[] }>();
  for (const one of held) {
    const key = [...one.scopeIds].sort().join();
    const group = groups.get(key) ?? { scopeIds: one.scopeIds, held: [] };
    group.held.push(one);
    groups.set(key, group);
  }
  return [...groups.values()];
}
