import { CATALOG } from '../catalog.js';
import { type Cell, PAST, type Row, type TypeName } from '../world/types.js';
import { cover } from './coverage.js';
import { type Asking, mayManage, mayRead, mayUse } from './decide.js';
import { defaultOrder, relatedList } from './list.js';
import { chainFor, shadowing } from './names.js';
import { isManaged, isWithheld, visibleTargets } from './related.js';

/** What is asked of a row: fields, and of related rows their fields. */
export type Selection = { readonly [field: string]: true | Selection };

/** An answer as the caller gets it, and which fields of which types were withheld in it (D15). */
export interface View {
  readonly data: Record<string, unknown>;
  readonly withheld: ReadonlySet<string>;
}

/**
 * What a readable row must look like. It and whatever it leads to are decided in the place that is
 * asked in: of a listed row, that of its list (D4).
 */
export function viewOf(asking: Asking, row: Row, selection: Selection): View {
  const data: Record<string, unknown> = {};
  const told = new Set<string>();
  for (const [field, inner] of Object.entries(selection)) {
    const withheld = isWithheld(asking, row, field);
    if (isManaged(row, field)) cover('D15 a managed field is shown', !withheld);
    if (withheld) {
      data[field] = null;
      told.add(`${row.type}.${field}`);
      continue;
    }
    data[field] =
      inner === true ? scalar(asking, row, field) : nested(asking, row, field, inner, told);
  }
  return { data, withheld: told };
}

function scalar(asking: Asking, row: Row, field: string): unknown {
  switch (field) {
    case '__typename':
      return row.type;
    case 'id':
      return row.id;
    case 'canManage':
      return mayManage(asking, row);
    case 'canUse':
      return mayUse(asking, row);
    case 'shadowed':
      return shadowing(asking.tree, row, chainFor(asking, row)) !== null;
    case 'isSecret':
      return row.cells.type === 'SECRET';
    case 'isExpired':
      return row.cells.expiresAt === PAST;
    case 'value':
      return row.cells.value;
    default:
      return shown(row, field);
  }
}

/** A stored value that is none of the closed ones is none to the caller; a mode is then DEFINE. */
function shown(row: Row, field: string): Cell {
  const cell = row.cells[field] ?? null;
  const kind = CATALOG[row.type as TypeName].cells[field]?.kind;
  if (typeof kind !== 'object' || kind.includes(String(cell))) return cell;
  return field === 'permissionMode' ? 'DEFINE' : null;
}

function nested(
  asking: Asking,
  row: Row,
  field: string,
  inner: Selection,
  told: Set<string>,
): unknown {
  const look = (target: Row | null): unknown => {
    if (target === null || !mayRead(asking, target)) return null;
    const view = viewOf(asking, target, inner);
    for (const one of view.withheld) told.add(one);
    return view.data;
  };
  if (field === 'shadowedBy') return look(shadowing(asking.tree, row, chainFor(asking, row)));
  if (field === 'definedAt') return look(asking.tree.get('Scope', row.one.scope as string));
  const { toOne, toMany } = CATALOG[row.type as TypeName];
  if (toOne[field] !== undefined) return look(visibleTargets(asking, row, field)[0] ?? null);
  if (field === 'ancestors') return visibleTargets(asking, row, field).map(look);
  const { to, whole } = toMany[field] as { to: TypeName; whole?: true };
  const rows = relatedList(asking, row, field, { order: defaultOrder(to) });
  if (whole) return rows.map(look);
  return {
    totalCount: rows.length,
    pageInfo: { hasNextPage: false, hasPreviousPage: false },
    edges: rows.map((one) => ({ node: look(one) })),
  };
}
