/**
 * A function that makes four organizations with a few scopes, and people who hold odd things in them:
 * what binds them is written past the triggers, so that also what those refuse is decided.
 */
export const RANDOM_WORLD = `
CREATE FUNCTION some_scope(n int, global float) RETURNS SETOF scope LANGUAGE sql VOLATILE AS
  'SELECT * FROM scope ORDER BY (organization_id IS NULL AND random() < global) DESC, random() LIMIT 1';
CREATE FUNCTION random_world(seed int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM setseed(seed / 100.0);
  DELETE FROM scope_override; DELETE FROM organization; DELETE FROM role WHERE NOT is_system;
  DELETE FROM role_permission; DELETE FROM permission WHERE id::text NOT LIKE '%-8001-%';
  INSERT INTO scope_type_edge SELECT p.id, c.id FROM scope_type p, scope_type c
    WHERE p.name IN ('Tenant', 'Environment') AND c.name = 'Environment' ON CONFLICT DO NOTHING;
  -- Some scopes inherit nothing.
  INSERT INTO scope_type (id, name, permission_mode) VALUES ('00000000-0000-4000-8000-000000000099', 'Wall', 'DEFINE')
    ON CONFLICT DO NOTHING;
  INSERT INTO scope_type_edge SELECT p.id, c.id FROM scope_type p, scope_type c
    WHERE p.name IN ('Tenant', 'Environment', 'Wall') AND c.name = 'Wall' OR p.name = 'Wall' AND c.name = 'Environment'
    ON CONFLICT DO NOTHING;
  INSERT INTO organization (id, name, is_active)
    SELECT overlay(gen_random_uuid()::text PLACING '7' FROM 15 FOR 1)::uuid, g, g < 4
    FROM generate_series(1, 4) g;
  FOR i IN 1..20 LOOP
    INSERT INTO scope (id, type_id, parent_id, organization_id)
    SELECT gen_random_uuid(), CASE WHEN random() < 0.2 THEN (SELECT id FROM scope_type WHERE name = 'Wall')
      ELSE (SELECT id FROM scope_type WHERE name = 'Environment') END, id, organization_id
    -- Of another random(): what is drawn in a row is not what the rows are sorted by.
    FROM scope WHERE organization_id IS NOT NULL ORDER BY random() + 0 LIMIT 1;
  END LOOP;
  INSERT INTO role (id, name, scope_id, organization_id, data_access)
    SELECT gen_random_uuid(), 'r' || g, s.id, s.organization_id,
      (ARRAY['ALL_DATA', 'ALL_DATA', 'TEAM_DATA', 'OWN_DATA', 'odd'])[1 + floor(random() * 5)]
    FROM generate_series(1, 10) g, some_scope(g, 0.5) s;
  INSERT INTO permission (id, scope_id, organization_id, resource_type, action, resource_pattern, condition)
    SELECT gen_random_uuid(), s.id, s.organization_id, (ARRAY['form', 'agent'])[1 + floor(random() * 2)],
      (ARRAY['read', 'update'])[1 + floor(random() * 2)], (ARRAY['*', 'a/*', 'owned'])[1 + floor(random() * 3)],
      CASE WHEN random() < 0.15 THEN '{"a": 1}'::jsonb END
    FROM generate_series(1, 14) g, some_scope(g, 0.3) s ON CONFLICT DO NOTHING;
  INSERT INTO "user" (id, email, name, organization_id, is_active)
    SELECT gen_random_uuid(), 'u' || g, g, (SELECT id FROM organization
      WHERE g > 0 ORDER BY random() LIMIT 1), random() < 0.95
    FROM generate_series(1, 12) g;
  INSERT INTO user_identity (id, user_id, issuer, subject) SELECT gen_random_uuid(), id, 'idp', id FROM "user";
  INSERT INTO team (id, name, organization_id, created_by_id)
    SELECT gen_random_uuid(), name, organization_id, id FROM "user" WHERE random() < 0.7;
  INSERT INTO team_member SELECT t.id, u.id FROM team t, "user" u WHERE random() < 0.3;
  -- Each chance is of both rows, else the planner would draw lots for one of them alone.
  ALTER TABLE role_permission DISABLE TRIGGER USER;
  ALTER TABLE role_assignment DISABLE TRIGGER USER;
  ALTER TABLE scope_override DISABLE TRIGGER USER;
  INSERT INTO role_permission SELECT r.id, p.id FROM role r, permission p
    WHERE random() < CASE WHEN r.is_system AND r.id <> p.id THEN 0.05 ELSE 0.3 END;
  INSERT INTO membership (id, scope_id, organization_id, user_id)
    SELECT gen_random_uuid(), s.id, s.organization_id, u.id FROM "user" u, scope s
    WHERE random() < CASE WHEN s.organization_id IS NULL AND s.id <> u.id THEN 0.2 ELSE 0.1 END;
  INSERT INTO membership (id, scope_id, organization_id, team_id)
    SELECT gen_random_uuid(), s.id, s.organization_id, t.id FROM team t, scope s WHERE random() < 0.1;
  INSERT INTO role_assignment SELECT m.id, r.id FROM membership m, role r
    WHERE random() < CASE WHEN r.is_system AND r.id <> m.id THEN 0.1 ELSE 0.4 END;
  -- Roles, permissions and pairs; few overrides in some worlds, none in one of them.
  INSERT INTO scope_override (id, scope_id, organization_id, role_id, permission_id, state)
    SELECT gen_random_uuid(), s.id, s.organization_id,
      CASE WHEN k <> 1 THEN (SELECT id FROM role WHERE g > 0 ORDER BY random() LIMIT 1) END,
      CASE WHEN k <> 2 THEN (SELECT permission_id FROM role_permission WHERE g > 0 ORDER BY random() LIMIT 1) END,
      CASE WHEN random() < 0.4 THEN 'enabled' ELSE 'disabled' END
    FROM (SELECT g, floor(random() * 3) AS k FROM generate_series(2, seed * 12) g WHERE seed > 1) v, some_scope(g, 0) s
    ON CONFLICT DO NOTHING;
  -- Some of it has ended, some will.
  UPDATE membership SET expires_at = CASE WHEN random() < 0.5 THEN '2001-01-01Z'::timestamptz ELSE '2201-01-01Z' END
    WHERE random() < 0.2;
  UPDATE role_assignment SET expires_at = CASE WHEN random() < 0.5 THEN '2001-01-01Z'::timestamptz ELSE '2201-01-01Z' END
    WHERE random() < 0.2;
END $$`;
