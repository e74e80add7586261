import type { Row } from '../../world/types.js';
import { cover } from '../coverage.js';
import { type Asking, may } from '../decide.js';
import { givesPermission, givesRole, permissionsOf, reachOf } from '../giving.js';
import { rolesNow } from '../person.js';
import { homeOf, type Tree, tenantOf } from '../tree.js';

/** Whether something may be done; `either`: to refuse it is as right. */
export type Verdict = 'yes' | 'no' | 'either';

/** The overrides that disable something in a scope, the nearest of each target (D9). */
function disabling(tree: Tree, scopeId: string): Row[] {
  const nearest = new Map<string, Row>();
  for (const at of tree.inherits(scopeId)) {
    for (const row of tree.of('ScopeOverride')) {
      const target = targetOf(row);
      if (row.one.scope === at && !nearest.has(target)) nearest.set(target, row);
    }
  }
  return [...nearest.values()].filter(({ cells }) => cells.state === 'DISABLED');
}

const targetOf = ({ one: { role = null, permission = null } }: Row): string =>
  `${role} ${permission}`;

/**
 * D21: a disabling override that counts no more in any of these scopes, or for them as rows, is lifted: by who may change it,
 * and holds what others regain.
 *
 * Who holds all of it at the override may. Where some of it is held by nobody there any more, or by who is lifted themselves, it
 * is not said who regains what: to refuse is right, and whatever is done must give nothing away.
 */
export function lifting(asking: Asking, after: Tree, scopes: readonly Row[]): Verdict {
  const { tree, person } = asking;
  if (person.isAdmin) return 'yes';
  const lifted = scopes.flatMap((scope) => {
    const now = after.find('Scope', scope.id);
    if (now === undefined) return [];
    return [
      ...less(disabling(tree, scope.id), disabling(after, now.id)),
      ...less(disabling(tree, homeOf(scope)), disabling(after, homeOf(now))),
    ];
  });
  const mine = lifted.every((row) => may(asking, 'update', row));
  if (lifted.length > 0 && !cover('D21 write: who lifts an override may change it', mine)) {
    return 'no';
  }
  // What is above is left behind, or is enabled nearer: what counted for nothing where it was may have to be the mover's, too.
  const above = scopes.flatMap((scope) => tree.path(scope.id).slice(1));
  const any = tree
    .of('ScopeOverride')
    .filter(({ cells, one }) => cells.state === 'DISABLED' && above.includes(String(one.scope)));
  return any.every((row) => may(asking, 'update', row) && holdsRegained(asking, row))
    ? 'yes'
    : 'either';
}

const less = (before: readonly Row[], after: readonly Row[]): Row[] =>
  before.filter((row) => !after.some((one) => targetOf(one) === targetOf(row)));

/** Whether all that anybody may regain where an override counts no more is held there, as it is. */
export function holdsRegained(asking: Asking, { one }: Row): boolean {
  const { tree } = asking;
  const { role = null, permission = null, scope } = one;
  const organization = tenantOf(tree.get('Scope', String(scope)));
  // What is disabled at the platform root is regained in every organization, for global rows at least.
  const isNear = (scopeId: string): boolean =>
    organization === null || [null, organization].includes(tenantOf(tree.get('Scope', scopeId)));
  const held = tree.world.memberships
    .filter(({ scopeId }) => isNear(scopeId))
    .flatMap((membership) => rolesNow(membership))
    .map((id) => tree.get('Role', id))
    .filter(({ id }) => role === null || id === role);
  return held.every(
    (row) =>
      (permission !== null || givesRole(asking, row.id, String(scope))) &&
      permissionsOf(tree, row)
        .filter(({ id }) => permission === null || id === permission)
        .every((given) =>
          givesPermission(
            asking,
            // Of one role alone nothing of what is given is switched off with it any more.
            {
              roleId: role === null ? row.id : '',
              permission: role === null ? given : { ...given, id: '' },
              reach: reachOf(row),
            },
            String(scope),
          ),
        ),
  );
}
