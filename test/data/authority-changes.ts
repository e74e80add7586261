/**
 * Everything that somebody can do by SQL to what a principal is read from: each a statement that picks its
 * rows at random. What the triggers refuse is refused.
 */
const any = (table: string, where = 'true') =>
  `(SELECT id FROM "${table}" WHERE ${where} ORDER BY random() LIMIT 1)`;
const link = (table: string) => `ctid = (SELECT ctid FROM ${table} ORDER BY random() LIMIT 1)`;
const flip = (table: string, column: string) =>
  `UPDATE "${table}" SET ${column} = NOT ${column} WHERE id = ${any(table)}`;
const set = (table: string, column: string, value: string) =>
  `UPDATE "${table}" SET ${column} = ${value} WHERE id = ${any(table)}`;
const oneOf = (...values: string[]) =>
  `(ARRAY[${values.map((value) => `'${value}'`).join(', ')}])[1 + floor(random() * ${values.length})]`;

/** For ever, over, or to come. */
const INSTANT = `(ARRAY[NULL, '2001-01-01Z', '2201-01-01Z']::timestamptz[])[1 + floor(random() * 3)]`;
const PLACE = 'SELECT id, organization_id FROM scope ORDER BY random() LIMIT 1';
/** A key at a scope of a tenant, of somebody of that tenant, or of nobody. */
const insertKey = (table: 'api_key' | 'virtual_key', whose?: 'user' | 'team') =>
  `WITH s AS (SELECT id, organization_id FROM scope WHERE organization_id IS NOT NULL ORDER BY random() LIMIT 1)
   INSERT INTO ${table} (id, name, prefix, hash, operations, scope_id, organization_id${whose === undefined ? '' : `, ${WHOSE[whose]}`})
   SELECT gen_random_uuid(), md5(random()::text), md5(random()::text), md5(random()::text), '{form:read,form:update}',
     s.id, s.organization_id${
       whose === undefined
         ? ''
         : `, (SELECT w.id FROM "${whose}" w WHERE w.organization_id = s.organization_id ORDER BY random() LIMIT 1)`
     } FROM s`;
const WHOSE = { user: 'owner_id', team: 'team_id' } as const;

type Subject = 'user' | 'team' | 'api_key' | 'virtual_key';
const insertMembership = (subject: Subject, place = PLACE) =>
  `WITH s AS (${place}), m AS (
     INSERT INTO membership (id, scope_id, organization_id, ${subject}_id)
     SELECT gen_random_uuid(), s.id, s.organization_id, ${any(subject)} FROM s RETURNING id)
   INSERT INTO role_assignment SELECT m.id, r.id FROM m, s JOIN scope t USING (id) JOIN role r ON r.scope_id = ANY (t.path)
   WHERE random() < 0.5`;
/** A role where it may be assigned, and a permission where it may be given. */
const assignable = `(SELECT m.id, r.id FROM membership m JOIN scope s ON s.id = m.scope_id
  JOIN role r ON r.scope_id = ANY (s.path) ORDER BY random() LIMIT 1)`;
const givable = (most: number) => `(SELECT r.id, p.id FROM role r JOIN scope s ON s.id = r.scope_id
  JOIN permission p ON p.scope_id = ANY (s.path) ORDER BY random() LIMIT ${most})`;
const ROOT = 'SELECT id, organization_id FROM scope WHERE parent_id IS NULL';

export const CHANGES: readonly string[] = [
  ...(['api_key', 'virtual_key'] as const).flatMap((table) => [
    insertKey(table),
    insertKey(table),
    insertKey(table, 'user'),
    insertKey(table, 'user'),
    insertKey(table, 'team'),
    insertMembership(table),
    insertMembership(table),
    insertMembership(
      table,
      'SELECT k.scope_id AS id, k.organization_id FROM api_key k ORDER BY random() LIMIT 1',
    ),
    set(table, 'operations', `${oneOf('{form:read}', '{form:update,form:use}', '{}')}::text[]`),
    set(table, 'expires_at', INSTANT),
    set(table, 'revoked_at', INSTANT),
    flip(table, 'is_active'),
    set(table, 'owner_id', any('user')),
    set(table, 'owner_id', 'NULL'),
    set(table, 'team_id', any('team')),
    set(table, 'last_used_at', 'now()'),
    `DELETE FROM ${table} WHERE id = ${any(table)}`,
    `WITH d AS (DELETE FROM ${table} WHERE id = ${any(table)} RETURNING owner_id)
     UPDATE "user" SET is_active = NOT is_active WHERE id = (SELECT owner_id FROM d)`,
  ]),
  flip('user', 'is_active'),
  flip('user', 'is_platform_admin'),
  set('user', 'organization_id', any('organization')),
  set('user', 'name', 'md5(random()::text)'),
  `DELETE FROM "user" WHERE id = ${any('user')}`,
  `INSERT INTO "user" (id, email, name, organization_id)
     SELECT gen_random_uuid(), md5(random()::text), 'new', ${any('organization')}`,
  set('user_identity', 'user_id', any('user')),
  set('user_identity', 'subject', 'md5(random()::text)'),
  `DELETE FROM user_identity WHERE id = ${any('user_identity')}`,
  // Two identities change places.
  `WITH two AS (SELECT id, user_id FROM user_identity ORDER BY random() LIMIT 2),
     pair AS (SELECT a.id, b.user_id FROM two a, two b WHERE a.id <> b.id)
   UPDATE user_identity i SET user_id = pair.user_id FROM pair WHERE pair.id = i.id`,
  flip('organization', 'is_active'),
  flip('organization', 'is_provider'),
  `DELETE FROM organization WHERE id = ${any('organization')} AND random() < 0.15`,
  `INSERT INTO organization (id, name) VALUES (overlay(gen_random_uuid()::text PLACING '7' FROM 15)::uuid, 'new')`,
  `INSERT INTO team (id, name, organization_id, created_by_id)
     SELECT gen_random_uuid(), md5(random()::text), ${any('organization')}, ${any('user')}`,
  `DELETE FROM team WHERE id = ${any('team')}`,
  `INSERT INTO team_member SELECT ${any('team')}, ${any('user')}`,
  `INSERT INTO team_member SELECT ${any('team')}, id FROM "user" WHERE random() < 0.3 ON CONFLICT DO NOTHING`,
  `DELETE FROM team_member WHERE ${link('team_member')}`,
  `UPDATE team_member SET user_id = ${any('user')} WHERE ${link('team_member')}`,
  `UPDATE team_member SET team_id = ${any('team')} WHERE ${link('team_member')}`,
  insertMembership('user'),
  insertMembership('user'),
  insertMembership('team'),
  insertMembership('user', ROOT),
  insertMembership('team', ROOT),
  `DELETE FROM membership WHERE id = ${any('membership')}`,
  `UPDATE membership m SET scope_id = (SELECT id FROM scope s WHERE s.organization_id = m.organization_id
     ORDER BY random() LIMIT 1) WHERE id = ${any('membership', 'organization_id IS NOT NULL')}`,
  `UPDATE membership SET user_id = ${any('user')} WHERE id = ${any('membership', 'user_id IS NOT NULL')}`,
  `UPDATE membership SET team_id = ${any('team')} WHERE id = ${any('membership', 'team_id IS NOT NULL')}`,
  `UPDATE membership SET user_id = NULL, team_id = ${any('team')}
     WHERE id = ${any('membership', 'user_id IS NOT NULL')}`,
  `INSERT INTO role_assignment ${assignable} ON CONFLICT DO NOTHING`,
  `INSERT INTO role_assignment ${assignable} ON CONFLICT DO NOTHING`,
  `DELETE FROM role_assignment WHERE ${link('role_assignment')}`,
  `DELETE FROM role_assignment WHERE ${link('role_assignment')}`,
  `UPDATE role_assignment SET role_id = ${any('role', 'is_system')} WHERE ${link('role_assignment')}`,
  `UPDATE role_assignment SET membership_id = ${any('membership')} WHERE ${link('role_assignment')}`,
  set('membership', 'expires_at', INSTANT),
  set('membership', 'expires_at', INSTANT),
  `UPDATE role_assignment SET expires_at = ${INSTANT} WHERE ${link('role_assignment')}`,
  `UPDATE role_assignment SET expires_at = ${INSTANT} WHERE ${link('role_assignment')}`,
  set('membership', 'reason', 'md5(random()::text)'),
  set('role', 'data_access', oneOf('OWN_DATA', 'TEAM_DATA', 'ALL_DATA', 'odd')),
  set('role', 'name', 'md5(random()::text)'),
  `UPDATE role r SET scope_id = (SELECT id FROM scope s
     WHERE s.organization_id IS NOT DISTINCT FROM r.organization_id ORDER BY random() LIMIT 1)
   WHERE id = ${any('role', 'NOT is_system')}`,
  `DELETE FROM role WHERE id = ${any('role', 'NOT is_system')} AND random() < 0.3`,
  set('permission', 'action', oneOf('read', 'update')),
  set('permission', 'resource_pattern', oneOf('*', 'a/*', 'owned')),
  set('permission', 'condition', `CASE WHEN condition IS NULL THEN '{"a": 1}'::jsonb END`),
  `DELETE FROM permission WHERE id = ${any('permission')} AND random() < 0.3`,
  `INSERT INTO role_permission ${givable(1)} ON CONFLICT DO NOTHING`,
  `INSERT INTO role_permission ${givable(20)} ON CONFLICT DO NOTHING`,
  `DELETE FROM role_permission WHERE ${link('role_permission')}`,
  `UPDATE role_permission SET permission_id = ${any('permission')} WHERE ${link('role_permission')}`,
  `UPDATE role_permission SET role_id = ${any('role')} WHERE ${link('role_permission')}`,
  `WITH s AS (${PLACE}) INSERT INTO scope_override (id, scope_id, organization_id, role_id, state)
     SELECT gen_random_uuid(), s.id, s.organization_id, ${any('role', 'organization_id IS NULL')}, 'disabled' FROM s`,
  `WITH s AS (${PLACE}) INSERT INTO scope_override (id, scope_id, organization_id, permission_id, state)
     SELECT gen_random_uuid(), s.id, s.organization_id,
       (SELECT p.id FROM role_permission b JOIN permission p ON p.id = b.permission_id
        WHERE p.organization_id IS NULL ORDER BY random() LIMIT 1), 'disabled' FROM s`,
  `DELETE FROM scope_override WHERE id = ${any('scope_override')}`,
  `DELETE FROM scope_override WHERE random() < 0.5`,
  set('scope_override', 'state', oneOf('enabled', 'disabled')),
  `UPDATE scope_override v SET scope_id = (SELECT id FROM scope s
     WHERE s.organization_id = v.organization_id ORDER BY random() LIMIT 1)
   WHERE id = ${any('scope_override', 'organization_id IS NOT NULL')}`,
  `UPDATE scope m SET parent_id = (SELECT id FROM scope s
     WHERE s.organization_id = m.organization_id AND m.id <> ALL (s.path) ORDER BY random() LIMIT 1)
   WHERE id = ${any('scope', 'home_id <> id')}`,
  `WITH s AS (${PLACE}) INSERT INTO scope (id, type_id, parent_id, organization_id)
     SELECT gen_random_uuid(), (SELECT id FROM scope_type WHERE name = 'Environment'), s.id, s.organization_id
     FROM s WHERE organization_id IS NOT NULL`,
  `UPDATE scope_type SET permission_mode = CASE permission_mode WHEN 'MERGE' THEN 'DEFINE' ELSE 'MERGE' END
     WHERE name = 'Environment'`,
  // Several at once: what one of them would have told may be gone by the time that the triggers look.
  `WITH d AS (DELETE FROM membership WHERE id = ${any('membership')} RETURNING user_id)
   UPDATE "user" SET organization_id = ${any('organization')} WHERE id = (SELECT user_id FROM d)`,
  `WITH d AS (DELETE FROM team WHERE id = ${any('team')} RETURNING id)
   DELETE FROM membership WHERE team_id = (SELECT id FROM d)`,
  `WITH d AS (DELETE FROM role_assignment WHERE random() < 0.2 RETURNING membership_id)
   DELETE FROM membership WHERE id IN (SELECT membership_id FROM d)`,
];

/**
 * `compared()` reads every principal anew, by id and by each name, with its vector, and tells who is another
 * than the last time, and whether the versions of the last time still hold.
 */
export const COMPARED = `
CREATE TABLE known_principal (who text COLLATE "C", says text COLLATE "C", organizations uuid[], versions uuid[]);
CREATE TABLE seen_principal (LIKE known_principal);
CREATE FUNCTION compared() RETURNS TABLE (who text, said text, says text, unnoticed boolean)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  -- In one statement: of one moment.
  INSERT INTO seen_principal
  WITH person AS MATERIALIZED (
    SELECT u.id,
      (SELECT jsonb_build_array(to_jsonb(p), heimdall_team_members(p."teamIds", 1000))::text
       FROM heimdall_principal(u.id, NULL, NULL) p) AS says,
      v."organizationIds"::uuid[] AS organizations, v.versions::uuid[] AS versions
    FROM "user" u CROSS JOIN LATERAL heimdall_vector(u.id) v
  ), key AS (
    SELECT 'virtual_key ' || k.id AS who,
      (SELECT jsonb_build_array(to_jsonb(p), heimdall_team_members(p."teamIds", 1000))::text
       FROM heimdall_principal(NULL, NULL, NULL, k.id, NULL) p) AS says,
      v."organizationIds"::uuid[] AS organizations, v.versions::uuid[] AS versions
    FROM virtual_key k CROSS JOIN LATERAL heimdall_vector(NULL, k.id, NULL) v
    UNION ALL
    SELECT 'api_key ' || k.id,
      (SELECT jsonb_build_array(to_jsonb(p), heimdall_team_members(p."teamIds", 1000))::text
       FROM heimdall_principal(NULL, NULL, NULL, NULL, k.id) p),
      v."organizationIds"::uuid[], v.versions::uuid[]
    FROM api_key k CROSS JOIN LATERAL heimdall_vector(NULL, NULL, k.id) v
  )
  SELECT id::text AS who, says, organizations, versions FROM person
  UNION ALL
  SELECT who, says, organizations, versions FROM key
  UNION ALL
  SELECT i.issuer || ' ' || i.subject, says, organizations, versions
  FROM user_identity i JOIN person p ON p.id = i.user_id;
  RETURN QUERY
  SELECT k.who, k.says, n.says, heimdall_is_current(k.organizations, k.versions)
  FROM known_principal k LEFT JOIN seen_principal n USING (who)
  WHERE n.says IS DISTINCT FROM k.says;
  DELETE FROM known_principal;
  -- Nobody remembers that there was no such user.
  INSERT INTO known_principal SELECT * FROM seen_principal WHERE says IS NOT NULL;
  DELETE FROM seen_principal;
END $$;`;
