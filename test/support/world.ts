import type { PrismaClient } from '../../src/data/generated/client.js';
import { developmentSubject } from '../../src/identity/development-token.js';
import { rootScopeId } from '../../src/policy/root-scope.js';
import {
  ACTIONS,
  BUILT_IN_SCOPE_TYPES as BUILT_IN,
  type BUILT_IN_SCOPE_TYPES,
  type DataAccess,
  PLATFORM_ROOT_ID,
  SYSTEM_ROLES,
} from '../../src/policy/vocabulary.js';
import { type CredentialKind, makeCredential } from '../../src/secrets/credential.js';

/** A scope, or an organization, at whose root what is planted lives (D1). */
export interface Spot {
  readonly id: string;
  /** The scope's own id, or that of the organization's root. */
  readonly scopeId: string;
  readonly organizationId: string | null;
}

/** Where global rows live. */
export const PLATFORM: Spot = {
  id: PLATFORM_ROOT_ID,
  scopeId: PLATFORM_ROOT_ID,
  organizationId: null,
};

export interface Identified {
  readonly id: string;
}

export interface Person extends Identified {
  readonly email: string;
}

/** Whoever is in a scope. */
export type Holder =
  | Identified
  | { readonly team: Identified }
  | { readonly apiKey: Identified }
  | { readonly virtualKey: Identified };

function subjectOf(who: Holder) {
  if ('team' in who) return { teamId: who.team.id };
  if ('apiKey' in who) return { apiKeyId: who.apiKey.id };
  return 'virtualKey' in who ? { virtualKeyId: who.virtualKey.id } : { userId: who.id };
}

export type RowKind = 'form' | 'workflow' | 'agent' | 'app' | 'config';

/** The column by which rows of a kind are looked up. */
export const NAME_OF = {
  form: 'name',
  workflow: 'name',
  agent: 'name',
  app: 'slug',
  config: 'key',
} as const satisfies Record<RowKind, string>;

export interface RowOptions {
  readonly access?: string | null;
  readonly roles?: readonly Identified[];
  readonly by?: Identified;
  readonly owner?: Identified;
  readonly team?: Identified;
  readonly inactive?: boolean;
  /** Whatever else the table has. */
  readonly more?: Readonly<Record<string, unknown>>;
}

type Delegate = { create(args: { data: object }): Promise<Identified> };

let counter = 0;

/** Plants small worlds with the client without enforcement, a row a call. */
export class World {
  readonly client: PrismaClient;
  readonly #issuer: string;

  constructor(client: PrismaClient, issuer: string) {
    this.client = client;
    this.#issuer = issuer;
  }

  async organization(name: string, data: { isProvider?: boolean } = {}): Promise<Spot> {
    const { id } = await this.client.organization.create({ data: { name, ...data } });
    return { id, scopeId: rootScopeId(id), organizationId: id };
  }

  /** A user who has signed in before. */
  async user(
    organization: Spot,
    name = 'somebody',
    data: { isPlatformAdmin?: boolean } = {},
  ): Promise<Person> {
    const email = `${name.toLowerCase().replaceAll(' ', '-')}-${++counter}@example.com`;
    const subject = developmentSubject(email);
    const identities = { create: { issuer: this.#issuer, subject } };
    return this.client.user.create({
      data: { name, email, organizationId: organization.id, identities, ...data },
      select: { id: true, email: true },
    });
  }

  async team(
    organization: Spot,
    createdBy: Identified,
    members: readonly Identified[],
  ): Promise<Identified> {
    return this.client.team.create({
      data: {
        name: `team ${++counter}`,
        organizationId: organization.id,
        createdById: createdBy.id,
        members: { create: members.map(({ id }) => ({ userId: id })) },
      },
    });
  }

  /** A type of the organization's own, which may be in tenants and in itself. */
  async scopeType(organization: Spot, permissionMode: string): Promise<Identified> {
    const { id } = await this.client.scopeType.create({
      data: { name: `type ${++counter}`, permissionMode, organizationId: organization.id },
    });
    await this.client.scopeTypeEdge.createMany({
      data: [BUILT_IN.Tenant, id].map((parentTypeId) => ({ parentTypeId, childTypeId: id })),
    });
    return { id };
  }

  async scope(
    parent: Spot,
    name: string | null,
    type: keyof typeof BUILT_IN_SCOPE_TYPES | Identified = 'Project',
    data: { externalId?: string } = {},
  ): Promise<Spot> {
    const { organizationId } = parent;
    const typeId = typeof type === 'string' ? BUILT_IN[type] : type.id;
    const { id } = await this.client.scope.create({
      data: { name, typeId, parentId: parent.scopeId, organizationId, ...data },
    });
    return { id, scopeId: id, organizationId };
  }

  /** A role with permissions as `resource:action:pattern`; without a pattern, `*`. */
  async role(
    at: Spot,
    permits: readonly string[] = [],
    { dataAccess = 'ALL_DATA', name = `role ${++counter}` }: RoleOptions = {},
  ): Promise<Identified> {
    const permissions = [];
    for (const key of permits) permissions.push(await this.permission(at, key));
    const { id } = await this.client.role.create({
      data: {
        name,
        dataAccess,
        ...placed(at),
        permissions: { create: permissions.map((permission) => ({ permissionId: permission.id })) },
      },
    });
    return { id };
  }

  async permission(at: Spot, key: string): Promise<Identified> {
    const [resourceType = '', action = '', resourcePattern = '*'] = key.split(':');
    const known = (ACTIONS as Record<string, readonly string[]>)[resourceType];
    // A type that the gateway does not own has whatever actions its service says.
    if (known?.includes(action) === false) throw new Error(`no such permission: ${key}`);
    const place = placed(at);
    const existing = await this.client.permission.findFirst({
      where: { resourceType, action, resourcePattern, scopeId: { in: [PLATFORM.id, at.scopeId] } },
    });
    const data = { resourceType, action, resourcePattern, ...place };
    return existing ?? this.client.permission.create({ data });
  }

  /** Gives a role to a user, a team or a key, at a scope. */
  async hold(who: Holder, role: Identified, at: Spot): Promise<void> {
    const subject = subjectOf(who);
    const existing = await this.client.membership.findFirst({
      where: { scopeId: at.scopeId, ...subject },
    });
    const membership =
      existing ?? (await this.client.membership.create({ data: { ...subject, ...placed(at) } }));
    await this.client.roleAssignment.create({
      data: { membershipId: membership.id, roleId: role.id },
    });
  }

  /** A user with a role of these permissions at a scope. */
  async manager(
    organization: Spot,
    permits: readonly string[],
    { at = organization, ...options }: RoleOptions & { at?: Spot } = {},
  ): Promise<Person> {
    const user = await this.user(organization, 'manager');
    await this.hold(user, await this.role(at, permits, options), at);
    return user;
  }

  /** A row of any kind that cascades; `name` is what it is looked up by. */
  async row(
    kind: RowKind,
    at: Spot,
    name: string,
    { access, roles = [], by, owner, team, inactive = false, more = {} }: RowOptions = {},
  ): Promise<Identified> {
    const binding = { create: roles.map((role) => ({ roleId: role.id })) };
    const { id } = await this.#delegate(kind).create({
      data: {
        ...REQUIRED[kind](name),
        ...placed(at),
        createdById: by?.id ?? null,
        ownerId: owner?.id ?? null,
        teamId: team?.id ?? null,
        isActive: !inactive,
        ...(access === undefined ? {} : { accessLevel: access }),
        ...(roles.length === 0 ? {} : { roles: binding }),
        ...more,
      },
    });
    return { id };
  }

  /** A key, with its value, which nothing but this knows. */
  async key(
    at: Spot,
    kind: CredentialKind,
    { owner, team, by, more = {}, operations }: KeyOptions,
  ): Promise<Identified & { readonly value: string }> {
    const { value, prefix, hash } = makeCredential(kind);
    const data = {
      name: `planted key ${++counter}`,
      prefix,
      hash,
      operations: [...operations],
      scopeId: at.scopeId,
      organizationId: String(at.organizationId),
      createdById: by?.id ?? owner?.id ?? null,
      ownerId: owner?.id ?? null,
      teamId: team?.id ?? null,
      ...more,
    };
    const { id } =
      kind === 'API_KEY'
        ? await this.client.apiKey.create({ data })
        : await this.client.virtualKey.create({ data });
    return { id, value };
  }

  /** A config of type SECRET. */
  async secret(at: Spot, key: string, ciphertext: string): Promise<Identified> {
    return this.client.config.create({ data: { key, type: 'SECRET', ciphertext, ...placed(at) } });
  }

  #delegate(kind: RowKind): Delegate {
    return this.client[kind] as unknown as Delegate;
  }
}

interface KeyOptions extends Pick<RowOptions, 'owner' | 'team' | 'by' | 'more'> {
  readonly operations: readonly string[];
}

interface RoleOptions {
  readonly dataAccess?: DataAccess;
  readonly name?: string;
}

const REQUIRED: Record<RowKind, (name: string) => object> = {
  form: (name) => ({ name }),
  workflow: (name) => ({ name, endpoint: `https://example.com/${encodeURIComponent(name)}` }),
  agent: (name) => ({ name, instructions: `be ${name}` }),
  app: (name) => ({ name, slug: name }),
  config: (key) => ({ key, type: 'STRING', value: `value of ${key}` }),
};

const placed = ({ scopeId, organizationId }: Spot) => ({ scopeId, organizationId });

/** The roles that every installation has. */
export const SYSTEM: Readonly<Record<keyof typeof SYSTEM_ROLES, Identified>> = {
  Owner: { id: SYSTEM_ROLES.Owner },
  Admin: { id: SYSTEM_ROLES.Admin },
  Member: { id: SYSTEM_ROLES.Member },
  Viewer: { id: SYSTEM_ROLES.Viewer },
  Editor: { id: SYSTEM_ROLES.Editor },
};
