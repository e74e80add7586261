import { CATALOG } from '../catalog.js';
import {
  type CascadingType,
  type Cell,
  type Row,
  type TypeName,
  type World,
  worldOf,
} from '../world/types.js';
import type { MadeType, Settings } from '../writing/write.js';

/**
 * A row with what is set of it: cells, references to one, and lists of references. What is not seen of a list stays on it:
 * it could not have been named (D14).
 */
export function withSettings(
  row: Row,
  set: Settings,
  unseen: (type: TypeName, id: string) => boolean = () => false,
): Row {
  const cells: Record<string, Cell> = { ...row.cells };
  const one: Record<string, string | null> = { ...row.one };
  const many: Record<string, readonly string[]> = { ...row.many };
  const { toOne, toMany } = CATALOG[row.type];
  for (const [part, value] of Object.entries(set)) {
    const list = toMany[part];
    if (list !== undefined) {
      const kept = (row.many[part] ?? []).filter((id) => unseen(list.to, id));
      const given = (value as readonly string[]).map((id) => id.toLowerCase());
      many[part] = [...new Set([...kept, ...given])];
    } else if (toOne[part] !== undefined) {
      one[part] = value === null ? null : String(value).toLowerCase();
    } else cells[part] = value as Cell;
  }
  // Model, section 2: the key of a permission says what it permits.
  if (row.type === 'Permission') {
    cells.key = `${cells.resourceType}:${cells.action}:${cells.resourcePattern}`;
  }
  return { ...row, cells, one, many };
}

/** The same, changed once more. */
export const changed = (row: Row): Row => ({ ...row, version: versionOf(row) + 1 });

export const versionOf = ({ version = 1 }: Row): number => version;

type NewType = MadeType | 'Scope' | 'ScopeOverride';

/** What a new row says where nothing is said of it. */
export function newRow(
  type: NewType,
  id: string,
  at: { readonly organization: string | null; readonly scope: string } = NOWHERE,
  by: string | null = null,
): Row {
  const { organization } = at;
  const row = { type, id, version: 1 } as const;
  switch (type) {
    case 'ScopeType':
      return { ...row, cells: {}, one: { organization }, many: { mayContain: [] } };
    case 'Scope':
      return { ...row, cells: { name: null, externalId: null }, one: { organization }, many: {} };
    case 'Role': {
      const cells = { description: null, isSystem: false };
      return { ...row, cells, one: at, many: { permissions: [] } };
    }
    case 'Permission':
      return { ...row, cells: { label: null, resourcePattern: '*' }, one: at, many: {} };
    case 'Membership': {
      const one = { ...at, user: null, team: null, apiKey: null, virtualKey: null };
      return { ...row, cells: { expiresAt: null }, one, many: { roles: [] }, ends: {} };
    }
    case 'ScopeOverride':
      return { ...row, cells: {}, one: { ...at, role: null, permission: null }, many: {} };
    default:
      return newOwned(type, id, at, by);
  }
}

/** Said by whoever calls. */
const NOWHERE = { organization: null, scope: '' };

function newOwned(
  type: CascadingType,
  id: string,
  at: { readonly organization: string | null; readonly scope: string },
  by: string | null,
): Row {
  const executable = { accessLevel: 'AUTHENTICATED' };
  const defaults: Record<CascadingType, Row['cells']> = {
    Form: executable,
    Workflow: executable,
    Agent: { ...executable, instructions: '' },
    App: executable,
    Config: { isFinal: false, value: null },
  };
  const references: Partial<Record<CascadingType, Row['many']>> = {
    Agent: { roles: [], tools: [], delegates: [] },
    Config: {},
  };
  return {
    type,
    id,
    cells: { description: null, isActive: true, ...defaults[type] },
    one: {
      ...at,
      createdBy: by,
      owner: by,
      team: null,
      ...(type === 'Form' && { workflow: null }),
    },
    many: references[type] ?? { roles: [] },
    version: 1,
  };
}

/** The world with a row in place of another, or besides, or without it. */
export function worldWith(world: World, before: Row | null, after: Row | null): World {
  const rows = world.rows.flatMap((row) => {
    if (before === null || row.type !== before.type || row.id !== before.id) return [row];
    return after === null ? [] : [after];
  });
  if (before === null && after !== null) rows.push(after);
  return worldOf(rows, world);
}
