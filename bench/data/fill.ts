import { KIND, SEALED, type Size, USERS_PER_ORGANIZATION, WIDE, WIDE_PROJECTS } from './world.js';

export interface Step {
  readonly label: string;
  readonly sql: string;
}

const PLATFORM = '00000000-0000-7000-8000-000000000001';
const TYPE = {
  Tenant: '00000000-0000-7000-8000-000000000011',
  Workspace: '00000000-0000-7000-8000-000000000012',
  Project: '00000000-0000-7000-8000-000000000013',
  Environment: '00000000-0000-7000-8000-000000000014',
};
const SYSTEM_ROLE = {
  Owner: '00000000-0000-7000-8000-000000000020',
  Admin: '00000000-0000-7000-8000-000000000021',
  Member: '00000000-0000-7000-8000-000000000022',
  Viewer: '00000000-0000-7000-8000-000000000023',
};

/** Rows that share a table with global ones: of these many, so many are global. */
export const globalRows = (rows: number): number => Math.max(100, Math.floor(rows / 50));

const id = (kind: keyof typeof KIND, n: string): string => `pg_temp.bench_id(${KIND[kind]}, ${n})`;
const root = (organization: string): string =>
  `heimdall_root_scope_id(${id('organization', organization)})`;
const scope = (organization: string, s: string): string =>
  `CASE WHEN ${s} = 0 THEN ${root(organization)} ELSE ${id('scope', `${organization} * 10000 + ${s}`)} END`;
const user = (organization: string, person: string): string =>
  id('user', `${organization} * 100 + ${person}`);
const team = (organization: string, t: string): string =>
  id('team', `${organization} * 100 + ${t}`);
const role = (organization: string, r: string): string =>
  id('role', `${organization} * 10000 + ${r}`);

/** The statements that fill an empty, migrated database. Triggers are off: they keep nothing here. */
export function fillSteps({ rows, organizations }: Size): Step[] {
  const half = Math.floor(rows / 2);
  const configs = Math.max(1000, Math.floor(rows / 10));
  return [
    { label: 'session', sql: SESSION },
    { label: 'organizations', sql: organizationsSql(organizations) },
    { label: 'scopes', sql: scopesSql(organizations) },
    { label: 'people and teams', sql: peopleSql(organizations) },
    { label: 'roles', sql: rolesSql(organizations) },
    { label: 'memberships', sql: membershipsSql(organizations) },
    { label: 'scopes that govern those', sql: GOVERNED },
    { label: `${half} workflows`, sql: executableSql('workflow', half, organizations) },
    { label: `${half} forms`, sql: executableSql('form', half, organizations) },
    { label: 'configs', sql: configsSql(configs, organizations) },
    { label: 'shadows of workflows', sql: shadowsSql('workflow', 'name') },
    { label: 'shadows of forms', sql: shadowsSql('form', 'name') },
    { label: 'shadows of configs', sql: shadowsSql('config', 'key') },
  ];
}

/** How a session fills tables: without triggers. */
export const SESSION = `
  SET session_replication_role = replica;
  SET synchronous_commit = off;
  SET maintenance_work_mem = '256MB';
  SET work_mem = '256MB';
  CREATE FUNCTION pg_temp.bench_id(kind int, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT ('0193' || lpad(to_hex(kind), 4, '0') || '-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid
  $$;`;

const GOVERNED = ['role', 'membership']
  .map(
    (table) => `UPDATE ${table} r SET governed_by = s.inherits_from FROM scope s
      WHERE s.id = r.scope_id AND r.governed_by IS DISTINCT FROM s.inherits_from;`,
  )
  .join('\n');

const organizationsSql = (organizations: number): string => `
  INSERT INTO organization (id, name, domain)
  SELECT ${id('organization', 'o')}, 'Organization ' || lpad(o::text, 6, '0'), 'o' || o || '.bench.example'
  FROM generate_series(1, ${organizations}) o;
  INSERT INTO scope_type (id, name, permission_mode, organization_id)
  SELECT ${id('scopeType', 'o')}, 'Department', 'DEFINE', ${id('organization', 'o')}
  FROM generate_series(1, ${organizations}) o;
  INSERT INTO scope_type_edge (parent_type_id, child_type_id)
  SELECT '${TYPE.Tenant}'::uuid, ${id('scopeType', 'o')} FROM generate_series(1, ${organizations}) o
  UNION ALL
  SELECT ${id('scopeType', 'o')}, '${TYPE.Project}'::uuid FROM generate_series(1, ${organizations}) o;`;

/**
 * Root, 3 workspaces and a department, 12 projects in them, 12 environments in those; in one
 * organization a thousand projects more. Level by level, so that a path follows from its parent's.
 */
function scopesSql(organizations: number): string {
  const series = `generate_series(1, ${organizations}) o`;
  const level = (from: number, to: number, parent: string, type: string, where = 'true') => `
    INSERT INTO scope (id, type_id, parent_id, organization_id, external_id, name, meta,
      path, inherits_from, home_id, governed_by)
    SELECT ${scope('o', 's')}, t.id, p.id, p.organization_id, 'scope-' || s,
      t.name || ' ' || substr(md5(o || '/' || s), 1, 6), '{}',
      ${scope('o', 's')} || p.path,
      ${scope('o', 's')} || CASE WHEN t.permission_mode = 'MERGE' THEN p.inherits_from END,
      p.id, p.inherits_from
    FROM ${series} CROSS JOIN generate_series(${from}, ${to}) s
    JOIN scope p ON p.id = ${scope('o', parent)}
    JOIN scope_type t ON t.id = ${type}
    WHERE ${where};`;
  return `
    INSERT INTO scope (id, type_id, parent_id, organization_id, path, inherits_from, home_id, governed_by)
    SELECT i.id, '${TYPE.Tenant}', '${PLATFORM}', i.organization_id, ARRAY[i.id, '${PLATFORM}'::uuid],
      ARRAY[i.id], i.id, ARRAY[i.id]
    FROM (SELECT ${root('o')} AS id, ${id('organization', 'o')} AS organization_id FROM ${series}) i;
    ${level(1, 4, '0', `CASE WHEN s < 4 THEN '${TYPE.Workspace}'::uuid ELSE ${id('scopeType', 'o')} END`)}
    ${level(5, 16, '(1 + (s - 5) % 4)', `'${TYPE.Project}'::uuid`)}
    ${level(17, 28, '(5 + (s - 17) % 12)', `'${TYPE.Environment}'::uuid`)}
    ${level(29, 28 + WIDE_PROJECTS, '(1 + s % 4)', `'${TYPE.Project}'::uuid`, `o = ${WIDE}`)}`;
}

const peopleSql = (organizations: number): string => `
  INSERT INTO "user" (id, email, name, organization_id, is_platform_admin)
  SELECT ${user('o', 'p')}, 'p' || p || '@o' || o || '.bench.example',
    'Person ' || substr(md5('p' || o || '.' || p), 1, 8), ${id('organization', 'o')}, o = 1 AND p = 10
  FROM generate_series(1, ${organizations}) o CROSS JOIN generate_series(1, ${USERS_PER_ORGANIZATION}) p;
  INSERT INTO user_identity (id, user_id, issuer, subject)
  SELECT ${id('identity', 'o * 100 + p')}, ${user('o', 'p')}, 'heimdall-dev', 'dev|p' || p || '@o' || o || '.bench.example'
  FROM generate_series(1, ${organizations}) o CROSS JOIN generate_series(1, ${USERS_PER_ORGANIZATION}) p;
  INSERT INTO team (id, name, organization_id, created_by_id)
  SELECT ${team('o', 't')}, 'Team ' || t, ${id('organization', 'o')}, ${user('o', '5')}
  FROM generate_series(1, ${organizations}) o CROSS JOIN generate_series(1, 3) t;
  INSERT INTO team_member (team_id, user_id)
  SELECT ${team('o', 'm.t')}, ${user('o', 'm.p')}
  FROM generate_series(1, ${organizations}) o
  CROSS JOIN (VALUES (1, 4), (1, 5), (1, 6), (2, 1), (2, 2), (2, 7), (2, 8), (3, 3), (3, 9)) m (t, p);`;

/** Author, Editor and Auditor have grants; the badges only open what they are bound to. */
const rolesSql = (organizations: number): string => `
  INSERT INTO role (id, name, scope_id, organization_id, data_access)
  SELECT ${role('o', 'v.r')}, v.name, ${root('o')}, ${id('organization', 'o')}, v.data_access
  FROM generate_series(1, ${organizations}) o
  CROSS JOIN (VALUES (1, 'Author', 'OWN_DATA'), (2, 'Editor', 'TEAM_DATA'), (3, 'Auditor', 'ALL_DATA'),
    (4, 'Badge 1', 'OWN_DATA'), (5, 'Badge 2', 'OWN_DATA')) v (r, name, data_access);
  INSERT INTO role (id, name, scope_id, organization_id, data_access)
  SELECT ${role(String(WIDE), '1000 + s')}, 'Project member', ${scope(String(WIDE), 's')},
    ${id('organization', String(WIDE))}, 'OWN_DATA'
  FROM generate_series(29, ${28 + WIDE_PROJECTS}) s;
  INSERT INTO role_permission (role_id, permission_id)
  SELECT r.id, p.id FROM role r JOIN permission p ON p.organization_id IS NULL
    AND (p.resource_type, p.action) IN (('form', 'read'), ('form', 'create'), ('form', 'update'), ('role', 'read'),
      ('workflow', 'read'), ('workflow', 'create'), ('workflow', 'update'), ('config', 'read'))
  WHERE r.name IN ('Author', 'Editor', 'Auditor', 'Project member') AND NOT r.is_system;`;

function membershipsSql(organizations: number): string {
  const member = (n: string) => id('membership', `o::bigint * 100000 + ${n}`);
  const roots = `(VALUES (1, 4), (2, 1), (2, 4), (3, 2), (3, 4), (4, 3), (7, 5)) v (p, r)`;
  const system = `(VALUES (5, '${SYSTEM_ROLE.Owner}'::uuid), (6, '${SYSTEM_ROLE.Member}'::uuid),
    (8, '${SYSTEM_ROLE.Viewer}'::uuid), (9, '${SYSTEM_ROLE.Admin}'::uuid)) v (p, role_id)`;
  const notWide = `NOT (o = ${WIDE} AND v.p IN (8, 9))`;
  const wide = `generate_series(29, ${28 + WIDE_PROJECTS}) s`;
  return `
    INSERT INTO membership (id, scope_id, organization_id, user_id)
    SELECT DISTINCT ${member('v.p')}, ${root('o')}, ${id('organization', 'o')}, ${user('o', 'v.p')}
    FROM generate_series(1, ${organizations}) o
    CROSS JOIN (SELECT p FROM ${roots} UNION SELECT p FROM ${system}) v WHERE ${notWide};
    INSERT INTO role_assignment (membership_id, role_id)
    SELECT ${member('v.p')}, ${role('o', 'v.r')} FROM generate_series(1, ${organizations}) o CROSS JOIN ${roots}
    UNION ALL
    SELECT ${member('v.p')}, v.role_id FROM generate_series(1, ${organizations}) o CROSS JOIN ${system}
    WHERE ${notWide};
    -- A team that is a member of a workspace.
    INSERT INTO membership (id, scope_id, organization_id, team_id)
    SELECT ${member('50')}, ${scope('o', '2')}, ${id('organization', 'o')}, ${team('o', '1')}
    FROM generate_series(1, ${organizations}) o;
    INSERT INTO role_assignment (membership_id, role_id)
    SELECT ${member('50')}, ${role('o', '5')} FROM generate_series(1, ${organizations}) o;
    -- Two members of a thousand projects: by one role, and by a role of each project.
    INSERT INTO membership (id, scope_id, organization_id, user_id)
    SELECT ${member('1000 * p + s')}, ${scope('o', 's')}, ${id('organization', 'o')}, ${user('o', 'p')}
    FROM (SELECT ${WIDE} AS o) w CROSS JOIN generate_series(8, 9) p CROSS JOIN ${wide};
    INSERT INTO role_assignment (membership_id, role_id)
    SELECT ${member('8000 + s')}, ${role('o', '1')} FROM (SELECT ${WIDE} AS o) w CROSS JOIN ${wide}
    UNION ALL
    SELECT ${member('9000 + s')}, ${role('o', '1000 + s')} FROM (SELECT ${WIDE} AS o) w CROSS JOIN ${wide};`;
}

/**
 * Row i of a kind: its organization o and its number k in it. Three organizations have a tenth of
 * the rows each, the others share the rest; neighbours in the heap belong to different ones.
 */
const placed = (count: number, globals: number, organizations: number): string => `
  SELECT i, NULL::int AS o, i AS k FROM generate_series(0, ${globals - 1}) i
  UNION ALL
  SELECT ${globals} + j, CASE WHEN j % 10 < 3 THEN 1 + j % 10
      ELSE 4 + (j / 10 * 7 + j % 10 - 3) % ${organizations - 3} END,
    CASE WHEN j % 10 < 3 THEN j / 10 ELSE (j / 10 * 7 + j % 10 - 3) / ${organizations - 3} END
  FROM generate_series(0, ${count - globals - 1}) j`;

/** Half of the rows at the root, the others in workspaces, projects and environments. */
const SCOPE_OF_ROW = `CASE
  WHEN k % 10 < 5 THEN 0
  WHEN k % 10 < 7 THEN 1 + k / 10 % 4
  WHEN k % 10 < 9 AND o = ${WIDE} AND k % 2 = 0 THEN 29 + k / 10 % ${WIDE_PROJECTS}
  WHEN k % 10 < 9 THEN 5 + k / 10 % 12
  ELSE 17 + k / 10 % 12 END`;

const FORM_FIELDS = JSON.stringify([
  { key: 'title', label: 'Title', type: 'text', required: true },
  { key: 'amount', label: 'Amount', type: 'number', minimum: 0 },
  { key: 'reason', label: 'What it is for', type: 'text', lines: 4 },
]);
const PARAMETERS = JSON.stringify({
  type: 'object',
  properties: { title: { type: 'string' }, amount: { type: 'number' } },
  required: ['title'],
});

function executableSql(kind: 'form' | 'workflow', count: number, organizations: number): string {
  const globals = globalRows(count);
  // A twentieth has the name of a row at the root of its organization, some of those a global one's.
  const name = (o: string, k: string) =>
    `substr(md5('${kind}' || ${o} || '.' || ${k}), 1, 12) || ' ${kind}'`;
  const own =
    kind === 'form'
      ? {
          columns: 'fields, workflow_id',
          values: `'${FORM_FIELDS}'::jsonb, ${id('workflow', 'i')}`,
        }
      : {
          columns: 'endpoint, parameters',
          values: `'https://workflows.bench.example/run/' || i, '${PARAMETERS}'::jsonb`,
        };
  const sealed = `o = ${SEALED}`;
  const nobody = `o IS NULL OR CASE WHEN ${sealed} THEN k % step = 2 ELSE h / 12800 % 50 = 0 END`;
  return `
    INSERT INTO ${kind} (id, name, description, organization_id, scope_id, governed_by, created_by_id, owner_id,
      team_id, is_active, access_level, role_ids, created_at, updated_at, ${own.columns})
    SELECT ${id(kind, 'i')},
      CASE WHEN o IS NULL THEN ${name(`'global'`, 'k')}
        WHEN k % 50 = 1 AND k / 50 < ${globals} THEN ${name(`'global'`, 'k / 50')}
        WHEN k % 20 = 17 THEN ${name('o', 'k - 7')}
        ELSE ${name('o', 'k')} END,
      'What row ' || i || ' is for, in a sentence of the usual length',
      ${id('organization', 'o')}, place.id, place.inherits_from,
      CASE WHEN NOT (${nobody}) THEN ${user('o', `CASE WHEN ${sealed} AND k % step = 0 THEN 2 WHEN ${sealed} THEN 4 + h / 200 % 5 ELSE 1 + h / 200 % 8 END`)} END,
      CASE WHEN NOT (${nobody}) THEN ${user('o', `CASE WHEN ${sealed} THEN 4 + h / 1600 % 5 ELSE 1 + h / 1600 % 8 END`)} END,
      CASE WHEN NOT (${nobody}) AND (${sealed} OR h / 64 % 2 = 0)
        THEN ${team('o', `CASE WHEN ${sealed} AND k % step = 1 THEN 3 WHEN ${sealed} THEN 1 ELSE 1 + h / 128 % 3 END`)} END,
      h / 10 % 20 > 0, access_level,
      CASE WHEN o IS NOT NULL AND access_level = 'ROLE_BASED' THEN ARRAY(
        SELECT ${role('o', '4')} WHERE h / 7 % 3 < 2 AND o <> ${SEALED}
        UNION ALL SELECT ${role('o', '5')} WHERE h / 7 % 3 > 0 OR o = ${SEALED}
        UNION ALL SELECT ${role('o', '1000 + s')} WHERE s > 28) ELSE '{}' END,
      timestamptz '2025-01-01' + i * interval '7 seconds',
      timestamptz '2025-06-01' + h % 9999999 * interval '1 second',
      ${own.values}
    FROM (
      SELECT *, ${SCOPE_OF_ROW} AS s,
        CASE WHEN ${sealed} THEN CASE WHEN k % step = 3 THEN 'AUTHENTICATED' ELSE 'ROLE_BASED' END
          WHEN h % 97 = 0 THEN NULL WHEN h % 10 < 3 THEN 'ROLE_BASED' ELSE 'AUTHENTICATED' END AS access_level
      FROM (
        SELECT *, hashtext('${kind}' || coalesce(o, 0) || '.' || k) & 2147483647 AS h,
          -- In the sealed organization a hundred rows of each sort are open, whatever the size.
          ${Math.max(5, Math.floor((count - globals) / 1000))} AS step
        FROM (${placed(count, globals, organizations)}) p
      ) q
    ) r
    JOIN scope place ON place.id = CASE WHEN o IS NULL THEN '${PLATFORM}'::uuid ELSE ${scope('o', 's')} END
    ORDER BY i;
    INSERT INTO ${kind}_role (${kind}_id, role_id) SELECT id, unnest(role_ids) FROM ${kind};`;
}

/** Forty keys on every level, and as many more rows as the size asks for. */
function configsSql(count: number, organizations: number): string {
  const globals = 100;
  return `
    INSERT INTO config (id, key, description, type, value, organization_id, scope_id, governed_by, created_by_id, owner_id)
    SELECT ${id('config', 'i')},
      CASE WHEN o IS NULL THEN 'setting.' || lpad(k::text, 3, '0')
        ELSE 'o' || o || '.' || substr(md5('config' || o || '.' || k), 1, 10) END,
      'What setting ' || i || ' is for', 'STRING', to_jsonb('value ' || i), ${id('organization', 'o')},
      place.id, place.inherits_from,
      CASE WHEN o = ${SEALED} AND k % step <> 0 THEN ${user('o', '4')} ELSE ${user('o', '1 + h % 8')} END,
      CASE WHEN o = ${SEALED} AND k % step <> 0 THEN ${user('o', '4')} ELSE ${user('o', '1 + h / 8 % 8')} END
    FROM (
      SELECT *, ${SCOPE_OF_ROW} AS s, hashtext('config' || coalesce(o, 0) || '.' || k) & 2147483647 AS h,
        ${Math.max(5, Math.floor(count / 1000))} AS step
      FROM (${placed(count, globals, organizations)}) p
    ) z
    JOIN scope place ON place.id = CASE WHEN o IS NULL THEN '${PLATFORM}'::uuid ELSE ${scope('o', 's')} END
    ORDER BY i;
    -- Overrides of the global settings: of some at the root, of fewer at each level below.
    INSERT INTO config (id, key, description, type, value, organization_id, scope_id, governed_by, created_by_id, owner_id)
    SELECT ${id('config', `1000000000::bigint + o * 100000 + s * 100 + j`)},
      'setting.' || lpad(j::text, 3, '0'), 'Overridden here', 'STRING', to_jsonb('value of ' || o || '/' || s),
      ${id('organization', 'o')}, place.id, place.inherits_from, ${user('o', '1 + j % 8')}, ${user('o', '1 + j % 8')}
    FROM generate_series(1, ${organizations}) o
    CROSS JOIN (VALUES (0, 2), (1, 4), (5, 8), (17, 16)) v (s, every)
    CROSS JOIN generate_series(0, 39) j
    JOIN scope place ON place.id = ${scope('o', 's')} WHERE j % every = 0;`;
}

const shadowsSql = (kind: string, name: string): string => `
  ANALYZE ${kind}, scope;
  INSERT INTO ${kind}_shadow (far_id, near_id, near_scope_id)
  SELECT far.id, near.id, near.scope_id
  FROM ${kind} near
  JOIN scope s ON s.id = near.scope_id
  JOIN ${kind} far ON far.${name} = near.${name} AND far.id <> near.id AND far.scope_id = ANY (s.path[2:]);`;
