/**
 * A resource type as a migration would add it: with ownership, a cascade by name, roles bound to it, a
 * reference to one workflow and joins to agents. The tables are as `prisma migrate diff` writes them, but
 * for the collation of what is looked up.
 */
export const NOTE_TABLES = `
CREATE TABLE note (
  id uuid PRIMARY KEY,
  name text COLLATE "C" NOT NULL,
  workflow_id uuid REFERENCES workflow (id) ON DELETE NO ACTION ON UPDATE CASCADE,
  organization_id uuid REFERENCES organization (id) ON DELETE CASCADE ON UPDATE CASCADE,
  scope_id uuid NOT NULL REFERENCES scope (id) ON DELETE NO ACTION ON UPDATE CASCADE,
  governed_by uuid[] DEFAULT '{}',
  created_by_id uuid REFERENCES "user" (id) ON DELETE NO ACTION ON UPDATE CASCADE,
  owner_id uuid REFERENCES "user" (id) ON DELETE NO ACTION ON UPDATE CASCADE,
  team_id uuid REFERENCES team (id) ON DELETE NO ACTION ON UPDATE CASCADE,
  is_active boolean NOT NULL DEFAULT true,
  access_level text DEFAULT 'AUTHENTICATED',
  role_ids uuid[] DEFAULT '{}',
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE UNIQUE INDEX note_scope_id_name_key ON note (scope_id, name);
CREATE INDEX note_organization_id_name_id_idx ON note (organization_id, name, id);
CREATE INDEX note_workflow_id_idx ON note (workflow_id);
`;

/** Its shadows and role bindings, and the agents that it is joined to. */
export const NOTE_JOINS = `
CREATE TABLE note_shadow (
  far_id uuid NOT NULL REFERENCES note (id) ON DELETE CASCADE ON UPDATE CASCADE,
  near_id uuid NOT NULL REFERENCES note (id) ON DELETE CASCADE ON UPDATE CASCADE,
  near_scope_id uuid NOT NULL, PRIMARY KEY (far_id, near_scope_id));
CREATE INDEX note_shadow_near_id_idx ON note_shadow (near_id);
CREATE TABLE note_role (
  note_id uuid NOT NULL REFERENCES note (id) ON DELETE CASCADE ON UPDATE CASCADE,
  role_id uuid NOT NULL REFERENCES role (id) ON DELETE CASCADE ON UPDATE CASCADE, PRIMARY KEY (note_id, role_id));
CREATE INDEX note_role_role_id_idx ON note_role (role_id);
CREATE TABLE note_agent (
  note_id uuid NOT NULL REFERENCES note (id) ON DELETE CASCADE ON UPDATE CASCADE,
  agent_id uuid NOT NULL REFERENCES agent (id) ON DELETE CASCADE ON UPDATE CASCADE, PRIMARY KEY (note_id, agent_id));
CREATE INDEX note_agent_agent_id_idx ON note_agent (agent_id);
`;

/** What makes it a resource. */
export const NOTE = `
SELECT heimdall_register('note', owned => true, cascades_by => 'name', bound_to_roles => true,
  refers_to => '{"workflow_id": "workflow"}', actions => ARRAY['read', 'create', 'update', 'delete']);
SELECT heimdall_register_reference('note_agent', 'agent_id', 'agent', 'note', 'note_id');
`;

/** What has its changes kept for subscribers. */
export const NOTE_CHANGES = `
SELECT heimdall_keeps_changes('note', 'Note', '{"id": "id"}');
`;
