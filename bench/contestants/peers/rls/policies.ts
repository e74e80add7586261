import { RESOURCES, type Resource } from '../principal.js';

/** Owns nothing and passes no policy. */
export const READER = 'heimdall_bench_reader';

/** A value of the session. As a scalar subquery it is read once a statement and not once a row. */
const setting = (name: string, type: string): string =>
  `(SELECT nullif(current_setting('bench.${name}', true), '')::${type})`;
const id = (name: string): string => setting(name, 'uuid');
/** The cast outside keeps ANY from taking the subquery for a set of rows. */
const ids = (name: string): string => `${setting(name, 'uuid[]')}::uuid[]`;
const flag = (name: string): string => setting(name, 'boolean');

const MINE = `(organization_id = ${id('organization_id')} OR ${flag('is_admin')})`;

/** D7 and D8: a grant reaches the row's scope and covers it. */
function managedTenant(resource: Resource, row = ''): string {
  const own = `${row}created_by_id = ${id('user_id')} OR ${row}owner_id = ${id('user_id')}
      OR (${row}created_by_id IS NULL AND ${row}owner_id IS NULL AND ${row}team_id IS NULL)`;
  return `(${flag('is_admin')} OR ${row}governed_by && ${ids(`${resource}_all`)}
    OR (${row}governed_by && ${ids(`${resource}_own`)} AND (${own}))
    OR (${row}governed_by && ${ids(`${resource}_team`)} AND (${own}
      OR ${row}team_id = ANY (${ids('team_ids')}) OR ${row}created_by_id = ANY (${ids('mate_ids')})
      OR ${row}owner_id = ANY (${ids('mate_ids')}))))`;
}

const managedGlobal = (resource: Resource): string =>
  `(${flag('is_admin')} OR ${flag(`${resource}_global`)})`;

const managed = (resource: Resource, row: string): string =>
  `CASE WHEN ${row}organization_id IS NULL THEN ${managedGlobal(resource)}
    ELSE ${managedTenant(resource, row)} END`;

/** D6: a form or workflow may be used, or else is managed. */
const executable = (resource: 'form' | 'workflow'): string => `
  CASE WHEN organization_id IS NULL THEN
    (is_active AND (access_level = 'AUTHENTICATED' OR (access_level = 'ROLE_BASED'
      AND (${flag('is_admin')} OR role_ids && ${ids('root_role_ids')}))))
    OR ${managedGlobal(resource)}
  ELSE ${MINE} AND (
    (is_active AND (access_level = 'AUTHENTICATED' OR (access_level = 'ROLE_BASED'
      AND (${flag('is_admin')} OR (role_ids && ${ids('held_role_ids')} AND EXISTS (
        SELECT FROM unnest(${ids('held_role_ids')}, ${ids('held_scope_ids')}) held (role_id, scope_id)
        WHERE held.role_id = ANY (role_ids) AND held.scope_id = ANY (governed_by)))))))
    OR ${managedTenant(resource)})
  END`;

/** D17: reading a config is managing it; global ones also by a grant at the organization's root. */
const CONFIG = `CASE WHEN organization_id IS NULL THEN ${managedGlobal('config')} OR ${flag('config_root')}
  ELSE ${MINE} AND ${managedTenant('config')} END`;

/** Roles and scopes have no owner: a grant of any reach reads them. */
const unowned = (resource: 'role' | 'scope', global: string): string =>
  `CASE WHEN organization_id IS NULL THEN ${global}
  ELSE ${MINE} AND (${flag('is_admin')} OR governed_by && ${ids(`${resource}_any`)}) END`;

const POLICIES: Readonly<Record<Resource, string>> = {
  form: executable('form'),
  workflow: executable('workflow'),
  config: CONFIG,
  role: unowned('role', `${managedGlobal('role')} OR ${flag('role_root')}`),
  scope: unowned('scope', managedGlobal('scope')),
};

const mayShadow = `near_scope_id = ${id('root_scope_id')}`;

/** The columns of a form that are answered, related by or decided on. */
const FORM_COLUMNS = [
  ...['id', 'name', 'workflow_id', 'organization_id', 'governed_by'],
  ...['created_by_id', 'owner_id', 'team_id', 'role_ids'],
].join(', ');

/** The roles that a form is bound to: a management field (D15). PostGraphile makes it a field of the type. */
const boundRoles = (type: 'form' | 'listed_form'): string => `
CREATE OR REPLACE FUNCTION ${type}_roles(f ${type}) RETURNS SETOF role LANGUAGE sql STABLE AS $$
  SELECT r.* FROM role r WHERE r.id = ANY (f.role_ids) AND ${managed('form', 'f.')}
$$;
COMMENT ON FUNCTION ${type}_roles(${type}) IS
  '@behavior -typeField:resource:connection +typeField:resource:list';`;

/**
 * What a policy cannot say, for it sees a row and neither the list nor the question: shadowing, which
 * goes by what exists and not by what may be read (D2, D3), and the fields that need management.
 * The list is an arm a tier, so that an index serves each of them in order. It is a view, for PostGraphile
 * joins nothing to a function; and what it asks apart a policy keeps from being found by an index.
 */
const LISTS_AND_LOOKUPS = `
DROP VIEW IF EXISTS listed_form CASCADE;
CREATE VIEW listed_form WITH (security_invoker = true) AS
  (SELECT ${FORM_COLUMNS} FROM form WHERE organization_id = ${id('organization_id')} ORDER BY name, id)
  UNION ALL
  (SELECT ${FORM_COLUMNS} FROM form WHERE organization_id IS NULL AND NOT coalesce((
    SELECT true FROM form_shadow WHERE far_id = form.id AND ${mayShadow}), false) ORDER BY name, id);
GRANT SELECT ON listed_form TO ${READER};
COMMENT ON VIEW listed_form IS
  E'@primaryKey id\\n@foreignKey (workflow_id) references workflow (id)';
${boundRoles('listed_form')}
${boundRoles('form')}
CREATE OR REPLACE FUNCTION config_by_key(key text) RETURNS config LANGUAGE sql STABLE AS $$
  SELECT c.* FROM config c WHERE c.key = config_by_key.key AND (
    c.scope_id = ${id('root_scope_id')}
    OR (c.organization_id IS NULL AND NOT EXISTS (
      SELECT FROM config_shadow WHERE far_id = c.id AND ${mayShadow})))
$$;
-- Or PostGraphile would take the name for that of a page's edge to a scope type.
COMMENT ON TABLE scope_type_edge IS '@name scope_type_containment';`;

/**
 * Makes the role, its rights, the policies and the functions anew. Row-level security is enabled and not forced,
 * so that for the owner of the tables, who is everybody else here, nothing changes.
 */
export const RLS_SQL = `
DO $$ BEGIN CREATE ROLE ${READER} NOLOGIN NOBYPASSRLS; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
GRANT USAGE ON SCHEMA public TO ${READER};
GRANT SELECT ON ${[...RESOURCES, 'form_shadow', 'config_shadow'].join(', ')} TO ${READER};
${RESOURCES.map(
  (table) => `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS bench_read ON ${table};
CREATE POLICY bench_read ON ${table} FOR SELECT TO ${READER} USING (${POLICIES[table]});`,
).join('\n')}
DROP FUNCTION IF EXISTS listed_forms();
${LISTS_AND_LOOKUPS}`;
