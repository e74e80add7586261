import { PLATFORM } from '../world/types.js';
import { cover } from './coverage.js';
import type { Tree } from './tree.js';

/** What is held: a role, or what a role carries. */
export interface Part {
  readonly roleId: string;
  readonly permissionId: string | null;
}

/** D9: permission, role and pair are looked up separately; of a role alone only what switches the role counts. */
const targetsOf = ({ roleId, permissionId }: Part) => [
  { roleId, permissionId: null },
  ...(permissionId === null
    ? []
    : [
        { roleId: null, permissionId },
        { roleId, permissionId },
      ]),
];

/** D9: of each target the nearest in inherits(S) counts; any disabled among them, and it is off there. */
export function isOff(tree: Tree, scopeId: string, part: Part): boolean {
  const off = targetsOf(part).some((target) => {
    for (const at of tree.inherits(scopeId)) {
      const found = overrideAt(tree, at, target);
      if (found !== undefined) {
        return cover('D9 the nearest override disables', found.state === 'disabled');
      }
    }
    return false;
  });
  return cover('D9 an override switches off', off);
}

/** Of what is held at a root or the platform's: whether it is off for global rows, which lie at the platform's. */
export function isOffGlobally(tree: Tree, heldAt: string, part: Part): boolean {
  return cover(
    'D9 an override switches off for global rows',
    isOff(tree, heldAt, part) || isOff(tree, PLATFORM, part),
  );
}

function overrideAt(
  tree: Tree,
  at: string,
  target: { roleId: string | null; permissionId: string | null },
) {
  return tree.world.overrides.find(
    ({ scopeId, roleId, permissionId }) =>
      scopeId === at && roleId === target.roleId && permissionId === target.permissionId,
  );
}

/**
 * D21: whether what is held above a scope is on there, and wherever what is given there would be on: what concerns the giver
 * below concerns who is given it.
 */
export function isOnThroughout(
  tree: Tree,
  scopeId: string,
  own: Part,
  given: { readonly roleId: string | null; readonly permissionId: string | null },
): boolean {
  if (isOff(tree, scopeId, own)) return false;
  const on = tree.world.overrides
    .filter((one) => one.state === 'disabled' && one.scopeId !== scopeId)
    .filter((one) => tree.inherits(one.scopeId).includes(scopeId))
    .filter((one) =>
      targetsOf(own).some(
        (target) => target.roleId === one.roleId && target.permissionId === one.permissionId,
      ),
    )
    .every(
      (one) =>
        (one.roleId === null || one.roleId === given.roleId) &&
        (one.permissionId === null || one.permissionId === given.permissionId),
    );
  return cover('D21 nothing below disables what a giver holds', on);
}
