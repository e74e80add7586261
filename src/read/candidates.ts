import { column, from, linkOf, type Table } from '../data/sql/table.js';
import type { Policy } from '../policy/define-policy.js';
import type { Scribe } from './scribe.js';
import type { Way } from './ways.js';

/** A table of the statement that has the ids of rows, and the condition that it has all of them. */
export interface Candidates {
  readonly name: string;
  readonly isComplete: string;
}

/** Writes the ids that ways lead to as a table of the statement: no more than `most`, and one more where that is not all. */
export function candidates(
  scribe: Scribe,
  { model, cascadesBy = 'id' }: Policy,
  ways: readonly Way[],
  most: number,
): Candidates {
  const { draft } = scribe;
  const limit = `LIMIT ${most + 1}`;
  const names: string[] = [];
  const kept = (sql: string): string => {
    const name = draft.common(`${sql} ${limit}`);
    names.push(name);
    return name;
  };
  /** INVARIANT: in the order of an index: to read on in that is never thought dearer than to read all of the table. */
  const found = (table: Table, where: string, by: string): string =>
    `SELECT ${column(table, 'id')} AS id FROM ${from(table)} WHERE ${where} ORDER BY ${column(table, by)} ${limit}`;
  const each = (values: string, field: string, by: string): string => {
    const table = scribe.table(model);
    const rows = found(table, `${column(table, field)} = v.id`, by);
    return `SELECT l.id FROM ${values} CROSS JOIN LATERAL (${rows}) l ${limit}`;
  };
  const within = (id: string | null, condition: (table: Table) => string): string => {
    const table = scribe.table(model);
    const of = column(table, 'organizationId');
    const isThere = id === null ? `${of} IS NULL` : `${of} = ${draft.value(id, 'uuid')}`;
    return found(table, `${isThere} AND ${condition(table)}`, 'id');
  };
  const partOf = (way: Way): string => {
    switch (way.by) {
      case 'column':
        return each(
          `unnest(${draft.value([...new Set(way.values)], 'uuid[]')}) v (id)`,
          way.field,
          'id',
        );
      case 'open':
        return within(
          way.organizationId,
          (table) => `${column(table, 'accessLevel')} = 'AUTHENTICATED'`,
        );
      case 'unowned':
        return within(
          way.organizationId,
          (table) => `${column(table, 'ownerId')} IS NULL AND ${column(table, 'teamId')} IS NULL`,
        );
      case 'bound': {
        const { model: between, there } = linkOf(scribe.dataModel, model, 'roles');
        const table = scribe.table(between);
        const roles = draft.value([...way.roleIds], 'uuid[]');
        // INVARIANT: a row once, before any is cut off: of one bound to several of the roles the others would be cut off unseen.
        return `SELECT DISTINCT ${column(table, there)} AS id FROM ${from(table)} WHERE ${column(table, 'roleId')} = ANY (${roles}) ${limit}`;
      }
      case 'below': {
        const scope = scribe.table('Scope');
        const tops = `SELECT unnest(${draft.value([...way.scopeIds], 'uuid[]')}) AS id`;
        const children = `SELECT ${column(scope, 'id')} FROM b JOIN ${from(scope)} ON ${column(scope, 'parentId')} = b.id`;
        const scopes = kept(`WITH RECURSIVE b AS (${tops} UNION ${children}) SELECT id FROM b`);
        return each(`${scopes} v`, 'scopeId', cascadesBy);
      }
    }
  };
  const parts = ways.map((way) => `(${partOf(way)})`);
  const all =
    parts.length === 0 ? 'SELECT NULL::uuid AS id WHERE false' : parts.join(' UNION ALL ');
  const name = kept(`SELECT DISTINCT id FROM (${all}) u`);
  // INVARIANT: what was cut off on the way is missing at its end.
  const isComplete = names.map((one) => `(SELECT count(*) FROM ${one}) <= ${most}`).join(' AND ');
  return { name, isComplete };
}
