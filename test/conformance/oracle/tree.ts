import { PLATFORM, type Row, rootOf, type TypeName, type World } from '../world/types.js';
import { cover } from './coverage.js';

/** The tree as the model tells it (D1, D8), looked up row by row. */
export class Tree {
  readonly world: World;
  readonly #byId = new Map<string, Row>();

  constructor(world: World) {
    this.world = world;
    for (const row of world.rows) this.#byId.set(`${row.type} ${row.id}`, row);
  }

  of(type: TypeName): Row[] {
    return this.world.rows.filter((row) => row.type === type);
  }

  find(type: Row['type'], id: string): Row | undefined {
    return this.#byId.get(`${type} ${id}`);
  }

  get(type: Row['type'], id: string): Row {
    const found = this.find(type, id);
    if (found === undefined) throw new Error(`no ${type} ${id}`);
    return found;
  }

  parent(scopeId: string): string | null {
    return this.get('Scope', scopeId).one.parent ?? null;
  }

  /** S, its parent, …, the organization's root (D1). Empty for the platform root. */
  chain(scopeId: string): string[] {
    return this.path(scopeId).filter((id) => id !== PLATFORM);
  }

  /** chain(S), then the platform root. */
  path(scopeId: string): string[] {
    const parent = this.parent(scopeId);
    return parent === null ? [scopeId] : [scopeId, ...this.path(parent)];
  }

  /** D8: itself, and what its parent inherits when its type is MERGE; a mode unknown is DEFINE. */
  inherits(scopeId: string): string[] {
    const scope = this.get('Scope', scopeId);
    const type = this.get('ScopeType', scope.one.type as string);
    const parent = scope.one.parent ?? null;
    const merges = type.cells.permissionMode === 'MERGE' && parent !== null;
    return merges ? [scopeId, ...this.inherits(parent)] : [scopeId];
  }
}

/** The organization that a row is of; null: global (§1). */
export function tenantOf(row: Row): string | null {
  return row.type === 'Organization' ? row.id : (row.one.organization ?? null);
}

/** The scope that a row lives at (§2, "Where things without a scopeId live"). */
export function homeOf(row: Row): string {
  switch (row.type) {
    case 'Organization':
      return rootOf(row.id);
    case 'Scope': {
      const parent = row.one.parent ?? null;
      // A root scope lives at itself when it is read; the platform root has nowhere else either.
      const isRoot = parent === null || parent === PLATFORM;
      return cover('D1 a scope is a root and lives at itself', isRoot)
        ? row.id
        : (parent as string);
    }
    case 'User':
    case 'Team':
    case 'ScopeType': {
      const tenant = tenantOf(row);
      return tenant === null ? PLATFORM : rootOf(tenant);
    }
    default:
      return row.one.scope as string;
  }
}

export function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
