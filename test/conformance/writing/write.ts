import { CATALOG } from '../catalog.js';
import type { CascadingType, Cell, Named, TypeName } from '../world/types.js';

/** What of a row is set, by the name of the cell or the relation. */
export type Settings = Readonly<Record<string, Cell | readonly string[]>>;

/** The types that say who may do what where, and where that is. */
export const TREE_TYPES = [
  'ScopeType',
  'Scope',
  'Role',
  'Permission',
  'Membership',
  'ScopeOverride',
] as const satisfies readonly TypeName[];
export type TreeType = (typeof TREE_TYPES)[number];

/** What is made at a scope that is named, as rows of any type are; scopes and overrides have ways of their own. */
export type MadeType = CascadingType | Exclude<TreeType, 'Scope' | 'ScopeOverride'>;

/** A row as a client names it. */
export interface NamedRow {
  readonly type: TypeName;
  readonly id: string;
  readonly version?: number;
}

export interface Create {
  readonly kind: 'create';
  readonly type: MadeType;
  readonly scope: Named;
  readonly set: Settings;
}
export interface Change extends NamedRow {
  readonly kind: 'update' | 'share' | 'transfer';
  readonly type: MadeType | 'Scope';
  readonly set: Settings;
}
export interface Delete extends NamedRow {
  readonly kind: 'delete';
  readonly type: MadeType | 'Scope';
  /** Of a scope: whether all that is in it goes, too. */
  readonly cascade?: boolean;
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
/** Told what a secret is set to. */
export interface Reveal extends NamedRow {
  readonly kind: 'reveal';
  readonly type: 'Config';
}
export interface ChangeMembers extends NamedRow {
  readonly kind: 'addMembers' | 'removeMembers';
  readonly type: 'Team';
  readonly users: readonly string[];
}
export interface CreateScope {
  readonly kind: 'createScope';
  readonly type: 'Scope';
  readonly of: string;
  readonly parent: Named;
  /** By its external id instead. */
  readonly parentExternalId?: string;
  readonly set: Settings;
}
export interface MoveScope extends NamedRow {
  readonly kind: 'moveScope';
  readonly type: 'Scope';
  readonly parent: string;
}
/** That scopes of the one type may be in scopes of the other. */
export interface LinkTypes {
  readonly kind: 'link' | 'unlink';
  readonly type: 'ScopeType';
  readonly links: readonly { readonly parent: string; readonly child: string }[];
}
export interface ChangePermissions extends NamedRow {
  readonly kind: 'attachPermissions' | 'detachPermissions';
  readonly type: 'Role';
  readonly permissions: readonly string[];
}
export interface ChangeRoles extends NamedRow {
  readonly kind: 'assignRoles' | 'unassignRoles';
  readonly type: 'Membership';
  readonly roles: readonly string[];
  readonly expiresAt?: string | null;
}
export interface SetOverride {
  readonly kind: 'setOverride';
  readonly type: 'ScopeOverride';
  readonly scope: Named;
  readonly role?: string;
  readonly permission?: string;
  readonly state: 'ENABLED' | 'DISABLED';
  readonly version?: number;
}
export interface RemoveOverride extends NamedRow {
  readonly kind: 'removeOverride';
  readonly type: 'ScopeOverride';
}

/** What changes the tree, or who may do what in it, in a way of its own. */
export type TreeSingle =
  | CreateScope
  | MoveScope
  | LinkTypes
  | ChangePermissions
  | ChangeRoles
  | SetOverride
  | RemoveOverride;

/** What is one mutation, or an item of a batch. */
export type Single =
  | Create
  | Change
  | Delete
  | Move
  | SetConfig
  | Reveal
  | ChangeMembers
  | TreeSingle;

/** All or none of several of one kind. */
export interface Batch {
  readonly kind: 'batch';
  readonly type: MadeType | 'Scope';
  /** `link`: scopes are moved into others, one after another. */
  readonly of: 'create' | 'update' | 'delete' | 'link';
  readonly items: readonly Single[];
}
export type Write = Single | Batch;

const FIELD_OF: Partial<Record<Write['kind'], string>> = {
  createScope: 'createScope',
  moveScope: 'moveScope',
  link: 'linkScopeTypes',
  unlink: 'unlinkScopeTypes',
  attachPermissions: 'attachPermissions',
  detachPermissions: 'detachPermissions',
  assignRoles: 'assignRoles',
  unassignRoles: 'unassignRoles',
  setOverride: 'setScopeOverride',
  removeOverride: 'removeScopeOverride',
  setConfig: 'setConfig',
  addMembers: 'addTeamMembers',
  removeMembers: 'removeTeamMembers',
};

/** The field of `Mutation` that does it. */
export function fieldOf(write: Write): string {
  const field = FIELD_OF[write.kind];
  if (field !== undefined) return field;
  return write.kind === 'batch' ? `${write.of}${write.type}s` : `${write.kind}${write.type}`;
}

/** What its argument `input` says. */
export function inputOf(write: Write): Readonly<Record<string, unknown>> {
  switch (write.kind) {
    case 'batch':
      return write.of === 'link'
        ? { links: write.items.map(linkOf) }
        : { [CATALOG[write.type].many]: write.items.map(inputOf) };
    case 'create':
      return { ...at(write.scope), ...write.set };
    case 'setConfig':
      return { ...at(write.scope), key: write.key, ...write.set };
    case 'addMembers':
    case 'removeMembers':
      return { ...named(write), users: write.users };
    case 'move':
      return { ...named(write), scope: write.scope };
    case 'reveal':
      return { ...named(write), reason: 'to see it' };
    case 'delete':
      return {
        ...named(write),
        ...(write.cascade === undefined ? {} : { cascade: write.cascade }),
      };
    default:
      return isOfTree(write) ? treeInputOf(write) : { ...named(write), ...write.set };
  }
}

const isOfTree = (write: Exclude<Write, Batch>): write is TreeSingle =>
  FIELD_OF[write.kind] !== undefined;

function treeInputOf(write: TreeSingle): Readonly<Record<string, unknown>> {
  switch (write.kind) {
    case 'createScope': {
      const { of, parent, parentExternalId, set } = write;
      const by = parentExternalId === undefined ? {} : { parentExternalId };
      return { type: of, ...(parent === undefined ? {} : { parent }), ...by, ...set };
    }
    case 'moveScope':
      return { ...named(write), parent: write.parent };
    case 'link':
    case 'unlink':
      return { links: write.links };
    case 'attachPermissions':
    case 'detachPermissions':
      return { ...named(write), permissions: write.permissions };
    case 'assignRoles':
    case 'unassignRoles': {
      const { roles, expiresAt } = write;
      return { ...named(write), roles, ...(expiresAt === undefined ? {} : { expiresAt }) };
    }
    case 'setOverride': {
      const { kind: _, type: __, scope, ...said } = write;
      return { ...at(scope), ...said };
    }
    case 'removeOverride':
      return named(write);
  }
}

const linkOf = (item: Single) =>
  item.kind === 'moveScope' ? { child: item.id, parent: item.parent } : {};
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

/** Whether its answer is the id of what is no more. */
export const isDeleting = ({ kind }: Write): boolean =>
  kind === 'delete' || kind === 'removeOverride';

/** Whether its answer is about several rows. */
export const tellsMany = ({ kind }: Write): boolean => ['batch', 'link', 'unlink'].includes(kind);
