import { randomUUID } from 'node:crypto';
import type { PrismaClient } from '../../src/data/generated/client.js';
import { rootScopeId } from '../../src/policy/root-scope.js';
import { BUILT_IN_SCOPE_TYPES, PLATFORM_ROOT_ID } from '../../src/policy/vocabulary.js';

/** Writes just what a test of the identity room is about; every name is new. */
export class People {
  private readonly client: PrismaClient;

  constructor(client: PrismaClient) {
    this.client = client;
  }

  async organization(data: { isActive?: boolean; isProvider?: boolean } = {}): Promise<string> {
    const { id } = await this.client.organization.create({ data: { name: unique(), ...data } });
    return id;
  }

  user(organizationId: string, data: { isActive?: boolean; isPlatformAdmin?: boolean } = {}) {
    const name = unique();
    const email = `${name}@example.com`;
    return this.client.user.create({ data: { name, email, organizationId, ...data } });
  }

  async team(organizationId: string, createdById: string, userIds: string[]): Promise<string> {
    const members = { create: userIds.map((userId) => ({ userId })) };
    const data = { name: unique(), organizationId, createdById, members };
    return (await this.client.team.create({ data })).id;
  }

  async project(organizationId: string, parentId = rootScopeId(organizationId)): Promise<string> {
    const { Project, Environment } = BUILT_IN_SCOPE_TYPES;
    const typeId = parentId === rootScopeId(organizationId) ? Project : Environment;
    const data = { name: unique(), organizationId, parentId, typeId };
    return (await this.client.scope.create({ data })).id;
  }

  /** A role at the organization's root with permissions such as `form:read:*`. */
  async role(organizationId: string, keys: string[], dataAccess = 'ALL_DATA'): Promise<string> {
    const place = { organizationId, scopeId: rootScopeId(organizationId) };
    const permissions = await Promise.all(keys.map((key) => this.permission(place, key)));
    const data = {
      ...place,
      name: unique(),
      dataAccess,
      permissions: { create: permissions.map((permissionId) => ({ permissionId })) },
    };
    return (await this.client.role.create({ data })).id;
  }

  /** Finds or makes the permission of that key in that place. */
  async permission(
    place: { organizationId: string | null; scopeId: string },
    key: string,
  ): Promise<string> {
    const [resourceType = '', action = '', resourcePattern = ''] = key.split(':');
    const { scopeId } = place;
    const found = await this.client.permission.findFirst({ where: { scopeId, key } });
    if (found !== null) return found.id;
    const data = { ...place, resourceType, action, resourcePattern };
    return (await this.client.permission.create({ data })).id;
  }

  /** Gives roles to a user or a team at a scope. */
  async assign(
    subject: { userId: string } | { teamId: string },
    scopeId: string,
    roleIds: string[],
  ): Promise<void> {
    const { organizationId } = await this.client.scope.findUniqueOrThrow({
      where: { id: scopeId },
    });
    const roles = { create: roleIds.map((roleId) => ({ roleId })) };
    const data = { ...subject, scopeId, organizationId, roles };
    await this.client.membership.create({ data });
  }

  async override(
    scopeId: string,
    target: { roleId?: string; permissionId?: string },
    state = 'disabled',
  ): Promise<void> {
    const organizationId = scopeId === PLATFORM_ROOT_ID ? null : await this.organizationOf(scopeId);
    await this.client.scopeOverride.create({ data: { scopeId, organizationId, ...target, state } });
  }

  private async organizationOf(scopeId: string): Promise<string | null> {
    const scope = await this.client.scope.findUniqueOrThrow({ where: { id: scopeId } });
    return scope.organizationId;
  }
}

function unique(): string {
  return `n${randomUUID().slice(0, 13)}`;
}
