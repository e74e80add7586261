import { choose, type Draft } from './draft.js';
import type { Spec } from './spec.js';
import { PLATFORM } from './types.js';

/**
 * Overrides of what somebody holds, mostly on a path that somebody holds it on: each of a role, of a permission, or of the one
 * in the other (D9).
 */
export function buildOverrides(draft: Draft, spec: Spec): void {
  if (draft.memberships.length === 0) return;
  const roles = draft.of('Role').map(({ id }) => id);
  for (const { at, of, role, permission, state } of spec.overrides) {
    const held = choose(draft.memberships, role);
    const scopeId = placeFor(draft, held.scopeId, at);
    const roleId = choose(
      role % 5 < 4 && held.roleIds.length > 0 ? held.roleIds : roles,
      role >> 3,
    );
    const carried = draft.get('Role', roleId).many.permissions ?? [];
    const permissions = carried.length > 0 ? carried : draft.of('Permission').map(({ id }) => id);
    const permissionId = choose(permissions, permission);
    const target = [
      { roleId, permissionId: null },
      { roleId: null, permissionId },
      { roleId, permissionId },
    ][of % 3];
    if (target === undefined || !isNear(draft, scopeId, target)) continue;
    if (!draft.take('override', scopeId, target.roleId, target.permissionId)) continue;
    const id = draft.next('ScopeOverride');
    draft.overrides.push({
      id,
      scopeId,
      ...target,
      state: state % 10 < 3 ? 'enabled' : 'disabled',
    });
  }
}

/** Above, at or below where something is held; now and then anywhere. */
function placeFor(draft: Draft, heldAt: string, at: number): string {
  const scopes = draft.of('Scope').map(({ id }) => id);
  const below = scopes.filter((id) => draft.path(id).includes(heldAt));
  const lists = [draft.path(heldAt), below, below, [heldAt], scopes, [PLATFORM]];
  return choose(choose(lists, at), at >> 3);
}

/** D20: of its own organization, or global. */
function isNear(
  draft: Draft,
  scopeId: string,
  { roleId, permissionId }: { roleId: string | null; permissionId: string | null },
): boolean {
  const tenants = [
    ...(roleId === null ? [] : [draft.get('Role', roleId).one.organization ?? null]),
    ...(permissionId === null
      ? []
      : [draft.get('Permission', permissionId).one.organization ?? null]),
  ];
  return tenants.every((tenant) => tenant === null || tenant === draft.tenantOf(scopeId));
}
