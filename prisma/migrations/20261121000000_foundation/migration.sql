-- The tables of schema.prisma. Text that is looked up or sorted by is COLLATE "C": every database,
-- whatever its locale, compares it bytewise, as the names of the cascade (D2) and the cursors do.

CREATE TABLE "organization" (
    "id" UUID NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "domain" TEXT COLLATE "C",
    "is_active" BOOLEAN NOT NULL DEFAULT true,
    "is_provider" BOOLEAN NOT NULL DEFAULT false,
    "settings" JSONB NOT NULL DEFAULT '{}',
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "organization_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "user" (
    "id" UUID NOT NULL,
    "email" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "is_active" BOOLEAN NOT NULL DEFAULT true,
    "is_platform_admin" BOOLEAN NOT NULL DEFAULT false,
    "organization_id" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "user_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "user_identity" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "issuer" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "user_identity_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "team" (
    "id" UUID NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "organization_id" UUID NOT NULL,
    "created_by_id" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "team_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "team_member" (
    "team_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,

    CONSTRAINT "team_member_pkey" PRIMARY KEY ("team_id","user_id")
);

CREATE TABLE "scope_type" (
    "id" UUID NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "permission_mode" TEXT NOT NULL,
    "organization_id" UUID,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "scope_type_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "scope_type_edge" (
    "parent_type_id" UUID NOT NULL,
    "child_type_id" UUID NOT NULL,

    CONSTRAINT "scope_type_edge_pkey" PRIMARY KEY ("parent_type_id","child_type_id")
);

CREATE TABLE "scope" (
    "id" UUID NOT NULL,
    "type_id" UUID NOT NULL,
    "parent_id" UUID,
    "organization_id" UUID,
    "external_id" TEXT COLLATE "C",
    "name" TEXT COLLATE "C",
    "meta" JSONB NOT NULL DEFAULT '{}',
    "path" UUID[] DEFAULT ARRAY[]::UUID[],
    "inherits_from" UUID[] DEFAULT ARRAY[]::UUID[],
    "home_id" UUID NOT NULL,
    "governed_by" UUID[] DEFAULT ARRAY[]::UUID[],
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "scope_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "role" (
    "id" UUID NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "description" TEXT,
    "scope_id" UUID NOT NULL,
    "organization_id" UUID,
    "data_access" TEXT NOT NULL,
    "is_system" BOOLEAN NOT NULL DEFAULT false,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "role_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "permission" (
    "id" UUID NOT NULL,
    "scope_id" UUID NOT NULL,
    "organization_id" UUID,
    "resource_type" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "resource_pattern" TEXT NOT NULL DEFAULT '*',
    "key" TEXT COLLATE "C" NOT NULL DEFAULT '',
    "label" TEXT,
    "condition" JSONB,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "permission_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "role_permission" (
    "role_id" UUID NOT NULL,
    "permission_id" UUID NOT NULL,

    CONSTRAINT "role_permission_pkey" PRIMARY KEY ("role_id","permission_id")
);

CREATE TABLE "membership" (
    "id" UUID NOT NULL,
    "scope_id" UUID NOT NULL,
    "organization_id" UUID,
    "user_id" UUID,
    "team_id" UUID,
    "virtual_key_id" UUID,
    "api_key_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "membership_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "role_assignment" (
    "membership_id" UUID NOT NULL,
    "role_id" UUID NOT NULL,

    CONSTRAINT "role_assignment_pkey" PRIMARY KEY ("membership_id","role_id")
);

CREATE TABLE "scope_override" (
    "id" UUID NOT NULL,
    "scope_id" UUID NOT NULL,
    "organization_id" UUID,
    "permission_id" UUID,
    "role_id" UUID,
    "state" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "scope_override_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "form" (
    "id" UUID NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "description" TEXT,
    "fields" JSONB NOT NULL DEFAULT '[]',
    "workflow_id" UUID,
    "organization_id" UUID,
    "scope_id" UUID NOT NULL,
    "created_by_id" UUID,
    "owner_id" UUID,
    "team_id" UUID,
    "is_active" BOOLEAN NOT NULL DEFAULT true,
    "access_level" TEXT DEFAULT 'AUTHENTICATED',
    "role_ids" UUID[] DEFAULT ARRAY[]::UUID[],
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "form_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "form_role" (
    "form_id" UUID NOT NULL,
    "role_id" UUID NOT NULL,

    CONSTRAINT "form_role_pkey" PRIMARY KEY ("form_id","role_id")
);

CREATE TABLE "form_shadow" (
    "far_id" UUID NOT NULL,
    "near_id" UUID NOT NULL,
    "near_scope_id" UUID NOT NULL,

    CONSTRAINT "form_shadow_pkey" PRIMARY KEY ("far_id","near_scope_id")
);

CREATE TABLE "workflow" (
    "id" UUID NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "description" TEXT,
    "endpoint" TEXT NOT NULL,
    "parameters" JSONB NOT NULL DEFAULT '{}',
    "organization_id" UUID,
    "scope_id" UUID NOT NULL,
    "created_by_id" UUID,
    "owner_id" UUID,
    "team_id" UUID,
    "is_active" BOOLEAN NOT NULL DEFAULT true,
    "access_level" TEXT DEFAULT 'AUTHENTICATED',
    "role_ids" UUID[] DEFAULT ARRAY[]::UUID[],
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "workflow_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "workflow_role" (
    "workflow_id" UUID NOT NULL,
    "role_id" UUID NOT NULL,

    CONSTRAINT "workflow_role_pkey" PRIMARY KEY ("workflow_id","role_id")
);

CREATE TABLE "workflow_shadow" (
    "far_id" UUID NOT NULL,
    "near_id" UUID NOT NULL,
    "near_scope_id" UUID NOT NULL,

    CONSTRAINT "workflow_shadow_pkey" PRIMARY KEY ("far_id","near_scope_id")
);

CREATE TABLE "agent" (
    "id" UUID NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "description" TEXT,
    "instructions" TEXT NOT NULL DEFAULT '',
    "organization_id" UUID,
    "scope_id" UUID NOT NULL,
    "created_by_id" UUID,
    "owner_id" UUID,
    "team_id" UUID,
    "is_active" BOOLEAN NOT NULL DEFAULT true,
    "access_level" TEXT DEFAULT 'AUTHENTICATED',
    "role_ids" UUID[] DEFAULT ARRAY[]::UUID[],
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "agent_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "agent_role" (
    "agent_id" UUID NOT NULL,
    "role_id" UUID NOT NULL,

    CONSTRAINT "agent_role_pkey" PRIMARY KEY ("agent_id","role_id")
);

CREATE TABLE "agent_shadow" (
    "far_id" UUID NOT NULL,
    "near_id" UUID NOT NULL,
    "near_scope_id" UUID NOT NULL,

    CONSTRAINT "agent_shadow_pkey" PRIMARY KEY ("far_id","near_scope_id")
);

CREATE TABLE "agent_tool" (
    "agent_id" UUID NOT NULL,
    "workflow_id" UUID NOT NULL,

    CONSTRAINT "agent_tool_pkey" PRIMARY KEY ("agent_id","workflow_id")
);

CREATE TABLE "agent_delegate" (
    "agent_id" UUID NOT NULL,
    "delegate_id" UUID NOT NULL,

    CONSTRAINT "agent_delegate_pkey" PRIMARY KEY ("agent_id","delegate_id")
);

CREATE TABLE "app" (
    "id" UUID NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "description" TEXT,
    "slug" TEXT COLLATE "C" NOT NULL,
    "bundle" JSONB NOT NULL DEFAULT '{}',
    "organization_id" UUID,
    "scope_id" UUID NOT NULL,
    "created_by_id" UUID,
    "owner_id" UUID,
    "team_id" UUID,
    "is_active" BOOLEAN NOT NULL DEFAULT true,
    "access_level" TEXT DEFAULT 'AUTHENTICATED',
    "role_ids" UUID[] DEFAULT ARRAY[]::UUID[],
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "app_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "app_role" (
    "app_id" UUID NOT NULL,
    "role_id" UUID NOT NULL,

    CONSTRAINT "app_role_pkey" PRIMARY KEY ("app_id","role_id")
);

CREATE TABLE "app_shadow" (
    "far_id" UUID NOT NULL,
    "near_id" UUID NOT NULL,
    "near_scope_id" UUID NOT NULL,

    CONSTRAINT "app_shadow_pkey" PRIMARY KEY ("far_id","near_scope_id")
);

CREATE TABLE "config" (
    "id" UUID NOT NULL,
    "key" TEXT COLLATE "C" NOT NULL,
    "description" TEXT,
    "type" TEXT NOT NULL,
    "value" JSONB,
    "ciphertext" TEXT,
    "is_final" BOOLEAN NOT NULL DEFAULT false,
    "organization_id" UUID,
    "scope_id" UUID NOT NULL,
    "created_by_id" UUID,
    "owner_id" UUID,
    "team_id" UUID,
    "is_active" BOOLEAN NOT NULL DEFAULT true,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "config_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "config_shadow" (
    "far_id" UUID NOT NULL,
    "near_id" UUID NOT NULL,
    "near_scope_id" UUID NOT NULL,

    CONSTRAINT "config_shadow_pkey" PRIMARY KEY ("far_id","near_scope_id")
);

CREATE TABLE "virtual_key" (
    "id" UUID NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "prefix" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "operations" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "organization_id" UUID NOT NULL,
    "scope_id" UUID NOT NULL,
    "created_by_id" UUID,
    "owner_id" UUID,
    "team_id" UUID,
    "is_active" BOOLEAN NOT NULL DEFAULT true,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "virtual_key_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "api_key" (
    "id" UUID NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "prefix" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "operations" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "organization_id" UUID NOT NULL,
    "scope_id" UUID NOT NULL,
    "created_by_id" UUID,
    "owner_id" UUID,
    "team_id" UUID,
    "is_active" BOOLEAN NOT NULL DEFAULT true,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "audit_entry" (
    "id" UUID NOT NULL,
    "organization_id" UUID,
    "scope_id" UUID,
    "actor_kind" TEXT NOT NULL,
    "actor_id" UUID,
    "action" TEXT NOT NULL,
    "resource_type" TEXT NOT NULL,
    "resource_id" UUID,
    "outcome" TEXT NOT NULL,
    "reason" TEXT,
    "before" JSONB,
    "after" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);

-- Indexes

CREATE UNIQUE INDEX "organization_domain_key" ON "organization"("domain");
CREATE INDEX "organization_name_id_idx" ON "organization"("name", "id");
CREATE UNIQUE INDEX "user_email_key" ON "user"("email");
CREATE INDEX "user_organization_id_name_id_idx" ON "user"("organization_id", "name", "id");
CREATE INDEX "user_identity_user_id_idx" ON "user_identity"("user_id");
CREATE UNIQUE INDEX "user_identity_issuer_subject_key" ON "user_identity"("issuer", "subject");
CREATE INDEX "team_created_by_id_idx" ON "team"("created_by_id");
CREATE UNIQUE INDEX "team_organization_id_name_key" ON "team"("organization_id", "name");
CREATE INDEX "team_member_user_id_idx" ON "team_member"("user_id");
CREATE UNIQUE INDEX "scope_type_organization_id_name_key" ON "scope_type"("organization_id", "name");
CREATE INDEX "scope_type_edge_child_type_id_idx" ON "scope_type_edge"("child_type_id");
CREATE INDEX "scope_organization_id_name_id_idx" ON "scope"("organization_id", "name", "id");
CREATE INDEX "scope_parent_id_name_id_idx" ON "scope"("parent_id", "name", "id");
CREATE INDEX "scope_type_id_idx" ON "scope"("type_id");
CREATE INDEX "scope_path_idx" ON "scope" USING GIN ("path");
CREATE UNIQUE INDEX "scope_organization_id_external_id_key" ON "scope"("organization_id", "external_id");
CREATE INDEX "role_organization_id_name_id_idx" ON "role"("organization_id", "name", "id");
CREATE UNIQUE INDEX "role_scope_id_name_key" ON "role"("scope_id", "name");
CREATE INDEX "permission_organization_id_key_id_idx" ON "permission"("organization_id", "key", "id");
CREATE UNIQUE INDEX "permission_scope_id_key_key" ON "permission"("scope_id", "key");
CREATE INDEX "role_permission_permission_id_idx" ON "role_permission"("permission_id");
CREATE INDEX "membership_scope_id_idx" ON "membership"("scope_id");
CREATE INDEX "membership_organization_id_idx" ON "membership"("organization_id");
CREATE UNIQUE INDEX "membership_user_id_scope_id_key" ON "membership"("user_id", "scope_id");
CREATE UNIQUE INDEX "membership_team_id_scope_id_key" ON "membership"("team_id", "scope_id");
CREATE UNIQUE INDEX "membership_virtual_key_id_scope_id_key" ON "membership"("virtual_key_id", "scope_id");
CREATE UNIQUE INDEX "membership_api_key_id_scope_id_key" ON "membership"("api_key_id", "scope_id");
CREATE INDEX "role_assignment_role_id_idx" ON "role_assignment"("role_id");
CREATE INDEX "scope_override_scope_id_idx" ON "scope_override"("scope_id");
CREATE INDEX "scope_override_permission_id_idx" ON "scope_override"("permission_id");
CREATE INDEX "scope_override_role_id_idx" ON "scope_override"("role_id");
CREATE INDEX "scope_override_organization_id_idx" ON "scope_override"("organization_id");
CREATE INDEX "form_organization_id_name_id_idx" ON "form"("organization_id", "name", "id");
CREATE INDEX "form_workflow_id_idx" ON "form"("workflow_id");
CREATE UNIQUE INDEX "form_scope_id_name_key" ON "form"("scope_id", "name");
CREATE INDEX "form_role_role_id_idx" ON "form_role"("role_id");
CREATE INDEX "form_shadow_near_id_idx" ON "form_shadow"("near_id");
CREATE INDEX "workflow_organization_id_name_id_idx" ON "workflow"("organization_id", "name", "id");
CREATE UNIQUE INDEX "workflow_scope_id_name_key" ON "workflow"("scope_id", "name");
CREATE INDEX "workflow_role_role_id_idx" ON "workflow_role"("role_id");
CREATE INDEX "workflow_shadow_near_id_idx" ON "workflow_shadow"("near_id");
CREATE INDEX "agent_organization_id_name_id_idx" ON "agent"("organization_id", "name", "id");
CREATE UNIQUE INDEX "agent_scope_id_name_key" ON "agent"("scope_id", "name");
CREATE INDEX "agent_role_role_id_idx" ON "agent_role"("role_id");
CREATE INDEX "agent_shadow_near_id_idx" ON "agent_shadow"("near_id");
CREATE INDEX "agent_tool_workflow_id_idx" ON "agent_tool"("workflow_id");
CREATE INDEX "agent_delegate_delegate_id_idx" ON "agent_delegate"("delegate_id");
CREATE INDEX "app_organization_id_name_id_idx" ON "app"("organization_id", "name", "id");
CREATE INDEX "app_organization_id_slug_id_idx" ON "app"("organization_id", "slug", "id");
CREATE UNIQUE INDEX "app_scope_id_name_key" ON "app"("scope_id", "name");
CREATE UNIQUE INDEX "app_scope_id_slug_key" ON "app"("scope_id", "slug");
CREATE INDEX "app_role_role_id_idx" ON "app_role"("role_id");
CREATE INDEX "app_shadow_near_id_idx" ON "app_shadow"("near_id");
CREATE INDEX "config_organization_id_key_id_idx" ON "config"("organization_id", "key", "id");
CREATE UNIQUE INDEX "config_scope_id_key_key" ON "config"("scope_id", "key");
CREATE INDEX "config_shadow_near_id_idx" ON "config_shadow"("near_id");
CREATE UNIQUE INDEX "virtual_key_prefix_key" ON "virtual_key"("prefix");
CREATE UNIQUE INDEX "virtual_key_hash_key" ON "virtual_key"("hash");
CREATE INDEX "virtual_key_organization_id_name_id_idx" ON "virtual_key"("organization_id", "name", "id");
CREATE UNIQUE INDEX "virtual_key_scope_id_name_key" ON "virtual_key"("scope_id", "name");
CREATE UNIQUE INDEX "api_key_prefix_key" ON "api_key"("prefix");
CREATE UNIQUE INDEX "api_key_hash_key" ON "api_key"("hash");
CREATE INDEX "api_key_organization_id_name_id_idx" ON "api_key"("organization_id", "name", "id");
CREATE UNIQUE INDEX "api_key_scope_id_name_key" ON "api_key"("scope_id", "name");
CREATE INDEX "audit_entry_organization_id_created_at_id_idx" ON "audit_entry"("organization_id", "created_at", "id");
CREATE INDEX "audit_entry_resource_id_created_at_idx" ON "audit_entry"("resource_id", "created_at");

-- References. Everything in an organization goes with it (CASCADE on organization_id); nothing else
-- about a tenant or an owner is ever set null or swept away (NO ACTION).

ALTER TABLE "user" ADD CONSTRAINT "user_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "user_identity" ADD CONSTRAINT "user_identity_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "team" ADD CONSTRAINT "team_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "team" ADD CONSTRAINT "team_created_by_id_fkey" FOREIGN KEY ("created_by_id") REFERENCES "user"("id") ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE "team_member" ADD CONSTRAINT "team_member_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "team_member" ADD CONSTRAINT "team_member_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "scope_type" ADD CONSTRAINT "scope_type_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "scope_type_edge" ADD CONSTRAINT "scope_type_edge_parent_type_id_fkey" FOREIGN KEY ("parent_type_id") REFERENCES "scope_type"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "scope_type_edge" ADD CONSTRAINT "scope_type_edge_child_type_id_fkey" FOREIGN KEY ("child_type_id") REFERENCES "scope_type"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "scope" ADD CONSTRAINT "scope_type_id_fkey" FOREIGN KEY ("type_id") REFERENCES "scope_type"("id") ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE "scope" ADD CONSTRAINT "scope_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "scope"("id") ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE "scope" ADD CONSTRAINT "scope_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "role" ADD CONSTRAINT "role_scope_id_fkey" FOREIGN KEY ("scope_id") REFERENCES "scope"("id") ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE "role" ADD CONSTRAINT "role_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "permission" ADD CONSTRAINT "permission_scope_id_fkey" FOREIGN KEY ("scope_id") REFERENCES "scope"("id") ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE "permission" ADD CONSTRAINT "permission_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "role_permission" ADD CONSTRAINT "role_permission_role_id_fkey" FOREIGN KEY ("role_id") REFERENCES "role"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "role_permission" ADD CONSTRAINT "role_permission_permission_id_fkey" FOREIGN KEY ("permission_id") REFERENCES "permission"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "membership" ADD CONSTRAINT "membership_scope_id_fkey" FOREIGN KEY ("scope_id") REFERENCES "scope"("id") ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE "membership" ADD CONSTRAINT "membership_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "membership" ADD CONSTRAINT "membership_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "membership" ADD CONSTRAINT "membership_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "membership" ADD CONSTRAINT "membership_virtual_key_id_fkey" FOREIGN KEY ("virtual_key_id") REFERENCES "virtual_key"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "membership" ADD CONSTRAINT "membership_api_key_id_fkey" FOREIGN KEY ("api_key_id") REFERENCES "api_key"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "role_assignment" ADD CONSTRAINT "role_assignment_membership_id_fkey" FOREIGN KEY ("membership_id") REFERENCES "membership"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "role_assignment" ADD CONSTRAINT "role_assignment_role_id_fkey" FOREIGN KEY ("role_id") REFERENCES "role"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "scope_override" ADD CONSTRAINT "scope_override_scope_id_fkey" FOREIGN KEY ("scope_id") REFERENCES "scope"("id") ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE "scope_override" ADD CONSTRAINT "scope_override_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "scope_override" ADD CONSTRAINT "scope_override_permission_id_fkey" FOREIGN KEY ("permission_id") REFERENCES "permission"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "scope_override" ADD CONSTRAINT "scope_override_role_id_fkey" FOREIGN KEY ("role_id") REFERENCES "role"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "form" ADD CONSTRAINT "form_workflow_id_fkey" FOREIGN KEY ("workflow_id") REFERENCES "workflow"("id") ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE "form" ADD CONSTRAINT "form_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "form" ADD CONSTRAINT "form_scope_id_fkey" FOREIGN KEY ("scope_id") REFERENCES "scope"("id") ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE "form" ADD CONSTRAINT "form_created_by_id_fkey" FOREIGN KEY ("created_by_id") REFERENCES "user"("id") ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE "form" ADD CONSTRAINT "form_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "user"("id") ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE "form" ADD CONSTRAINT "form_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE "form_role" ADD CONSTRAINT "form_role_form_id_fkey" FOREIGN KEY ("form_id") REFERENCES "form"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "form_role" ADD CONSTRAINT "form_role_role_id_fkey" FOREIGN KEY ("role_id") REFERENCES "role"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "form_shadow" ADD CONSTRAINT "form_shadow_far_id_fkey" FOREIGN KEY ("far_id") REFERENCES "form"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "form_shadow" ADD CONSTRAINT "form_shadow_near_id_fkey" FOREIGN KEY ("near_id") REFERENCES "form"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "workflow" ADD CONSTRAINT "workflow_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "workflow" ADD CONSTRAINT "workflow_scope_id_fkey" FOREIGN KEY ("scope_id") REFERENCES "scope"("id") ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE "workflow" ADD CONSTRAINT "workflow_created_by_id_fkey" FOREIGN KEY ("created_by_id") REFERENCES "user"("id") ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE "workflow" ADD CONSTRAINT "workflow_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "user"("id") ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE "workflow" ADD CONSTRAINT "workflow_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE "workflow_role" ADD CONSTRAINT "workflow_role_workflow_id_fkey" FOREIGN KEY ("workflow_id") REFERENCES "workflow"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "workflow_role" ADD CONSTRAINT "workflow_role_role_id_fkey" FOREIGN KEY ("role_id") REFERENCES "role"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "workflow_shadow" ADD CONSTRAINT "workflow_shadow_far_id_fkey" FOREIGN KEY ("far_id") REFERENCES "workflow"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "workflow_shadow" ADD CONSTRAINT "workflow_shadow_near_id_fkey" FOREIGN KEY ("near_id") REFERENCES "workflow"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "agent" ADD CONSTRAINT "agent_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "agent" ADD CONSTRAINT "agent_scope_id_fkey" FOREIGN KEY ("scope_id") REFERENCES "scope"("id") ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE "agent" ADD CONSTRAINT "agent_created_by_id_fkey" FOREIGN KEY ("created_by_id") REFERENCES "user"("id") ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE "agent" ADD CONSTRAINT "agent_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "user"("id") ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE "agent" ADD CONSTRAINT "agent_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE "agent_role" ADD CONSTRAINT "agent_role_agent_id_fkey" FOREIGN KEY ("agent_id") REFERENCES "agent"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "agent_role" ADD CONSTRAINT "agent_role_role_id_fkey" FOREIGN KEY ("role_id") REFERENCES "role"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "agent_shadow" ADD CONSTRAINT "agent_shadow_far_id_fkey" FOREIGN KEY ("far_id") REFERENCES "agent"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "agent_shadow" ADD CONSTRAINT "agent_shadow_near_id_fkey" FOREIGN KEY ("near_id") REFERENCES "agent"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "agent_tool" ADD CONSTRAINT "agent_tool_agent_id_fkey" FOREIGN KEY ("agent_id") REFERENCES "agent"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "agent_tool" ADD CONSTRAINT "agent_tool_workflow_id_fkey" FOREIGN KEY ("workflow_id") REFERENCES "workflow"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "agent_delegate" ADD CONSTRAINT "agent_delegate_agent_id_fkey" FOREIGN KEY ("agent_id") REFERENCES "agent"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "agent_delegate" ADD CONSTRAINT "agent_delegate_delegate_id_fkey" FOREIGN KEY ("delegate_id") REFERENCES "agent"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "app" ADD CONSTRAINT "app_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "app" ADD CONSTRAINT "app_scope_id_fkey" FOREIGN KEY ("scope_id") REFERENCES "scope"("id") ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE "app" ADD CONSTRAINT "app_created_by_id_fkey" FOREIGN KEY ("created_by_id") REFERENCES "user"("id") ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE "app" ADD CONSTRAINT "app_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "user"("id") ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE "app" ADD CONSTRAINT "app_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE "app_role" ADD CONSTRAINT "app_role_app_id_fkey" FOREIGN KEY ("app_id") REFERENCES "app"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "app_role" ADD CONSTRAINT "app_role_role_id_fkey" FOREIGN KEY ("role_id") REFERENCES "role"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "app_shadow" ADD CONSTRAINT "app_shadow_far_id_fkey" FOREIGN KEY ("far_id") REFERENCES "app"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "app_shadow" ADD CONSTRAINT "app_shadow_near_id_fkey" FOREIGN KEY ("near_id") REFERENCES "app"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "config" ADD CONSTRAINT "config_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "config" ADD CONSTRAINT "config_scope_id_fkey" FOREIGN KEY ("scope_id") REFERENCES "scope"("id") ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE "config" ADD CONSTRAINT "config_created_by_id_fkey" FOREIGN KEY ("created_by_id") REFERENCES "user"("id") ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE "config" ADD CONSTRAINT "config_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "user"("id") ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE "config" ADD CONSTRAINT "config_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE "config_shadow" ADD CONSTRAINT "config_shadow_far_id_fkey" FOREIGN KEY ("far_id") REFERENCES "config"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "config_shadow" ADD CONSTRAINT "config_shadow_near_id_fkey" FOREIGN KEY ("near_id") REFERENCES "config"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "virtual_key" ADD CONSTRAINT "virtual_key_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "virtual_key" ADD CONSTRAINT "virtual_key_scope_id_fkey" FOREIGN KEY ("scope_id") REFERENCES "scope"("id") ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE "virtual_key" ADD CONSTRAINT "virtual_key_created_by_id_fkey" FOREIGN KEY ("created_by_id") REFERENCES "user"("id") ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE "virtual_key" ADD CONSTRAINT "virtual_key_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "user"("id") ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE "virtual_key" ADD CONSTRAINT "virtual_key_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_scope_id_fkey" FOREIGN KEY ("scope_id") REFERENCES "scope"("id") ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_created_by_id_fkey" FOREIGN KEY ("created_by_id") REFERENCES "user"("id") ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "user"("id") ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE NO ACTION ON UPDATE CASCADE;
