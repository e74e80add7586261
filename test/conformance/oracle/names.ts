import {
  CASCADING,
  type CascadingType,
  PLATFORM,
  type Row,
  rootOf,
  type TypeName,
} from '../world/types.js';
import { cover } from './coverage.js';
import { type Asking, mayRead, mayReadAt } from './decide.js';
import type { Place } from './place.js';
import { type Tree, tenantOf } from './tree.js';

function cascades(row: Row): row is Row & { type: CascadingType } {
  return row.type in CASCADING;
}

const nameOf = (row: Row & { type: CascadingType }) => row.cells[CASCADING[row.type]];

/** D2: of the rows named so along chain(S) and at the platform root, the nearest one there is. */
export function nearest(
  tree: Tree,
  type: CascadingType,
  name: string,
  chain: readonly string[],
  cascading = true,
): Row | null {
  for (const scopeId of cascading ? [...chain, PLATFORM] : chain) {
    for (const row of tree.of(type)) {
      if (row.one.scope === scopeId && row.cells[CASCADING[type]] === name) return row;
    }
  }
  return null;
}

/** D2: what a lookup by name answers; never a farther row when the nearest one is denied. */
export function lookUp(
  asking: Asking,
  type: CascadingType,
  name: string,
  place: Place,
): Row | null {
  const found = nearest(asking.tree, type, name, place.chain);
  if (found === null) return cover('D2 a name is found', false) ? found : null;
  cover('D2 a name is found', true);
  return cover('D2 the nearest one may be read', mayRead({ ...asking, place }, found))
    ? found
    : null;
}

/** D3: the nearest row of the same name in a chain, if it lies below this one's scope. */
export function shadowing(tree: Tree, row: Row, chain: readonly string[]): Row | null {
  if (!cascades(row)) return null;
  for (const scopeId of chain) {
    for (const other of tree.of(row.type)) {
      if (other.one.scope !== scopeId || !cascades(other) || nameOf(other) !== nameOf(row))
        continue;
      const above = tree.path(scopeId).slice(1);
      if (above.includes(row.one.scope as string)) {
        return cover('D3 a row is shadowed', true) ? other : null;
      }
    }
  }
  cover('D3 a row is shadowed', false);
  return null;
}

/** The rows of a list before `where`: covered, readable, and not shadowed unless asked for (D3). */
export function listed(
  asking: Asking,
  type: TypeName,
  place: Place,
  includeShadowed: boolean,
): Row[] {
  return asking.tree.of(type).filter((row) => {
    if (!mayReadAt(asking, place, row)) return false;
    if (includeShadowed || place.covers.kind === 'everything') return true;
    return shadowing(asking.tree, row, place.chain) === null;
  });
}

/** The chain in which `shadowed` of a row is answered: of the place, or where it would be looked up. */
export function chainFor({ place }: Asking, row: Row): readonly string[] {
  const tenant = tenantOf(row);
  return tenant === null || tenant === place.organizationId ? place.chain : [rootOf(tenant)];
}
