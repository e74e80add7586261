-- What every installation starts with, under ids that the code knows (src/policy/vocabulary.ts).

-- The built-in types and what they may contain (D1).
INSERT INTO "scope_type" (id, name, permission_mode) VALUES
  ('00000000-0000-7000-8000-000000000010', 'Platform', 'DEFINE'),
  ('00000000-0000-7000-8000-000000000011', 'Tenant', 'DEFINE'),
  ('00000000-0000-7000-8000-000000000012', 'Workspace', 'MERGE'),
  ('00000000-0000-7000-8000-000000000013', 'Project', 'MERGE'),
  ('00000000-0000-7000-8000-000000000014', 'Environment', 'MERGE');

INSERT INTO "scope_type_edge" (parent_type_id, child_type_id)
SELECT p.id, c.id
FROM (VALUES
  ('Platform', 'Tenant'),
  ('Tenant', 'Workspace'),
  ('Tenant', 'Project'),
  ('Workspace', 'Project'),
  ('Project', 'Environment')
) e (parent, child)
JOIN "scope_type" p ON p.name = e.parent
JOIN "scope_type" c ON c.name = e.child;

-- The platform root, where every global row lives.
INSERT INTO "scope" (id, type_id) VALUES
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000010');

-- Defined at the platform root and so usable everywhere; all of them reach all data (D7).
INSERT INTO "role" (id, name, description, scope_id, data_access, is_system) VALUES
  ('00000000-0000-7000-8000-000000000020', 'Owner', 'Everything',
    '00000000-0000-7000-8000-000000000001', 'ALL_DATA', true),
  ('00000000-0000-7000-8000-000000000021', 'Admin', 'Everything, except deleting the organization',
    '00000000-0000-7000-8000-000000000001', 'ALL_DATA', true),
  ('00000000-0000-7000-8000-000000000022', 'Member', 'Reads the organization and its scopes',
    '00000000-0000-7000-8000-000000000001', 'ALL_DATA', true),
  ('00000000-0000-7000-8000-000000000023', 'Viewer', 'Reads everything, except keys and the audit record',
    '00000000-0000-7000-8000-000000000001', 'ALL_DATA', true);

-- One global permission for everything that can be permitted. Its id follows from what it permits.
INSERT INTO "permission" (id, scope_id, resource_type, action, resource_pattern)
SELECT ('00000000-0000-7000-8001-' || left(md5(resource_type || ':' || action), 12))::uuid,
  '00000000-0000-7000-8000-000000000001', resource_type, action, '*'
FROM (VALUES
    ('organization', 'read'), ('organization', 'create'), ('organization', 'update'), ('organization', 'delete'), ('organization', 'actIn'),
    ('user', 'read'), ('user', 'create'), ('user', 'update'), ('user', 'delete'),
    ('team', 'read'), ('team', 'create'), ('team', 'update'), ('team', 'delete'),
    ('scopeType', 'read'), ('scopeType', 'create'), ('scopeType', 'update'), ('scopeType', 'delete'),
    ('scope', 'read'), ('scope', 'create'), ('scope', 'update'), ('scope', 'delete'), ('scope', 'move'),
    ('role', 'read'), ('role', 'create'), ('role', 'update'), ('role', 'delete'), ('role', 'assign'),
    ('permission', 'read'), ('permission', 'create'), ('permission', 'update'), ('permission', 'delete'),
    ('membership', 'read'), ('membership', 'create'), ('membership', 'update'), ('membership', 'delete'),
    ('scopeOverride', 'read'), ('scopeOverride', 'create'), ('scopeOverride', 'update'), ('scopeOverride', 'delete'),
    ('form', 'read'), ('form', 'create'), ('form', 'update'), ('form', 'delete'), ('form', 'share'), ('form', 'transfer'),
    ('workflow', 'read'), ('workflow', 'create'), ('workflow', 'update'), ('workflow', 'delete'), ('workflow', 'share'), ('workflow', 'transfer'),
    ('agent', 'read'), ('agent', 'create'), ('agent', 'update'), ('agent', 'delete'), ('agent', 'share'), ('agent', 'transfer'),
    ('app', 'read'), ('app', 'create'), ('app', 'update'), ('app', 'delete'), ('app', 'share'), ('app', 'transfer'),
    ('config', 'read'), ('config', 'create'), ('config', 'update'), ('config', 'delete'), ('config', 'transfer'), ('config', 'reveal'),
    ('virtualKey', 'read'), ('virtualKey', 'create'), ('virtualKey', 'update'), ('virtualKey', 'delete'),
    ('apiKey', 'read'), ('apiKey', 'create'), ('apiKey', 'update'), ('apiKey', 'delete'),
    ('audit', 'read')
) v (resource_type, action);

INSERT INTO "role_permission" (role_id, permission_id)
SELECT r.id, p.id
FROM "role" r
JOIN "permission" p ON CASE r.name
  WHEN 'Owner' THEN true
  WHEN 'Admin' THEN p.key <> 'organization:delete:*'
  WHEN 'Member' THEN p.key IN
    ('organization:read:*', 'organization:actIn:*', 'scope:read:*', 'scopeType:read:*')
  WHEN 'Viewer' THEN p.key = 'organization:actIn:*'
    OR (p.action = 'read' AND p.resource_type NOT IN ('virtualKey', 'apiKey', 'audit'))
  END;
