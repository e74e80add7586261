import { CATALOG } from '../catalog.js';
import type { Row } from '../world/types.js';
import type { Settings } from '../writing/write.js';
import { cover } from './coverage.js';
import { type Asking, may, mayRead, mayUse } from './decide.js';
import { type Tree, tenantOf } from './tree.js';

/** D14: what may not be read is not there; D13: a delegate is used or updated by who names it. */
export function referring(asking: Asking, after: Row, set: Settings): string[] {
  const { toOne, toMany } = CATALOG[after.type];
  const problems: string[] = [];
  for (const [part, given] of Object.entries(set)) {
    const to = toOne[part]?.to ?? toMany[part]?.to;
    if (to === undefined) continue;
    for (const named of Array.isArray(given) ? given : [given]) {
      if (named === null) continue;
      const id = String(named).toLowerCase();
      const target = asking.tree.find(to, id);
      const there = target !== undefined && mayRead(asking, target);
      if (!cover('D14 write: what is referred to is there', there)) problems.push('BAD_USER_INPUT');
      else if (part === 'delegates' && target !== undefined) {
        const mine = mayUse(asking, target) || may(asking, 'update', target);
        if (!cover('D13 write: a delegate may be used or updated', mine))
          problems.push('FORBIDDEN');
      }
    }
  }
  return problems;
}

/** Issue 11: nothing is written in an organization that is not active. */
export function isInactive(tree: Tree, row: Row): boolean {
  const tenant = tenantOf(row);
  return tenant !== null && tree.get('Organization', tenant).cells.isActive !== true;
}
