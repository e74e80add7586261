import { CATALOG } from '../catalog.js';
import type { CascadingType, Cell, Named, TypeName } from '../world/types.js';

/** What of a row is set, by the name of the cell or the relation. */
export type Settings = Readonly<Record<string, Cell | readonly string[]>>;

/** A row as a client names it. */
export interface NamedRow {
  readonly type: TypeName;
  readonly id: string;
  readonly version?: number;
}

export interface Create {
  readonly kind: 'create';
  readonly type: CascadingType;
  readonly scope: Named;
  readonly set: Settings;
}
export interface Change extends NamedRow {
  readonly kind: 'update' | 'share' | 'transfer';
  readonly type: CascadingType;
  readonly set: Settings;
}
export interface Delete extends NamedRow {
  readonly kind: 'delete';
  readonly type: CascadingType;
}
export interface Move extends NamedRow {
  readonly kind: 'move';
  readonly type: CascadingType;
  readonly scope: string;
}
export interface SetConfig {
  readonly kind: 'setConfig';
  readonly type: 'Config';
  readonly scope: Named;
  readonly key: string;
  readonly set: Settings;
}
export interface ChangeMembers extends NamedRow {
  readonly kind: 'addMembers' | 'removeMembers';
  readonly type: 'Team';
  readonly users: readonly string[];
}

/** What is one mutation, or an item of a batch. */
export type Single = Create | Change | Delete | Move | SetConfig | ChangeMembers;

/** All or none of several of one kind. */
export interface Batch {
  readonly kind: 'batch';
  readonly type: CascadingType;
  readonly of: 'create' | 'update' | 'delete';
  readonly items: readonly Single[];
}
export type Write = Single | Batch;

/** The field of `Mutation` that does it. */
export function fieldOf(write: Write): string {
  switch (write.kind) {
    case 'batch':
      return `${write.of}${write.type}s`;
    case 'setConfig':
      return 'setConfig';
    case 'addMembers':
      return 'addTeamMembers';
    case 'removeMembers':
      return 'removeTeamMembers';
    default:
      return `${write.kind}${write.type}`;
  }
}

/** What its argument `input` says. */
export function inputOf(write: Write): Readonly<Record<string, unknown>> {
  switch (write.kind) {
    case 'batch':
      return { [CATALOG[write.type].many]: write.items.map(inputOf) };
    case 'create':
      return { ...at(write.scope), ...write.set };
    case 'setConfig':
      return { ...at(write.scope), key: write.key, ...write.set };
    case 'addMembers':
    case 'removeMembers':
      return { ...named(write), users: write.users };
    case 'move':
      return { ...named(write), scope: write.scope };
    case 'delete':
      return named(write);
    default:
      return { ...named(write), ...write.set };
  }
}

const at = (scope: Named) => (scope === undefined ? {} : { scope });
const named = ({ id, version }: NamedRow) => (version === undefined ? { id } : { id, version });

/** The id that it names, if it names one. */
export function idIn(write: Write): string | null {
  return 'id' in write ? write.id : null;
}

/** The same write with other ids in place of these. */
export function renamed<T extends Write>(write: T, ids: ReadonlyMap<string, string>): T {
  const rename = (value: unknown): unknown => {
    // An id is the same in capitals, and is drawn so now and then.
    if (typeof value === 'string') {
      return ids.get(value) ?? ids.get(value.toLowerCase())?.toUpperCase() ?? value;
    }
    if (Array.isArray(value)) return value.map(rename);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, rename(one)]));
  };
  return rename(write) as T;
}
