import { CATALOG } from '../catalog.js';
import type { Row, TypeName } from '../world/types.js';
import { cover } from './coverage.js';
import { type Asking, mayManage, mayRead } from './decide.js';
import { type Tree, tenantOf } from './tree.js';

/** The rows that a relation leads to, hidden ones included. */
function targets(tree: Tree, row: Row, relation: string): Row[] {
  const type = row.type as TypeName;
  const facts = CATALOG[type];
  const one = facts.toOne[relation];
  if (one !== undefined) {
    const id = row.one[relation] ?? null;
    return id === null ? [] : [tree.get(one.to, id)];
  }
  if (type === 'Scope' && relation === 'ancestors') {
    return tree
      .path(row.id)
      .slice(1)
      .map((id) => tree.get('Scope', id));
  }
  const many = facts.toMany[relation];
  if (many === undefined) throw new Error(`${type} has no ${relation}`);
  const { to, back } = many;
  if (back === undefined) return (row.many[relation] ?? []).map((id) => tree.get(to, id));
  return tree
    .of(to)
    .filter((other) => other.one[back] === row.id || other.many[back]?.includes(row.id) === true);
}

/** Those of them that the person may read (D15): the others do not exist. */
export function visibleTargets(asking: Asking, row: Row, relation: string): Row[] {
  return targets(asking.tree, row, relation).filter((target) =>
    cover(
      `D20 a referred row that is ${tenantOf(target) === null ? 'global' : 'of a tenant'}`,
      mayRead(asking, target),
    ),
  );
}

/** Whether a field or relation is one for managers (D15). */
export function isManaged(row: Row, field: string): boolean {
  const { cells, toOne, toMany } = CATALOG[row.type as TypeName];
  return (cells[field] ?? toOne[field] ?? toMany[field])?.managed === true;
}

/** Whether it is, and the person does not have Manage(read) on the row (D15). */
export function isWithheld(asking: Asking, row: Row, field: string): boolean {
  return isManaged(row, field) && !mayManage(asking, row);
}
