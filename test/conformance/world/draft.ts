import { createHash } from 'node:crypto';
import { BUILT_IN_ROWS } from './built-in.js';
import { NAMES } from './names.js';
import {
  type Key,
  type Membership,
  type Override,
  PLATFORM,
  type Row,
  type TypeName,
  type World,
  worldOf,
} from './types.js';

const CODES: Record<Row['type'] | 'Key', string> = {
  Organization: 'aaa',
  User: 'bbb',
  Team: 'ccc',
  ScopeType: 'ddd',
  Scope: 'eee',
  Role: '111',
  Permission: '222',
  Workflow: '333',
  Agent: '444',
  App: '555',
  Config: '666',
  Form: 'fff',
  Membership: '777',
  ScopeOverride: '888',
  Key: '999',
};

/** Hashed in front, so that the order of ids is not that of making; readable at the end. */
export function idOf(type: keyof typeof CODES, index: number): string {
  const code = `${CODES[type]}${String(index).padStart(9, '0')}`;
  const digest = createHash('md5').update(code).digest('hex');
  return `${digest.slice(0, 8)}-0000-7000-8000-${code}`;
}

const TIMES = ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.001Z', '2026-02-03T04:05:06.789Z'];

const EARLY = { createdAt: TIMES[0] as string, updatedAt: TIMES[0] as string };

/** A world in the making: knows what can be chosen where, so that nothing impossible is drawn. */
export class Draft {
  readonly rows: Row[] = [...BUILT_IN_ROWS];
  readonly memberships: Membership[] = [];
  readonly overrides: Override[] = [];
  readonly keys: Key[] = [];
  readonly #made = new Map<string, number>();
  readonly #taken = new Set<string>();

  constructor() {
    for (const { type, cells } of BUILT_IN_ROWS) {
      if (type === 'Permission') this.take('permission', PLATFORM, String(cells.key));
    }
  }

  finish(): World {
    const rows = [
      ...this.rows,
      ...this.memberships.map((one) => this.#membership(one)),
      ...this.overrides.map((one) => this.#override(one)),
    ];
    const builtIn = new Set(BUILT_IN_ROWS.map((row) => row.id));
    return worldOf(rows, { builtIn, keys: this.keys });
  }

  /** A membership as a row that lives at its scope (model §2). */
  #membership({ id, scopeId, userId, teamId, keyId, roleIds, expiresAt, ends }: Membership): Row {
    const organization = this.tenantOf(scopeId);
    const isApiKey = this.keys.some((key) => key.id === keyId && key.kind === 'API_KEY');
    const key = { apiKey: isApiKey ? keyId : null, virtualKey: isApiKey ? null : keyId };
    return {
      type: 'Membership',
      id,
      cells: { ...EARLY, expiresAt },
      one: { organization, scope: scopeId, user: userId, team: teamId, ...key },
      many: { roles: roleIds },
      ends,
    };
  }

  /** The same of an override. */
  #override({ id, scopeId, roleId, permissionId, state }: Override): Row {
    const organization = this.tenantOf(scopeId);
    return {
      type: 'ScopeOverride',
      id,
      cells: { ...EARLY, state: state.toUpperCase() },
      one: { organization, scope: scopeId, role: roleId, permission: permissionId },
      many: {},
    };
  }

  /** The next id of a type. */
  next(type: keyof typeof CODES): string {
    const index = this.#made.get(type) ?? 1;
    this.#made.set(type, index + 1);
    return idOf(type, index);
  }

  add(type: TypeName, id: string, row: Omit<Row, 'type' | 'id'>, time = 0): Row {
    const createdAt = TIMES[time % TIMES.length] as string;
    const updatedAt = TIMES[(time >> 2) % TIMES.length] as string;
    const added = { type, id, ...row, cells: { ...row.cells, createdAt, updatedAt } };
    this.rows.push(added);
    return added;
  }

  of(type: TypeName): Row[] {
    return this.rows.filter((row) => row.type === type);
  }

  get(type: TypeName, id: string): Row {
    const found = this.rows.find((row) => row.type === type && row.id === id);
    if (found === undefined) throw new Error(`no ${type} ${id}`);
    return found;
  }

  /** The scope and all above it, the platform root included. */
  path(scopeId: string): string[] {
    const parent = this.get('Scope', scopeId).one.parent ?? null;
    return parent === null ? [scopeId] : [scopeId, ...this.path(parent)];
  }

  tenantOf(scopeId: string): string | null {
    return this.get('Scope', scopeId).one.organization ?? null;
  }

  /** Whether this is the first time that somebody takes it. */
  take(...key: (string | null)[]): boolean {
    const text = JSON.stringify(key);
    if (this.#taken.has(text)) return false;
    this.#taken.add(text);
    return true;
  }

  /** A scope to live at: one in three rows is global. */
  place(choice: number): string {
    if (choice % 10 < 3) return PLATFORM;
    return choose(
      this.of('Scope').filter((scope) => scope.id !== PLATFORM),
      Math.floor(choice / 10),
    ).id;
  }
}

/** Takes a number for a choice. There must be something to choose from. */
export function choose<T>(from: readonly T[], choice: number): T {
  if (from.length === 0) throw new Error('nothing to choose from');
  return from[choice % from.length] as T;
}

/** Different ones of these, as many as there are choices or fewer. */
export function chooseSome<T>(from: readonly T[], choices: readonly number[]): T[] {
  if (from.length === 0) return [];
  return [...new Set(choices.map((choice) => choose(from, choice)))];
}

/** Half of the names are one of two, for collisions; the other half anything. */
export function nameFor(choice: number): string {
  return choice % 2 === 0
    ? choose(['a', 'a/b'], Math.floor(choice / 2))
    : choose(NAMES, Math.floor(choice / 2));
}
