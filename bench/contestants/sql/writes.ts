import { my, principal } from './principal.js';
import { managed, reachable } from './visible.js';

/** A moment as Prisma writes it into JSON, and so the gateway into the record. */
const moment = (column: string): string =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** A form as the record keeps it (D19). */
const recorded = (row: string): string => `jsonb_build_object('id', ${row}.id, 'name', ${row}.name,
  'description', ${row}.description, 'fields', ${row}.fields, 'workflowId', ${row}.workflow_id,
  'organizationId', ${row}.organization_id, 'scopeId', ${row}.scope_id, 'createdById', ${row}.created_by_id,
  'ownerId', ${row}.owner_id, 'teamId', ${row}.team_id, 'isActive', ${row}.is_active,
  'accessLevel', ${row}.access_level, 'version', ${row}.version,
  'createdAt', ${moment(`${row}.created_at`)}, 'updatedAt', ${moment(`${row}.updated_at`)})`;

/** The same entry as the gateway's, of a change that has just been made. */
const entry = (action: string, before: string, from: string): string => `INSERT INTO audit_entry
    (organization_id, scope_id, actor_kind, actor_user_id, actor_label, acting_organization_id, is_switched, bypass,
      action, resource_type, resource_id, outcome, before, after, request_id)
  SELECT m.organization_id, m.scope_id, 'USER', p.id, 'user:' || p.id, p.org, false,
    CASE WHEN p.admin THEN 'PLATFORM_ADMIN' END, 'form:${action}', 'form', m.id, 'PERMITTED', ${before}, ${recorded('m')},
    gen_random_uuid()
  FROM ${from}`;

const answer = (field: string, form: string): string =>
  `SELECT '{"data":{"${field}":' || coalesce((SELECT '{"form":' || ${form} || '}' FROM made m), 'null') || '}}' AS answer FROM me p`;

/** $1 the user: before anything is decided, in a statement of its own (D18). */
export const LOCK = `SELECT heimdall_lock_authority(
  (SELECT "organizationIds" || u.organization_id::text FROM heimdall_vector($1), "user" u WHERE u.id = $1)::uuid[])`;

/** $1 the user, $2 the id, $3 the name, $4 the fields. */
export const CREATE = `WITH ${principal(['form'], 'create')}, made AS (
  INSERT INTO form (id, name, fields, organization_id, scope_id, created_by_id, owner_id)
  SELECT $2, $3, $4, p.org, p.root, p.id, p.id FROM me p
  WHERE p.admin OR ${my('form_root')}
  RETURNING *
), recorded AS (
  ${entry('create', 'NULL', 'made m, me p')}
)
${answer('createForm', `'{"id":"' || m.id || '","name":' || to_json(m.name)::text || ',"version":' || m.version || '}'`)}`;

/** $1 the user, $2 the form: what may be read, locked in a statement of its own. */
export const LOCATE = `WITH ${principal(['form'])}
SELECT f.id FROM form f, me p WHERE f.id = $2 AND ${reachable('form', 'f')} FOR NO KEY UPDATE OF f`;

/** $1 the user, $2 the form, $3 the description. */
export const UPDATE = `WITH ${principal(['form'], 'update')}, was AS MATERIALIZED (
  SELECT * FROM form WHERE id = $2
), made AS (
  UPDATE form f SET description = $3, version = f.version + 1, updated_at = now() FROM me p
  WHERE f.id = $2 AND ${managed('form', 'f')}
  RETURNING f.*
), recorded AS (
  ${entry('update', recorded('b'), 'made m, was b, me p')}
)
${answer('updateForm', `'{"id":"' || m.id || '","description":' || to_json(m.description)::text || '}'`)}`;
