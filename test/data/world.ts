import { randomUUID } from 'node:crypto';
import type { Database } from '../../src/data/clients.js';
import { rootScopeId } from '../../src/policy/root-scope.js';
import { BUILT_IN_SCOPE_TYPES, PLATFORM_ROOT_ID } from '../../src/policy/vocabulary.js';
import { uuid7 } from '../support/uuid.js';

type Values = Record<string, unknown>;

/** Those that were made, by whichever world. */
const organizations = new Set<unknown>();

/** Writes rows in plain SQL, as somebody would who passes every other layer by. */
export class World {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  rows<Row = Values>(text: string, ...params: unknown[]): Promise<Row[]> {
    return this.db.sql.query<Row>(text, params);
  }

  async row<Row = Values>(text: string, ...params: unknown[]): Promise<Row> {
    const [row] = await this.rows<Row>(text, ...params);
    if (row === undefined) throw new Error(`no row: ${text}`);
    return row;
  }

  /** Inserts one row, with an id unless it is a link, and returns the id. An organization's id means its root. */
  async insert(table: string, given: Values): Promise<string> {
    const values = { ...given };
    for (const column of ['scope_id', 'parent_id']) {
      const named = values[column];
      if (organizations.has(named)) values[column] = rootScopeId(named as string);
    }
    const columns = Object.keys(values);
    const list = columns.map((column) => `"${column}"`).join(', ');
    const marks = columns.map((_, index) => `$${index + 1}`).join(', ');
    await this.rows(`INSERT INTO "${table}" (${list}) VALUES (${marks})`, ...Object.values(values));
    return String(values.id ?? '');
  }

  async organization(name: string = randomUUID()): Promise<string> {
    const id = await this.insert('organization', { id: uuid7(), name });
    organizations.add(id);
    return id;
  }

  async user(organization: string): Promise<string> {
    const id = randomUUID();
    return this.insert('user', {
      id,
      name: id,
      email: `${id}@example.com`,
      organization_id: organization,
    });
  }

  async type(
    organization: string | null,
    mode = 'MERGE',
    parents: readonly string[] = [TENANT],
  ): Promise<string> {
    const id = randomUUID();
    await this.insert('scope_type', {
      id,
      name: id,
      permission_mode: mode,
      organization_id: organization,
    });
    for (const parent of parents) await this.edge(parent, id);
    return id;
  }

  async edge(parent: string, child: string): Promise<void> {
    await this.insert('scope_type_edge', { parent_type_id: parent, child_type_id: child });
  }

  async scope(
    organization: string,
    parent = organization,
    type: string = WORKSPACE,
  ): Promise<string> {
    return this.insert('scope', {
      id: randomUUID(),
      type_id: type,
      parent_id: parent,
      organization_id: organization,
    });
  }

  /** A row of any kind that lives at a scope; null: a global one. */
  async at(table: string, organization: string | null, scope: string | null, values: Values = {}) {
    const id = randomUUID();
    const required = REQUIRED[table]?.(id) ?? {};
    return this.insert(table, {
      id,
      ...required,
      organization_id: organization,
      scope_id: scope ?? PLATFORM_ROOT_ID,
      ...values,
    });
  }
}

export const TENANT = BUILT_IN_SCOPE_TYPES.Tenant;
export const WORKSPACE = BUILT_IN_SCOPE_TYPES.Workspace;
export const PROJECT = BUILT_IN_SCOPE_TYPES.Project;
export const ENVIRONMENT = BUILT_IN_SCOPE_TYPES.Environment;

/** The tables whose rows cascade, and the column that names a row (D2). */
export const NAMED = {
  form: 'name',
  workflow: 'name',
  agent: 'name',
  app: 'slug',
  config: 'key',
} as const;
export type Named = keyof typeof NAMED;
export const NAMED_TABLES = Object.keys(NAMED) as Named[];

/** The tables whose rows have roles bound to them (D6). */
export const BOUND_TABLES = ['form', 'workflow', 'agent', 'app'] as const;

const REQUIRED: Record<string, (id: string) => Values> = {
  form: (id) => ({ name: id }),
  workflow: (id) => ({ name: id, endpoint: 'https://example.com' }),
  agent: (id) => ({ name: id }),
  app: (id) => ({ name: id, slug: id }),
  config: (id) => ({ key: id, type: 'STRING' }),
  role: (id) => ({ name: id, data_access: 'ALL_DATA' }),
  permission: (id) => ({ resource_type: 'form', action: 'read', resource_pattern: id }),
  virtual_key: (id) => ({ name: id, prefix: id, hash: id }),
  api_key: (id) => ({ name: id, prefix: id, hash: id }),
  scope_override: () => ({ state: 'disabled' }),
};
