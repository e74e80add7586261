import type pg from 'pg';
import { WIDE } from './world.js';

/** An organization of the usual size, beside the large ones. */
const SAMPLE = WIDE + 1;

/** The same id in the copy, by another first digit. */
const copied = (id: string) => `('1' || substr(${id}::text, 2))::uuid`;
const copiedUnlessGlobal = (id: string, organization: string) =>
  `CASE WHEN ${organization} IS NULL THEN ${id} ELSE ${copied(id)} END`;

/**
 * Copies one organization with all triggers on and compares what they keep with what the bulk load
 * wrote. Rolled back. Throws when anything differs.
 */
export async function verifyKept(client: pg.Client): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query('SET LOCAL session_replication_role = origin');
    for (const sql of copySql()) await client.query(sql);
    for (const [what, sql] of Object.entries(COMPARED)) {
      const { rows } = await client.query<{ compared: string; different: string }>(sql);
      const [{ compared, different } = { compared: '0', different: '0' }] = rows;
      if (Number(compared) === 0) throw new Error(`no ${what} to compare`);
      if (Number(different) > 0) throw new Error(`${different} of ${compared} ${what} differ`);
    }
  } finally {
    await client.query('ROLLBACK');
  }
}

const ORIGINAL = `pg_temp.bench_id(1, ${SAMPLE})`;
const COPY = copied(ORIGINAL);

function copySql(): string[] {
  const rows = (kind: string, name: string, columns: string) => [
    `INSERT INTO ${kind} (id, ${name}, organization_id, scope_id, ${columns})
     SELECT ${copied('id')}, ${name}, ${COPY}, ${copied('scope_id')}, ${columns}
     FROM ${kind} WHERE organization_id = ${ORIGINAL}`,
  ];
  const bindings = (kind: string) => [
    `INSERT INTO ${kind}_role (${kind}_id, role_id)
     SELECT ${copied(`${kind}_id`)}, ${copied('role_id')}
     FROM ${kind}_role b JOIN ${kind} r ON r.id = b.${kind}_id WHERE r.organization_id = ${ORIGINAL}`,
  ];
  return [
    `INSERT INTO organization (id, name) VALUES (${COPY}, 'Copy')`,
    `INSERT INTO scope_type (id, name, permission_mode, organization_id)
     SELECT ${copied('id')}, name, permission_mode, ${COPY} FROM scope_type WHERE organization_id = ${ORIGINAL}`,
    `INSERT INTO scope_type_edge (parent_type_id, child_type_id)
     SELECT ${copiedUnlessGlobal('p.id', 'p.organization_id')}, ${copiedUnlessGlobal('c.id', 'c.organization_id')}
     FROM scope_type_edge e JOIN scope_type p ON p.id = e.parent_type_id JOIN scope_type c ON c.id = e.child_type_id
     WHERE ${ORIGINAL} IN (p.organization_id, c.organization_id)`,
    ...[2, 3, 4].map(
      (depth) => `INSERT INTO scope (id, type_id, parent_id, organization_id, name)
       SELECT ${copied('s.id')}, ${copiedUnlessGlobal('t.id', 't.organization_id')}, ${copied('s.parent_id')}, ${COPY}, s.name
       FROM scope s JOIN scope_type t ON t.id = s.type_id
       WHERE s.organization_id = ${ORIGINAL} AND cardinality(s.path) = ${depth + 1}`,
    ),
    `INSERT INTO role (id, name, scope_id, organization_id, data_access)
     SELECT ${copied('id')}, name, ${copied('scope_id')}, ${COPY}, data_access FROM role WHERE organization_id = ${ORIGINAL}`,
    ...rows('workflow', 'name', 'endpoint, access_level'),
    ...rows('form', 'name', 'access_level'),
    ...rows('config', 'key', 'type, value'),
    ...bindings('workflow'),
    ...bindings('form'),
  ];
}

const ids = (array: string) =>
  `ARRAY(SELECT CASE WHEN x = '00000000-0000-7000-8000-000000000001' THEN x ELSE ${copied('x')} END
    FROM unnest(${array}) WITH ORDINALITY u (x, n) ORDER BY n)`;

const pairs = (kind: string) => `
  WITH loaded AS (
    SELECT ${copiedUnlessGlobal('far.id', 'far.organization_id')} AS far_id, ${copied('near.id')} AS near_id,
      ${copied('s.near_scope_id')} AS near_scope_id
    FROM ${kind}_shadow s JOIN ${kind} far ON far.id = s.far_id JOIN ${kind} near ON near.id = s.near_id
    WHERE near.organization_id = ${ORIGINAL}
  ), kept AS (
    SELECT s.far_id, s.near_id, s.near_scope_id
    FROM ${kind}_shadow s JOIN ${kind} near ON near.id = s.near_id WHERE near.organization_id = ${COPY}
  )
  SELECT count(*) AS compared, count(*) FILTER (WHERE l.far_id IS NULL OR k.far_id IS NULL) AS different
  FROM loaded l FULL JOIN kept k ON (l.far_id, l.near_id, l.near_scope_id) = (k.far_id, k.near_id, k.near_scope_id)`;

const roles = (kind: string) => `
  SELECT count(*) AS compared, count(*) FILTER (WHERE c.role_ids IS DISTINCT FROM ${ids('r.role_ids')}) AS different
  FROM ${kind} r JOIN ${kind} c ON c.id = ${copied('r.id')} WHERE r.organization_id = ${ORIGINAL}`;

const governed = (kind: string) => `
  SELECT count(*) AS compared,
    count(*) FILTER (WHERE c.governed_by IS DISTINCT FROM ${ids('r.governed_by')}) AS different
  FROM ${kind} r LEFT JOIN ${kind} c ON c.id = ${copied('r.id')} WHERE r.organization_id = ${ORIGINAL}`;

const COMPARED: Record<string, string> = {
  scopes: `
    SELECT count(*) AS compared, count(*) FILTER (WHERE
      (c.path, c.inherits_from, c.home_id, c.governed_by) IS DISTINCT FROM
      (${ids('s.path')}, ${ids('s.inherits_from')}, ${copied('s.home_id')}, ${ids('s.governed_by')})) AS different
    FROM scope s LEFT JOIN scope c ON c.id = ${copied('s.id')} WHERE s.organization_id = ${ORIGINAL}`,
  'governing scopes of roles': governed('role'),
  'governing scopes of workflows': governed('workflow'),
  'governing scopes of forms': governed('form'),
  'governing scopes of configs': governed('config'),
  'role lists of workflows': roles('workflow'),
  'role lists of forms': roles('form'),
  'shadows of workflows': pairs('workflow'),
  'shadows of forms': pairs('form'),
  'shadows of configs': pairs('config'),
};
