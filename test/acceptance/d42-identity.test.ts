import { beforeAll, describe, expect, it } from 'vitest';
import type { CredentialKind } from '../../src/secrets/credential.js';
import { makeCredential } from '../../src/secrets/credential.js';
import { namesOf } from '../support/answers.js';
import { gatewayWith } from '../support/gateway.js';
import { type Identified, type Person, PLATFORM, type Spot } from '../support/world.js';

const READS = ['form:read', 'config:read'];
const soon = () => new Date(Date.now() + 3_600_000);

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const b = await world.organization('B');
  const owner = await world.manager(a, [...READS, 'form:update'], { name: 'reader of A' });
  const role = await world.role(a, [], { name: 'bound' });
  await world.hold(owner, role, a);
  const mate = await world.user(a, 'mate');
  const other = await world.user(a, 'other');
  const team = await world.team(a, owner, [mate]);
  const forms = [
    await world.row('form', a, 'open', { by: other }),
    await world.row('form', a, 'bound', { access: 'ROLE_BASED', roles: [role], by: other }),
    await world.row('form', a, 'shut', { access: 'ROLE_BASED', by: other }),
    await world.row('form', a, "the team's", { access: 'ROLE_BASED', team, by: other }),
    await world.row('form', a, "the mate's", { access: 'ROLE_BASED', by: mate }),
  ];
  await world.row('form', b, 'of B');
  await world.row('form', b, 'open');
  await world.row('config', a, 'timezone');
  return { a, b, owner, role, mate, other, team, form: forms[0] as Identified };
});

const NAMES = ['bound', 'open', 'shut', "the mate's", "the team's"];
const LIST = '{ forms { edges { node { name } } } }';
const WHO = '{ viewer { principal { kind userId organizationId label } isPlatformAdmin roles } }';
type Kind = CredentialKind;
const KINDS: readonly Kind[] = ['API_KEY', 'VIRTUAL_KEY'];
const HEADER = { API_KEY: 'x-api-key', VIRTUAL_KEY: 'x-virtual-key' } as const;

const as = (value: string, source = LIST, headers = {}) =>
  shared.ask(null, source, {}, { authorization: `Bearer ${value}`, ...headers });
const seen = async (value: string): Promise<string[]> => {
  const { data, errors } = await as(value);
  expect(errors).toEqual([]);
  return namesOf(data.forms);
};

const REFUSED = {
  status: 401,
  data: null,
  errors: [
    {
      message: 'the credential is missing or not valid',
      extensions: { code: 'UNAUTHENTICATED' },
    },
  ],
  withheld: [],
};

type Options = Parameters<typeof shared.world.key>[2];
const keyOf = (options: Partial<Options> = {}, kind: Kind = 'API_KEY', at: Spot = shared.w.a) =>
  shared.world.key(at, kind, { owner: shared.w.owner, operations: READS, ...options });

describe.each(KINDS)('D42: a key of the kind %s', (kind) => {
  it('signs in as a bearer, or in the header of its kind', async () => {
    const { id, value } = await keyOf({}, kind);
    const byBearer = await as(value, WHO);
    expect(byBearer.data.viewer.principal).toEqual({
      kind,
      userId: shared.w.owner.id,
      organizationId: shared.w.a.id,
      label: `${kind === 'API_KEY' ? 'apiKey' : 'virtualKey'}:${id}`,
    });
    const byHeader = await shared.ask(null, WHO, {}, { [HEADER[kind]]: value });
    expect(byHeader).toEqual(byBearer);
  });

  it('in the header of the other kind is refused', async () => {
    const { value } = await keyOf({}, kind);
    const header = HEADER[kind === 'API_KEY' ? 'VIRTUAL_KEY' : 'API_KEY'];
    expect(await shared.ask(null, WHO, {}, { [header]: value })).toEqual(REFUSED);
  });

  it('is proved by all of its value: neither by its prefix nor by that of another', async () => {
    const { value } = await keyOf({}, kind);
    const prefix = value.slice(0, 17);
    expect(await as(makeCredential(kind, prefix).value)).toEqual(REFUSED);
    expect(await as(makeCredential(kind).value)).toEqual(REFUSED);
    expect(await as(prefix)).toEqual(REFUSED);
    expect(await as(value.replace(/^hd.k/, kind === 'API_KEY' ? 'hdvk' : 'hdak'))).toEqual(REFUSED);
    expect(await shared.ask(null, WHO, {}, { [HEADER[kind]]: `Bearer ${value}` })).toEqual(REFUSED);
    expect(await shared.ask(null, WHO, {}, { [HEADER[kind]]: '' })).toEqual(REFUSED);
  });

  it('sees what its owner does, of what it is for', async () => {
    expect(await seen((await keyOf({}, kind)).value)).toEqual(NAMES);
  });

  it.each<[string, (one: { id: string }) => Promise<unknown>]>([
    ['revoked', ({ id }) => change(kind, id, { revokedAt: new Date() })],
    ['inactive', ({ id }) => change(kind, id, { isActive: false })],
    ['expired', ({ id }) => change(kind, id, { expiresAt: new Date(Date.now() - 1) })],
    ['deleted', ({ id }) => remove(kind, id)],
  ])('that is %s is refused at the next request', async (_what, end) => {
    const key = await keyOf({ more: { expiresAt: soon() } }, kind);
    expect(await seen(key.value)).toEqual(NAMES);
    await end(key);
    expect(await as(key.value)).toEqual(REFUSED);
  });

  it('whose owner is not active is refused at the next request', async () => {
    const owner = await shared.world.user(shared.w.a, 'leaving');
    const { value } = await keyOf({ owner }, kind);
    expect(await seen(value)).toEqual(['open']);
    const { client } = shared.world;
    await client.user.update({ where: { id: owner.id }, data: { isActive: false } });
    expect(await as(value)).toEqual(REFUSED);
  });

  it('whose owner has gone to another organization is refused', async () => {
    const owner = await shared.world.user(shared.w.a, 'moving');
    const { value } = await keyOf({ owner }, kind);
    const data = { organizationId: shared.w.b.id };
    await shared.world.client.user.update({ where: { id: owner.id }, data });
    expect(await as(value)).toEqual(REFUSED);
  });

  it('whose organization is not active is refused, whoever owns it', async () => {
    const closing = await shared.world.organization('closing');
    const owner = await shared.world.user(closing);
    const team = await shared.world.team(closing, owner, [owner]);
    const keys = [
      await keyOf({ owner }, kind, closing),
      await shared.world.key(closing, kind, { team, by: owner, operations: READS }),
      await shared.world.key(closing, kind, { by: owner, operations: READS }),
    ];
    for (const { value } of keys) expect((await as(value)).status).toBe(200);
    const data = { isActive: false };
    await shared.world.client.organization.update({ where: { id: closing.id }, data });
    for (const { value } of keys) expect(await as(value)).toEqual(REFUSED);
  });

  it('of a team that is gone, behind the back of the database, is refused', async () => {
    const team = await shared.world.team(shared.w.a, shared.w.owner, []);
    const { value } = await shared.world.key(shared.w.a, kind, { team, operations: READS });
    expect(await seen(value)).toEqual([]);
    await shared.world.client.$transaction([
      shared.world.client.$executeRawUnsafe('SET LOCAL session_replication_role = replica'),
      shared.world.client.$executeRawUnsafe(`DELETE FROM team WHERE id = '${team.id}'`),
    ]);
    expect(await as(value)).toEqual(REFUSED);
  });
});

function change(kind: Kind, id: string, data: object): Promise<unknown> {
  const { client } = shared.world;
  return kind === 'API_KEY'
    ? client.apiKey.update({ where: { id }, data })
    : client.virtualKey.update({ where: { id }, data });
}

function remove(kind: Kind, id: string): Promise<unknown> {
  const { client } = shared.world;
  return kind === 'API_KEY'
    ? client.apiKey.delete({ where: { id } })
    : client.virtualKey.delete({ where: { id } });
}

describe('D42: two credentials at once', () => {
  it.each([
    ['authorization', 'x-api-key'],
    ['authorization', 'x-virtual-key'],
    ['x-api-key', 'x-virtual-key'],
  ])('in %s and %s are refused, whoever they name', async (one, two) => {
    const api = (await keyOf()).value;
    const virtual = (await keyOf({}, 'VIRTUAL_KEY')).value;
    const headers: Record<string, string> = {
      authorization: `Bearer ${api}`,
      'x-api-key': api,
      'x-virtual-key': virtual,
    };
    const both = { [one]: String(headers[one]), [two]: String(headers[two]) };
    const answer = await shared.ask(null, WHO, {}, both);
    expect(answer).toMatchObject({ status: 401, data: null });
    expect(answer.errors[0]?.message).toMatch(/^several credentials at once/);
    // One of them empty or none of ours: that is none the less said twice.
    expect((await shared.ask(null, WHO, {}, { ...both, [two]: 'x' })).status).toBe(401);
  });

  it('in one header are refused', async () => {
    const { value } = await keyOf();
    expect(await shared.ask(null, WHO, {}, { 'x-api-key': `${value}, ${value}` })).toEqual(REFUSED);
    expect(await as(`${value}, Bearer ${value}`)).toEqual(REFUSED);
  });

  it('do not make a header that names a user mean anything', async () => {
    const { value } = await keyOf();
    const named = { 'x-user-id': shared.w.other.id, 'x-forwarded-user': shared.w.other.email };
    expect((await as(value, WHO, named)).data.viewer.principal.userId).toBe(shared.w.owner.id);
  });
});

describe('D18: what a key is for', () => {
  it('caps what its owner holds, by type and action', async () => {
    const { value } = await keyOf({ operations: ['form:read'] });
    expect(await seen(value)).toEqual(NAMES);
    const { data } = await as(value, '{ configs { totalCount } }');
    expect(data.configs.totalCount).toBe(0);
  });

  it('opens nothing that the owner does not hold, or has lost', async () => {
    const owner = await shared.world.manager(shared.w.a, ['form:read']);
    const { value } = await keyOf({ owner, operations: [...READS, 'form:update', 'form:use'] });
    expect(await seen(value)).toEqual(NAMES);
    expect((await as(value, '{ configs { totalCount } }')).data.configs.totalCount).toBe(0);
    await shared.world.client.membership.deleteMany({ where: { userId: owner.id } });
    // What is left is the use that everybody signed in has (D6).
    expect(await seen(value)).toEqual(['open']);
  });

  it('has uses in it: without them nothing is opened by an access level', async () => {
    const owner = await shared.world.user(shared.w.a, 'user');
    await shared.world.hold(owner, shared.w.role, shared.w.a);
    const to = async (...operations: string[]) => seen((await keyOf({ owner, operations })).value);
    expect(await to('form:use')).toEqual(['bound', 'open']);
    expect(await to('form:read')).toEqual(['bound', 'open']);
    expect(await to('app:use', 'form:update', 'workflow:read')).toEqual([]);
    expect(await to()).toEqual([]);
  });

  it('tells reading from using, and from managing', async () => {
    const id = shared.w.form.id;
    const asked = `{ form(id: "${id}") { name canUse canManage } }`;
    const to = async (...operations: string[]) =>
      (await as((await keyOf({ operations })).value, asked)).data.form;
    expect(await to('form:read')).toEqual({ name: 'open', canUse: false, canManage: true });
    expect(await to('form:use')).toEqual({ name: 'open', canUse: true, canManage: false });
    expect(await to('form:read', 'form:use')).toEqual({
      name: 'open',
      canUse: true,
      canManage: true,
    });
    expect(await to('form:update')).toBeNull();
  });

  it('decides writes: an operation outside of the list that the owner has is refused', async () => {
    const { id } = await shared.world.row('form', shared.w.a, 'to be changed');
    const update = `mutation { updateForm(input: { id: "${id}", description: "x" }) { form { id } } }`;
    const reads = await as((await keyOf()).value, update);
    expect(reads.errors[0]?.extensions.code).toBe('FORBIDDEN');
    const key = await keyOf({ operations: ['form:read', 'form:update'] });
    expect((await as(key.value, update)).data.updateForm.form).toEqual({ id });
    const [denied, done] = await shared.world.client.auditEntry.findMany({
      where: { resourceId: id },
      orderBy: { id: 'asc' },
    });
    expect(denied).toMatchObject({ outcome: 'DENIED', actorKind: 'API_KEY' });
    expect(done).toMatchObject({
      outcome: 'PERMITTED',
      actorKind: 'API_KEY',
      actorUserId: shared.w.owner.id,
      actorKeyId: key.id,
      actorLabel: `apiKey:${key.id}`,
    });
    await shared.world.client.form.delete({ where: { id } });
  });

  it('is asked by check, and of the owner by who may inspect them alone', async () => {
    const { value } = await keyOf({ operations: ['config:read'] });
    const check = () =>
      as(
        value,
        `{ check(resourceType: "form", action: "read", resourceId: "${shared.w.form.id}") { allowed } }`,
      );
    const { data, errors } = await check();
    expect([data?.check?.allowed, errors]).toEqual([false, []]);
    // A key that is for it may not ask about its owner, whom it cannot read, and does not answer instead.
    const reads = await keyOf({ operations: ['form:read'] });
    const asked = (subject: string) =>
      as(
        reads.value,
        `{ check(${subject} resourceType: "form", action: "read", resourceId: "${shared.w.form.id}") { allowed } }`,
      );
    expect((await asked('')).data.check.allowed).toBe(true);
    const about = await asked(`subject: { userId: "${shared.w.owner.id}" },`);
    expect(about.data?.check?.allowed ?? false).toBe(false);
  });

  it('is told of its owner no more than it is for', async () => {
    const { value } = await keyOf();
    const { data } = await as(value, '{ viewer { user { email } organization { name } } }');
    expect(data.viewer).toEqual({ user: null, organization: { name: 'A' } });
  });

  it('is nobody who sees as somebody else', async () => {
    const admin = await shared.world.user(shared.w.a, 'admin', { isPlatformAdmin: true });
    const { value } = await keyOf({ owner: admin, operations: ['user:read', 'user:viewAs'] });
    const { errors } = await as(value, WHO, { 'x-heimdall-view-as': shared.w.other.id });
    expect(errors[0]?.extensions.code).toBe('FORBIDDEN');
  });
});

describe('D18: a key carries no bypass', () => {
  it('of a platform admin', async () => {
    const admin = await shared.world.user(shared.w.a, 'admin', { isPlatformAdmin: true });
    const { value } = await keyOf({ owner: admin, operations: READS });
    const { data } = await as(value, WHO);
    expect(data.viewer.isPlatformAdmin).toBe(false);
    expect(await seen(value)).toEqual(['open']);
    const { errors } = await as(value, LIST, { 'x-heimdall-scope': shared.w.b.id });
    expect(errors[0]?.extensions.code).toBe('SCOPE_FORBIDDEN');
    const everywhere = await as(value, '{ forms(acrossOrganizations: true) { totalCount } }');
    expect(everywhere.errors[0]?.extensions.code).toBe('SCOPE_FORBIDDEN');
  });

  it('of a member of a provider organization', async () => {
    const provider = await shared.world.organization('provider', { isProvider: true });
    const owner = await shared.world.manager(provider, ['organization:actIn', 'form:read']);
    const scope = { 'x-heimdall-scope': shared.w.b.id };
    expect((await shared.ask(owner.email, LIST, {}, scope)).status).toBe(200);
    const operations = ['organization:actIn', 'form:read'];
    const { value } = await keyOf({ owner, operations }, 'API_KEY', provider);
    const { errors } = await as(value, LIST, scope);
    expect(errors[0]?.extensions.code).toBe('SCOPE_FORBIDDEN');
  });
});

describe('D42: reach, by whose the key is', () => {
  let mates: Identified;
  beforeAll(async () => {
    const { world, w } = shared;
    mates = await world.role(w.a, ['form:read'], { dataAccess: 'TEAM_DATA', name: 'of the team' });
  });

  it("of a user: with TEAM_DATA the team's rows and the teammates', without teams one's own", async () => {
    const { world, w } = shared;
    const member = await world.user(w.a, 'member');
    await world.client.teamMember.create({ data: { teamId: w.team.id, userId: member.id } });
    const loner = await world.user(w.a, 'loner');
    const own = await world.row('form', w.a, "the loner's", { access: 'ROLE_BASED', by: loner });
    for (const one of [member, loner]) await world.hold(one, mates, w.a);
    const operations = ['form:read'];
    const to = async (owner: Person) => seen((await keyOf({ owner, operations })).value);
    expect(await to(member)).toEqual(['open', "the mate's", "the team's"]);
    expect(await to(loner)).toEqual(['open', "the loner's"]);
    await world.client.form.delete({ where: { id: own.id } });
  });

  it('of a team alone: what the team holds, over its rows and its members’, and no use of the AUTHENTICATED', async () => {
    const { world, w } = shared;
    const operations = ['form:read', 'form:use'];
    const { value } = await world.key(w.a, 'API_KEY', { team: w.team, by: w.owner, operations });
    expect(await seen(value)).toEqual([]);
    await world.hold({ team: w.team }, mates, w.a);
    await world.hold({ team: w.team }, w.role, w.a);
    expect(await seen(value)).toEqual(['bound', "the mate's", "the team's"]);
    await world.client.membership.deleteMany({ where: { teamId: w.team.id } });
  });

  it('of nobody: what it holds itself, and nothing without a membership', async () => {
    const { world, w } = shared;
    const operations = ['form:read', 'form:use'];
    for (const kind of KINDS) {
      const key = await world.key(w.a, kind, { by: w.owner, operations });
      expect(await seen(key.value)).toEqual([]);
      const holder = kind === 'API_KEY' ? { apiKey: key } : { virtualKey: key };
      await world.hold(holder, mates, w.a);
      await world.hold(holder, w.role, w.a);
      // TEAM_DATA reaches nothing without a user and a team, but what is nobody's.
      expect(await seen(key.value)).toEqual(['bound']);
      const all = await world.role(w.a, ['form:read', 'form:update'], { name: `all of ${kind}` });
      await world.hold(holder, all, w.a);
      expect(await seen(key.value)).toEqual(NAMES);
    }
  });

  it('of nobody, with a membership elsewhere: nothing there', async () => {
    const { world, w } = shared;
    const key = await world.key(w.a, 'API_KEY', { by: w.owner, operations: READS });
    const elsewhere = await world.role(w.b, ['form:read']);
    await world.hold({ apiKey: key }, elsewhere, w.b);
    // Nor at the platform's root, from where global rows are managed (D8).
    await world.hold({ apiKey: key }, await world.role(PLATFORM, ['config:read']), PLATFORM);
    await world.row('config', PLATFORM, 'global');
    expect((await as(key.value, '{ configs { totalCount } }')).data.configs.totalCount).toBe(0);
    expect(await seen(key.value)).toEqual([]);
    expect((await as(key.value, LIST, { 'x-heimdall-scope': w.b.id })).errors[0]).toMatchObject({
      extensions: { code: 'SCOPE_FORBIDDEN' },
    });
  });

  it('of somebody, with a membership of its own: that counts for nothing', async () => {
    const { world, w } = shared;
    const loner = await world.user(w.a, 'owner of little');
    const key = await keyOf({ owner: loner, operations: READS });
    const all = await world.role(w.a, ['form:read'], { name: 'stray' });
    await world.hold({ apiKey: key }, all, w.a);
    expect(await seen(key.value)).toEqual(['open']);
  });
});
